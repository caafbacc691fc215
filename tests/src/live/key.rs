//! Makes new SSH keys, because Coolify accepts each key only once.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{Ed25519KeyPair, KeyPair as _};

/// Returns a new Ed25519 key in the form of `ssh-keygen`.
///
/// # Panics
///
/// Panics if the system has no randomness.
#[must_use]
pub fn new_private_key() -> String {
    let mut seed = [0; 32];
    SystemRandom::new().fill(&mut seed).expect("randomness");
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("a seed of 32 bytes");
    let public = pair.public_key().as_ref();

    let mut public_blob = Vec::new();
    put(&mut public_blob, b"ssh-ed25519");
    put(&mut public_blob, public);

    let mut private_blob = Vec::new();
    // The same number twice, which reveals a wrong passphrase.
    private_blob.extend_from_slice(&seed[..4]);
    private_blob.extend_from_slice(&seed[..4]);
    private_blob.extend_from_slice(&public_blob);
    put(&mut private_blob, &[&seed, public].concat());
    put(&mut private_blob, b"sdk-live");
    for padding in 1_u8.. {
        if private_blob.len().is_multiple_of(8) {
            break;
        }
        private_blob.push(padding);
    }

    let mut file = b"openssh-key-v1\0".to_vec();
    put(&mut file, b"none");
    put(&mut file, b"none");
    put(&mut file, b"");
    file.extend_from_slice(&1_u32.to_be_bytes());
    put(&mut file, &public_blob);
    put(&mut file, &private_blob);

    let text = STANDARD.encode(file);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(70)
        .map(String::from_utf8_lossy)
        .collect();
    format!(
        "-----BEGIN OPENSSH PRIVATE KEY-----\n{}\n-----END OPENSSH PRIVATE KEY-----\n",
        lines.join("\n")
    )
}

/// A text with its length in front.
fn put(blob: &mut Vec<u8>, text: &[u8]) {
    let length = u32::try_from(text.len()).expect("a short text");
    blob.extend_from_slice(&length.to_be_bytes());
    blob.extend_from_slice(text);
}
