//! The configuration of a client.

use std::{borrow::Cow, env, fmt, time::Duration};

use reqwest::header::HeaderValue;

use crate::{
    Coolify, Error, ErrorKind, Pacing, Result, RetryPolicy,
    transport::{
        Attempt, Connections, Credentials, Limit, OnAttempt, Options, Purse, RetryBudget,
        ServerVersion, Shared, base_url::BaseUrl, limit, pacing::Pacer, tls,
    },
};

const URL: &str = "COOLIFY_URL";
const TOKEN: &str = "COOLIFY_TOKEN";

/// The default interval of waits.
const POLL_EVERY: Duration = Duration::from_secs(2);

/// The minimum interval that a user can set.
const SHORTEST_INTERVAL: Duration = Duration::from_millis(100);

/// Returns the interval for one that a user sets, which may be too short.
pub(crate) fn taken_interval(asked: Duration) -> Duration {
    asked.max(SHORTEST_INTERVAL)
}

/// Configures and builds a [`Coolify`] client.
///
/// ```
/// use std::time::Duration;
/// use coolify_sdk::Coolify;
///
/// let coolify = Coolify::builder()
///     .url("https://coolify.example.com")
///     .token("1|a-token")
///     .timeout(Duration::from_secs(30))
///     .build()?;
/// # let _ = coolify;
/// # Ok::<(), coolify_sdk::Error>(())
/// ```
#[must_use]
pub struct CoolifyBuilder {
    url: Value,
    token: Value,
    timeout: Duration,
    connect_timeout: Duration,
    retry: RetryPolicy,
    pacing: Pacing,
    poll_every: Duration,
    max_reply_size: usize,
    user_agent: String,
    http: Option<reqwest::Client>,
    on_attempt: OnAttempt,
    retry_budget: RetryBudget,
    longest_interval: Duration,
    #[cfg(feature = "testing")]
    pub(crate) observer: Option<std::sync::Arc<dyn crate::transport::Observe>>,
}

impl Coolify {
    /// Returns a builder with the default settings.
    pub fn builder() -> CoolifyBuilder {
        CoolifyBuilder::new()
    }

    /// Makes a client from the environment variables `COOLIFY_URL` and
    /// `COOLIFY_TOKEN`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], which names each variable that is missing, empty or
    /// invalid. The message never contains a value.
    pub fn from_env() -> Result<Self> {
        CoolifyBuilder::from_env().build()
    }
}

/// A setting: its name for the user, and its text or what is wrong with it.
struct Value {
    name: Cow<'static, str>,
    text: Result<String, &'static str>,
}

impl Value {
    fn missing(name: &'static str) -> Self {
        let text = Err("is not set");
        let name = Cow::Borrowed(name);
        Self { name, text }
    }

    fn read<T>(&self, parse: fn(&str) -> Result<T, &'static str>) -> Result<T, String> {
        self.text
            .as_deref()
            .map_err(|problem| *problem)
            .and_then(parse)
            .map_err(|problem| format!("{} {problem}", self.name))
    }
}

impl CoolifyBuilder {
    fn new() -> Self {
        Self {
            url: Value::missing("the URL"),
            token: Value::missing("the token"),
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            retry: RetryPolicy::default(),
            pacing: Pacing::default(),
            poll_every: POLL_EVERY,
            max_reply_size: limit::USUAL,
            user_agent: concat!("coolify-sdk/", env!("CARGO_PKG_VERSION")).to_owned(),
            http: None,
            on_attempt: OnAttempt::default(),
            retry_budget: RetryBudget::default(),
            longest_interval: Duration::MAX,
            #[cfg(feature = "testing")]
            observer: None,
        }
    }

    fn from_env() -> Self {
        Self::from_vars(|name| env::var(name))
    }

    fn from_vars(look_up: impl Fn(&str) -> Result<String, env::VarError>) -> Self {
        let value = |name| Value {
            name: Cow::Borrowed(name),
            text: look_up(name).map_err(|error| match error {
                env::VarError::NotPresent => "is not set",
                env::VarError::NotUnicode(_) => "is not text",
            }),
        };
        Self {
            url: value(URL),
            token: value(TOKEN),
            ..Self::new()
        }
    }

    /// Sets how messages describe the URL and the token.
    #[cfg(feature = "contexts")]
    pub(crate) fn described(mut self, url: String, token: String) -> Self {
        self.url.name = Cow::Owned(url);
        self.token.name = Cow::Owned(token);
        self
    }

    /// Sets the URL of the dashboard, such as `https://coolify.example.com`. A
    /// path and a trailing slash are allowed. A path of the API at the end, such
    /// as `/api`, `/api/v1` or `/api/v1/deploy`, is removed.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url.text = Ok(url.into());
        self
    }

    /// Sets the API token, as *Keys & Tokens* in the dashboard shows it.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token.text = Ok(token.into());
        self
    }

    /// Sets how long one attempt may take, from connecting to the last byte of
    /// the reply. The default is one minute. Waits between attempts and for the
    /// rate limit are not included.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how long connecting may take. The default is ten seconds. It has no
    /// effect on a client that is set with [`http_client`](Self::http_client).
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets which failed requests are repeated, and when.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets how many retries all clones of the client may make together. The default is
    /// 100 at once; see [`RetryBudget`].
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.retry_budget = budget;
        self
    }

    /// Calls a function after each attempt of each call, for metrics. The calls that the
    /// client makes by itself, such as for the version of the server, are included.
    ///
    /// The function must return quickly: the call waits for it. It gets no body, no
    /// header and no id; see [`Attempt`].
    ///
    /// ```
    /// use std::sync::{Arc, atomic::{AtomicUsize, Ordering}};
    /// use coolify_sdk::Coolify;
    ///
    /// let failed = Arc::new(AtomicUsize::new(0));
    /// let count = failed.clone();
    /// let builder = Coolify::builder().on_attempt(move |attempt| {
    ///     if attempt.error.is_some() {
    ///         count.fetch_add(1, Ordering::Relaxed);
    ///     }
    /// });
    /// # let _ = builder;
    /// ```
    #[doc(alias("hook", "metrics", "observer", "middleware"))]
    pub fn on_attempt(mut self, observer: impl Fn(&Attempt) + Send + Sync + 'static) -> Self {
        self.on_attempt = OnAttempt::new(observer);
        self
    }

    /// Sets how the client stays under the rate limit.
    pub fn pacing(mut self, pacing: Pacing) -> Self {
        self.pacing = pacing;
        self
    }

    /// Sets how often waits poll the server. The default is 2 seconds, and the minimum
    /// is 100 milliseconds.
    ///
    /// Each wait has a setter of the same name. Waits for several deployments and for a
    /// new server use a multiple of this interval.
    ///
    /// ```
    /// use std::time::Duration;
    /// use coolify_sdk::Coolify;
    ///
    /// let builder = Coolify::builder().poll_every(Duration::from_secs(5));
    /// # let _ = builder;
    /// ```
    pub fn poll_every(mut self, interval: Duration) -> Self {
        self.poll_every = taken_interval(interval);
        self
    }

    /// Sets an interval without a minimum, for a server that cannot be overloaded.
    #[cfg(feature = "testing")]
    pub(crate) fn poll_at_once(mut self, interval: Duration) -> Self {
        self.poll_every = interval;
        self
    }

    /// Sets the longest interval of all waits, whatever they set. A replay has nothing
    /// to wait for.
    #[cfg(feature = "testing")]
    pub(crate) fn longest_interval(mut self, interval: Duration) -> Self {
        self.longest_interval = interval;
        self
    }

    /// Sets the maximum size of a reply in bytes. The default is 64 MiB. A larger
    /// reply is not read to its end, and is an error for which
    /// [`is_decode`](Error::is_decode) is true.
    ///
    /// A reply of many small values takes more memory than its size suggests. So
    /// a reply with more than 65,536 objects or 4,194,304 values is an error as
    /// well. A limit above 64 MiB raises these numbers in proportion.
    ///
    /// ```
    /// use coolify_sdk::Coolify;
    ///
    /// let builder = Coolify::builder().max_reply_size(8 * 1024 * 1024);
    /// # let _ = builder;
    /// ```
    pub fn max_reply_size(mut self, bytes: usize) -> Self {
        self.max_reply_size = bytes;
        self
    }

    /// Sets the `User-Agent` header. The default is `coolify-sdk/<version>`.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// Sets an HTTP client of your own, with proxies, certificate authorities or
    /// headers.
    ///
    /// Build it with `redirect::Policy::none()`. Otherwise it follows redirects:
    /// the SDK reports a redirect as an error, but only after the client has
    /// followed it.
    ///
    /// If `rustls-ring` is the only TLS implementation in the program, call
    /// rustls's `install_default` before you build such a client; otherwise
    /// reqwest panics. This SDK installs nothing for the process.
    ///
    /// The SDK stops using a connection on which a server sent an unexpected
    /// reply. It cannot renew the connections of your client, so there this works
    /// only if hyper notices the reply.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// Builds the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], which names each setting that is missing or
    /// invalid. The message never contains a value.
    pub fn build(self) -> Result<Coolify> {
        let (base, credentials) = match (
            self.url.read(BaseUrl::parse),
            self.token.read(Credentials::new),
        ) {
            (Ok(base), Ok(credentials)) => (base, credentials),
            (base, credentials) => {
                let problems: Vec<_> = [base.err(), credentials.err()]
                    .into_iter()
                    .flatten()
                    .collect();
                return Err(Error::new(ErrorKind::Config, problems.join("; ")));
            }
        };
        let user_agent = HeaderValue::try_from(self.user_agent)
            .map_err(|_| Error::new(ErrorKind::Config, "the user agent is not a header value"))?;
        let http = match self.http {
            Some(client) => Connections::of(client),
            None if base.is_https() && !tls::AVAILABLE => {
                return Err(
                    Error::new(ErrorKind::Config, "no TLS was compiled in").with_hint(
                        "switch on one of the features `rustls-ring`, `rustls-aws-lc` and \
                     `native-tls`, or give a client to `http_client`",
                    ),
                );
            }
            None => Connections::new(self.connect_timeout)?,
        };
        let shared = Shared {
            base,
            http,
            credentials,
            user_agent,
            pacer: Pacer::new(&self.pacing),
            pacing: self.pacing,
            version: ServerVersion::default(),
            limit: Limit(self.max_reply_size),
            #[cfg(feature = "estate")]
            turns: crate::transport::Turns::default(),
            on_attempt: self.on_attempt,
            retries: Purse::new(self.retry_budget),
            #[cfg(feature = "testing")]
            observer: self.observer,
        };
        let options = Options {
            timeout: self.timeout,
            retry: self.retry,
            poll_every: self.poll_every,
            longest_interval: self.longest_interval,
        };
        Ok(Coolify::new(shared, options))
    }
}

impl fmt::Debug for CoolifyBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CoolifyBuilder")
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("retry", &self.retry)
            .field("pacing", &self.pacing)
            .field("poll_every", &self.poll_every)
            .field("max_reply_size", &self.max_reply_size)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, env::VarError};

    use super::CoolifyBuilder;
    use crate::{ErrorKind, Result};

    fn from(vars: &[(&'static str, &'static str)]) -> Result<crate::Coolify> {
        let vars: HashMap<_, _> = vars.iter().copied().collect();
        CoolifyBuilder::from_vars(|name| {
            let value = vars.get(name).ok_or(VarError::NotPresent)?;
            Ok((*value).to_owned())
        })
        .build()
    }

    #[test]
    fn each_variable_that_is_missing_or_wrong_is_named() {
        let cases: [(&[_], &str); 4] = [
            (&[], "COOLIFY_URL is not set; COOLIFY_TOKEN is not set"),
            (
                &[("COOLIFY_URL", " "), ("COOLIFY_TOKEN", "\n")],
                "COOLIFY_URL is empty; COOLIFY_TOKEN is empty",
            ),
            (
                &[
                    ("COOLIFY_URL", "https://c.example"),
                    ("COOLIFY_TOKEN", "s3 cret"),
                ],
                "COOLIFY_TOKEN contains white space or characters that no token has",
            ),
            (
                &[("COOLIFY_URL", "c.example"), ("COOLIFY_TOKEN", "1|s3cret")],
                "COOLIFY_URL has no scheme: write `https://…` in front of the host",
            ),
        ];
        for (vars, message) in cases {
            let error = from(vars).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn a_variable_that_is_not_text_is_named() {
        let builder = CoolifyBuilder::from_vars(|_| Err(VarError::NotUnicode("s3cret".into())));
        let error = builder.build().unwrap_err();
        assert_eq!(
            error.report().to_string(),
            "COOLIFY_URL is not text; COOLIFY_TOKEN is not text"
        );
    }

    #[test]
    fn nothing_prints_the_token() {
        let url = ("COOLIFY_URL", "http://c.example/sub/");
        let coolify = from(&[url, ("COOLIFY_TOKEN", "1|s3cret\n")]).unwrap();
        let printed = format!("{coolify:?} {:?}", coolify.raw());
        assert!(printed.contains("http://c.example/sub") && !printed.contains("s3cret"));
        let builder = CoolifyBuilder::new()
            .url("http://a:s3cret@b")
            .token("s3cret");
        assert!(!format!("{builder:?}").contains("s3cret"));
    }
}
