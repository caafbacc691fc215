use std::cmp::Ordering;
use std::convert::Infallible;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

/// A point in time as Coolify wrote it.
///
/// Most columns come in RFC 3339 with microseconds, some as
/// `YYYY-MM-DD HH:MM:SS` (UTC). The text is kept, so that nothing is lost, and
/// read when asked for; a form that nobody knows yet does not spoil the reply it
/// stands in.
///
/// Times are ordered by the instant, and two forms of one instant are equal. A text of
/// an unknown form comes before every instant.
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

impl Timestamp {
    /// How long ago it was, by this machine's clock; zero for a time to come, and
    /// `None` when the form is unknown.
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

    /// What is compared: the instant, and the text where there is none.
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

/// Any text becomes a time, so this never fails; whether its form is known is said by
/// [`to_system_time`](Timestamp::to_system_time).
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
