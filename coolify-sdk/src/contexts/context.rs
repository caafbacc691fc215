//! One context.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use crate::{Coolify, CoolifyBuilder, Result, Secret};

/// A Coolify with a name, a URL and a token: see [the module](crate::contexts).
///
/// `Debug` and serialising never show the token.
///
/// ```no_run
/// use std::time::Duration;
/// use coolify_sdk::contexts::Contexts;
///
/// # fn example() -> coolify_sdk::Result<()> {
/// let contexts = Contexts::read()?;
/// let coolify = contexts.default_context()?.builder().timeout(Duration::from_secs(5)).build()?;
/// # let _ = coolify;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Context {
    pub(super) name: String,
    /// As it stands in the file. It may contain a password, or the token by mistake.
    pub(super) address: Secret,
    pub(super) shown_url: String,
    pub(super) token: Secret,
    pub(super) is_default: bool,
}

impl Context {
    pub(crate) fn new(name: String, url: String, token: String, is_default: bool) -> Self {
        Self {
            name,
            shown_url: shown(&url),
            address: url.into(),
            token: token.into(),
            is_default,
        }
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the URL of the dashboard, as it stands in the file, but without a user name, a
    /// password and a query. It is `(not a URL)` for a text without a scheme, which may be a
    /// token in the wrong place.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.shown_url
    }

    /// Returns whether the file marks this context as the default.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.is_default
    }

    /// Returns whether the context has a token. The official command line creates a context
    /// `cloud` without one.
    #[must_use]
    pub fn has_token(&self) -> bool {
        !self.token.expose().trim().is_empty()
    }

    /// Returns a builder with the URL and the token of this context.
    pub fn builder(&self) -> CoolifyBuilder {
        let of_context = |what| format!("the {what} of the context `{}`", self.name.escape_debug());
        Coolify::builder()
            .described(of_context("URL"), of_context("token"))
            .url(self.address.expose())
            .token(self.token.expose())
    }

    /// Makes a client with the default settings.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if the URL or the token is empty or
    /// invalid.
    pub fn client(&self) -> Result<Coolify> {
        self.builder().build().map_err(|error| {
            // Missing TLS has a hint of its own.
            if error.hint().is_some() {
                return error;
            }
            let name = self.name.escape_debug();
            error.with_hint(format!(
                "correct it by `coolify context update {name} --url URL --token TOKEN`"
            ))
        })
    }
}

/// Returns what can be shown of a URL.
fn shown(url: &str) -> String {
    let Some((scheme, rest)) = url.trim().split_once("://") else {
        return "(not a URL)".to_owned();
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    // The user name and the password end at the last `@` of the host.
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("name", &self.name)
            .field("url", &self.shown_url)
            .field("is_default", &self.is_default)
            .finish_non_exhaustive()
    }
}

/// Writes the name and the URL, such as `prod (https://coolify.example.com)`.
impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.shown_url)
    }
}

/// Serialises the name, the URL, and whether it is the default.
impl Serialize for Context {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut context = serializer.serialize_struct("Context", 3)?;
        context.serialize_field("name", &self.name)?;
        context.serialize_field("url", &self.shown_url)?;
        context.serialize_field("is_default", &self.is_default)?;
        context.end()
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn no_secret_of_a_url_is_shown() {
        for (url, expected) in [
            ("https://c.example", "https://c.example"),
            (" http://c.example:8000/sub/ ", "http://c.example:8000/sub/"),
            ("https://me:s3cret@c.example/a@b", "https://c.example/a@b"),
            ("https://me:s@cret@c.example", "https://c.example"),
            ("https://c.example?token=s3cret", "https://c.example"),
            ("https://c.example/a?to=http://b", "https://c.example/a"),
            ("https://c.example/http://b", "https://c.example/http://b"),
            ("https://c.example/#s3cret", "https://c.example/"),
            ("https://c.example/a@b/c", "https://c.example/a@b/c"),
            ("1|s3cret", "(not a URL)"),
            ("", "(not a URL)"),
        ] {
            assert_eq!(shown(url), expected);
        }
    }
}
