//! Converts a variable that was read to one that can be written.

use super::EnvironmentVariable;
use crate::Clearable;
use crate::error::{Error, ErrorKind, Result};

fn value(variable: &EnvironmentVariable) -> Result<crate::Secret> {
    variable.value.clone().ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidRequest,
            format!("the value of {} is hidden", variable.key),
        )
        .with_hint(
            "read it with a token that has the `read:sensitive` ability; the value of a \
             variable that is shown once cannot be read again",
        )
    })
}

macro_rules! copies {
    ($feature:meta, $item:ident: $($flag:ident),*) => {
        #[cfg($feature)]
        impl TryFrom<&EnvironmentVariable> for super::$item {
            type Error = Error;

            /// Copies key, value, flags and comment, to write the variable elsewhere.
            ///
            /// # Errors
            ///
            /// [`ErrorKind::InvalidRequest`] if the value is hidden, from the token or
            /// because the variable is shown once. It would be written as empty.
            fn try_from(variable: &EnvironmentVariable) -> Result<Self> {
                let mut item = Self::new(&variable.key);
                item.value = Some(value(variable)?);
                item.comment = variable.comment.clone().map(Clearable::Set);
                $( item.$flag = variable.$flag; )*
                Ok(item)
            }
        }

        #[cfg($feature)]
        impl TryFrom<EnvironmentVariable> for super::$item {
            type Error = Error;

            /// See the conversion from a reference.
            fn try_from(variable: EnvironmentVariable) -> Result<Self> {
                Self::try_from(&variable)
            }
        }
    };
}

copies!(
    feature = "applications",
    BulkApplicationVariable: is_buildtime, is_literal, is_multiline, is_preview, is_runtime,
    is_shown_once
);
copies!(
    any(feature = "databases", feature = "services"),
    BulkVariable: is_buildtime, is_literal, is_multiline, is_runtime, is_shown_once
);

#[cfg(all(test, feature = "applications", feature = "services"))]
mod tests {
    use serde_json::json;

    use super::super::{BulkApplicationVariable, BulkVariable};
    use super::*;

    fn read(value: Option<&str>) -> EnvironmentVariable {
        let row = json!({
            "uuid": "u", "key": "TOKEN", "value": value, "is_preview": true,
            "is_literal": true, "comment": "of the registry",
        });
        serde_json::from_value(row).unwrap()
    }

    #[test]
    fn a_variable_is_taken_along_whole() {
        let wanted = BulkApplicationVariable::new("TOKEN")
            .value("s3cret")
            .is_preview(true)
            .is_literal(true)
            .comment("of the registry");
        let variable = read(Some("s3cret"));
        assert_eq!(
            BulkApplicationVariable::try_from(&variable).unwrap(),
            wanted
        );
        let wanted = BulkVariable::new("TOKEN")
            .value("s3cret")
            .is_literal(true)
            .comment("of the registry");
        assert_eq!(BulkVariable::try_from(&variable).unwrap(), wanted);
    }

    #[test]
    fn a_hidden_value_is_an_error() {
        let error = BulkApplicationVariable::try_from(&read(None)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(error.to_string(), "the value of TOKEN is hidden");
        assert!(BulkVariable::try_from(&read(None)).is_err());
    }
}
