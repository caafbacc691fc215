//! Counts the calls of a client, and prints them in the text format of Prometheus.
//!
//! ```text
//! cargo run --example metrics                      # on an embedded server
//! COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…' cargo run --example metrics
//! ```

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use coolify_sdk::{Attempt, Coolify};
use coolify_sdk_examples::{Arguments, Misuse, Result, Target, eprintln, println, program};

const USAGE: &str = "\
Reads an overview, and prints the calls that it took as metrics for Prometheus.

usage: metrics

If COOLIFY_URL and COOLIFY_TOKEN are set, it works on that server. If neither is set, it
starts an embedded server.";

/// The upper bounds of the durations that are counted, in seconds.
const BOUNDS: [f64; 6] = [0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// What the calls of a client came to. Clones count together.
#[derive(Clone, Default)]
struct Metrics(Arc<Mutex<BTreeMap<Labels, Counts>>>);

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Labels {
    operation: &'static str,
    method: &'static str,
    /// The status, or the kind of the error of an attempt without a reply.
    outcome: String,
}

#[derive(Default)]
struct Counts {
    attempts: u64,
    retries: u64,
    bytes: u64,
    seconds: f64,
    waited: f64,
    within: [u64; BOUNDS.len()],
}

impl Metrics {
    fn count(&self, attempt: &Attempt) {
        let labels = Labels {
            operation: attempt.operation,
            method: attempt.method.as_str(),
            outcome: match (attempt.status, attempt.error) {
                (Some(status), _) => status.to_string(),
                (None, Some(error)) => error.to_string(),
                (None, None) => String::new(),
            },
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = all.entry(labels).or_default();
        let seconds = attempt.duration.as_secs_f64();
        counts.attempts += 1;
        counts.retries += u64::from(!attempt.is_last);
        counts.bytes += u64::try_from(attempt.bytes).unwrap_or_default();
        counts.seconds += seconds;
        counts.waited += attempt.waited.as_secs_f64();
        for (within, bound) in counts.within.iter_mut().zip(BOUNDS) {
            *within += u64::from(seconds <= bound);
        }
    }
}

/// Writes the text format of Prometheus. Serve it at `/metrics`.
impl fmt::Display for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut counter = |name: &str, help: &str, value: fn(&Counts) -> f64| {
            writeln!(f, "# HELP {name} {help}\n# TYPE {name} counter")?;
            all.iter().try_for_each(|(labels, counts)| {
                writeln!(f, "{name}{{{labels}}} {}", value(counts))
            })
        };
        #[expect(clippy::cast_precision_loss, reason = "that many calls are never made")]
        {
            let (attempts, retries) = ("coolify_attempts_total", "coolify_retries_total");
            counter(attempts, "Requests that were sent.", |it| {
                it.attempts as f64
            })?;
            counter(retries, "Requests that were sent again.", |it| {
                it.retries as f64
            })?;
            counter("coolify_reply_bytes_total", "Bytes of replies.", |it| {
                it.bytes as f64
            })?;
        }
        let waited = "coolify_waited_seconds_total";
        counter(
            waited,
            "Waiting for the rate limit and before retries.",
            |it| it.waited,
        )?;
        let name = "coolify_duration_seconds";
        writeln!(
            f,
            "# HELP {name} How long a request took.\n# TYPE {name} histogram"
        )?;
        for (labels, counts) in all.iter() {
            for (within, bound) in counts.within.iter().zip(BOUNDS) {
                writeln!(f, "{name}_bucket{{{labels},le=\"{bound}\"}} {within}")?;
            }
            writeln!(
                f,
                "{name}_bucket{{{labels},le=\"+Inf\"}} {}",
                counts.attempts
            )?;
            writeln!(f, "{name}_sum{{{labels}}} {}", counts.seconds)?;
            writeln!(f, "{name}_count{{{labels}}} {}", counts.attempts)?;
        }
        Ok(())
    }
}

impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operation,
            method,
            outcome,
        } = self;
        write!(
            f,
            "operation=\"{operation}\",method=\"{method}\",outcome=\"{outcome}\""
        )
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    program(USAGE, options, async |()| {
        let metrics = measure().await?;
        let mut text = String::new();
        write!(text, "{metrics}")?;
        println!("{}", text.trim_end());
        Ok(ExitCode::SUCCESS)
    })
    .await
}

fn options(mut arguments: Arguments) -> Result<(), Misuse> {
    match arguments.next() {
        Some(argument) => Err(Misuse::unknown(&argument)),
        None => Ok(()),
    }
}

async fn measure() -> Result<Metrics> {
    let target = Target::from_env().await?;
    let (url, token) = match &target {
        Target::Real(_) => (
            std::env::var("COOLIFY_URL")?,
            std::env::var("COOLIFY_TOKEN")?,
        ),
        Target::Embedded(_, fake) => {
            eprintln!(
                "COOLIFY_URL and COOLIFY_TOKEN are not set: this runs on an embedded server."
            );
            fake.seed_application(&fake.seed_project("examples"), "web");
            (fake.url(), fake.token().to_owned())
        }
    };
    let metrics = Metrics::default();
    let counted = metrics.clone();
    let coolify = Coolify::builder()
        .url(url)
        .token(token)
        .timeout(Duration::from_secs(30))
        .on_attempt(move |attempt| counted.count(attempt))
        .build()?;
    let overview = coolify.overview().await?;
    eprintln!("{} resources", overview.resources.len());
    Ok(metrics)
}
