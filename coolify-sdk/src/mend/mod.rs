//! Reading replies of which a part is not what it should be: one odd value must not
//! take everything around it along.
//!
//! A reply that fits is read once, as it came. Only where it does not, a value that
//! comes as another type is turned into the one that is meant; any other is left out,
//! as if it had not been sent; and what cannot do without it is left out in its turn,
//! up to a row of a list. A list of which no row would be left is no list of such
//! rows, and a reply that cannot do without what is odd is no such reply: these are
//! errors.

mod place;
mod repair;

use serde::de::DeserializeOwned;
use serde_json::{Error, Result, Value};

use self::place::{at_mut, has_numeric_keys, list_on, remove, rows_of, take, wrap, written};
use crate::error::{Step, render, steps_at};

/// How many values of one row, or outside of all lists, are looked at.
const MOST: usize = 64;

/// Reads JSON as a `T`, as far as it can be.
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
    for note in notes {
        let path = render(&note.steps);
        tracing::warn!(path, what = note.what, "a reply is odd in one place");
    }
    Ok(read)
}

/// What was done to a value.
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

/// A value that does not fit: where, and what the error says about it.
#[derive(PartialEq)]
struct Misfit {
    steps: Vec<Step>,
    says: String,
}

/// Reads a body and gives the error: the rest is compiled once, and not for each type
/// of reply.
struct Mender<'a>(&'a mut dyn FnMut(&[u8]) -> Option<Error>);

impl Mender<'_> {
    /// `None` for what is beyond repair.
    fn mend(&mut self, body: &[u8]) -> Option<Vec<Note>> {
        let mut document = serde_json::from_slice(body).ok()?;
        let mut notes = Vec::new();
        self.settle(&mut document, &[], None, &mut notes)?;
        Some(notes)
    }

    /// Makes what is at `base` fit, without leaving it out. What does not fit
    /// elsewhere is known, if there is anything.
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
            // Some types are read by way of a value, and the error comes after it.
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

    /// Makes the rows of the list on this way fit, each for itself; false when it is
    /// not about rows.
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
            // Its place among all rows.
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
        // A reply that is no list at all is not an empty one.
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

    /// Where the document does not fit, if it does not.
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

    /// The field of an object that does not fit, where the error names no field:
    /// without it there is another error, or none.
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
