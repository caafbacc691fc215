//! Private keys that replace the scrubbed ones of the recordings. They are
//! invalid, but have the form that Coolify checks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The placeholder for the body of a key in recordings.
const SCRUBBED: &str = "c2NydWJiZWQ=";

/// Puts a key into a request's body. All recorded keys except the duplicate were
/// different, so it is made from the name of the case.
pub(crate) fn unscrub(body: &str, case: &str) -> String {
    let case = case.replace(".duplicate", ".ok");
    let key = if body.contains("BEGIN RSA") {
        rsa(case.as_bytes())
    } else {
        openssh(case.as_bytes())
    };
    body.replace(SCRUBBED, &STANDARD.encode(key))
}

/// Returns a key without a passphrase, with nothing in it but `content`.
fn openssh(content: &[u8]) -> Vec<u8> {
    let one_key = 1_u32.to_be_bytes();
    let mut key = b"openssh-key-v1\0".to_vec();
    put(&mut key, b"none");
    put(&mut key, b"none");
    put(&mut key, b"");
    key.extend_from_slice(&one_key);
    put(&mut key, content);
    put(&mut key, content);
    key
}

/// Returns a sequence of ASN.1.
fn rsa(content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).expect("the name of a case is short");
    assert!(length < 0x80, "a longer one needs another form of length");
    [&[0x30, length], content].concat()
}

/// A text with its length before it.
fn put(key: &mut Vec<u8>, text: &[u8]) {
    let length = u32::try_from(text.len()).expect("a short text");
    key.extend_from_slice(&length.to_be_bytes());
    key.extend_from_slice(text);
}
