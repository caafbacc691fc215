use std::cmp::Ordering;
use std::convert::Infallible;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

/// A point in time, in the form that Coolify sent.
///
/// Most columns use RFC 3339 with microseconds, some use `YYYY-MM-DD HH:MM:SS`
/// (UTC). The text is kept and is only parsed when needed, so that an unknown
/// form does not make the whole reply unreadable.
///
/// Times are ordered by their instant, and two forms of one instant are equal. A
/// text of an unknown form comes before every instant.
///
/// ```
/// let time: coolify_sdk::Timestamp =
///     serde_json::from_str("\"2026-11-22T00:27:18.000000Z\"")?;
/// assert_eq!(time.unix_seconds(), Some(1_795_307_238));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(Box<str>);

impl Timestamp {
    /// Returns the text that Coolify sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the seconds since 1970-01-01 00:00:00 UTC; `None` if the form is
    /// unknown.
    #[must_use]
    pub fn unix_seconds(&self) -> Option<i64> {
        let since = self
            .to_system_time()?
            .duration_since(SystemTime::UNIX_EPOCH)
            .ok()?;
        i64::try_from(since.as_secs()).ok()
    }

    /// Returns the time as the standard library's type, with microseconds if
    /// Coolify sent them; `None` if the form is unknown.
    #[must_use]
    pub fn to_system_time(&self) -> Option<SystemTime> {
        // Times that Coolify passes on from cloud providers have the offset `+00:00`
        // instead of a `Z`, which humantime reads as well.
        humantime::parse_rfc3339_weak(&self.0).ok()
    }
}

impl Timestamp {
    /// Returns how long ago it was, by the local clock. It is zero for a time in
    /// the future, and `None` if the form is unknown.
    ///
    /// ```
    /// let then = coolify_sdk::Timestamp::from("2024-01-01 00:00:00");
    /// assert!(then.age().is_some_and(|age| age.as_secs() > 3600));
    /// ```
    #[must_use]
    pub fn age(&self) -> Option<Duration> {
        let then = self.to_system_time()?;
        Some(SystemTime::now().duration_since(then).unwrap_or_default())
    }

    /// Returns what is compared: the instant, or the text if there is none.
    fn key(&self) -> (Option<SystemTime>, Option<&str>) {
        let instant = self.to_system_time();
        (instant, instant.is_none().then_some(&*self.0))
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

/// Any text can be parsed, so this never fails;
/// [`to_system_time`](Timestamp::to_system_time) tells whether its form is known.
impl FromStr for Timestamp {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
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
    fn times_are_ordered_by_the_instant() {
        let mut times = [
            "2026-11-22T00:27:19.000000Z",
            "2026-11-22 00:27:18",
            "soon",
            "2026-11-22T00:27:18.500000Z",
        ]
        .map(Timestamp::from);
        times.sort();
        assert_eq!(
            times.map(|it| it.to_string()),
            [
                "soon",
                "2026-11-22 00:27:18",
                "2026-11-22T00:27:18.500000Z",
                "2026-11-22T00:27:19.000000Z",
            ]
        );
        let same = Timestamp::from("2026-11-22T00:27:18.000000Z");
        assert_eq!(same, Timestamp::from("2026-11-22 00:27:18"));
        assert_ne!(Timestamp::from("soon"), Timestamp::from("later"));
    }

    #[test]
    fn an_age_is_never_negative() {
        assert_eq!(
            Timestamp::from("2999-01-01 00:00:00").age(),
            Some(Duration::ZERO)
        );
        assert_eq!(Timestamp::from("soon").age(), None);
    }

    #[test]
    fn an_unknown_form_is_kept() {
        let odd: Timestamp = serde_json::from_str("\"next tuesday\"").unwrap();
        assert_eq!((odd.unix_seconds(), odd.as_str()), (None, "next tuesday"));
    }
}
