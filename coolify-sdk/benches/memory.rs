//! Compares the allocations of the SDK with those of hand-written code; `time.rs`
//! compares the time.
//!
//! It counts the allocations of the client's thread and their peak size. A block
//! that grows counts as a new block besides the old one, as if it could not grow
//! in place. How a long reply is split into pieces varies, so both sides take
//! turns, and the medians are compared.

#![expect(clippy::cast_precision_loss, reason = "the numbers are for people")]

mod by_hand;
mod cases;
mod data;
mod server;

use allocation_counter::{AllocationInfo, measure};
use cases::{Bound, Case, Meter};
use server::Server;
use tokio::runtime::{Builder, Runtime};

/// Runs of each side.
const SAMPLES: usize = 9;

fn main() {
    println!(
        "\n{:<40}{:>10}{:>10}{:>8}{:>9}{:>7}{:>11}{:>11}{:>8}{:>9}{:>7}",
        "memory: allocations, peak",
        "SDK",
        "by hand",
        "ratio",
        "bound",
        "holds",
        "SDK",
        "by hand",
        "ratio",
        "bound",
        "holds"
    );
    cases::run(&mut Heap {
        runtime: Builder::new_current_thread().enable_all().build().unwrap(),
    });
}

/// Counts allocations.
struct Heap {
    /// With one thread, because only its allocations are counted.
    runtime: Runtime,
}

impl Meter for Heap {
    fn pair(&mut self, case: Case, _: &Server, sdk: impl AsyncFn(), by_hand: impl AsyncFn()) {
        // Warms up everything that is created once.
        self.runtime.block_on(sdk());
        self.runtime.block_on(by_hand());
        let (mut of_sdk, mut of_by_hand) = (Vec::new(), Vec::new());
        for _ in 0..SAMPLES {
            of_sdk.push(measure(|| self.runtime.block_on(sdk())));
            of_by_hand.push(measure(|| self.runtime.block_on(by_hand())));
        }
        let (allocated, held) = (
            |it: &AllocationInfo| it.count_total,
            |it: &AllocationInfo| it.bytes_max,
        );
        let allocations = (median(&of_sdk, allocated), median(&of_by_hand, allocated));
        let peak = (median(&of_sdk, held), median(&of_by_hand, held));
        println!(
            "{:<40}{:>10}{:>10}{}{:>11}{:>11}{}",
            case.name,
            allocations.0,
            allocations.1,
            judgement(allocations, case.allocations),
            kilobytes(peak.0),
            kilobytes(peak.1),
            judgement(peak, case.peak),
        );
    }
}

fn median(samples: &[AllocationInfo], of: impl Fn(&AllocationInfo) -> u64) -> u64 {
    let mut numbers: Vec<_> = samples.iter().map(of).collect();
    numbers.sort_unstable();
    numbers[numbers.len() / 2]
}

fn judgement((sdk, by_hand): (u64, u64), bound: Bound) -> String {
    let ratio = sdk as f64 / by_hand.max(1) as f64;
    let Bound::AtMost(most) = bound else {
        return format!("{ratio:>8.3}{:>16}", "");
    };
    let holds = if ratio <= most { "yes" } else { "NO" };
    format!("{ratio:>8.3}{:>9}{holds:>7}", format!("<= {most}"))
}

fn kilobytes(bytes: u64) -> String {
    format!("{:.1} kB", bytes as f64 / 1e3)
}
