//! What each Coolify of a fleet answered.

use std::{fmt, time::Duration};

use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use crate::{Error, Result};

/// The answers of all Coolifys of a [`Fleet`](super::Fleet), in the order of the fleet.
///
/// `Display` prints a line for each Coolify. Serialising hides secrets, as everywhere.
#[derive(Debug)]
pub struct Answers<T>(pub(super) Vec<Answer<T>>);

/// The answer of one Coolify.
#[derive(Debug)]
#[non_exhaustive]
pub struct Answer<T> {
    /// The name of the Coolify in the fleet.
    pub name: String,
    /// The URL of its dashboard.
    pub url: String,
    /// How long it took.
    pub took: Duration,
    /// What it answered, or why it did not.
    pub result: Result<T>,
}

impl<T> Answers<T> {
    /// Returns all answers.
    pub fn iter(&self) -> std::slice::Iter<'_, Answer<T>> {
        self.0.iter()
    }

    /// Returns the answer of the Coolify with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Answer<T>> {
        self.iter().find(|it| it.name == name)
    }

    /// Returns the names of the Coolifys that answered, with what they answered.
    pub fn answered(&self) -> impl Iterator<Item = (&str, &T)> {
        self.iter()
            .filter_map(|it| Some((it.name.as_str(), it.result.as_ref().ok()?)))
    }

    /// Returns the names of the Coolifys that did not answer, with the reason.
    pub fn failed(&self) -> impl Iterator<Item = (&str, &Error)> {
        self.iter()
            .filter_map(|it| Some((it.name.as_str(), it.result.as_ref().err()?)))
    }

    /// Returns whether all answered.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.iter().all(|it| it.result.is_ok())
    }

    /// Returns what all answered, with their names, or the error of the first that did not.
    ///
    /// # Errors
    ///
    /// The error of the first Coolify, in the order of the fleet, that did not answer.
    pub fn into_result(self) -> Result<Vec<(String, T)>> {
        let results = self.0.into_iter().map(|it| Ok((it.name, it.result?)));
        results.collect()
    }
}

impl<T> IntoIterator for Answers<T> {
    type Item = Answer<T>;
    type IntoIter = std::vec::IntoIter<Answer<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Answers<T> {
    type Item = &'a Answer<T>;
    type IntoIter = std::slice::Iter<'a, Answer<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Writes the name and the answer, or the message of the error.
impl<T: fmt::Display> fmt::Display for Answer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.result {
            Ok(answer) => write!(f, "{}: {answer}", self.name),
            Err(error) => write!(f, "{}: no answer: {error}", self.name),
        }
    }
}

impl<T: fmt::Display> fmt::Display for Answers<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, answer) in self.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{answer}")?;
        }
        Ok(())
    }
}

/// Serialises `name`, `url`, `milliseconds`, and `ok` or `error`. The latter has the `kind`
/// and the `message`.
impl<T: Serialize> Serialize for Answer<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut answer = serializer.serialize_struct("Answer", 4)?;
        answer.serialize_field("name", &self.name)?;
        answer.serialize_field("url", &self.url)?;
        let milliseconds = u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX);
        answer.serialize_field("milliseconds", &milliseconds)?;
        match &self.result {
            Ok(value) => answer.serialize_field("ok", value)?,
            Err(error) => answer.serialize_field("error", &Shown::of(error))?,
        }
        answer.end()
    }
}

impl<T: Serialize> Serialize for Answers<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// An error as data.
#[derive(Serialize)]
struct Shown<'a> {
    kind: crate::ErrorKind,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
}

impl<'a> Shown<'a> {
    fn of(error: &'a Error) -> Self {
        Self {
            kind: error.kind(),
            message: error.to_string(),
            hint: error.hint(),
        }
    }
}
