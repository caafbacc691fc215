//! What holds for every reply and every text, tried on many: `PROPTEST_CASES` says
//! on how many, instead of the few that CI takes the time for.

mod env_file;
mod mutation;
mod replies;
mod scalars;

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
