//! Assigns domains to the containers of a compose file or a one-click service.

use coolify_sdk::domains::Domain;
use coolify_sdk::services::{Service, ServiceApplication, ServiceHandle};
use url::Url;

use super::domains::Changed;
use crate::failure::Outcome;
use crate::policy::DomainPolicy;
use crate::workspace::Workspace;

/// Assigns a domain that names no container. It belongs to the only container, or to
/// the first of those that request a domain by a variable such as `SERVICE_URL_WEB`;
/// the others get similar domains. Returns `None` if the choice is ambiguous.
pub fn place(service: &Service, domain: &Domain) -> Option<Vec<Domain>> {
    if domain.service.is_some() {
        return Some(vec![domain.clone()]);
    }
    let parts = service.applications.as_deref().unwrap_or_default();
    if let [only] = parts {
        return Some(vec![beside(domain, only, false)]);
    }
    let asks = |it: &&ServiceApplication| it.fqdn.as_deref().is_some_and(|it| !it.is_empty());
    let asking = parts.iter().filter(asks).enumerate();
    let placed: Vec<_> = asking
        .map(|(at, part)| beside(domain, part, at > 0))
        .collect();
    (!placed.is_empty()).then_some(placed)
}

/// Returns the domain for a container, with the port that the container requests.
fn beside(domain: &Domain, container: &ServiceApplication, is_other: bool) -> Domain {
    let asked = container
        .fqdn
        .as_deref()
        .unwrap_or_default()
        .split(',')
        .next();
    let wanted = asked
        .and_then(|it| Url::parse(it).ok())
        .and_then(|it| it.port());
    let Ok(mut url) = Url::parse(&domain.url) else {
        return Domain::of(&container.name, &domain.url);
    };
    if let (Some(port), None) = (wanted, url.port()) {
        // A URL with a host takes any port.
        let _ = url.set_port(Some(port));
    }
    if is_other && let Some((label, rest)) = url.host_str().and_then(|it| it.split_once('.')) {
        let host = format!(
            "{label}-{}.{rest}",
            container.name.to_lowercase().replace('_', "-")
        );
        let _ = url.set_host(Some(&host));
    }
    Domain::of(&container.name, url.as_str().trim_end_matches('/'))
}

/// Replaces generated domains outside of the workspace's suffix.
///
/// Coolify generates a domain for a container that requests one and has none. If the
/// domain were only removed, the next start would generate it again.
pub async fn hold(workspace: &Workspace, handle: &ServiceHandle) -> Outcome<Option<Changed>> {
    let policy = &workspace.terms.domains;
    let service = handle.get().await?;
    let Some(held) = held(policy, &service)? else {
        return Ok(None);
    };
    Ok(Some(handle.domains().set(&held).await?.into()))
}

/// Returns all domains that a service should have, or `None` if it has them.
fn held(policy: &DomainPolicy, service: &Service) -> Outcome<Option<Vec<Domain>>> {
    // Not every name is valid in a domain.
    let own = policy.default_of(&service.name);
    let own = own.or_else(|_| policy.default_of(service.uuid.as_str()))?;
    let Some(own) = own.map(Domain::from) else {
        return Ok(None);
    };
    let (mut held, mut is_changed) = (Vec::new(), false);
    for part in service.applications.as_deref().unwrap_or_default() {
        let urls = part.fqdn.as_deref().unwrap_or_default().split(',');
        let urls = urls.map(str::trim).filter(|url| !url.is_empty());
        let may_stay = |url: &&str| policy.check(url, &service.name).is_ok();
        let (inside, outside): (Vec<_>, Vec<_>) = urls.partition(may_stay);
        is_changed |= !outside.is_empty();
        if inside.is_empty() && !outside.is_empty() {
            held.push(beside(&own, part, true));
        }
        held.extend(inside.into_iter().map(|url| Domain::of(&part.name, url)));
    }
    Ok(is_changed.then_some(held))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(parts: &[(&str, Option<&str>)]) -> Service {
        let parts: Vec<_> = parts
            .iter()
            .map(|(name, fqdn)| serde_json::json!({ "uuid": name, "name": name, "fqdn": fqdn }))
            .collect();
        let service = serde_json::json!({ "uuid": "s", "name": "s", "applications": parts });
        serde_json::from_value(service).expect("a service")
    }

    fn placed(parts: &[(&str, Option<&str>)]) -> Option<Vec<String>> {
        let domain = "https://shop.mark.example.com".into();
        let placed = place(&service(parts), &domain)?;
        Some(placed.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_domain_goes_to_the_container_that_asks_for_one() {
        let only = placed(&[("web", None)]);
        assert_eq!(
            only.expect("it is clear"),
            ["web https://shop.mark.example.com"]
        );
        let one = placed(&[("db", None), ("web", Some("http://x.sslip.io:8080"))]);
        assert_eq!(
            one.expect("it is clear"),
            ["web https://shop.mark.example.com:8080"]
        );
        let two = placed(&[
            ("web", Some("http://x.sslip.io")),
            ("my_api", Some("http://y.sslip.io,z")),
        ]);
        assert_eq!(
            two.expect("it is clear"),
            [
                "web https://shop.mark.example.com",
                "my_api https://shop-my-api.mark.example.com"
            ]
        );
        assert_eq!(placed(&[("web", None), ("api", None)]), None);
    }

    #[test]
    fn a_domain_outside_of_the_suffix_is_replaced() {
        let policy = DomainPolicy::below("mark.example.com").expect("a suffix");
        let held = |name: &str, parts: &[(&str, Option<&str>)]| {
            let mut service = service(parts);
            service.name = name.to_owned();
            let held = held(&policy, &service).expect("a domain");
            held.map(|it| it.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        let inside = ("web", Some("https://shop.mark.example.com"));
        assert_eq!(held("shop", &[inside, ("worker", None)]), None);
        let made_up = ("api", Some("http://api-s.203.0.113.10.sslip.io:81"));
        let wanted = [
            "web https://shop.mark.example.com",
            "api https://shop-api.mark.example.com:81",
        ];
        assert_eq!(
            held("shop", &[inside, made_up]).expect("it changes"),
            wanted
        );
        let both = (
            "web",
            Some("https://evil.com,https://shop.mark.example.com"),
        );
        assert_eq!(held("shop", &[both]).expect("it changes"), &wanted[..1]);
        let by_uuid = held("größe", &[made_up]).expect("it changes");
        assert_eq!(by_uuid, ["api https://s-api.mark.example.com:81"]);
    }
}
