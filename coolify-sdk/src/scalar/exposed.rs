use std::cell::Cell;

use serde::{Serialize, Serializer};

thread_local! {
    static IS_EXPOSING: Cell<bool> = const { Cell::new(false) };
}

/// Serialises a value together with its secrets.
///
/// A [`Secret`](crate::Secret), and a value that contains some, is serialised as
/// `Debug` shows it: with [`HIDDEN`] in the place of each secret, so that a
/// program can safely print it as JSON. This wrapper shows the secrets. Requests
/// to Coolify always contain the real values, and a request with a field that is
/// [`HIDDEN`] is rejected before it is sent.
///
/// ```
/// use coolify_sdk::{Exposed, Secret};
///
/// let secret = Secret::from("hunter2");
/// assert_eq!(serde_json::to_string(&secret)?, r#""(hidden)""#);
/// assert_eq!(serde_json::to_string(&Exposed(&secret))?, r#""hunter2""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy)]
#[expect(
    missing_debug_implementations,
    reason = "whether it shows or hides the secrets, it would surprise somebody"
)]
pub struct Exposed<T>(
    /// The value to serialise.
    pub T,
);

/// The text that replaces a secret, unless it is [`Exposed`].
pub const HIDDEN: &str = "(hidden)";

/// Exposes secrets until it is dropped.
struct Exposing {
    before: bool,
}

impl Exposing {
    fn begin() -> Self {
        let before = IS_EXPOSING.replace(true);
        Self { before }
    }
}

impl Drop for Exposing {
    fn drop(&mut self) {
        IS_EXPOSING.set(self.before);
    }
}

impl<T: Serialize> Serialize for Exposed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let _exposing = Exposing::begin();
        self.0.serialize(serializer)
    }
}

/// Returns whether secrets are being serialised with their values.
pub(super) fn is_exposing() -> bool {
    IS_EXPOSING.get()
}

/// Serialises a secret: its value if it is exposed, otherwise [`HIDDEN`].
pub(super) fn serialize<S: Serializer>(
    secret: &(impl Serialize + ?Sized),
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if is_exposing() {
        secret.serialize(serializer)
    } else {
        serializer.serialize_str(HIDDEN)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{json, to_value};

    use super::*;
    use crate::{Secret, SecretJson, UnknownFields};

    #[test]
    fn what_is_hidden_is_exposed_by_a_word_and_for_as_long() {
        #[derive(Serialize)]
        struct Model {
            name: &'static str,
            password: Secret,
            bundle: SecretJson,
            extra: UnknownFields,
        }
        let bundle = json!({"key": ["one", "two"]});
        let extra = json!({"sql_password": "three", "nothing": null});
        let model = Model {
            name: "shop",
            password: "four".into(),
            bundle: bundle.clone().into(),
            extra: serde_json::from_value(extra.clone()).unwrap(),
        };
        let hidden = json!({
            "name": "shop",
            "password": HIDDEN,
            "bundle": HIDDEN,
            "extra": {"sql_password": HIDDEN, "nothing": HIDDEN},
        });
        assert_eq!(to_value(&model).unwrap(), hidden);
        let shown = json!({"name": "shop", "password": "four", "bundle": bundle, "extra": extra});
        assert_eq!(to_value(Exposed(&model)).unwrap(), shown);
        assert_eq!(to_value(&model).unwrap(), hidden);
    }

    #[test]
    fn a_failure_ends_it_too() {
        struct Unfit;
        impl Serialize for Unfit {
            fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                Err(serde::ser::Error::custom("unfit"))
            }
        }
        assert!(to_value(Exposed(Unfit)).is_err());
        assert_eq!(to_value(Secret::from("x")).unwrap(), HIDDEN);
    }

    #[test]
    fn what_is_exposed_twice_is_exposed_to_the_end() {
        let (first, last) = (Secret::from("one"), Secret::from("two"));
        let both = Exposed((Exposed(&first), &last));
        assert_eq!(to_value(both).unwrap(), json!(["one", "two"]));
        let one = (Exposed(&first), &last);
        assert_eq!(to_value(one).unwrap(), json!(["one", HIDDEN]));
    }
}
