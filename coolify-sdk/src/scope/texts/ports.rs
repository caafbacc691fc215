//! Ports of the server that lead into a container.

use crate::scope::ScopePower::{HostAccess, HostPorts};
use crate::scope::beyond::{Beyond, Check};
use crate::scope::policy::ScopePolicy;

/// The first port that is not reserved for the system or the proxy.
const FIRST: u32 = 1024;
/// Coolify's own ports: its realtime server, its dashboard, and the proxy's
/// dashboard.
const OF_COOLIFY: [u32; 4] = [6001, 6002, 8000, 8080];

/// Refuses a port, or a range of ports such as `3000-3005`.
pub(in crate::scope) fn check(policy: ScopePolicy, ports: &str) -> Check {
    policy.need(HostPorts, || "a port of the server".into())?;
    if policy.allows(HostAccess) {
        return Ok(());
    }
    let mut ends = ports.splitn(2, '-').map(|end| end.trim().parse::<u32>());
    let (first, last) = match (ends.next(), ends.next()) {
        (Some(Ok(port)), None) => (port, port),
        (Some(Ok(first)), Some(Ok(last))) if first <= last => (first, last),
        _ => return Err(unreadable()),
    };
    let is_coolifys = OF_COOLIFY.iter().any(|port| (first..=last).contains(port));
    if first < FIRST || is_coolifys {
        policy.need(HostAccess, || {
            format!("the port {} of the server", ports.trim()).into()
        })?;
    }
    Ok(())
}

/// Refuses comma-separated mappings such as `8080:80,127.0.0.1:9000:9000/udp`. If
/// the port of the server is left out, Docker chooses a free one.
pub(in crate::scope) fn check_mappings(policy: ScopePolicy, mappings: &str) -> Check {
    let mappings = mappings
        .split(',')
        .map(str::trim)
        .filter(|it| !it.is_empty());
    for mapping in mappings {
        policy.need(HostPorts, || "a port of the server".into())?;
        if let Some(port) = published(mapping)? {
            check(policy, port)?;
        }
    }
    Ok(())
}

/// Returns the port of the server in a mapping: the text before the last colon,
/// without the address and the protocol.
fn published(mapping: &str) -> Check<Option<&str>> {
    let readable = |it: char| it.is_ascii_hexdigit() || ".:[]-/tcpudps".contains(it);
    if !mapping.chars().all(readable) {
        return Err(unreadable());
    }
    let Some((host, _)) = mapping.rsplit_once(':') else {
        return Ok(None);
    };
    let host = match (host.find(']'), host.rfind(':')) {
        (Some(bracket), Some(colon)) if colon < bracket => "",
        (_, Some(colon)) => host.get(colon + 1..).unwrap_or_default(),
        _ if host.contains('.') => "",
        _ => host,
    };
    let port = host.split('/').next().unwrap_or_default();
    Ok((!port.is_empty()).then_some(port))
}

fn unreadable() -> Beyond {
    Beyond::new(
        "a port mapping that cannot be read",
        "write it like `8443:443`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_of_others_are_refused() {
        let policy = ScopePolicy::default();
        for mapping in [
            "",
            "3000:80",
            "3000:80,3001:81/udp",
            "127.0.0.1:3000:80",
            "[::1]:3000:80",
            "3000/tcp:80/tcp",
            "3000-3005:80-85",
            "80",
            ":80",
            "127.0.0.1::80",
            "[::1]::80",
            "[::1]:80",
            "1024:80",
        ] {
            assert_eq!(check_mappings(policy, mapping), Ok(()), "{mapping}");
        }
        for mapping in [
            "80:80",
            "0.0.0.0:443:443",
            "[::]:22:22",
            "3000:80,22:22",
            "1000-1100:80",
            "7990-8010:80",
            "8000:80",
            "6001:1",
            "22/udp:22",
            "1023:80",
            " 443 : 443",
            "${P}:80",
            "3000:80;80:80",
            "x:80",
            "3000-:80",
            "5-1:80",
            "0x50:80",
        ] {
            assert!(check_mappings(policy, mapping).is_err(), "{mapping}");
        }
        let strict = ScopePolicy::strict();
        assert!(check_mappings(strict, "3000:80").is_err());
        assert_eq!(check_mappings(strict, ""), Ok(()));
        let open = policy.allow(HostAccess);
        assert_eq!(check_mappings(open, "80:80"), Ok(()));
        assert!(check_mappings(strict.allow(HostAccess), "80:80").is_err());
    }
}
