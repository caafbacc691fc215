//! What a sync does to one variable.

use std::fmt;

use serde::Serialize;

/// Which variable: only the key and the side together name one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct VariableName {
    /// Its key.
    pub key: String,
    /// Whether it is the one for previews of pull requests.
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

/// What is to be done to a variable. It never holds a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct VariableChange {
    /// Which variable.
    pub name: VariableName,
    /// What becomes another. Empty for a variable that is deleted because it is
    /// not wanted.
    pub fields: Vec<FieldChange>,
}

/// What becomes another about a variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FieldChange {
    /// The value.
    Value,
    /// The value is written, and might be the same: it could not be compared.
    UnseenValue,
    /// A flag becomes this.
    Flag(&'static str, bool),
    /// The comment.
    Comment,
    /// It is deleted because there is another one of its name.
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

/// Names in a row.
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
