//! Addresses of servers, and of hosts that Coolify calls.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::url;
use crate::testing::{http::php::patterns, state::State};

patterns! {
    is_label = r"^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$";
    is_s3_bucket = r"^[a-z0-9][a-z0-9.-]*[a-z0-9]$";
}

/// The networks that PHP calls reserved.
const RESERVED: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// The networks that PHP calls private or reserved in IPv6.
const RESERVED_V6: &[(Ipv6Addr, u32)] = &[
    (Ipv6Addr::UNSPECIFIED, 128),
    (Ipv6Addr::LOCALHOST, 128),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
];

/// Further networks that are not in the public internet.
const SPECIAL: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// The special networks of IPv6.
const SPECIAL_V6: &[(Ipv6Addr, u32)] = &[
    (Ipv6Addr::UNSPECIFIED, 128),
    (Ipv6Addr::LOCALHOST, 128),
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8),
];

/// Returns whether it is the address of a server: an IP address or the name of a host.
pub(in crate::testing) fn server(text: &str) -> bool {
    let is_name = || {
        text.len() <= 253
            && text
                .split('.')
                .all(|label| label.len() <= 63 && is_label(label))
    };
    text.parse::<IpAddr>().is_ok() || is_name()
}

/// The first version that checks IPv6 addresses.
const KNOWS_V6: &str = "4.2.0";

/// The first version that checks the further networks, and in which an
/// administrator can allow hosts.
const STRICT: &str = "4.3.3";

/// Returns whether Coolify calls it: a URL of the public internet, or of an
/// allowed internal host.
pub(in crate::testing) fn may_be_called(text: &str, state: &State) -> bool {
    let parts = url::parse(text).filter(|_| url::is_url(text));
    let Some((scheme, host)) = parts.and_then(|it| Some((it.scheme?, it.host?))) else {
        return false;
    };
    let host = host.to_ascii_lowercase();
    let is_http = matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https");
    let (knows_v6, is_strict) = (state.release().has(KNOWS_V6), state.release().has(STRICT));
    if !is_http || (is_strict && host.ends_with('.')) {
        return false;
    }
    let host = if knows_v6 {
        host.trim_end_matches('.').to_owned()
    } else {
        host
    };
    if is_strict && state.settings.internal_hosts.contains(&host) {
        return true;
    }
    let inner = host.trim_start_matches('[').trim_end_matches(']');
    match inner.parse::<IpAddr>() {
        Ok(address) if is_strict => is_public(address),
        Ok(IpAddr::V4(address)) => is_global(address),
        // An address in brackets did not count as an address.
        Ok(IpAddr::V6(_)) if !knows_v6 => false,
        Ok(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(address) => is_global(address),
            None => !RESERVED_V6.iter().any(|net| is_in_v6(address, *net)),
        },
        // Coolify resolves names; the fake does not.
        Err(_) => !is_internal(&host),
    }
}

/// Returns whether the host, which is in lower case, is internal.
fn is_internal(host: &str) -> bool {
    let domain = host.rsplit_once('.').map(|(_, domain)| domain);
    host == "localhost" || matches!(domain, Some("local" | "internal"))
}

/// Returns whether PHP calls it neither private nor reserved.
fn is_global(address: Ipv4Addr) -> bool {
    !address.is_private() && !RESERVED.iter().any(|net| is_in_v4(address, *net))
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => !it.is_private() && !SPECIAL.iter().any(|net| is_in_v4(it, *net)),
        IpAddr::V6(it) => match it.to_ipv4_mapped() {
            Some(it) => is_public(IpAddr::V4(it)),
            None => !SPECIAL_V6.iter().any(|net| is_in_v6(it, *net)),
        },
    }
}

fn is_in_v4(address: Ipv4Addr, (network, length): (Ipv4Addr, u32)) -> bool {
    let shift = 32 - length;
    address.to_bits() >> shift == network.to_bits() >> shift
}

fn is_in_v6(address: Ipv6Addr, (network, length): (Ipv6Addr, u32)) -> bool {
    let shift = 128 - length;
    address.to_bits() >> shift == network.to_bits() >> shift
}

/// Returns whether it is the name of an S3 bucket.
pub(in crate::testing) fn bucket(text: &str) -> bool {
    let has_pair = ["..", ".-", "-."].iter().any(|it| text.contains(it));
    (3..=63).contains(&text.len())
        && is_s3_bucket(text)
        && !has_pair
        && text.parse::<Ipv4Addr>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::state::Settings;

    #[test]
    fn only_the_internet_is_called() {
        let mut settings = Settings::default();
        settings.internal_hosts.insert("minio.lan.local".to_owned());
        let state = State::new(settings);
        let endpoint = |text: &str| may_be_called(text, &state);
        for text in [
            "https://1.1.1.1",
            "http://1.1.1.1:9000/path",
            "https://s3.example.com",
            "https://[2606:4700:4700::1111]",
            "https://minio.lan.local:9000",
        ] {
            assert!(endpoint(text), "{text}");
        }
        for text in [
            "1.1.1.1",
            "ftp://1.1.1.1",
            "https://10.0.0.1",
            "https://[::1]",
            "https://[::ffff:10.0.0.1]",
            "https://169.254.169.254",
            "https://100.64.0.1",
            "https://localhost",
            "https://minio.internal",
        ] {
            assert!(!endpoint(text), "{text}");
        }
    }

    #[test]
    fn servers_and_buckets_have_names() {
        for text in ["1.2.3.4", "2001:db8::7", "a.example.com", "a", "999.1.1.1"] {
            assert!(server(text), "{text}");
        }
        for text in [
            "a..b",
            "-a.b",
            "a_b",
            "a b",
            "[::1]",
            "a.b.",
            "größe.de",
            "1.2.3.4:22",
        ] {
            assert!(!server(text), "{text}");
        }
        for text in ["abc", "back-ups", "back.ups"] {
            assert!(bucket(text), "{text}");
        }
        for text in ["ab", "Abc", "a..b", "a.-b", "-ab", "192.168.1.1", "a_b"] {
            assert!(!bucket(text), "{text}");
        }
    }
}
