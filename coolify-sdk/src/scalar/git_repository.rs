use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{HIDDEN, Secret, exposed};

/// The address of a Git repository: `https://git.example.com/owner/name`,
/// `git@git.example.com:owner/name.git`, or `owner/name` on GitHub.
///
/// An address may contain a token, as in `https://user:token@git.example.com/…`.
/// `Display`, `Debug` and serialising hide it, as they hide a [`Secret`];
/// [`expose`](Self::expose) returns the whole address, and
/// [`Exposed`](crate::Exposed) serialises it.
///
/// Coolify does not keep the token apart from the address: it returns both to every
/// token with the `read` ability. When it creates an application from an address on
/// `github.com`, it keeps only `owner/name`, so that a private repository there needs a
/// deploy key or a GitHub app. Seen on 4.3.11.
///
/// ```
/// use coolify_sdk::GitRepository;
///
/// let repository = GitRepository::from("https://deploy:token@git.example.com/shop/web");
/// assert_eq!(repository.to_string(), "https://(hidden)@git.example.com/shop/web");
/// assert!(repository.has_credentials());
/// assert_eq!(repository.without_credentials(), "https://git.example.com/shop/web");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct GitRepository(Secret);

impl GitRepository {
    /// Returns the whole address, with the token that it may contain.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Returns whether the address contains a password or a token.
    ///
    /// The user of an address for SSH, such as `git@`, is neither.
    #[must_use]
    pub fn has_credentials(&self) -> bool {
        credentials(self.expose()).is_some()
    }

    /// Returns the address without the user, the password and the token, if it
    /// contains a password or a token, and otherwise as it is.
    #[must_use]
    pub fn without_credentials(&self) -> Cow<'_, str> {
        let whole = self.expose();
        match credentials(whole) {
            Some(Credentials { start, end }) => {
                Cow::Owned(format!("{}{}", &whole[..start], &whole[end + 1..]))
            }
            None => Cow::Borrowed(whole),
        }
    }

    fn shown(&self) -> Cow<'_, str> {
        let whole = self.expose();
        match credentials(whole) {
            Some(Credentials { start, end }) => {
                Cow::Owned(format!("{}{HIDDEN}{}", &whole[..start], &whole[end..]))
            }
            None => Cow::Borrowed(whole),
        }
    }
}

/// The range of the credentials of an address; an `@` follows.
struct Credentials {
    start: usize,
    end: usize,
}

fn credentials(address: &str) -> Option<Credentials> {
    let (start, is_ssh) = match address.split_once("://") {
        Some((scheme, _)) => {
            let is_ssh = scheme.trim().to_ascii_lowercase().ends_with("ssh");
            (scheme.len() + "://".len(), is_ssh)
        }
        // `git@host:path`
        None => (0, true),
    };
    let rest = &address[start..];
    // A password may contain an unescaped `@`, but no `/`.
    let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let end = start + rest[..authority].rfind('@')?;
    let is_secret = !is_ssh || address[start..end].contains(':');
    is_secret.then_some(Credentials { start, end })
}

impl From<&str> for GitRepository {
    fn from(address: &str) -> Self {
        Self(address.into())
    }
}

impl From<String> for GitRepository {
    fn from(address: String) -> Self {
        Self(address.into())
    }
}

impl From<&String> for GitRepository {
    fn from(address: &String) -> Self {
        Self(address.into())
    }
}

impl From<&GitRepository> for GitRepository {
    fn from(address: &GitRepository) -> Self {
        address.clone()
    }
}

impl PartialEq<str> for GitRepository {
    fn eq(&self, other: &str) -> bool {
        self.expose() == other
    }
}

impl PartialEq<&str> for GitRepository {
    fn eq(&self, other: &&str) -> bool {
        self.expose() == *other
    }
}

impl fmt::Display for GitRepository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.shown())
    }
}

impl fmt::Debug for GitRepository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.shown(), f)
    }
}

impl Serialize for GitRepository {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        if self.has_credentials() && !exposed::is_exposing() {
            return serializer.serialize_str(&self.shown());
        }
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for GitRepository {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Exposed;

    #[test]
    fn credentials_are_hidden_in_every_form() {
        for (whole, shown, without) in [
            (
                "https://tok@h.example/o/r",
                "https://(hidden)@h.example/o/r",
                "https://h.example/o/r",
            ),
            (
                "https://u:tok@h.example:8443/o/r",
                "https://(hidden)@h.example:8443/o/r",
                "https://h.example:8443/o/r",
            ),
            (
                "HTTP://u:t@k@h.example/o",
                "HTTP://(hidden)@h.example/o",
                "HTTP://h.example/o",
            ),
            (
                "https://u:tok@h.example",
                "https://(hidden)@h.example",
                "https://h.example",
            ),
            (
                "https://:tok@h.example?x=@",
                "https://(hidden)@h.example?x=@",
                "https://h.example?x=@",
            ),
            (
                "git://tok@h.example/o",
                "git://(hidden)@h.example/o",
                "git://h.example/o",
            ),
            (
                "ssh://git:tok@h.example/o",
                "ssh://(hidden)@h.example/o",
                "ssh://h.example/o",
            ),
            (
                "git+ssh://git:tok@h.example/o",
                "git+ssh://(hidden)@h.example/o",
                "git+ssh://h.example/o",
            ),
        ] {
            let repository = GitRepository::from(whole);
            assert!(repository.has_credentials(), "{whole}");
            assert_eq!(repository.to_string(), shown);
            assert_eq!(format!("{repository:?}"), format!("{shown:?}"));
            assert_eq!(serde_json::to_value(&repository).ok(), Some(shown.into()));
            assert_eq!(
                serde_json::to_value(Exposed(&repository)).ok(),
                Some(whole.into())
            );
            assert_eq!(repository.without_credentials(), without);
            assert_eq!(repository.expose(), whole);
        }
    }

    #[test]
    fn an_address_without_credentials_is_shown_whole() {
        for whole in [
            "owner/name",
            "https://h.example/o/r@v1",
            "https://h.example/?as=a@b",
            "git@h.example:o/r.git",
            "ssh://git@h.example:22/o/r.git",
            "file:///o@r",
            "",
        ] {
            let repository = GitRepository::from(whole);
            assert!(!repository.has_credentials(), "{whole}");
            assert!(repository == *whole && repository == whole);
            assert!(repository != *"other" && repository != "other");
            assert_eq!(repository.to_string(), whole);
            assert_eq!(serde_json::to_value(&repository).ok(), Some(whole.into()));
            assert_eq!(repository.without_credentials(), whole);
        }
    }
}
