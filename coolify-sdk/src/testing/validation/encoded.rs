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
