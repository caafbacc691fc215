//! Shows how this SDK reads a reply, and what it does not know in it.

use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::raw::replies::{self, Visit};
use crate::scalar::unknown_values;
use crate::{Error, Exposed, Result};

/// A reply as this SDK reads it: [`inspect`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Inspection {
    /// The reply after it was read and serialised again, without what was lost.
    pub kept: Value,
    /// The paths of fields that were ignored, such as `0.settings.is_new`. If
    /// several types are tried for one object, as for databases, only `kept`
    /// shows them.
    pub unknown_fields: Vec<String>,
    /// Values that an enum does not know: the name of the enum and the value.
    pub unknown_values: Vec<(&'static str, String)>,
    shown: String,
}

/// Reads the JSON of an operation's reply as the type of this SDK, and returns
/// what the type does not know.
///
/// Returns `None` for an operation that answers text, and for an unknown one.
///
/// # Errors
///
/// Returns an error if the JSON cannot be decoded.
///
/// ```
/// use coolify_sdk::testing::inspect;
///
/// let sent = r#"[{"id": 1, "uuid": "gwgmpnq6u26xpsihsouontfu", "name": "shop", "mood": null}]"#;
/// let read = inspect("list-projects", sent).expect("it answers JSON")?;
/// assert_eq!(read.unknown_fields, ["0.mood"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn inspect(operation: &str, json: &str) -> Option<serde_json::Result<Inspection>> {
    replies::visit(operation, Through(json))
}

/// Reads the JSON of an operation's reply as the type of this SDK and serialises
/// it again, so that a test can see what was lost.
///
/// Returns `None` for an operation that answers text, and for an unknown one.
///
/// # Errors
///
/// Returns an error if the JSON cannot be decoded.
///
/// ```
/// use coolify_sdk::testing::reread;
///
/// let sent = r#"[{"id": 1, "uuid": "gwgmpnq6u26xpsihsouontfu", "name": "shop"}]"#;
/// let read = reread("list-projects", sent).expect("it answers JSON")?;
/// assert_eq!(read[0]["name"], "shop");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn reread(operation: &str, json: &str) -> Option<serde_json::Result<Value>> {
    Some(inspect(operation, json)?.map(|inspection| inspection.kept))
}

/// Returns what `Debug` and serialising show of an operation's reply, or the
/// error that a call would return. It is for the SDK's own tests of secrets.
#[doc(hidden)]
#[must_use]
pub fn debug(operation: &str, json: &str) -> Option<Result<String>> {
    let read = inspect(operation, json)?.map(|inspection| inspection.shown);
    Some(read.map_err(|cause| Error::decode(json.as_bytes(), &cause)))
}

/// Reads JSON as the type of a reply and serialises it again.
struct Through<'a>(&'a str);

impl Visit for Through<'_> {
    type Outcome = serde_json::Result<Inspection>;

    fn visit<T: DeserializeOwned + Serialize + Debug>(self) -> Self::Outcome {
        let mut unknown_fields = Vec::new();
        let mut deserializer = serde_json::Deserializer::from_str(self.0);
        let (read, unknown_values) = unknown_values::listen(|| -> serde_json::Result<T> {
            serde_ignored::deserialize(&mut deserializer, |path| {
                unknown_fields.push(path.to_string());
            })
        });
        let read = read?;
        deserializer.end()?;
        Ok(Inspection {
            kept: serde_json::to_value(Exposed(&read))?,
            unknown_fields,
            unknown_values,
            shown: format!("{read:?}\n{}", serde_json::to_string(&read)?),
        })
    }
}

#[cfg(all(test, feature = "deployments"))]
mod tests {
    use super::inspect;

    #[test]
    fn what_nobody_knows_is_named() {
        let sent = r#"{"deployment_uuid": "a", "status": "dreaming", "dream": {"of": "sheep"}}"#;
        let read = inspect("get-deployment-by-uuid", sent).unwrap().unwrap();
        assert_eq!(read.unknown_fields, ["dream"]);
        let value = ("DeploymentStatus", "dreaming".to_owned());
        assert_eq!(read.unknown_values, [value]);
        assert!(inspect("get-deployment-by-uuid", "[]").unwrap().is_err());
        assert!(inspect("no-such-operation", "{}").is_none());
    }
}
