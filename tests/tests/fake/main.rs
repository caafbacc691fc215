//! The fake against the recordings: what a real Coolify was asked, in the order in which
//! it was asked, is asked of [`FakeCoolify`](coolify_sdk::testing::FakeCoolify), and each
//! reply must have the recorded status and form. `coverage.yaml` says how far that goes.

mod coverage;
mod difference;
mod doors;
mod journey;
mod key;
mod replayed;
mod storages;
