//! Errors of cassettes.

use std::{error::Error as StdError, fmt, io, path::PathBuf};

use crate::{Error, ErrorKind};

/// An error of a [`Cassette`](crate::testing::Cassette).
#[derive(Debug)]
#[non_exhaustive]
pub enum CassetteError {
    /// There is nothing to replay at this path.
    Missing(PathBuf),
    /// The variable `COOLIFY_RECORD` has this value instead of `0`, `1` or `missing`.
    UnknownMode(String),
    /// The server to record from is not configured, or does not answer.
    NoServer(Error),
    /// The file is not a valid cassette, for this reason.
    Invalid(PathBuf, String),
    /// The file has a format that this version of the SDK cannot read.
    Newer(PathBuf, u64),
    /// The file cannot be read or written.
    Io(PathBuf, io::Error),
    /// Nothing was written, because the recording could not be replayed or is not safe.
    NotRecorded(PathBuf, Vec<String>),
    /// The test did not make the recorded requests.
    Differs(PathBuf, Vec<String>),
}

impl fmt::Display for CassetteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(
                f,
                "there is no cassette {}; run the test once with COOLIFY_RECORD=1, COOLIFY_URL \
                 and COOLIFY_TOKEN to record it",
                path.display()
            ),
            Self::UnknownMode(value) => write!(
                f,
                "COOLIFY_RECORD is {value:?}; set it to 1 to record, to `missing` to record only \
                 what does not exist, or to 0 to replay"
            ),
            Self::NoServer(_) => f.write_str("there is no Coolify to record from"),
            Self::Invalid(path, reason) => write!(
                f,
                "{} is not a valid cassette: {reason}; record it again with COOLIFY_RECORD=1",
                path.display()
            ),
            Self::Newer(path, format) => write!(
                f,
                "the cassette {} has the format {format}, which this version of the SDK does not \
                 know; update the SDK, or record it again with COOLIFY_RECORD=1",
                path.display()
            ),
            Self::Io(path, _) => write!(f, "the cassette {} is not accessible", path.display()),
            Self::NotRecorded(path, problems) => write!(
                f,
                "the cassette {} was not written: {}",
                path.display(),
                problems.join("; ")
            ),
            Self::Differs(path, problems) => write!(
                f,
                "the test differs from the cassette {}; record it again with COOLIFY_RECORD=1 if \
                 that is intended: {}",
                path.display(),
                problems.join("; ")
            ),
        }
    }
}

impl StdError for CassetteError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::NoServer(error) => Some(error),
            Self::Io(_, error) => Some(error),
            _ => None,
        }
    }
}

/// For tests that return [`Result`](crate::Result).
impl From<CassetteError> for Error {
    fn from(error: CassetteError) -> Self {
        Self::new(ErrorKind::Config, "the cassette failed").with_source(error)
    }
}
