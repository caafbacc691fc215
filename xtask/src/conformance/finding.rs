//! What the judges report.

use super::pointer::Pointer;

/// How the document and a real exchange differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A route that the document does not have.
    Route,
    /// A status of success that is not declared.
    Status,
    /// A content type that is not declared.
    ContentType,
    /// A body that no schema describes.
    NoSchema,
    /// A value of another JSON type.
    Type,
    /// A null where none is allowed.
    Null,
    /// A value that is not listed.
    Enum,
    /// A field that has to be there and is not.
    Required,
    /// A number, length or count out of bounds.
    Bounds,
    /// A text that is not of the declared format.
    Format,
    /// A query or path parameter that is not declared.
    Parameter,
    /// A schema that says what the judge does not understand.
    Schema,
    /// An error reply that the error decoder does not understand.
    Error,
    /// A field that no schema knows.
    Unknown,
}

impl Class {
    /// What a reader is shown.
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

/// One difference, at one place of one exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub class: Class,
    /// The place in the recording.
    pub pointer: Pointer,
    /// The place in the document that is contradicted.
    pub at: String,
    /// What the document says there.
    pub declared: String,
    /// What the server sent or took.
    pub seen: String,
}
