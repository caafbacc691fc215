//! The connections that are kept between calls.

use std::{
    sync::{PoisonError, RwLock},
    time::Duration,
};

use reqwest::{Client, redirect};

use super::tls;
use crate::{Error, ErrorKind, Result};

/// The HTTP client, and with it the connections that it keeps.
#[derive(Debug)]
pub(crate) struct Connections {
    client: RwLock<Client>,
    /// How to make another client; a client of the user's cannot be made anew.
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

    /// Uses none of the present connections again. Calls under way are not
    /// disturbed.
    ///
    /// On HTTP/1.1 the next reply on a connection is the reply to the next
    /// request. A server that sends one too many is always one ahead, so a
    /// connection that it was seen on is of no use any more. reqwest closes no
    /// single connection: all of them go.
    pub(super) fn renew(&self) {
        let Some(Ok(fresh)) = self.connect_timeout.map(make) else {
            return;
        };
        *self.client.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }
}

/// A redirect is never followed: it would take the token along, and make a GET
/// of a POST.
fn make(connect_timeout: Duration) -> Result<Client> {
    let builder = Client::builder()
        .redirect(redirect::Policy::none())
        .connect_timeout(connect_timeout);
    tls::apply(builder)?.build().map_err(|cause| {
        Error::new(ErrorKind::Config, "the HTTP client could not be set up").with_source(cause)
    })
}
