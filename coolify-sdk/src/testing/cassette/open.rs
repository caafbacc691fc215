//! Opens cassettes.

use std::{
    env, fmt,
    future::{Future, IntoFuture},
    path::PathBuf,
    pin::Pin,
};

use super::{Cassette, CassetteError};
use crate::{Error, ErrorKind};

/// The environment variable that decides whether to record.
const RECORD: &str = "COOLIFY_RECORD";

/// Whether a [`Cassette`] records or replays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordMode {
    /// Replays, and never sends anything to a server. This is `COOLIFY_RECORD=0`, and the
    /// default without the variable.
    Replay,
    /// Records anew: `COOLIFY_RECORD=1`.
    Record,
    /// Records if there is no file, and replays it otherwise: `COOLIFY_RECORD=missing`.
    RecordMissing,
}

/// A cassette that is about to be opened: [`Cassette::open`].
#[must_use = "nothing is opened before `.await`"]
pub struct OpenCassette {
    path: PathBuf,
    mode: Option<RecordMode>,
    server: Option<(String, String)>,
}

impl OpenCassette {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            mode: None,
            server: None,
        }
    }

    /// Sets whether to record, whatever `COOLIFY_RECORD` says.
    ///
    /// ```no_run
    /// use coolify_sdk::testing::{Cassette, RecordMode};
    ///
    /// let opening = Cassette::open("tests/cassettes/deploy.json").mode(RecordMode::Replay);
    /// ```
    pub fn mode(mut self, mode: RecordMode) -> Self {
        self.mode = Some(mode);
        self
    }

    /// Sets the URL and the token of the server to record from. The default is
    /// `COOLIFY_URL` and `COOLIFY_TOKEN`.
    ///
    /// ```no_run
    /// use coolify_sdk::testing::Cassette;
    ///
    /// let opening = Cassette::open("tests/cassettes/deploy.json")
    ///     .server("https://coolify.example.com", "1|a-token");
    /// ```
    pub fn server(mut self, url: impl Into<String>, token: impl Into<String>) -> Self {
        self.server = Some((url.into(), token.into()));
        self
    }

    /// Opens the cassette. Awaiting it does the same.
    ///
    /// # Errors
    ///
    /// When replaying, [`CassetteError::Missing`] without a file, and
    /// [`CassetteError::Invalid`] or [`CassetteError::Newer`] if it cannot be read. When
    /// recording, [`CassetteError::NoServer`].
    pub async fn send(self) -> Result<Cassette, CassetteError> {
        let mode = match self.mode {
            Some(mode) => mode,
            None => mode_of(&env::var(RECORD))?,
        };
        let records = match mode {
            RecordMode::Replay => false,
            RecordMode::Record => true,
            RecordMode::RecordMissing => !self.path.exists(),
        };
        if !records {
            return Cassette::replay(self.path).await;
        }
        let (url, token) = match self.server {
            Some(server) => server,
            None => server_of(|name| env::var(name))?,
        };
        Cassette::record(self.path, url, token).await
    }
}

impl IntoFuture for OpenCassette {
    type Output = Result<Cassette, CassetteError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl fmt::Debug for OpenCassette {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenCassette")
            .field("path", &self.path)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}

fn mode_of(variable: &Result<String, env::VarError>) -> Result<RecordMode, CassetteError> {
    match variable.as_deref() {
        Err(env::VarError::NotPresent) | Ok("" | "0") => Ok(RecordMode::Replay),
        Ok("1") => Ok(RecordMode::Record),
        Ok("missing") => Ok(RecordMode::RecordMissing),
        Ok(other) => Err(CassetteError::UnknownMode(other.to_owned())),
        Err(env::VarError::NotUnicode(other)) => Err(CassetteError::UnknownMode(
            other.to_string_lossy().into_owned(),
        )),
    }
}

fn server_of(
    look_up: impl Fn(&str) -> Result<String, env::VarError>,
) -> Result<(String, String), CassetteError> {
    match (look_up("COOLIFY_URL"), look_up("COOLIFY_TOKEN")) {
        (Ok(url), Ok(token)) => Ok((url, token)),
        (url, token) => {
            let missing = [
                ("COOLIFY_URL", url.is_err()),
                ("COOLIFY_TOKEN", token.is_err()),
            ];
            let missing = missing.iter().filter(|(_, is_missing)| *is_missing);
            let missing: Vec<_> = missing
                .map(|(name, _)| format!("{name} is not set"))
                .collect();
            let error = Error::new(ErrorKind::Config, missing.join("; "));
            Err(CassetteError::NoServer(error))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_decides() {
        let mode = |value: &str| mode_of(&Ok(value.to_owned()));
        assert_eq!(
            mode_of(&Err(env::VarError::NotPresent)).unwrap(),
            RecordMode::Replay
        );
        assert_eq!(mode("").unwrap(), RecordMode::Replay);
        assert_eq!(mode("0").unwrap(), RecordMode::Replay);
        assert_eq!(mode("1").unwrap(), RecordMode::Record);
        assert_eq!(mode("missing").unwrap(), RecordMode::RecordMissing);
        let error = mode("yes").unwrap_err();
        assert!(matches!(&error, CassetteError::UnknownMode(value) if value == "yes"));
        assert!(
            error.to_string().contains("set it to 1 to record"),
            "{error}"
        );
    }

    #[test]
    fn each_variable_that_is_missing_is_named() {
        let missing = || Err(env::VarError::NotPresent);
        let Err(CassetteError::NoServer(error)) = server_of(|_| missing()) else {
            panic!("there is no server");
        };
        assert_eq!(
            error.to_string(),
            "COOLIFY_URL is not set; COOLIFY_TOKEN is not set"
        );
        let url = |name: &str| match name {
            "COOLIFY_URL" => Ok("https://c.example".to_owned()),
            _ => missing(),
        };
        let Err(CassetteError::NoServer(error)) = server_of(url) else {
            panic!("there is no token");
        };
        assert_eq!(error.to_string(), "COOLIFY_TOKEN is not set");
    }
}
