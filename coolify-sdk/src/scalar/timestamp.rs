use std::fmt;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// A point in time as Coolify wrote it.
///
/// Most columns come in RFC 3339 with microseconds, some as
/// `YYYY-MM-DD HH:MM:SS` (UTC). The text is kept, so that nothing is lost, and
/// read when asked for; a form that nobody knows yet does not spoil the reply it
/// stands in.
///
/// ```
/// let time: coolify_sdk::Timestamp =
///     serde_json::from_str("\"2026-11-22T00:27:18.000000Z\"")?;
/// assert_eq!(time.unix_seconds(), Some(1_795_307_238));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(Box<str>);

impl Timestamp {
    /// The text that Coolify sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Seconds since 1970-01-01 00:00:00 UTC; `None` when the form is unknown.
    #[must_use]
    pub fn unix_seconds(&self) -> Option<i64> {
        let since = self
            .to_system_time()?
            .duration_since(SystemTime::UNIX_EPOCH)
            .ok()?;
        i64::try_from(since.as_secs()).ok()
    }

    /// The same as the standard library's type, with microseconds where Coolify
    /// sent them.
    #[must_use]
    pub fn to_system_time(&self) -> Option<SystemTime> {
        // The cloud providers whose times Coolify passes on write UTC as an offset.
        let text = self.0.strip_suffix("+00:00").unwrap_or(&self.0);
        humantime::parse_rfc3339_weak(text).ok()
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_the_same_instant() {
        let long = Timestamp::from("2026-11-22T00:27:18.000000Z");
        let short = Timestamp::from("2026-11-22 00:27:18");
        assert!(long.to_system_time().is_some());
        assert_eq!(long.to_system_time(), short.to_system_time());
        let offset = Timestamp::from("2026-11-22T00:27:18+00:00");
        assert_eq!(long.to_system_time(), offset.to_system_time());
    }

    #[test]
    fn an_unknown_form_is_kept() {
        let odd: Timestamp = serde_json::from_str("\"next tuesday\"").unwrap();
        assert_eq!((odd.unix_seconds(), odd.as_str()), (None, "next tuesday"));
    }
}
