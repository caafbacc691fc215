//! Checks the address that an application is built from.

use reqwest::Url;

use crate::error::{Error, ErrorKind, Result};
use crate::scalar::GitRepository;

/// Rejects credentials that Coolify drops without a message when it creates an
/// application.
pub(crate) fn check_source(field: &str, repository: &GitRepository) -> Result<()> {
    let address = Url::parse(repository.expose()).ok();
    let host = address.as_ref().and_then(Url::host_str);
    if host != Some("github.com") || !repository.has_credentials() {
        return Ok(());
    }
    let problem = "Coolify drops the token of an address on github.com";
    Err(
        Error::new(ErrorKind::InvalidRequest, format!("`{field}`: {problem}"))
            .with_field_error(field, problem)
            .with_hint("for a private repository on GitHub, use a deploy key or a GitHub app"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_that_coolify_drops_are_refused_without_being_shown() {
        let check = |whole: &str| check_source("git_repository", &GitRepository::from(whole));
        for whole in [
            "https://tok@github.com/o/r",
            "https://u:tok@GitHub.com/o/r.git",
            "http://u:tok@github.com:443/o",
        ] {
            let error = check(whole).expect_err(whole);
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            assert!(error.hint().is_some_and(|it| it.contains("deploy key")));
            assert!(!format!("{error:?}{error}").contains("tok@"), "{error:?}");
        }
        for whole in [
            "https://github.com/o/r",
            "https://tok@github.com.example/o/r",
            "https://tok@git.example.com/github.com/r",
            "git@github.com:o/r.git",
            "ssh://git@github.com/o/r.git",
            "o/r",
        ] {
            assert!(check(whole).is_ok(), "{whole}");
        }
    }
}
