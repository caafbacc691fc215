//! The version of a Coolify server.

use std::{
    borrow::Cow,
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
};

use serde::{Serialize, Serializer};

/// Longer names of versions are cut.
const LONGEST_NAME: usize = 100;

/// A version of Coolify, such as `4.3.11`, `4.2.0-beta.1` or `4.4-rc.1`.
///
/// Versions are ordered like semantic versions: a pre-release comes before its
/// release, and numbers in a pre-release are compared as numbers. Coolify's
/// rolling builds end in a commit, and come before the version that they lead to:
/// `4.4-rc.1.0a1b2c3` is older than `4.4-rc.1`.
///
/// If a server reports something else, its version is
/// [unreadable](Self::is_unreadable). It counts as newer than every other, so
/// that no operation is refused because of it.
///
/// ```
/// use coolify_sdk::Version;
///
/// let server: Version = "v4.3.11".parse()?;
/// assert!(server > Version::new(4, 3, 9));
/// assert!("4.2.0-beta.9".parse::<Version>()? < "4.2.0-beta.10".parse()?);
/// assert!("4.4-rc.1".parse::<Version>()? < Version::new(4, 4, 0));
/// # Ok::<(), coolify_sdk::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Version {
    major: u32,
    minor: u32,
    patch: u32,
    /// For an unreadable version, the text that the server reports.
    pre: Cow<'static, str>,
    form: Form,
}

/// The form in which a version is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Three numbers.
    Full,
    /// Two numbers, as release candidates have.
    Short,
    Unreadable,
}

impl Version {
    /// Returns the release with these numbers.
    #[must_use]
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self {
            major,
            minor,
            patch,
            pre: Cow::Borrowed(""),
            form: Form::Full,
        }
    }

    /// Returns the version that a server reports, or `None` for a web page, which
    /// no Coolify sends.
    pub(crate) fn of_server(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.starts_with('<') {
            return None;
        }
        Some(parse(text).unwrap_or_else(|| Self::unreadable(text)))
    }

    fn unreadable(text: &str) -> Self {
        let visible = |c: char| if c.is_control() { ' ' } else { c };
        let text: String = text.chars().map(visible).take(LONGEST_NAME).collect();
        Self {
            major: u32::MAX,
            minor: u32::MAX,
            patch: u32::MAX,
            pre: text.into(),
            form: Form::Unreadable,
        }
    }

    /// Returns the first number.
    #[must_use]
    pub const fn major(&self) -> u32 {
        self.major
    }

    /// Returns the second number.
    #[must_use]
    pub const fn minor(&self) -> u32 {
        self.minor
    }

    /// Returns the third number, or 0 if there are only two.
    #[must_use]
    pub const fn patch(&self) -> u32 {
        self.patch
    }

    /// Returns the part after the hyphen of a pre-release (`beta.1`). It is empty
    /// for a release.
    #[must_use]
    pub fn pre(&self) -> &str {
        match self.form {
            Form::Unreadable => "",
            Form::Full | Form::Short => &self.pre,
        }
    }

    /// Returns whether the server reports something that is not a version. The
    /// numbers then mean nothing, and the version counts as newer than every
    /// other. `Display` shows what the server reports.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        self.form == Form::Unreadable
    }

    pub(crate) fn is_prerelease(&self) -> bool {
        !self.pre().is_empty()
    }

    fn numbers(&self) -> (u32, u32, u32) {
        (self.major, self.minor, self.patch)
    }

    /// Returns whether even the release of this version is older. It is unknown
    /// what a pre-release contains, so it counts as its release.
    pub(crate) fn is_certainly_before(&self, since: &Self) -> bool {
        self.numbers() < since.numbers()
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor, patch) = self.numbers();
        match self.form {
            Form::Unreadable if self.pre.is_empty() => return f.write_str("unknown"),
            Form::Unreadable => return f.write_str(&self.pre),
            Form::Short => write!(f, "{major}.{minor}")?,
            Form::Full => write!(f, "{major}.{minor}.{patch}")?,
        }
        if !self.pre.is_empty() {
            write!(f, "-{}", self.pre)?;
        }
        Ok(())
    }
}

pub(crate) fn parse(text: &str) -> Option<Version> {
    let text = text.trim();
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let text = text.split_once('+').map_or(text, |(version, _)| version);
    let (numbers, pre) = text.split_once('-').unwrap_or((text, ""));
    let well_formed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    if !pre.chars().all(well_formed) {
        return None;
    }
    let mut numbers = numbers.split('.').map(number);
    let (major, minor) = (numbers.next()??, numbers.next()??);
    let (patch, form) = match numbers.next() {
        Some(patch) => (patch?, Form::Full),
        None => (0, Form::Short),
    };
    let pre = Cow::Owned(pre.to_owned());
    numbers.next().is_none().then_some(Version {
        major,
        minor,
        patch,
        pre,
        form,
    })
}

/// Parses digits only; the standard library also accepts a sign.
fn number(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.numbers() == other.numbers() && self.pre == other.pre
    }
}

impl Eq for Version {}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.numbers().hash(state);
        self.pre.hash(state);
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers().cmp(&other.numbers()).then_with(|| {
            match (self.pre.is_empty(), other.pre.is_empty()) {
                (false, false) => {
                    compare_pre(&self.pre, &other.pre).then_with(|| self.pre.cmp(&other.pre))
                }
                (release, other_release) => release.cmp(&other_release),
            }
        })
    }
}

fn compare_pre(left: &str, right: &str) -> Ordering {
    let ((left, left_commit), (right, right_commit)) = (split_commit(left), split_commit(right));
    compare_identifiers(left, right).then_with(|| match (left_commit, right_commit) {
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (left, right) => left.cmp(&right),
    })
}

/// Removes the commit of a rolling build: `rc.1.0a1b2c3`, `dev.0a1b2c3d4`.
fn split_commit(pre: &str) -> (&str, Option<&str>) {
    match pre.rsplit_once('.') {
        Some((label, commit))
            if (7..=40).contains(&commit.len())
                && commit.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
        {
            (label, Some(commit))
        }
        _ => (pre, None),
    }
}

fn compare_identifiers(left: &str, right: &str) -> Ordering {
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
        let wrong = [
            "",
            "4",
            "4.",
            "4.+3",
            "4.3.x",
            "4.3.1.2",
            "<html>",
            "4.3.1-a b",
            "4.99999999999.1",
        ];
        for wrong in wrong {
            assert!(wrong.parse::<Version>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn two_numbers_are_a_version_and_shown_as_they_are_written() {
        assert_eq!(version("v4.3"), Version::new(4, 3, 0));
        assert_eq!(version("v4.3").to_string(), "4.3");
        for text in ["4.4-rc.1", "4.4-rc.1.0a1b2c3", "4.3.2-dev.0a1b2c3d4"] {
            let version = version(text);
            assert_eq!(version.to_string(), text);
            assert!(version.is_prerelease() && !version.is_unreadable());
        }
        assert_eq!(version("4.4-rc.1"), version("4.4.0-rc.1"));
    }

    #[test]
    fn orders_as_semantic_versions_do() {
        let sorted = [
            "4.0.0-beta.9",
            "4.0.0-beta.10",
            "4.0.0-rc.1",
            "4.0.0",
            "4.1.2",
            "4.3.2-dev.0a1b2c3d4",
            "4.3.2",
            "4.3.9",
            "4.3.10",
            "4.4-rc.1.0a1b2c3",
            "4.4-rc.1",
            "4.4-rc.2.1234567",
            "4.4-rc.2",
            "4.4-rc.10",
            "4.4.0",
            "4.4.1-rc.1.beefbee",
            "4.4.1",
        ];
        for (at, older) in sorted.iter().enumerate() {
            for newer in &sorted[at + 1..] {
                assert!(version(older) < version(newer), "{older} < {newer}");
            }
        }
    }

    #[test]
    fn what_is_equal_hashes_equally() {
        use std::collections::HashSet;
        let texts = ["4.4-rc.1", "4.4.0-rc.1", "4.4-rc.01", "4.4", "4.4.0"];
        let all: HashSet<_> = texts.map(version).into();
        assert_eq!(all.len(), 3);
        let hasher = std::hash::BuildHasherDefault::<std::hash::DefaultHasher>::default();
        let hash = |text: &str| std::hash::BuildHasher::hash_one(&hasher, version(text));
        assert_ne!(hash("4.3.1"), hash("4.3.2"), "numbers count");
        assert_ne!(hash("4.3.1-a"), hash("4.3.1-b"), "names count");
        assert_ne!(version("4.4-rc.01"), version("4.4-rc.1"));
        assert!(version("4.4-rc.01").cmp(&version("4.4-rc.1")).is_ne());
    }

    #[test]
    fn what_a_server_calls_itself_is_newer_than_all_if_it_is_no_version() {
        for text in ["nightly", "4.x", "5", "{}", "99999999999.0.0", "4.3.1.2"] {
            let unreadable = Version::of_server(text).unwrap();
            assert!(unreadable.is_unreadable());
            assert!(unreadable > Version::new(900, 0, 0), "{text}");
            assert_eq!(
                (unreadable.to_string(), unreadable.pre()),
                (text.into(), "")
            );
        }
        assert_eq!(Version::of_server(" ").unwrap().to_string(), "unknown");
        let long = "x\n".repeat(5_000);
        let shown = Version::of_server(&long).unwrap().to_string();
        assert!(shown.len() <= 100 && !shown.contains('\n'));
        assert_eq!(Version::of_server("\n<!DOCTYPE html>"), None);
        assert_eq!(Version::of_server("v4.3").unwrap(), Version::new(4, 3, 0));
    }
}
