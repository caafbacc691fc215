//! A single request of a diagnosis, with what its reply shows besides the body.

use std::time::{Duration, SystemTime};

use reqwest::{
    Method, Url,
    header::{DATE, HeaderName},
};

use super::{
    outgoing::{self, OutgoingRequest},
    pacing::TooLong,
    reply::Reply,
    shared::{Options, Shared, Tries},
};
use crate::{Error, Result, error::CallTrace};

/// What a single request showed.
#[derive(Debug)]
pub(crate) struct Probe {
    /// The body of a successful reply, or the error that a call would have failed with.
    pub(crate) outcome: Result<Vec<u8>>,
    /// What the reply showed, if there was one.
    pub(crate) seen: Option<Seen>,
}

/// What a reply shows besides its body.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) status: u16,
    /// The time in the reply, by the clock of the server.
    pub(crate) date: Option<String>,
    /// The limit of requests per minute, and how many of them are left.
    pub(crate) budget: Option<(u32, u32)>,
    /// The certificate of the server, in DER.
    pub(crate) certificate: Option<Vec<u8>>,
    /// When the request was sent, by the local clock.
    pub(crate) sent: SystemTime,
    pub(crate) took: Duration,
}

impl Shared {
    /// Sends one GET, whatever the method of the operation is, and never repeats it.
    /// The caller must know that a GET of the path changes nothing on this server.
    pub(crate) async fn probe(&self, id: &str, ids: &[&str], options: &Options) -> Probe {
        let outgoing = outgoing::known(id)
            .and_then(|operation| OutgoingRequest::new(operation, &self.base, ids));
        let mut outgoing = match outgoing {
            Ok(outgoing) => outgoing,
            Err(error) => return Probe::failed(error),
        };
        outgoing.method = Method::GET;
        let trace = CallTrace {
            operation: Some(outgoing.operation.id),
            write: false,
            attempts: 1,
        };
        let deadline = tokio::time::Instant::now() + options.timeout;
        let permit = match self.enter(deadline, options).await {
            Ok(permit) => permit,
            Err(TooLong { wait }) => return Probe::failed(Error::paced(wait, trace)),
        };
        let sent = SystemTime::now();
        let begun = tokio::time::Instant::now();
        let http = self.http.client();
        let broken = |error, url: &Url| Probe::failed(Error::broken(error, url, trace));
        let response = match http.execute(self.request(&outgoing, options)).await {
            Ok(response) => response,
            Err(error) => {
                if error.is_connect() {
                    permit.unsent();
                }
                return broken(error, &outgoing.url);
            }
        };
        let took = begun.elapsed();
        let certificate = certificate(&response);
        let reply = match Reply::read(response, &outgoing.url, self.limit).await {
            Ok(reply) => reply,
            Err(error) => return broken(error, &outgoing.url),
        };
        #[cfg(feature = "testing")]
        if let Some(observer) = &self.observer {
            let status = reply.status.as_u16();
            observer.answered(&outgoing, status, reply.headers(), reply.body());
        }
        let seen = Seen {
            status: reply.status.as_u16(),
            date: reply.header(&DATE).map(str::to_owned),
            budget: reply.budget().map(|it| (it.limit, it.remaining)),
            certificate,
            sent,
            took,
        };
        let mut tries = Tries::default();
        let (outcome, _) = self.judge(reply, &outgoing, options, permit, trace, &mut tries);
        Probe {
            outcome: outcome.map(Reply::into_body),
            seen: Some(seen),
        }
    }
}

impl Probe {
    fn failed(error: Error) -> Self {
        Self {
            outcome: Err(error),
            seen: None,
        }
    }
}

impl Reply {
    fn header(&self, name: &HeaderName) -> Option<&str> {
        self.text(name.as_str())
    }
}

#[cfg(any(
    feature = "rustls-ring",
    feature = "rustls-aws-lc",
    feature = "native-tls"
))]
fn certificate(response: &reqwest::Response) -> Option<Vec<u8>> {
    let info = response.extensions().get::<reqwest::tls::TlsInfo>()?;
    info.peer_certificate().map(<[u8]>::to_vec)
}

#[cfg(not(any(
    feature = "rustls-ring",
    feature = "rustls-aws-lc",
    feature = "native-tls"
)))]
fn certificate(_: &reqwest::Response) -> Option<Vec<u8>> {
    None
}
