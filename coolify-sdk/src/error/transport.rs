//! Errors of the way to the server and back.

use std::{error::Error as _, time::Duration};

use reqwest::Url;

use super::{Class, Error, ErrorKind, ErrorReply};
use crate::{Version, operations::Operation};

const LOOK_FIRST: &str = "the write may or may not have been carried out: look before repeating it";

/// What the transport knows about a call when it has to report a failure.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Trail {
    pub(crate) operation: Option<&'static str>,
    pub(crate) write: bool,
    pub(crate) attempts: u32,
}

impl Error {
    pub(crate) fn on(mut self, trail: Trail) -> Self {
        self.0.operation = trail.operation;
        self.0.attempts = trail.attempts;
        self
    }

    fn outcome_unknown_if(mut self, unknown: bool) -> Self {
        if unknown {
            self.0.outcome_unknown = true;
            self.0.hint = Some(LOOK_FIRST.into());
        }
        self
    }

    /// No reply, or half of one.
    pub(crate) fn broken(cause: reqwest::Error, trail: Trail) -> Self {
        // The query of a URL can hold values that are nobody's business.
        let cause = cause.without_url();
        let timed_out = cause.is_timeout();
        let mut error = if cause.is_builder() {
            Self::new(ErrorKind::InvalidRequest, "the request could not be built")
        } else if cause.is_connect() {
            let error = Self::new(ErrorKind::Connect, "no connection to the server");
            if is_about_certificate(&cause) {
                error.with_hint(
                    "the certificate of the server is not trusted here: add its authority to the \
                     system, or give a client that knows it to `http_client`",
                )
            } else {
                error.with_hint(
                    "check the URL, and that the server can be reached from here; nothing was sent",
                )
            }
        } else if timed_out {
            Self::new(ErrorKind::Timeout, "the reply took too long")
                .with_hint("allow more time with `with_timeout`")
                .outcome_unknown_if(trail.write)
        } else {
            Self::new(ErrorKind::Interrupted, "the connection broke")
                .with_hint("try again; a proxy in front of Coolify may have cut the connection")
                .outcome_unknown_if(trail.write)
        };
        error.0.timed_out = timed_out;
        error.with_source(cause).on(trail)
    }

    /// The server answered with an error status.
    pub(crate) fn refused(
        reply: ErrorReply,
        class: Class,
        retry_after: Option<Duration>,
        trail: Trail,
    ) -> Self {
        let unknown = trail.write && class.kind == ErrorKind::Server;
        let mut error = Self::new(class.kind, class.summary);
        if unknown && reply.status() > 500 {
            error = error.outcome_unknown_if(true);
        } else {
            error.0.outcome_unknown = unknown;
            error.0.hint = class.hint;
        }
        error.0.unknown_route = class.unknown_route;
        error.0.status = Some(reply.status());
        error.0.reply = Some(reply);
        error.0.retry_after = retry_after;
        error.on(trail)
    }

    /// The router knows no such route: say which Coolify does.
    pub(crate) fn lacking(mut self, operation: &Operation, server: Option<&Version>) -> Self {
        let this = server.map_or_else(String::new, |version| format!(", this is {version}"));
        let too_old = |since: &Version| server.is_none_or(|version| version < since);
        let since = &operation.since;
        if too_old(since) {
            self.0.summary = format!("needs Coolify {since}{this}").into();
            self.0.hint = Some(format!("update Coolify to {since} or newer").into());
            self.0.unsupported_since = Some(since.clone());
        } else {
            self.0.hint = Some(
                "check the configured URL; if it is right, this Coolify does not offer the \
                 operation"
                    .into(),
            );
        }
        self
    }

    /// A reply with a 3xx status, which is not followed.
    pub(crate) fn redirected(
        asked: &Url,
        location: Option<&str>,
        status: u16,
        trail: Trail,
    ) -> Self {
        let target = location.and_then(|location| asked.join(location).ok());
        let mut error = match target.map(|target| without_secrets(&target)) {
            Some(target) => {
                let error = Self::new(
                    ErrorKind::Redirect,
                    format!("the server redirects to `{target}`"),
                );
                match server_url(asked, &target) {
                    Some(url) => error.with_hint(format!("configure the URL `{url}`")),
                    None => error.with_hint(
                        "something in front of Coolify sends API calls elsewhere, perhaps to a \
                         login page: let `/api` through",
                    ),
                }
            }
            None => Self::new(ErrorKind::Redirect, "the server redirects to nowhere")
                .with_hint("look at the proxy in front of Coolify"),
        };
        error.0.status = Some(status);
        error.on(trail)
    }

    /// A client of the user's followed a redirect, against our will.
    pub(crate) fn followed(asked: &Url, arrived: &Url, status: u16, trail: Trail) -> Self {
        let mut error = Self::redirected(asked, Some(arrived.as_str()), status, trail);
        error.0.outcome_unknown = trail.write;
        error
    }

    /// The wait for the rate limit would be longer than allowed.
    pub(crate) fn paced(wait: Option<Duration>, trail: Trail) -> Self {
        let mut error = Self::new(
            ErrorKind::RateLimited,
            "held back for the rate limit longer than allowed",
        )
        .with_hint("send less, or allow a longer wait with `Pacing::max_wait`");
        error.0.retry_after = wait;
        error.on(trail)
    }
}

fn is_about_certificate(cause: &reqwest::Error) -> bool {
    let mut source = cause.source();
    while let Some(error) = source {
        if error.to_string().contains("certificate") {
            return true;
        }
        source = error.source();
    }
    false
}

fn without_secrets(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Refused only for URLs that cannot have any.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// What to configure so that a call for `asked` goes to `target` at once.
fn server_url(asked: &Url, target: &Url) -> Option<String> {
    let (_, call) = asked.path().split_once("/api/v1")?;
    let api = target
        .path()
        .trim_end_matches('/')
        .strip_suffix(call.trim_end_matches('/'))?;
    let base = api.strip_suffix("/api/v1")?;
    let mut url = target.clone();
    url.set_path(base);
    Some(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::{Error, Trail};

    fn redirect(from: &str, location: &str) -> Error {
        let asked = Url::parse(from).unwrap();
        Error::redirected(&asked, Some(location), 301, Trail::default())
    }

    #[test]
    fn a_redirect_names_the_url_to_configure() {
        let cases = [
            (
                "http://c.example/api/v1/projects",
                "https://c.example/api/v1/projects",
                "https://c.example",
            ),
            (
                "http://c.example/api/v1/projects",
                "https://u:p@c.example/sub/api/v1/projects/?a=b",
                "https://c.example/sub",
            ),
            (
                "http://c.example/sub/api/v1/a/b",
                "//d.example:8443/api/v1/a/b",
                "http://d.example:8443",
            ),
        ];
        for (from, to, url) in cases {
            let hint = format!("configure the URL `{url}`");
            assert_eq!(redirect(from, to).hint(), Some(&*hint));
        }
    }

    #[test]
    fn a_login_page_is_no_url_to_configure() {
        let error = redirect(
            "http://c.example/api/v1/projects",
            "https://sso.example/login?token=s3cret",
        );
        assert_eq!(
            error.to_string(),
            "the server redirects to `https://sso.example/login` (HTTP 301)"
        );
        assert!(error.hint().unwrap().contains("login"));
    }
}
