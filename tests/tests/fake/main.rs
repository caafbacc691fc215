//! The fake against the recordings: the recorded requests are sent to
//! [`FakeCoolify`](coolify_sdk::testing::FakeCoolify) in order, and each reply
//! must have the recorded status and form. `coverage.yaml` lists what is covered.

mod coverage;
mod difference;
mod doors;
mod estate;
mod fields;
mod journey;
mod key;
mod newest;
mod replayed;
mod repositories;
mod rooms;
mod script;
mod settings;
mod storages;
mod values;
