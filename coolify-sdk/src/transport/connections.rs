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
    /// The client of blocking calls, once there was one.
    #[cfg(feature = "blocking")]
    of_blocking_calls: RwLock<Option<Client>>,
    /// How to make another client; a client of the user's cannot be replaced.
    connect_timeout: Option<Duration>,
}

impl Connections {
    pub(crate) fn new(connect_timeout: Duration) -> Result<Self> {
        Ok(Self {
            client: RwLock::new(make(connect_timeout)?),
            #[cfg(feature = "blocking")]
            of_blocking_calls: RwLock::default(),
            connect_timeout: Some(connect_timeout),
        })
    }

    pub(crate) fn of(client: Client) -> Self {
        Self {
            client: RwLock::new(client),
            #[cfg(feature = "blocking")]
            of_blocking_calls: RwLock::default(),
            connect_timeout: None,
        }
    }

    pub(super) fn client(&self) -> Client {
        #[cfg(feature = "blocking")]
        if let Some(client) = self.of_blocking_calls() {
            return client;
        }
        self.client
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Returns the client of blocking calls, if this is one.
    #[cfg(feature = "blocking")]
    fn of_blocking_calls(&self) -> Option<Client> {
        if !super::own_runtime::is_here() {
            return None;
        }
        let own = &self.of_blocking_calls;
        let known = own.read().unwrap_or_else(PoisonError::into_inner).clone();
        known.or_else(|| {
            let fresh = make(self.connect_timeout?).ok()?;
            let mut own = own.write().unwrap_or_else(PoisonError::into_inner);
            Some(own.get_or_insert(fresh).clone())
        })
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
        #[cfg(feature = "blocking")]
        self.of_blocking_calls
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
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
