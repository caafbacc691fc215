//! Private keys, base64 and scripts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::testing::validation::{encoded, paths};

fn armoured(kind: &str, body: &[u8]) -> String {
    let body = STANDARD.encode(body);
    format!("-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n")
}

/// Returns an OpenSSH key of these fields; the number of keys follows the third.
fn openssh(fields: &[&[u8]]) -> Vec<u8> {
    let mut key = b"openssh-key-v1\0".to_vec();
    for (position, field) in fields.iter().enumerate() {
        if position == 3 {
            key.extend(1_u32.to_be_bytes());
        }
        key.extend(u32::try_from(field.len()).unwrap().to_be_bytes());
        key.extend(*field);
    }
    key
}

const FULL: [&[u8]; 5] = [b"none", b"none", b"", b"public", b"private"];

#[test]
fn keys_are_whole_and_have_no_passphrase() {
    let whole = openssh(&FULL);
    let with = |position: usize, field: &'static [u8]| {
        let mut fields = FULL;
        fields[position] = field;
        openssh(&fields)
    };
    let kind = "OPENSSH PRIVATE KEY";
    for (what, key, is_key) in [
        ("a key", armoured(kind, &whole), true),
        ("options", armoured(kind, &with(2, b"x")), true),
        ("a cipher", armoured(kind, &with(0, b"aes256-ctr")), false),
        ("a passphrase", armoured(kind, &with(1, b"bcrypt")), false),
        ("no secret", armoured(kind, &openssh(&FULL[..4])), false),
        ("no keys", armoured(kind, &openssh(&FULL[..3])), false),
        (
            "a cut field",
            armoured(kind, &whole[..whole.len() - 1]),
            false,
        ),
        ("nothing else", armoured(kind, b"openssh-key-v1\0"), false),
        ("another kind", armoured("RSA PRIVATE KEY", &whole), false),
        ("no armour", STANDARD.encode(&whole), false),
        (
            "another end",
            armoured(kind, &whole).replace("END OPENSSH", "END RSA"),
            false,
        ),
        (
            "no end",
            armoured(kind, &whole).replace("-----END", "----END"),
            false,
        ),
        (
            "no base64",
            armoured(kind, &whole).replace("\n-----END", "!\n-----END"),
            false,
        ),
        ("an empty text", String::new(), false),
    ] {
        assert_eq!(encoded::is_key(&key), is_key, "{what}");
    }
}

#[test]
fn other_keys_are_one_sequence() {
    let long = |length: &[u8], content: usize| [&[0x30], length, &vec![0; content]].concat();
    for (kind, bytes, is_key) in [
        ("RSA PRIVATE KEY", vec![0x30, 0], true),
        ("PUBLIC KEY", vec![0x30, 2, 1, 2], true),
        ("ENCRYPTED PRIVATE KEY", vec![0x30, 2, 1, 2], false),
        ("RSA PRIVATE KEY", vec![0x31, 2, 1, 2], false),
        ("RSA PRIVATE KEY", vec![0x30, 1, 1, 2], false),
        ("RSA PRIVATE KEY", vec![0x30, 3, 1, 2], false),
        ("RSA PRIVATE KEY", vec![0x30], false),
        ("RSA PRIVATE KEY", vec![], false),
        ("RSA PRIVATE KEY", long(&[0x7f], 0x7f), true),
        ("RSA PRIVATE KEY", long(&[0x81, 0x80], 0x80), true),
        ("RSA PRIVATE KEY", long(&[0x81, 0x80], 0x81), false),
        ("RSA PRIVATE KEY", long(&[0x82, 1, 4], 0x104), true),
        ("RSA PRIVATE KEY", long(&[0x82, 1, 4], 0x103), false),
        ("RSA PRIVATE KEY", vec![0x30, 0x82, 1], false),
    ] {
        let key = armoured(kind, &bytes);
        assert_eq!(encoded::is_key(&key), is_key, "{kind} {bytes:?}");
    }
}

#[test]
fn a_key_may_be_encoded_once_more() {
    let key = armoured("RSA PRIVATE KEY", &[0x30, 0]);
    assert_eq!(encoded::unwrapped(&key), key);
    assert_eq!(encoded::unwrapped(&STANDARD.encode(&key)), key);
    assert_eq!(encoded::unwrapped("no base64!"), "no base64!");
}

#[test]
fn base64_holds_a_text() {
    for (given, text) in [
        ("aGk=", Some("hi")),
        ("", Some("")),
        ("aGk", None),
        ("aGl=", None),
        ("aG k=", None),
        ("/w==", None),
        ("hi!", None),
    ] {
        assert_eq!(encoded::text(given).as_deref(), text, "{given}");
        let decoded = text.map_or(Value::Null, Value::from);
        assert_eq!(encoded::decoded(&given.into()), decoded);
    }
    assert_eq!(encoded::decoded(&json!(5)), Value::Null);
}

#[test]
fn a_script_for_cloud_init_is_a_script_or_yaml() {
    for (text, is_fine) in [
        ("#!/bin/sh\necho: [", true),
        ("#cloud-config\npackages: [git]\n", true),
        ("packages: [git]", true),
        ("just words", true),
        ("packages: [git", false),
        (" #!/bin/sh\necho: [", false),
    ] {
        assert_eq!(encoded::cloud_init(text), is_fine, "{text}");
    }
}

#[test]
fn paths_have_one_leading_slash() {
    for (text, absolute, of_file) in [
        ("a", "/a", Some("/a")),
        ("/a", "/a", Some("/a")),
        ("//a//b/", "/a//b/", Some("/a/b/")),
        (" /a ", "/a", Some("/ /a ")),
        ("", "/", Some("/")),
        ("//", "/", Some("/")),
        ("/a/..", "/a/..", None),
        ("./a", "/./a", None),
        ("/a/...", "/a/...", Some("/a/...")),
        ("/a\\b", "/a\\b", None),
        ("/a\0", "/a\0", None),
        ("/a>b", "/a>b", None),
    ] {
        assert_eq!(paths::absolute(text), absolute, "{text}");
        assert_eq!(paths::of_file(text).as_deref(), of_file, "{text}");
    }
    assert!(paths::is_safe("/a b") && !paths::is_safe("/a;b"));
}
