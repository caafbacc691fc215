//! The version of a Coolify server.

use std::{borrow::Cow, cmp::Ordering, fmt, str::FromStr};

use crate::{Error, ErrorKind};

/// A version of Coolify, such as `4.3.11` or `4.2.0-beta.1`.
///
/// Versions are ordered as semantic versions are: a pre-release comes before
/// its release, and the numbers in a pre-release compare as numbers.
///
/// ```
/// use coolify_sdk::Version;
///
/// let server: Version = "v4.3.11".parse()?;
/// assert!(server > Version::new(4, 3, 9));
/// assert!("4.2.0-beta.9".parse::<Version>()? < "4.2.0-beta.10".parse()?);
/// # Ok::<(), coolify_sdk::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    major: u32,
    minor: u32,
    patch: u32,
    pre: Cow<'static, str>,
}

impl Version {
    /// A release version.
    #[must_use]
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self {
            major,
            minor,
            patch,
            pre: Cow::Borrowed(""),
        }
    }

    /// The first number.
    #[must_use]
    pub const fn major(&self) -> u32 {
        self.major
    }

    /// The second number.
    #[must_use]
    pub const fn minor(&self) -> u32 {
        self.minor
    }

    /// The third number.
    #[must_use]
    pub const fn patch(&self) -> u32 {
        self.patch
    }

    /// What follows the hyphen of a pre-release (`beta.1`), empty on a release.
    #[must_use]
    pub fn pre(&self) -> &str {
        &self.pre
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.pre.is_empty() {
            write!(f, "-{}", self.pre)?;
        }
        Ok(())
    }
}

impl FromStr for Version {
    type Err = Error;

    /// Reads `4.3.11`, `v4.3.11` and `4.2.0-beta.1`; build metadata after a
    /// `+` is dropped. Anything else is an error of kind
    /// [`ErrorKind::InvalidRequest`].
    fn from_str(text: &str) -> Result<Self, Error> {
        parse(text).ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidRequest,
                "a Coolify version has the form `4.3.11` or `4.2.0-beta.1`",
            )
        })
    }
}

fn parse(text: &str) -> Option<Version> {
    let text = text.trim();
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let text = text.split_once('+').map_or(text, |(version, _)| version);
    let (numbers, pre) = text.split_once('-').unwrap_or((text, ""));
    let well_formed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    if !pre.chars().all(well_formed) {
        return None;
    }
    let mut numbers = numbers.split('.').map(|number| number.parse().ok());
    let version = Version {
        major: numbers.next()??,
        minor: numbers.next()??,
        patch: numbers.next()??,
        pre: Cow::Owned(pre.to_owned()),
    };
    numbers.next().is_none().then_some(version)
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = |v: &Self| (v.major, v.minor, v.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| {
            match (self.pre.is_empty(), other.pre.is_empty()) {
                (false, false) => compare_pre(&self.pre, &other.pre),
                (release, other_release) => release.cmp(&other_release),
            }
        })
    }
}

fn compare_pre(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => match (a.parse::<u64>(), b.parse::<u64>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => a.cmp(b),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn reads_what_servers_answer() {
        assert_eq!(version("4.3.11"), Version::new(4, 3, 11));
        assert_eq!(version(" v4.3.11\n"), Version::new(4, 3, 11));
        assert_eq!(version("v4.2.0-beta.1").to_string(), "4.2.0-beta.1");
        for wrong in ["", "4", "4.3", "4.3.x", "4.3.1.2", "<html>", "4.3.1-a b"] {
            assert!(wrong.parse::<Version>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn orders_as_semantic_versions_do() {
        let sorted = [
            "4.0.0-beta.9",
            "4.0.0-beta.10",
            "4.0.0-rc.1",
            "4.0.0",
            "4.1.2",
            "4.3.9",
            "4.3.10",
        ];
        assert!(sorted.windows(2).all(|w| version(w[0]) < version(w[1])));
    }
}
