//! Reads what has to be known before or after a call.

use reqwest::Url;
use serde::de::DeserializeOwned;

use super::shared::{Options, Shared};
use crate::{Error, Result, mend};

/// The transport and the options of the call.
#[derive(Clone, Copy)]
pub(crate) struct Lookup<'a> {
    pub(super) shared: &'a Shared,
    pub(super) options: &'a Options,
}

impl Lookup<'_> {
    /// Reads JSON for these ids, in the order of the operation's path.
    pub(crate) async fn get<T: DeserializeOwned>(
        self,
        operation: &'static str,
        ids: &[&str],
    ) -> Result<T> {
        let (reply, trace) = self.shared.read(operation, ids, self.options).await?;
        mend::read(reply.body()).map_err(|cause| {
            self.shared.distrust();
            Error::decode(reply.body(), &cause).on(trace)
        })
    }

    /// Returns the domain at which Coolify is reached, unless that is an address.
    #[cfg(feature = "scope")]
    pub(crate) fn domain(&self) -> Option<&str> {
        self.shared.base.api().domain()
    }

    /// Returns the path of a URL below the API.
    pub(crate) fn path<'u>(&self, url: &'u Url) -> &'u str {
        let api = self.shared.base.api().path();
        url.path().strip_prefix(api).unwrap_or_default()
    }
}
