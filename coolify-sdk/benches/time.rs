//! Compares the time of the SDK with that of hand-written code:
//! `cargo bench -p coolify-sdk`, optionally with a part of a case's name after
//! `--`.
//!
//! A benchmark that measures one side after the other compares the machine at two
//! times; on a busy machine, that difference is larger than the one to measure.
//! So this alternates between a sample of the SDK and a hand-written one, in
//! changing order, and computes the ratio of each pair. It prints the median of
//! the ratios, which differs from the ratio of the medians.
//!
//! Memory is measured by a separate program, because counting allocations takes
//! time.

#![expect(clippy::cast_precision_loss, reason = "the numbers are for people")]

mod by_hand;
mod cases;
mod data;
mod server;

use std::time::{Duration, Instant};

use cases::{Bound, Case, Meter};
use server::Server;
use tokio::runtime::{Builder, Runtime};

/// Samples of each side, unless they take too long.
const SAMPLES: usize = 41;
/// The minimum number of samples.
const FEWEST: usize = 7;
/// How long the samples of a pair take together.
const PATIENCE: Duration = Duration::from_secs(10);

fn main() {
    println!(
        "{:<40}{:>12}{:>12}{:>8}{:>9}{:>7}{:>13}",
        "time", "SDK", "by hand", "ratio", "bound", "holds", "calls"
    );
    cases::run(&mut Clock {
        one_thread: Builder::new_current_thread().enable_all().build().unwrap(),
        two_threads: Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap(),
    });
}

/// Measures time.
struct Clock {
    /// With one thread, so that no work is hidden on another core.
    one_thread: Runtime,
    two_threads: Runtime,
}

impl Meter for Clock {
    fn pair(&mut self, case: Case, server: &Server, sdk: impl AsyncFn(), by_hand: impl AsyncFn()) {
        if case.time == Bound::Skip {
            return;
        }
        let runtime = if case.is_parallel {
            &self.two_threads
        } else {
            &self.one_thread
        };
        server.take_calls();
        runtime.block_on(sdk());
        let sdk_calls = server.take_calls();
        runtime.block_on(by_hand());
        let by_hand_calls = server.take_calls();

        let time_sdk = || runtime.block_on(time(case.repeat, &sdk));
        let time_by_hand = || runtime.block_on(time(case.repeat, &by_hand));
        let begun = Instant::now();
        let mut samples: Vec<(f64, f64)> = Vec::new();
        while samples.len() < FEWEST || (samples.len() < SAMPLES && begun.elapsed() < PATIENCE) {
            samples.push(if samples.len().is_multiple_of(2) {
                let sdk = time_sdk();
                (sdk, time_by_hand())
            } else {
                let by_hand = time_by_hand();
                (time_sdk(), by_hand)
            });
        }
        let ratio = median(samples.iter().map(|(sdk, by_hand)| sdk / by_hand));
        let (ratio, bound, holds) = match case.time {
            Bound::AtMost(most) => (ratio, format!("<= {most}"), ratio <= most),
            Bound::Throughput(least) => (1.0 / ratio, format!(">= {least}"), 1.0 / ratio >= least),
            Bound::Open | Bound::Skip => (ratio, String::new(), true),
        };
        println!(
            "{:<40}{:>12}{:>12}{ratio:>8.3}{bound:>9}{:>7}{:>13}",
            case.name,
            seconds(median(samples.iter().map(|it| it.0))),
            seconds(median(samples.iter().map(|it| it.1))),
            if bound.is_empty() {
                ""
            } else if holds {
                "yes"
            } else {
                "NO"
            },
            format!("{sdk_calls} / {by_hand_calls}"),
        );
    }
}

/// Returns the seconds of one repetition.
async fn time(repeat: usize, work: &impl AsyncFn()) -> f64 {
    let begun = Instant::now();
    for _ in 0..repeat {
        work().await;
    }
    begun.elapsed().as_secs_f64() / repeat as f64
}

fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<_> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

fn seconds(seconds: f64) -> String {
    if seconds < 1e-3 {
        format!("{:.1} us", seconds * 1e6)
    } else {
        format!("{:.2} ms", seconds * 1e3)
    }
}
