//! The keys of customers. Only their hashes are stored.

use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};
use subtle::ConstantTimeEq as _;

use crate::failure::Failure;

/// A key, as its customer has it: `tp_<id>_<secret>`.
///
/// The id finds the hash. The secret has 256 random bits, so its hash needs no salt and
/// cannot be guessed.
pub struct Key {
    pub id: String,
    pub text: String,
}

const PREFIX: &str = "tp_";
const ID_BYTES: usize = 6;
const SECRET_BYTES: usize = 32;
/// Longer than any key, so that long texts are refused quickly.
const LONGEST: usize = 200;

impl Key {
    pub fn generate() -> Result<Self, Failure> {
        let id = hex(&random::<ID_BYTES>()?);
        let text = format!("{PREFIX}{id}_{}", hex(&random::<SECRET_BYTES>()?));
        Ok(Self { id, text })
    }

    pub fn hash(&self) -> Vec<u8> {
        hash(self.text.as_bytes())
    }
}

/// Returns the id of a key, or `None` if it cannot be a key.
pub fn id_of(text: &str) -> Option<&str> {
    if text.len() > LONGEST {
        return None;
    }
    let (id, _) = text.strip_prefix(PREFIX)?.split_once('_')?;
    Some(id)
}

/// Returns whether a key has this hash. This takes the same time for each key.
pub fn matches(text: &str, stored: &[u8]) -> bool {
    hash(text.as_bytes()).ct_eq(stored).into()
}

/// Returns the hash of a key or of a request.
pub fn hash(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}

/// Returns an id of 24 letters and digits, as Coolify's are.
pub fn new_id() -> Result<String, Failure> {
    Ok(hex(&random::<12>()?))
}

fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| Failure::internal("the system has no random numbers"))?;
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_by_its_id_and_known_by_its_hash() {
        let (key, other) = (Key::generate().unwrap(), Key::generate().unwrap());
        assert_ne!(key.text, other.text);
        assert_eq!(key.text.len(), 3 + 12 + 1 + 64);
        assert_eq!(id_of(&key.text), Some(&key.id[..]));
        assert!(matches(&key.text, &key.hash()));
        assert!(!matches(&other.text, &key.hash()));
        assert!(!matches(&key.text, &[]));
        for no_key in ["", "tp_", "tp_abc", "Bearer tp_a_b", &"tp_a_".repeat(50)] {
            assert_eq!(id_of(no_key), None, "{no_key}");
        }
    }
}
