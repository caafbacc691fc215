//! One recorded exchange.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use coolify_sdk::Version;
use serde::Deserialize;
use serde_json::Value;

/// An exchange with a real Coolify, from `tests/fixtures/recordings`.
#[derive(Clone, Debug, Deserialize)]
pub struct Recording {
    /// The operation's id.
    pub operation: String,
    /// The name of the case.
    pub case: String,
    /// The version of the server.
    pub coolify: String,
    /// What was sent.
    pub request: Request,
    /// What came back.
    pub response: Response,
}

/// The sent half of a [`Recording`].
#[derive(Clone, Debug, Deserialize)]
pub struct Request {
    /// `GET`, `POST`, ...
    pub method: String,
    /// The path with its parameters in braces.
    pub path: String,
    /// The path's parameters.
    #[serde(default)]
    pub params: BTreeMap<String, Value>,
    /// The query.
    #[serde(default)]
    pub query: BTreeMap<String, Value>,
    /// The JSON body.
    pub body: Option<Value>,
    /// The body, if it is not a JSON object or list.
    pub raw: Option<String>,
    /// Headers that differ from those of a usual client.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

/// The received half of a [`Recording`].
#[derive(Clone, Debug, Deserialize)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers that matter.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body, where it is JSON.
    pub json: Option<Value>,
    /// The body, where it is text.
    pub text: Option<String>,
}

impl Recording {
    /// Returns the versions that are recorded, the newest first.
    ///
    /// # Panics
    ///
    /// Panics if the name of a folder is not a version.
    pub fn versions() -> impl Iterator<Item = &'static str> {
        static VERSIONS: LazyLock<Vec<String>> = LazyLock::new(|| {
            let folders = fs::read_dir(Recording::folder()).expect("the recordings");
            let mut versions: Vec<(Version, String)> = folders
                .map(|folder| folder.expect("a folder").file_name())
                .filter_map(|name| name.into_string().ok())
                .map(|name| (name.parse().expect("a folder's version"), name))
                .collect();
            versions.sort_by(|left, right| right.0.cmp(&left.0));
            versions.into_iter().map(|(_, name)| name).collect()
        });
        VERSIONS.iter().map(String::as_str)
    }

    /// Returns the newest version that is recorded.
    ///
    /// # Panics
    ///
    /// Panics if there is none.
    #[must_use]
    pub fn newest() -> &'static str {
        Self::versions().next().expect("a recorded version")
    }

    /// Every recording of every version, the newest version first.
    pub fn everything() -> impl Iterator<Item = Self> {
        Self::versions().flat_map(Self::all)
    }

    /// Returns the folder of all recordings.
    #[must_use]
    pub fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/recordings")
    }

    /// One recording by its name: `4.1.2/list-projects.ok`, or `list-projects.ok` for
    /// the one of the newest version that has it.
    ///
    /// # Panics
    ///
    /// Panics if the recording does not exist.
    #[must_use]
    pub fn load(name: &str) -> Self {
        let path = Self::file(name);
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("no recording {name}: {e}"));
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("recording {name}: {e}"))
    }

    /// Returns the file of a recording, by the names that [`load`](Self::load)
    /// takes.
    #[must_use]
    pub fn file(name: &str) -> PathBuf {
        let file = format!("{name}.json");
        if name.contains('/') {
            return Self::folder().join(file);
        }
        let mut newest = Self::versions().map(|version| Self::folder().join(version).join(&file));
        let oldest = Self::folder().join(&file);
        newest.find(|path| path.exists()).unwrap_or(oldest)
    }

    /// Returns all recordings of a version.
    ///
    /// # Panics
    ///
    /// Panics if there are none.
    #[must_use]
    pub fn all(version: &str) -> Vec<Self> {
        let folder = Self::folder().join(version);
        let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("no version {version}: {e}"));
        let mut names: Vec<_> = entries
            .filter_map(|entry| entry.ok()?.path().file_stem()?.to_str().map(str::to_owned))
            .collect();
        names.sort();
        names
            .iter()
            .map(|name| Self::load(&format!("{version}/{name}")))
            .collect()
    }

    /// Returns the path with its parameters put in.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = self.request.path.clone();
        for (name, value) in &self.request.params {
            path = path.replace(&format!("{{{name}}}"), &text(value));
        }
        path
    }

    /// Returns the query as it stands in a URL.
    #[must_use]
    pub fn query(&self) -> BTreeMap<String, String> {
        let query = self.request.query.iter();
        query
            .map(|(name, value)| (name.clone(), text(value)))
            .collect()
    }

    /// Returns the reply's JSON.
    ///
    /// # Panics
    ///
    /// Panics if the reply is not JSON.
    #[must_use]
    pub fn json(&self) -> &Value {
        let json = self.response.json.as_ref();
        json.unwrap_or_else(|| panic!("{} {} has no JSON", self.operation, self.case))
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
