//! The connections that are kept open between calls.

use std::{
    sync::{PoisonError, RwLock},
    time::Duration,
};

use reqwest::{Client, redirect};

use super::tls;
use crate::{Error, ErrorKind, Result};

/// The HTTP client with its open connections.
#[derive(Debug)]
pub(crate) struct Connections {
    client: RwLock<Client>,
    /// How to make another client; a client of the user's cannot be replaced.
    connect_timeout: Option<Duration>,
}

impl Connections {
    pub(crate) fn new(connect_timeout: Duration) -> Result<Self> {
        Ok(Self {
            client: RwLock::new(make(connect_timeout)?),
            connect_timeout: Some(connect_timeout),
        })
    }

    pub(crate) fn of(client: Client) -> Self {
        Self {
            client: RwLock::new(client),
            connect_timeout: None,
        }
    }

    pub(super) fn client(&self) -> Client {
        self.client
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Stops using the present connections. Calls in progress are not disturbed.
    ///
    /// On HTTP/1.1 the next reply on a connection answers the next request. If a
    /// server has sent one reply too many, all its replies on that connection
    /// come one request early, so the connection is useless. reqwest cannot close
    /// a single connection, so all of them are replaced.
    pub(super) fn renew(&self) {
        let Some(Ok(fresh)) = self.connect_timeout.map(make) else {
            return;
        };
        *self.client.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }
}

/// Redirects are never followed: that would send the token elsewhere, and turn a
/// POST into a GET.
fn make(connect_timeout: Duration) -> Result<Client> {
    let builder = Client::builder()
        .redirect(redirect::Policy::none())
        .connect_timeout(connect_timeout);
    tls::shown(tls::apply(builder)?).build().map_err(|cause| {
        Error::new(ErrorKind::Config, "the HTTP client could not be set up").with_source(cause)
    })
}
