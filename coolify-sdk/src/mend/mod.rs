//! Reads replies with odd parts: one odd value must not make the whole reply
//! unreadable.
//!
//! A reply that fits is decoded as it is. Otherwise, a value of another type is
//! converted to the expected type if possible, or left out as if it had not been
//! sent. If an object cannot be read without the value, the object is left out as
//! well, up to a row of a list. It is an error if no row of a list would be left,
//! or if the reply itself cannot be read without an odd value.

mod place;
mod repair;

use serde::de::DeserializeOwned;
use serde_json::{Error, Result, Value};

use self::place::{at_mut, has_numeric_keys, list_on, remove, rows_of, take, wrap, written};
use crate::error::{Step, render, steps_at};

/// How many values are repaired in one row, or outside of all lists.
const MOST: usize = 64;

/// Reads JSON as a `T`, as far as possible.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    let cause = match serde_json::from_slice(body) {
        Err(cause) if cause.is_data() => cause,
        read => return read,
    };
    let mut read = None;
    let mut attempt = |body: &[u8]| {
        let attempt = serde_json::from_slice(body);
        attempt.map(|value| read = Some(value)).err()
    };
    let notes = Mender(&mut attempt).mend(body);
    let (Some(notes), Some(read)) = (notes, read) else {
        return Err(cause);
    };
    tell(notes);
    Ok(read)
}

/// Logs what was done. It is compiled once, not for each type of reply.
fn tell(notes: Vec<Note>) {
    for Note { steps, what } in notes {
        let path = render(&steps);
        tracing::warn!(path, what, "a reply is odd in one place");
    }
}

/// What was done with a value.
struct Note {
    steps: Vec<Step>,
    what: &'static str,
}

impl Note {
    fn left_out(steps: Vec<Step>) -> Self {
        let what = "left out";
        Self { steps, what }
    }
}

/// A value that does not fit: its place and the message of the error.
#[derive(PartialEq)]
struct Misfit {
    steps: Vec<Step>,
    says: String,
}

/// Reads a body and returns the error. The rest is compiled once, not for each
/// type of reply.
struct Mender<'a>(&'a mut dyn FnMut(&[u8]) -> Option<Error>);

impl Mender<'_> {
    /// Returns `None` if the reply cannot be repaired.
    fn mend(&mut self, body: &[u8]) -> Option<Vec<Note>> {
        let mut document = serde_json::from_slice(body).ok()?;
        let mut notes = Vec::new();
        self.settle(&mut document, &[], None, &mut notes)?;
        Some(notes)
    }

    /// Makes the value at `base` fit, without leaving it out. The first misfit is
    /// passed if it is already known.
    fn settle(
        &mut self,
        document: &mut Value,
        base: &[Step],
        elsewhere: Option<&Misfit>,
        notes: &mut Vec<Note>,
    ) -> Option<()> {
        for _ in 0..MOST {
            let misfit = match self.misfit(document)? {
                Some(misfit) if Some(&misfit) != elsewhere => misfit,
                _ => return Some(()),
            };
            // Some types are decoded from a value, and the error occurs after it.
            let steps = match &misfit.steps {
                steps if steps.starts_with(base) => steps.clone(),
                _ => base.to_vec(),
            };
            if !self.settle_list(document, base, &steps, &misfit, notes)? {
                notes.push(self.settle_value(document, base, steps, &misfit)?);
            }
        }
        None
    }

    /// Repairs each row of the list on this path by itself. Returns `false` if
    /// the path contains no rows.
    fn settle_list(
        &mut self,
        document: &mut Value,
        base: &[Step],
        steps: &[Step],
        misfit: &Misfit,
        notes: &mut Vec<Note>,
    ) -> Option<bool> {
        let Some(list) = list_on(document, steps, base.len()) else {
            return Some(false);
        };
        let is_array = at_mut(document, list)?.is_array();
        let whole = std::mem::replace(at_mut(document, list)?, wrap(is_array, []));
        let elsewhere = self.misfit(document)?;
        if elsewhere.as_ref() == Some(misfit) {
            *at_mut(document, list)? = whole;
            return Some(false);
        }
        let (mut kept, mut done) = (Vec::new(), Vec::new());
        for (step, row) in rows_of(whole) {
            *at_mut(document, list)? = wrap(is_array, [(step.clone(), row)]);
            let alone = if is_array {
                Step::Index(0)
            } else {
                step.clone()
            };
            let place = [list, &[alone]].concat();
            let begun = done.len();
            let settled = self.settle(document, &place, elsewhere.as_ref(), &mut done);
            if settled.is_some() {
                kept.push((step.clone(), at_mut(document, &place)?.take()));
            } else {
                done.truncate(begun);
                done.push(Note::left_out(place));
            }
            // The index among all rows.
            for note in &mut done[begun..] {
                note.steps[list.len()] = step.clone();
            }
        }
        if !kept.is_empty() {
            *at_mut(document, list)? = wrap(is_array, kept);
            notes.extend(done);
        } else if list.len() > base.len() {
            remove(document, list)?;
            notes.push(Note::left_out(list.to_vec()));
        } else {
            return None;
        }
        Some(true)
    }

    fn settle_value(
        &mut self,
        document: &mut Value,
        base: &[Step],
        mut steps: Vec<Step>,
        misfit: &Misfit,
    ) -> Option<Note> {
        let value = at_mut(document, &steps)?;
        // A reply that is not a list must not become an empty list.
        let may_be = !steps.is_empty() || has_numeric_keys(value);
        if let Some(other) = repair::repaired(value, &misfit.says).filter(|_| may_be) {
            *value = other;
            let what = "read as the type that is meant";
            return Some(Note { steps, what });
        }
        steps.extend(self.culprit(document, &steps, misfit)?);
        if steps.len() == base.len() {
            return None;
        }
        remove(document, &steps)?;
        Some(Note::left_out(steps))
    }

    /// Returns the misfit of the document, if there is one.
    #[expect(
        clippy::option_option,
        reason = "nothing to be done, and nothing wrong"
    )]
    fn misfit(&mut self, document: &Value) -> Option<Option<Misfit>> {
        let body = written(document)?;
        let Some(error) = (self.0)(&body) else {
            return Some(None);
        };
        let mut steps = steps_at(&body, &error)?;
        if steps.last() == Some(&Step::Key(None)) {
            steps.pop();
        }
        let says = repair::without_place(&error);
        Some(Some(Misfit { steps, says }))
    }

    /// Returns the field of an object that does not fit, if the error names no
    /// field: without that field there is another error, or none.
    #[expect(
        clippy::option_option,
        reason = "nothing to be done, and no such field"
    )]
    fn culprit(
        &mut self,
        document: &Value,
        steps: &[Step],
        misfit: &Misfit,
    ) -> Option<Option<Step>> {
        const MISSING: &str = "missing field";
        let mut without = document.clone();
        let whole = at_mut(&mut without, steps)?.clone();
        let Some(fields) = whole.as_object() else {
            return Some(None);
        };
        if misfit.says.starts_with(MISSING) {
            return Some(None);
        }
        for field in fields.keys() {
            *at_mut(&mut without, steps)? = whole.clone();
            take(at_mut(&mut without, steps)?.as_object_mut()?, field);
            let other = self.misfit(&without)?;
            if other.is_none_or(|other| other != *misfit && !other.says.starts_with(MISSING)) {
                return Some(Some(Step::Key(Some(field.clone()))));
            }
        }
        Some(None)
    }
}

#[cfg(test)]
mod tests;
