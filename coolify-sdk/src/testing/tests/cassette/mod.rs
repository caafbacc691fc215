//! Records tests from a fake, which plays the real server, and replays them without it.

mod files;
mod ordering;
mod scrubbing;
mod workflows;

use std::{
    fs,
    hash::{BuildHasher, Hasher, RandomState},
    path::PathBuf,
};

use crate::testing::{Cassette, CassetteError, FakeCoolify, OpenCassette, RecordMode};

/// A path for a cassette, whose folder is removed on drop.
struct Shelf(PathBuf);

impl Shelf {
    fn new() -> Self {
        let random = RandomState::new().build_hasher().finish();
        Self(std::env::temp_dir().join(format!("coolify-sdk-cassette-{random:016x}")))
    }

    fn path(&self) -> PathBuf {
        self.0.join("test.json")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    fn write(&self, text: &str) {
        fs::create_dir_all(&self.0).unwrap();
        fs::write(self.path(), text).unwrap();
    }

    fn open(&self, mode: RecordMode) -> OpenCassette {
        Cassette::open(self.path()).mode(mode)
    }

    async fn record(&self, server: &FakeCoolify) -> Cassette {
        let opening = self.open(RecordMode::Record);
        opening.server(server.url(), server.token()).await.unwrap()
    }

    async fn replay(&self) -> Cassette {
        self.open(RecordMode::Replay).await.unwrap()
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Returns the differences between the test and the cassette.
fn differences(cassette: Cassette) -> Vec<String> {
    match cassette.finish() {
        Err(CassetteError::Differs(_, problems)) => problems,
        other => panic!("it differs: {other:?}"),
    }
}
