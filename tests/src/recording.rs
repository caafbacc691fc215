//! One recorded exchange.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

/// An exchange with a real Coolify, as `tests/fixtures/recordings` has it.
#[derive(Clone, Debug, Deserialize)]
pub struct Recording {
    /// The operation's id.
    pub operation: String,
    /// What was special about it.
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
    /// The body where it is no JSON object or list.
    pub raw: Option<String>,
    /// Headers that were sent otherwise than by a client of the API.
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
    /// The versions that are recorded, the newest first.
    pub const VERSIONS: [&str; 4] = ["4.3.11", "4.2.0", "4.1.2", "4.0.0"];

    /// Where all recordings are.
    #[must_use]
    pub fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/recordings")
    }

    /// One recording by its name, as in `4.3.11/list-projects.ok`.
    ///
    /// # Panics
    ///
    /// When there is no such recording.
    #[must_use]
    pub fn load(name: &str) -> Self {
        let path = Self::folder().join(format!("{name}.json"));
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("no recording {name}: {e}"));
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("recording {name}: {e}"))
    }

    /// All recordings of a version.
    ///
    /// # Panics
    ///
    /// When there are none.
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

    /// The path with its parameters put in.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = self.request.path.clone();
        for (name, value) in &self.request.params {
            path = path.replace(&format!("{{{name}}}"), &text(value));
        }
        path
    }

    /// The query as it stands in a URL.
    #[must_use]
    pub fn query(&self) -> BTreeMap<String, String> {
        let query = self.request.query.iter();
        query
            .map(|(name, value)| (name.clone(), text(value)))
            .collect()
    }

    /// The reply's JSON.
    ///
    /// # Panics
    ///
    /// When the reply is no JSON.
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
