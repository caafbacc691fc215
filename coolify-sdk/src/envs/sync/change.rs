//! The changes that a sync makes to one variable.

use std::fmt;

use serde::Serialize;

/// The name of a variable: its key, and whether it is for previews.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct VariableName {
    /// Its key.
    pub key: String,
    /// Whether it is the variable for previews of pull requests.
    pub is_preview: bool,
}

impl fmt::Display for VariableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)?;
        if self.is_preview {
            f.write_str(" (preview)")?;
        }
        Ok(())
    }
}

/// The planned change of a variable. It never contains a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct VariableChange {
    /// The name of the variable.
    pub name: VariableName,
    /// The fields that change. It is empty for a variable that is deleted by
    /// pruning.
    pub fields: Vec<FieldChange>,
}

/// A field of a variable that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FieldChange {
    /// The value.
    Value,
    /// The value is written although it could not be compared, so it may be the
    /// same.
    UnseenValue,
    /// A flag gets this value.
    Flag(&'static str, bool),
    /// The comment.
    Comment,
    /// The variable is deleted because there is another variable with its name.
    Duplicate,
}

impl fmt::Display for FieldChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value => f.write_str("value"),
            Self::UnseenValue => f.write_str("value (not compared)"),
            Self::Flag(name, value) => write!(f, "{name} = {value}"),
            Self::Comment => f.write_str("comment"),
            Self::Duplicate => f.write_str("one of several"),
        }
    }
}

impl fmt::Display for VariableChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        for (index, field) in self.fields.iter().enumerate() {
            let sign = if index == 0 { ": " } else { ", " };
            write!(f, "{sign}{field}")?;
        }
        Ok(())
    }
}

/// Writes names, separated by commas.
pub(super) fn listed<'a>(
    f: &mut fmt::Formatter<'_>,
    names: impl IntoIterator<Item = &'a VariableName>,
) -> fmt::Result {
    for (index, name) in names.into_iter().enumerate() {
        let sign = if index == 0 { "" } else { ", " };
        write!(f, "{sign}{name}")?;
    }
    Ok(())
}
