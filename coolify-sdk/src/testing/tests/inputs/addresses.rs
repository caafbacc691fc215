//! The first and the last address of each special network, and their neighbours.

use crate::testing::state::{Settings, State};
use crate::testing::validation::hosts::may_be_called;

/// Addresses that Coolify calls in each version.
const PUBLIC: &[&str] = &[
    "1.0.0.0",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "191.255.255.255",
    "192.0.1.0",
    "192.0.1.255",
    "192.0.3.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "198.51.99.255",
    "198.51.101.0",
    "203.0.112.255",
    "203.0.114.0",
    "223.255.255.255",
];

/// Addresses that it never calls.
const PRIVATE: &[&str] = &[
    "0.0.0.0",
    "0.255.255.255",
    "10.0.0.0",
    "10.255.255.255",
    "127.0.0.0",
    "127.255.255.255",
    "169.254.0.0",
    "169.254.255.255",
    "172.16.0.0",
    "172.31.255.255",
    "192.168.0.0",
    "192.168.255.255",
    "240.0.0.0",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[fc00::]",
    "[fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[fe80::]",
    "[febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[::ffff:a00:1]",
];

/// Addresses that it calls before 4.3.3, which knows more special networks.
const SPECIAL: &[&str] = &[
    "100.64.0.0",
    "100.127.255.255",
    "192.0.0.0",
    "192.0.0.255",
    "192.0.2.0",
    "192.0.2.255",
    "198.18.0.0",
    "198.19.255.255",
    "198.51.100.0",
    "198.51.100.255",
    "203.0.113.0",
    "203.0.113.255",
    "224.0.0.0",
    "239.255.255.255",
];

/// Addresses that only count as addresses since 4.2.0.
const PUBLIC_V6: &[&str] = &[
    "[::2]",
    "[64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[64:ff9b::1:0:0]",
    "[ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[100:0:0:1::]",
    "[2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[2001:200::]",
    "[2001:db7:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[2001:db9::]",
    "[2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[2003::]",
    "[3ff2:ffff:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[3ff3::]",
    "[3ff3:ffff:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[3ff4::]",
    "[5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[5f00::]",
    "[5fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[6000::]",
    "[fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[fe00::]",
    "[fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[fec0::]",
    "[feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[::ffff:808:808]",
];

/// Addresses that it calls from 4.2.0 until 4.3.3.
const SPECIAL_V6: &[&str] = &[
    "[64:ff9b::]",
    "[64:ff9b::ffff:ffff]",
    "[100::]",
    "[100::ffff:ffff:ffff:ffff]",
    "[2001::]",
    "[2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[2001:f:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[2001:10::]",
    "[2001:1f:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[2001:20::]",
    "[2001:db8::]",
    "[2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[2002::]",
    "[2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[ff00::]",
    "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]",
    "[::ffff:6440:1]",
];

/// Returns whether versions 4.1.2, 4.2.0, 4.3.2 and 4.3.3 call a URL.
fn verdicts(url: &str) -> [bool; 4] {
    ["4.1.2", "4.2.0", "4.3.2", "4.3.3"].map(|version| {
        let settings = Settings {
            version: version.to_owned(),
            ..Settings::default()
        };
        may_be_called(url, &State::new(settings))
    })
}

#[test]
fn each_version_calls_the_networks_that_it_takes_for_public() {
    for (addresses, expected) in [
        (PUBLIC, [true, true, true, true]),
        (PRIVATE, [false, false, false, false]),
        (SPECIAL, [true, true, true, false]),
        (PUBLIC_V6, [false, true, true, true]),
        (SPECIAL_V6, [false, true, true, false]),
    ] {
        for address in addresses {
            assert_eq!(
                verdicts(&format!("https://{address}")),
                expected,
                "{address}"
            );
        }
    }
}

#[test]
fn hosts_are_called_by_http_and_by_public_names() {
    for (url, expected) in [
        ("HTTPS://8.8.8.8", [true, true, true, true]),
        ("https://8.8.8.8:443/a?b#c", [true, true, true, true]),
        ("https://user:pw@8.8.8.8", [true, true, true, true]),
        ("https://example.com", [true, true, true, true]),
        ("https://[8.8.8.8]", [false, false, false, false]),
        ("ftp://8.8.8.8", [false, false, false, false]),
        ("8.8.8.8", [false, false, false, false]),
        ("https://localhost", [false, false, false, false]),
        ("https://LOCALHOST", [false, false, false, false]),
        ("https://a.local", [false, false, false, false]),
        ("https://a.internal", [false, false, false, false]),
    ] {
        assert_eq!(verdicts(url), expected, "{url}");
    }
}

/// Before 4.2.0, an address with a dot at its end was the name of a host, which the fake
/// does not resolve.
#[test]
fn an_address_may_end_in_a_dot_until_4_3_3() {
    for (url, expected) in [
        ("https://8.8.8.8.", [true, true, false]),
        ("https://10.0.0.1.", [false, false, false]),
        ("https://localhost.", [false, false, false]),
    ] {
        assert_eq!(verdicts(url)[1..], expected, "{url}");
    }
}
