//! How much the SDK allocates, measured against the same written by hand; the time
//! is in `time.rs`.
//!
//! Counted is what the thread of the client asks of the allocator: how often, and
//! how much it holds at most. That is the same in each run, whatever else the
//! machine does, so one run of each side is enough. A block that grows counts as a
//! new one beside the old one, as where it cannot grow in its place.

#![expect(clippy::cast_precision_loss, reason = "the numbers are for people")]

mod by_hand;
mod cases;
mod data;
mod server;

use allocation_counter::{AllocationInfo, measure};
use cases::{Bound, Case, Meter};
use server::Server;
use tokio::runtime::{Builder, Runtime};

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

/// Counts what is allocated.
struct Heap {
    /// Of one thread, because only that one is counted.
    runtime: Runtime,
}

impl Meter for Heap {
    fn pair(&mut self, case: Case, _: &Server, sdk: impl AsyncFn(), by_hand: impl AsyncFn()) {
        let sdk = self.count(&sdk);
        let by_hand = self.count(&by_hand);
        println!(
            "{:<40}{:>10}{:>10}{}{:>11}{:>11}{}",
            case.name,
            sdk.count_total,
            by_hand.count_total,
            judgement(sdk.count_total, by_hand.count_total, case.allocations),
            kilobytes(sdk.bytes_max),
            kilobytes(by_hand.bytes_max),
            judgement(sdk.bytes_max, by_hand.bytes_max, case.peak),
        );
    }
}

impl Heap {
    /// What is allocated once everything that is made once is there.
    fn count(&self, work: &impl AsyncFn()) -> AllocationInfo {
        self.runtime.block_on(work());
        measure(|| self.runtime.block_on(work()))
    }
}

fn judgement(sdk: u64, by_hand: u64, bound: Bound) -> String {
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
