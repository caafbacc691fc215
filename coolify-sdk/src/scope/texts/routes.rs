//! Variables of services from which Coolify makes routes.
//!
//! For the images of `MinIO`, Logto and Garage, Coolify reads the domains from variables
//! of the service, and checks neither their form nor who else has them (tested on 4.3.11).

use super::tokens;
use crate::scope::ScopePower::ForeignHosts;
use crate::scope::beyond::Check;
use crate::scope::policy::ScopePolicy;

const NAMES: [&str; 7] = [
    "GARAGE_ADMIN_URL",
    "GARAGE_S3_API_URL",
    "GARAGE_WEB_URL",
    "LOGTO_ADMIN_ENDPOINT",
    "LOGTO_ENDPOINT",
    "MINIO_BROWSER_REDIRECT_URL",
    "MINIO_SERVER_URL",
];

/// Returns whether a variable becomes a route.
pub(in crate::scope) fn is_name(key: &str) -> bool {
    NAMES.contains(&key.trim())
}

/// Refuses a value of such a variable that is not one plain URL.
pub(in crate::scope) fn check(policy: ScopePolicy, value: &str) -> Check {
    if tokens::check("value", value).is_ok() && !value.contains(',') {
        return Ok(());
    }
    need(policy)
}

/// Refuses a text of a compose file that gives such a variable a value, such as
/// `${MINIO_SERVER_URL:-https://other.example.com}`.
pub(in crate::scope) fn check_text(policy: ScopePolicy, text: &str) -> Check {
    let is_of_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let sets = |name: &str| {
        let mut parts = text.match_indices(name);
        parts.any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default();
            let after = text.get(at + name.len()..).unwrap_or_default();
            !before.ends_with(is_of_name) && after.trim_start().starts_with([':', '-', '?'])
        })
    };
    if text.contains('$') && NAMES.into_iter().any(sets) {
        return need(policy);
    }
    Ok(())
}

/// Refuses a value in a compose file for such a variable that begins with a reference, but
/// is more than that. Coolify makes no variable from other values.
pub(in crate::scope) fn check_reference(policy: ScopePolicy, value: &str) -> Check {
    let Some(name) = value.trim().strip_prefix('$') else {
        return Ok(());
    };
    let inner = name.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
    let is_of_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
    if inner.unwrap_or(name).chars().all(is_of_name) {
        return Ok(());
    }
    need(policy)
}

fn need(policy: ScopePolicy) -> Check {
    policy.need(ForeignHosts, || {
        "a variable from which Coolify makes a route, with more than one plain domain,".into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_one_plain_domain() {
        let policy = ScopePolicy::default();
        assert!(is_name("MINIO_SERVER_URL") && is_name(" LOGTO_ENDPOINT "));
        assert!(!is_name("MINIO_URL") && !is_name("minio_server_url"));
        for value in ["", "https://a.example.com", "http://a.example.com/x"] {
            assert_eq!(check(policy, value), Ok(()), "{value}");
        }
        for value in [
            "https://a`) || Host(`b.example.com",
            "https://a.example.com,https://b.example.com",
            "{{project.A}}",
            "$A",
        ] {
            assert!(check(policy, value).is_err(), "{value}");
            assert_eq!(check(policy.allow(ForeignHosts), value), Ok(()), "{value}");
        }
    }

    #[test]
    fn a_compose_file_gives_no_route_a_value() {
        let policy = ScopePolicy::default();
        for text in [
            "$MINIO_SERVER_URL",
            "${MINIO_SERVER_URL}",
            "${MINIO_SERVER_URL}/x",
            "MINIO_SERVER_URL=$MINIO_SERVER_URL",
            "${MY_MINIO_SERVER_URL:-https://a}",
            "${MINIO_SERVER_URLS:-https://a}",
            "see MINIO_SERVER_URL: https://a",
        ] {
            assert_eq!(check_text(policy, text), Ok(()), "{text}");
        }
        for text in [
            "${MINIO_SERVER_URL:-https://a}",
            "${MINIO_SERVER_URL-https://a}",
            "${A:-${ LOGTO_ENDPOINT :-https://a}}",
            "$GARAGE_WEB_URL-https://a",
            "${MINIO_SERVER_URL:?https://a}",
        ] {
            assert!(check_text(policy, text).is_err(), "{text}");
        }
        for value in ["", "https://a.example.com", "$A", "${A_1}", " ${A} ", "a$B"] {
            assert_eq!(check_reference(policy, value), Ok(()), "{value}");
        }
        for value in ["$SERVICE_`) || Host(`a", "${A:-b}", "$A$B", "${A"] {
            assert!(check_reference(policy, value).is_err(), "{value}");
        }
    }
}
