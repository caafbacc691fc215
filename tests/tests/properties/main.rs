//! Properties of all replies and texts, tested on random ones. `PROPTEST_CASES`
//! sets their number; CI uses only a few.

mod env_file;
mod mutation;
mod replies;
mod scalars;

use proptest::test_runner::{Config, RngSeed};

/// The marker for a secret value.
const MARKER: &str = "zq9marker";

/// Uses the same cases in each run, so that no change fails by chance; with
/// `PROPTEST_CASES`, it uses new ones.
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
