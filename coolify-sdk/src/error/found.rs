//! What the SDK itself has found wrong with a request, before anything was sent.

use super::detail::Detail;
use super::{Conflict, Error, FieldError};

struct Fields(Vec<FieldError>);

struct Conflicts(Vec<Conflict>);

impl Detail for Fields {}

impl Detail for Conflicts {}

impl Error {
    /// Names the field that is invalid.
    pub(crate) fn with_field_error(self, field: &str, message: impl Into<String>) -> Self {
        let error = FieldError {
            field: Some(field.to_owned()),
            message: message.into(),
        };
        self.with_detail(Fields(vec![error]))
    }

    /// Names the domains that are taken.
    #[cfg(feature = "scope")]
    pub(crate) fn with_conflicts(self, conflicts: Vec<Conflict>) -> Self {
        self.with_detail(Conflicts(conflicts))
    }

    pub(super) fn found_field_errors(&self) -> Option<&[FieldError]> {
        self.detail::<Fields>().map(|it| &*it.0)
    }

    pub(super) fn found_conflicts(&self) -> Option<&[Conflict]> {
        self.detail::<Conflicts>().map(|it| &*it.0)
    }
}
