//! The findings of the checks.

use super::pointer::Pointer;

/// The kind of difference between the document and a real exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A route that the document does not have.
    Route,
    /// A success status that the document does not declare.
    Status,
    /// A content type that the document does not declare.
    ContentType,
    /// A body that no schema describes.
    NoSchema,
    /// A value with another JSON type.
    Type,
    /// A null that is not allowed.
    Null,
    /// A value that the enum does not list.
    Enum,
    /// A required field that is missing.
    Required,
    /// A number, length or count that is out of bounds.
    Bounds,
    /// A string that does not have the declared format.
    Format,
    /// A query or path parameter that the document does not declare.
    Parameter,
    /// A schema that this task does not understand.
    Schema,
    /// An error reply that the error decoder does not understand.
    Error,
    /// A field that no schema lists.
    Unknown,
}

impl Class {
    /// Returns the name of the kind in the report.
    pub fn label(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::Status => "status",
            Self::ContentType => "content type",
            Self::NoSchema => "no schema",
            Self::Type => "type",
            Self::Null => "null",
            Self::Enum => "enum",
            Self::Required => "required",
            Self::Bounds => "bounds",
            Self::Format => "format",
            Self::Parameter => "parameter",
            Self::Schema => "schema",
            Self::Error => "error reply",
            Self::Unknown => "unknown field",
        }
    }
}

/// A difference at one place of one exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub class: Class,
    /// The place in the recording.
    pub pointer: Pointer,
    /// The contradicted place in the document.
    pub at: String,
    /// The document's value at that place.
    pub declared: String,
    /// The value that the server sent or accepted.
    pub seen: String,
}
