//! Errors of the connection to the server.

use std::{borrow::Cow, error::Error as StdError, time::Duration};

use reqwest::Url;

use super::{Class, Error, ErrorKind, ErrorReply};

/// Longer paths are not suggested as the folder in which a proxy serves Coolify.
const LONGEST_FOLDER: usize = 16;

const LOOK_FIRST: &str =
    "the write may or may not have been carried out: check before you repeat it";

/// What the transport knows about a call that fails.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CallTrace {
    pub(crate) operation: Option<&'static str>,
    pub(crate) write: bool,
    pub(crate) attempts: u32,
}

impl Error {
    pub(crate) fn on(mut self, trace: CallTrace) -> Self {
        self.0.operation = trace.operation;
        self.0.attempts = trace.attempts;
        self
    }

    pub(crate) fn outcome_unknown_if(mut self, unknown: bool) -> Self {
        if unknown {
            self.0.outcome_unknown = true;
            self.0.hint = Some(LOOK_FIRST.into());
        }
        self
    }

    /// Makes the error for a missing or incomplete reply.
    pub(crate) fn broken(cause: reqwest::Error, asked: &Url, trace: CallTrace) -> Self {
        // The query of a URL can contain private values.
        let cause = cause.without_url();
        let timed_out = cause.is_timeout();
        let server = origin(asked);
        let mut error = if cause.is_builder() {
            Self::new(ErrorKind::InvalidRequest, "the request could not be built")
        } else if cause.is_connect() {
            Self::new(ErrorKind::Connect, format!("no connection to `{server}`"))
                .with_hint(connect_hint(&cause, asked))
        } else if timed_out {
            let summary = format!("the reply of `{server}` took too long");
            Self::new(ErrorKind::Timeout, summary)
                .with_hint("allow more time with `with_timeout`")
                .outcome_unknown_if(trace.write)
        } else if says(&cause, NOT_HTTP) {
            let summary = format!("what answers at `{server}` does not speak HTTP");
            Self::new(ErrorKind::Interrupted, summary)
                .with_hint(format!(
                    "check the port; if it is one for HTTPS, configure `{}`",
                    with_scheme(asked, "https")
                ))
                .outcome_unknown_if(trace.write)
        } else {
            let summary = format!("the connection to `{server}` broke");
            Self::new(ErrorKind::Interrupted, summary)
                .with_hint("try again; a proxy in front of Coolify may have cut the connection")
                .outcome_unknown_if(trace.write)
        };
        error.0.timed_out = timed_out;
        error.with_source(cause).on(trace)
    }

    /// Returns whether no connection was made because of TLS: an untrusted certificate,
    /// or a port that does not speak TLS.
    #[cfg(feature = "diagnose")]
    pub(crate) fn is_about_tls(&self) -> bool {
        let mut source = StdError::source(self);
        while let Some(error) = source {
            let text = error.to_string();
            let parts = [&["certificate", "handshake eof", "unexpected eof"], NOT_TLS].concat();
            if parts.iter().any(|part| text.contains(part)) {
                return true;
            }
            source = error.source();
        }
        false
    }

    /// Returns whether the reply is larger than the client allows.
    #[cfg(feature = "_resources")]
    pub(crate) fn is_too_large(&self) -> bool {
        self.0.too_large
    }

    /// Makes the error for a successful reply that is larger than the client
    /// allows.
    pub(crate) fn too_large(limit: usize, status: u16, trace: CallTrace) -> Self {
        let summary = format!("the reply is larger than {limit} bytes, or holds too many values");
        let mut error = Self::new(ErrorKind::Decode, summary).with_hint(if trace.write {
            "the operation was carried out; to read such replies, raise `max_reply_size` of the \
             client's builder"
        } else {
            "request less, such as fewer log lines, or raise `max_reply_size` of the client's builder"
        });
        error.0.too_large = true;
        error.0.status = Some(status);
        error.on(trace)
    }

    /// Makes the error for a reply that certainly belongs to another request.
    pub(crate) fn of_another(asked: &Url, trace: CallTrace) -> Self {
        let server = origin(asked);
        let summary = format!("`{server}` sent the reply to another request");
        Self::new(ErrorKind::Interrupted, summary)
            .with_hint("try again; if it happens again, look at the proxy in front of Coolify")
            .outcome_unknown_if(trace.write)
            .on(trace)
    }

    /// Makes the error for a reply with an error status.
    pub(crate) fn refused(
        reply: ErrorReply,
        class: Class,
        retry_after: Option<Duration>,
        trace: CallTrace,
    ) -> Self {
        let unknown = trace.write && class.kind == ErrorKind::Server;
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
        error.on(trace)
    }

    /// Makes the error for a server whose router does not know a route that every
    /// Coolify has.
    pub(crate) fn elsewhere(mut self, api: &Url) -> Self {
        self.0.summary = format!("there is no Coolify API at `{api}`").into();
        let hint = format!(
            "configure the URL under which the dashboard opens in a browser, perhaps `{}`",
            origin(api)
        );
        self.0.hint = Some(hint.into());
        self
    }

    /// Makes the error for a reply with a 3xx status, which is not followed.
    ///
    /// Only the host of the target is shown, because its path and query may
    /// contain a secret.
    pub(crate) fn redirected(
        asked: &Url,
        location: Option<&str>,
        status: u16,
        trace: CallTrace,
    ) -> Self {
        let target = location.and_then(|location| asked.join(location).ok());
        let mut error = match target.filter(Url::has_host) {
            Some(target) => match server_url(asked, &target) {
                Some(url) if url == configured_url(asked) => {
                    Self::new(ErrorKind::Redirect, "the server redirects to the same URL")
                        .with_hint("look at the proxy in front of Coolify")
                }
                Some(url) => Self::new(
                    ErrorKind::Redirect,
                    format!("the server redirects to `{url}`"),
                )
                .with_hint(format!("configure the URL `{url}`")),
                None => Self::new(
                    ErrorKind::Redirect,
                    format!("the server redirects to a page of `{}`", origin(&target)),
                )
                .with_hint(
                    "check the configured URL: it is the dashboard's without the path of one of \
                     its pages; if it is right, something in front of Coolify sends API calls \
                     elsewhere, perhaps to a login page: let `/api` through",
                ),
            },
            None => Self::new(ErrorKind::Redirect, "the server redirects to nowhere")
                .with_hint("look at the proxy in front of Coolify"),
        };
        error.0.status = Some(status);
        error.on(trace)
    }

    /// Makes the error for a redirect that a client of the user's has followed.
    pub(crate) fn followed(asked: &Url, arrived: &Url, status: u16, trace: CallTrace) -> Self {
        let mut error = Self::redirected(asked, Some(arrived.as_str()), status, trace);
        error.0.outcome_unknown = trace.write;
        error
    }

    /// Makes the error for a wait that would be longer than allowed.
    pub(crate) fn paced(wait: Option<Duration>, trace: CallTrace) -> Self {
        let mut error = Self::new(
            ErrorKind::RateLimited,
            "the wait for the rate limit would be longer than allowed",
        )
        .with_hint("send fewer requests, or allow a longer wait with `Pacing::max_wait`");
        error.0.retry_after = wait;
        error.on(trace)
    }
}

/// Returns the scheme, host and port of a server.
fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn with_scheme(url: &Url, scheme: &str) -> String {
    let origin = origin(url);
    let rest = origin.split_once("://").map_or("", |(_, rest)| rest);
    format!("{scheme}://{rest}")
}

/// How TLS libraries report that the server does not speak TLS: rustls, OpenSSL,
/// macOS.
const NOT_TLS: &[&str] = &[
    "InvalidContentType",
    "wrong version number",
    "http request",
    "record overflow",
];

/// How hyper reports that the reply is not HTTP.
const NOT_HTTP: &[&str] = &[
    "invalid HTTP version parsed",
    "invalid HTTP status-code parsed",
];

fn connect_hint(cause: &reqwest::Error, asked: &Url) -> Cow<'static, str> {
    if says(cause, &["certificate"]) {
        "the certificate of the server is not trusted here: add its authority to the system, or \
         give a client that knows it to `http_client`"
            .into()
    } else if says(cause, NOT_TLS) {
        format!(
            "the port speaks no TLS: configure `{}`, or the port for HTTPS; nothing was sent",
            with_scheme(asked, "http")
        )
        .into()
    } else if says(cause, &["handshake eof", "unexpected eof"]) {
        "the server ended the TLS handshake: check that the port is one for HTTPS; nothing was sent"
            .into()
    } else {
        "check the URL, and that the server can be reached from here; nothing was sent".into()
    }
}

/// Returns whether the message of an error or of one of its causes contains one
/// of these texts.
fn says(cause: &reqwest::Error, texts: &[&str]) -> bool {
    let mut source: Option<&dyn StdError> = Some(cause);
    while let Some(error) = source {
        let text = error.to_string();
        if texts.iter().any(|part| text.contains(part)) {
            return true;
        }
        source = error.source();
    }
    false
}

/// Returns the configured URL, without the path of the call.
fn configured_url(asked: &Url) -> String {
    let (folder, _) = asked.path().rsplit_once("/api/v1").unwrap_or_default();
    format!("{}{folder}", origin(asked))
}

/// Returns the URL to configure so that a call for `asked` goes directly to
/// `target`.
fn server_url(asked: &Url, target: &Url) -> Option<String> {
    let (known, call) = asked.path().rsplit_once("/api/v1")?;
    let api = target
        .path()
        .trim_end_matches('/')
        .strip_suffix(call.trim_end_matches('/'))?;
    let base = api.strip_suffix("/api/v1")?;
    // A folder in which a proxy serves Coolify. A key would be longer.
    let is_folder = base == known || base.len() <= LONGEST_FOLDER;
    is_folder.then(|| format!("{}{base}", origin(target)))
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::{CallTrace, Error};

    fn redirect(from: &str, location: &str) -> Error {
        let asked = Url::parse(from).unwrap();
        Error::redirected(&asked, Some(location), 301, CallTrace::default())
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
            (
                "http://c.example/api/v1/own/api/v1/a",
                "https://c.example/api/v1/own/api/v1/a",
                "https://c.example/api/v1/own",
            ),
        ];
        for (from, to, url) in cases {
            let hint = format!("configure the URL `{url}`");
            assert_eq!(redirect(from, to).hint(), Some(&*hint));
        }
    }

    #[test]
    fn a_redirect_in_a_circle_names_no_url_to_configure() {
        for folder in ["", "/sub"] {
            let asked = format!("http://c.example{folder}/api/v1/projects");
            for to in ["", "?a=b", &format!("{asked}/")] {
                let error = redirect(&asked, to);
                assert_eq!(
                    error.report().to_string(),
                    "the server redirects to the same URL (HTTP 301)\n  \
                     hint: look at the proxy in front of Coolify"
                );
            }
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
            "the server redirects to a page of `https://sso.example` (HTTP 301)"
        );
        assert!(error.hint().unwrap().contains("login"));
    }

    #[test]
    fn of_where_a_redirect_leads_only_the_host_is_shown() {
        let secret = "s3cret-s3cret-s3cret";
        for to in [
            format!("/login/{secret}"),
            format!("https://a:{secret}@sso.example/{secret}"),
            format!("https://sso.example/{secret}/api/v1/projects"),
            format!("https://sso.example/?next=/api/v1/projects#{secret}"),
            format!("data:text/plain,{secret}"),
            format!("//{secret}:0x/"),
        ] {
            let error = redirect("http://c.example/api/v1/projects", &to);
            let shown = format!("{error} {error:?} {}", error.report());
            assert!(!shown.contains(secret), "{shown}");
            assert!(error.is_redirect() && error.hint().is_some());
        }
    }

    #[test]
    fn a_folder_that_is_configured_may_be_long() {
        let folder = "/a-folder-of-many-words";
        let error = redirect(
            &format!("http://c.example{folder}/api/v1/projects"),
            &format!("https://c.example{folder}/api/v1/projects"),
        );
        let hint = format!("configure the URL `https://c.example{folder}`");
        assert_eq!(error.hint(), Some(&*hint));
    }

    #[cfg(feature = "diagnose")]
    #[test]
    fn a_cause_about_tls_is_told_from_others() {
        for (cause, is_about_tls) in [
            ("invalid peer certificate: UnknownIssuer", true),
            ("a tls handshake eof", true),
            ("an unexpected eof while reading", true),
            ("corrupt message of type InvalidContentType", true),
            ("a wrong version number", true),
            ("an http request", true),
            ("a record overflow", true),
            ("no such host", false),
        ] {
            let error = || Error::new(crate::ErrorKind::Connect, "no connection");
            let outer = std::io::Error::other(error().with_source(cause));
            assert_eq!(
                error().with_source(cause).is_about_tls(),
                is_about_tls,
                "{cause}"
            );
            assert_eq!(
                error().with_source(outer).is_about_tls(),
                is_about_tls,
                "{cause}"
            );
            assert!(!error().is_about_tls());
        }
    }
}
