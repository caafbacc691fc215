//! How a client comes to be.

use std::{env, fmt, time::Duration};

use reqwest::header::HeaderValue;

use crate::{
    Coolify, Error, ErrorKind, Pacing, Result, RetryPolicy,
    transport::{
        Connections, Credentials, Limit, Options, ServerVersion, Shared, base_url::BaseUrl, limit,
        pacing::Pacer, tls,
    },
};

const URL: &str = "COOLIFY_URL";
const TOKEN: &str = "COOLIFY_TOKEN";

/// Makes a [`Coolify`].
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
    max_reply_size: usize,
    user_agent: String,
    http: Option<reqwest::Client>,
    #[cfg(feature = "testing")]
    pub(crate) observer: Option<std::sync::Arc<dyn crate::transport::Observe>>,
}

impl Coolify {
    /// Sets up a client.
    pub fn builder() -> CoolifyBuilder {
        CoolifyBuilder::new()
    }

    /// A client for the Coolify of the environment variables `COOLIFY_URL` and
    /// `COOLIFY_TOKEN`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming each variable that is missing, empty or wrong,
    /// never its value.
    pub fn from_env() -> Result<Self> {
        CoolifyBuilder::from_env().build()
    }
}

/// A setting, what the user knows it by, and what is wrong with it at once.
struct Value {
    name: &'static str,
    text: Result<String, &'static str>,
}

impl Value {
    fn missing(name: &'static str) -> Self {
        let text = Err("is not set");
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
            max_reply_size: limit::USUAL,
            user_agent: concat!("coolify-sdk/", env!("CARGO_PKG_VERSION")).to_owned(),
            http: None,
            #[cfg(feature = "testing")]
            observer: None,
        }
    }

    fn from_env() -> Self {
        Self::from_vars(|name| env::var(name))
    }

    fn from_vars(look_up: impl Fn(&str) -> Result<String, env::VarError>) -> Self {
        let value = |name| Value {
            name,
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

    /// Sets the URL of the dashboard, such as `https://coolify.example.com`, with
    /// or without a path or a trailing slash. A path of the API at its end, such
    /// as `/api`, `/api/v1` or `/api/v1/deploy`, is left out.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url.text = Ok(url.into());
        self
    }

    /// The API token, as *Keys & Tokens* shows it.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token.text = Ok(token.into());
        self
    }

    /// How long one attempt may take, from connecting to the last byte of the
    /// reply. One minute unless set. Waits between attempts and for the rate
    /// limit come on top.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long connecting may take: ten seconds unless set. A client given to
    /// [`http_client`](Self::http_client) has its own.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// What is sent again and when.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How the client keeps under the rate limit.
    pub fn pacing(mut self, pacing: Pacing) -> Self {
        self.pacing = pacing;
        self
    }

    /// Sets how many bytes a reply may have: 64 MiB unless set. A larger one is
    /// not read to its end, and is an error that [is about the
    /// reply](Error::is_decode).
    ///
    /// A reply of many small values takes more room in memory than on the wire.
    /// So one that holds more than 65,536 objects or 4,194,304 values is an
    /// error as well; with a limit above 64 MiB there may be more of them in
    /// proportion.
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

    /// What the client calls itself; `coolify-sdk/<version>` unless set.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// Sets a client with proxies, certificate authorities or headers of your own.
    ///
    /// A connection on which a server sent a reply too many is not used again;
    /// of such a client, whose connections this SDK cannot renew, that holds only
    /// as far as hyper notices it.
    ///
    /// Build it with `redirect::Policy::none()`: a redirect that such a client
    /// follows is reported as an error, but it has been followed. With
    /// `rustls-ring` as the only TLS of the whole program, reqwest panics when
    /// such a client is built before `rustls`'s `install_default` was called:
    /// this SDK installs nothing for the process.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming each setting that is missing or wrong,
    /// never its value.
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
            #[cfg(feature = "testing")]
            observer: self.observer,
        };
        let options = Options {
            timeout: self.timeout,
            retry: self.retry,
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
                "COOLIFY_TOKEN holds white space or characters that no token has",
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
