use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

/// JSON that must not be shown, such as a server's transfer bundle with its
/// private keys.
///
/// `Debug` and serialising hide it. It is kept as Coolify sent it and can be sent
/// again. To store it, serialise it as [`Exposed`](crate::Exposed).
///
/// ```
/// let bundle: coolify_sdk::SecretJson = serde_json::from_str(r#"{"key": "hunter2"}"#)?;
/// assert_eq!(format!("{bundle:?}"), "SecretJson(hidden)");
/// assert_eq!(bundle.expose()["key"], "hunter2");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct SecretJson(Value);

impl Serialize for SecretJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        super::exposed::serialize(&self.0, serializer)
    }
}

impl SecretJson {
    /// Returns the JSON.
    #[must_use]
    pub fn expose(&self) -> &Value {
        &self.0
    }
}

impl From<Value> for SecretJson {
    fn from(json: Value) -> Self {
        Self(json)
    }
}

impl fmt::Debug for SecretJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretJson(hidden)")
    }
}
