//! Base64 files and private keys.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::Value;

/// Returns the text that a base64 value holds, if it is one.
pub(in crate::testing) fn text(encoded: &str) -> Option<String> {
    // Base64 that PHP would encode differently does not count.
    let bytes = BASE64.decode(encoded).ok()?;
    String::from_utf8(bytes).ok()
}

/// Returns the decoded text of a base64 value; null if it is not valid.
pub(in crate::testing) fn decoded(value: &Value) -> Value {
    value
        .as_str()
        .and_then(text)
        .map_or(Value::Null, Value::String)
}

/// Returns whether it is a script, or YAML for cloud-init.
pub(in crate::testing) fn cloud_init(text: &str) -> bool {
    text.starts_with("#!") || crate::compose::parse_yaml(text).is_ok()
}

/// The beginning of OpenSSH keys.
const OPENSSH: &[u8] = b"openssh-key-v1\0";

/// Returns a key without an additional base64 encoding.
pub(in crate::testing) fn unwrapped(given: &str) -> String {
    if given.starts_with("-----BEGIN") {
        return given.to_owned();
    }
    text(given).unwrap_or_else(|| given.to_owned())
}

/// Returns whether it is a key without a passphrase. A public key counts as well.
///
/// Only the armour and the beginning of the key are checked, without
/// cryptography.
pub(in crate::testing) fn is_key(given: &str) -> bool {
    let Some((kind, body)) = given.strip_prefix("-----BEGIN ").and_then(inside) else {
        return false;
    };
    let Ok(bytes) = BASE64.decode(body) else {
        return false;
    };
    match bytes.strip_prefix(OPENSSH) {
        Some(rest) => kind == "OPENSSH PRIVATE KEY" && is_open(rest),
        None => !kind.starts_with("ENCRYPTED") && is_whole(&bytes),
    }
}

/// Returns the kind of a key and its body, without armour and line ends.
fn inside(rest: &str) -> Option<(&str, String)> {
    let (kind, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once(&format!("-----END {kind}-----"))?;
    Some((kind, body.split_whitespace().collect()))
}

/// Returns whether an OpenSSH key is complete and not encrypted.
fn is_open(bytes: &[u8]) -> bool {
    let Some((cipher, rest)) = field(bytes) else {
        return false;
    };
    let Some((kdf, rest)) = field(rest) else {
        return false;
    };
    let is_whole = || {
        let (_, rest) = field(rest)?;
        let (_, rest) = field(rest.get(4..)?)?;
        field(rest)
    };
    cipher == b"none" && kdf == b"none" && is_whole().is_some()
}

/// Splits off a field that begins with its length.
fn field(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    rest.split_at_checked(length)
}

/// Returns whether it is a single ASN.1 sequence.
fn is_whole(bytes: &[u8]) -> bool {
    let [0x30, length, rest @ ..] = bytes else {
        return false;
    };
    let length = usize::from(*length);
    if length < 0x80 {
        return rest.len() == length;
    }
    let Some((length, rest)) = rest.split_at_checked(length - 0x80) else {
        return false;
    };
    let length = length
        .iter()
        .fold(0_usize, |sum, it| sum << 8 | usize::from(*it));
    rest.len() == length
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A field with its length before it.
    fn put(content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap();
        [&length.to_be_bytes(), content].concat()
    }

    fn openssh(cipher: &str, kdf: &str) -> Vec<u8> {
        let head = [OPENSSH, &put(cipher.as_bytes()), &put(kdf.as_bytes())].concat();
        let keys = [put(b""), vec![0, 0, 0, 1], put(b"public"), put(b"private")].concat();
        [head, keys].concat()
    }

    fn armoured(kind: &str, bytes: &[u8]) -> String {
        let body = BASE64.encode(bytes);
        format!("-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n")
    }

    #[test]
    fn keys_are_whole_and_without_a_passphrase() {
        let short = [&[0x30, 5][..], &[7; 5]].concat();
        let long = [&[0x30, 0x82, 1, 4][..], &[7; 260]].concat();
        let middle = [&[0x30, 0x81, 0x80][..], &[7; 0x80]].concat();
        let own = "OPENSSH PRIVATE KEY";
        for (kind, bytes, is_taken) in [
            (own, openssh("none", "none"), true),
            (own, openssh("aes256-ctr", "none"), false),
            (own, openssh("none", "bcrypt"), false),
            ("RSA PRIVATE KEY", openssh("none", "none"), false),
            ("RSA PRIVATE KEY", short.clone(), true),
            ("PRIVATE KEY", middle.clone(), true),
            ("PUBLIC KEY", long.clone(), true),
            ("ENCRYPTED PRIVATE KEY", short.clone(), false),
            ("PRIVATE KEY", short[..6].to_vec(), false),
            ("PRIVATE KEY", [&short[..], &[7]].concat(), false),
            ("PRIVATE KEY", long[..263].to_vec(), false),
            ("PRIVATE KEY", vec![0x31, 1, 7], false),
            ("PRIVATE KEY", vec![0x30, 0x84, 1], false),
            ("PRIVATE KEY", vec![0x30], false),
            ("PRIVATE KEY", Vec::new(), false),
        ] {
            let key = armoured(kind, &bytes);
            assert_eq!(is_key(&key), is_taken, "{key}");
        }
        let whole = openssh("none", "none");
        for end in OPENSSH.len()..whole.len() {
            assert!(!is_key(&armoured(own, &whole[..end])), "{end}");
        }
        let key = armoured("RSA PRIVATE KEY", &short);
        assert!(is_key(&key.replace('\n', "\r\n")));
        assert!(!is_key(&key.replace("END RSA", "END EC")));
        assert!(!is_key(&format!(" {key}")) && !is_key("-----BEGIN RSA PRIVATE KEY"));
        assert!(!is_key(&key.replace("MA", "*")));
    }

    #[test]
    fn base64_is_what_php_would_write() {
        assert_eq!(text("YQ==").as_deref(), Some("a"));
        for wrong in ["YQ", "YQ=", "YR==", "Y Q==", "/w==", "a"] {
            assert_eq!(text(wrong), None, "{wrong}");
        }
        assert_eq!(text("").as_deref(), Some(""));
        assert_eq!(decoded(&json!("YQ==")), json!("a"));
        assert_eq!(
            [json!("a"), json!(1), json!(null)].map(|it| decoded(&it)),
            [Value::Null, Value::Null, Value::Null,]
        );
        let key = armoured("RSA PRIVATE KEY", b"a");
        assert_eq!(unwrapped(&key), key);
        assert_eq!(unwrapped(&BASE64.encode(&key)), key);
        assert_eq!(unwrapped("no key"), "no key");
    }

    #[test]
    fn cloud_init_is_a_script_or_yaml() {
        for (script, is_taken) in [("#!/bin/sh\na: [", true), ("a: 1", true), ("a: [", false)] {
            assert_eq!(cloud_init(script), is_taken, "{script}");
        }
    }
}
