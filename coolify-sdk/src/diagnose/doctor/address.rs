//! The URL that is configured: its scheme, path and port.

use std::net::IpAddr;

use reqwest::Url;

use super::{Outcome, Visit, of_error};
use crate::diagnose::finding::Finding;

pub(super) fn check(visit: &Visit) -> Outcome {
    if let Some(error) = visit.error()
        && error.is_unknown_route()
    {
        return Outcome::Found(
            Finding::critical(format!("There is no Coolify API at `{}`.", visit.url))
                .evidence(super::super::finding::Evidence::value("HTTP status", 404))
                .next(
                    "Configure the URL under which the dashboard opens in a browser, without the \
                     path of one of its pages.",
                ),
        );
    }
    if let Some(error) = visit.error()
        && error.kind() == crate::ErrorKind::InvalidRequest
    {
        return Outcome::Found(of_error(error));
    }
    let Ok(url) = Url::parse(&visit.url) else {
        return Outcome::Unknown("the URL could not be read".to_owned());
    };
    if url.scheme() == "http" && !is_near(&url) {
        return Outcome::Found(
            Finding::warning("The token is sent without encryption.")
                .value("URL", &visit.url)
                .next(
                    "Give Coolify a domain with `https://` in its settings, and configure that \
                     URL.",
                ),
        );
    }
    Outcome::Passed(visit.url.clone())
}

/// Returns whether the host is this machine or in a private network, where plain HTTP is
/// common.
fn is_near(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        Ok(IpAddr::V6(ip)) => {
            ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local()
        }
        Err(_) => {
            let ends = [".local", ".internal", ".localhost", ".lan", ".home.arpa"];
            !host.contains('.') || ends.iter().any(|it| host.ends_with(it))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_only_all_right_nearby() {
        let near = |url: &str| is_near(&Url::parse(url).unwrap());
        for url in [
            "http://localhost:8000",
            "http://127.0.0.1",
            "http://[::1]:8000",
            "http://10.0.0.7",
            "http://coolify",
            "http://coolify.local",
            "http://[fd00::1]",
        ] {
            assert!(near(url), "{url}");
        }
        for url in ["http://coolify.example", "http://203.0.113.7:8000"] {
            assert!(!near(url), "{url}");
        }
    }
}
