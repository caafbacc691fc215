//! The file of a cassette.

use std::{
    collections::BTreeMap,
    fs,
    hash::{BuildHasher, Hasher, RandomState},
    io,
    path::Path,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::CassetteError;

/// The format of the files that are written.
const FORMAT: u64 = 1;

/// The contents of a cassette.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Tape {
    format: u64,
    /// The version of the SDK that recorded it.
    pub(super) sdk: String,
    /// The version of the server.
    pub(super) coolify: String,
    /// The names that the test uses.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) names: BTreeMap<String, String>,
    pub(super) exchanges: Vec<Exchange>,
}

/// A request and its reply.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Exchange {
    pub(super) operation: String,
    pub(super) request: Request,
    pub(super) reply: Reply,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) method: String,
    /// The path below `/api/v1`, decoded. An id contains no `/`.
    pub(super) path: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) query: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) json: Option<Value>,
    /// The fields of an upload, and its files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) form: Option<Value>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Reply {
    pub(super) status: u16,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) headers: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) json: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
}

impl Tape {
    pub(super) fn new(
        coolify: String,
        names: BTreeMap<String, String>,
        exchanges: Vec<Exchange>,
    ) -> Self {
        Self {
            format: FORMAT,
            sdk: env!("CARGO_PKG_VERSION").to_owned(),
            coolify,
            names,
            exchanges,
        }
    }

    /// Returns whether another version of the SDK recorded it.
    pub(super) fn is_of_another_sdk(&self) -> bool {
        self.sdk != env!("CARGO_PKG_VERSION")
    }

    /// Reads a cassette.
    pub(super) fn read(path: &Path) -> Result<Self, CassetteError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(CassetteError::Missing(path.to_owned()));
            }
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(CassetteError::Invalid(path.to_owned(), error.to_string()));
            }
            Err(error) => return Err(CassetteError::Io(path.to_owned(), error)),
        };
        let invalid = |reason: String| CassetteError::Invalid(path.to_owned(), reason);
        let json: Value =
            serde_json::from_str(&text).map_err(|error| invalid(error.to_string()))?;
        match json["format"].as_u64() {
            None | Some(0) => return Err(invalid("it has no `format`".to_owned())),
            Some(FORMAT) => {}
            Some(newer) => return Err(CassetteError::Newer(path.to_owned(), newer)),
        }
        serde_json::from_value(json).map_err(|error| invalid(error.to_string()))
    }

    /// Returns the text of the file.
    pub(super) fn text(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }
}

/// Writes a file completely or not at all.
pub(super) fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let random = RandomState::new().build_hasher().finish();
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{random:016x}.tmp"));
    let temporary = path.with_file_name(name);
    fs::write(&temporary, text)
        .and_then(|()| fs::rename(&temporary, path))
        .inspect_err(|_| {
            let _ = fs::remove_file(&temporary);
        })
}
