//! What holds for every reply and every text, tried on many: `PROPTEST_CASES` says
//! on how many, instead of the few that CI takes the time for.

mod env_file;
mod mutation;
mod replies;
mod scalars;

use std::error::Error as _;

use coolify_sdk::Error;
use proptest::test_runner::{Config, RngSeed};

/// What stands for a value that nobody may see.
const MARKER: &str = "zq9marker";

/// The same cases in each run, so that nobody's change fails by another's bad
/// luck; with `PROPTEST_CASES` as many new ones.
fn config(cases: u32) -> Config {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let mut config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    if !asked {
        config.cases = cases;
        config.rng_seed = RngSeed::Fixed(0xC001);
    }
    config
}

/// All that an error says, and what caused it.
fn everything(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?} {}", error.report());
    let mut source = error.source();
    while let Some(cause) = source {
        text.extend([cause.to_string(), format!("{cause:?}")]);
        source = cause.source();
    }
    text
}
