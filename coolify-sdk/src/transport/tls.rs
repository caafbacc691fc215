//! Selects the TLS implementation by cargo feature.
//!
//! If several features are on, the first of these is used: `rustls-ring`,
//! `rustls-aws-lc`, `native-tls`.

use reqwest::ClientBuilder;

use crate::Result;

/// Whether a TLS implementation was compiled in.
pub(crate) const AVAILABLE: bool = cfg!(any(
    feature = "rustls-ring",
    feature = "rustls-aws-lc",
    feature = "native-tls"
));

/// Uses a crypto provider for this client only. Installing one for the process is
/// up to the program, not to a library.
#[cfg(feature = "rustls-ring")]
pub(crate) fn apply(builder: ClientBuilder) -> Result<ClientBuilder> {
    use std::sync::Arc;

    use rustls::{ClientConfig, crypto::ring};
    use rustls_platform_verifier::BuilderVerifierExt;

    use crate::{Error, ErrorKind};

    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(|cause| {
            Error::new(ErrorKind::Config, "TLS could not be set up")
                .with_hint("the system needs a store of certificate authorities: `ca-certificates`")
                .with_source(cause)
        })?
        .with_no_client_auth();
    Ok(builder.tls_backend_preconfigured(config))
}

#[cfg(all(feature = "rustls-aws-lc", not(feature = "rustls-ring")))]
pub(crate) fn apply(builder: ClientBuilder) -> Result<ClientBuilder> {
    Ok(builder.tls_backend_rustls())
}

#[cfg(all(
    feature = "native-tls",
    not(any(feature = "rustls-ring", feature = "rustls-aws-lc"))
))]
pub(crate) fn apply(builder: ClientBuilder) -> Result<ClientBuilder> {
    Ok(builder.tls_backend_native())
}

#[cfg(not(any(
    feature = "rustls-ring",
    feature = "rustls-aws-lc",
    feature = "native-tls"
)))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "the other TLS implementations can fail"
)]
pub(crate) fn apply(builder: ClientBuilder) -> Result<ClientBuilder> {
    Ok(builder)
}

/// Keeps the certificate of the server with each reply, for the diagnosis.
#[cfg(all(
    feature = "diagnose",
    any(
        feature = "rustls-ring",
        feature = "rustls-aws-lc",
        feature = "native-tls"
    )
))]
pub(crate) fn shown(builder: ClientBuilder) -> ClientBuilder {
    builder.tls_info(true)
}

#[cfg(not(all(
    feature = "diagnose",
    any(
        feature = "rustls-ring",
        feature = "rustls-aws-lc",
        feature = "native-tls"
    )
)))]
pub(crate) fn shown(builder: ClientBuilder) -> ClientBuilder {
    builder
}
