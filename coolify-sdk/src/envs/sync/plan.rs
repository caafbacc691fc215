//! What is to be done.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::Options;
use super::change::{Change, FieldChange, VariableName, listed};
use super::desired::invalid;
use super::target::{Asked, Flags, Known, KnownValue, SyncTarget, Write};
use crate::Secret;
use crate::error::{Error, ErrorKind, Result};
use crate::operations::Ability;

/// What a sync is going to do, and nothing of it done yet.
///
/// Its `Display` is a diff for people: `+` is created, `~` changed, `-` deleted.
/// No value is ever in it.
#[must_use = "nothing is written before `.apply()`"]
pub struct SyncPlan<T: SyncTarget> {
    pub(super) target: T,
    pub(super) writes: Vec<Write<T>>,
    pub(super) deletions: Vec<T::Id>,
    create: Vec<Change>,
    update: Vec<Change>,
    delete: Vec<Change>,
    unchanged: Vec<VariableName>,
    not_compared: Vec<VariableName>,
    spared: Vec<VariableName>,
}

impl<T: SyncTarget> SyncPlan<T> {
    /// The variables that are missing. Of an application's production variable
    /// Coolify makes a twin for previews at once, unless there is one.
    #[must_use]
    pub fn create(&self) -> &[Change] {
        &self.create
    }

    /// The variables that are not as they are wanted.
    #[must_use]
    pub fn update(&self) -> &[Change] {
        &self.update
    }

    /// The variables that are not wanted, when pruning.
    #[must_use]
    pub fn delete(&self) -> &[Change] {
        &self.delete
    }

    /// The variables that are as they are wanted, as far as one can see.
    #[must_use]
    pub fn unchanged(&self) -> &[VariableName] {
        &self.unchanged
    }

    /// Those of the unchanged ones whose value is shown only once and was
    /// therefore not compared.
    #[must_use]
    pub fn not_compared(&self) -> &[VariableName] {
        &self.not_compared
    }

    /// The variables that are not wanted and stay all the same, because they are
    /// Coolify's: those that a build pack obeys (`NIXPACKS_…`, `RAILPACK_…`),
    /// that Coolify generates (`SERVICE_…`, `COOLIFY_…`), and that a compose
    /// file requires.
    #[must_use]
    pub fn spared(&self) -> &[VariableName] {
        &self.spared
    }

    /// Whether there is nothing to be done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty() && self.deletions.is_empty()
    }
}

pub(super) fn plan<T: SyncTarget>(
    target: T,
    desired: Vec<T::Item>,
    known: Vec<Known<T::Id>>,
    options: Options,
) -> Result<SyncPlan<T>> {
    let mut plan = SyncPlan {
        target,
        writes: Vec::new(),
        deletions: Vec::new(),
        create: Vec::new(),
        update: Vec::new(),
        delete: Vec::new(),
        unchanged: Vec::new(),
        not_compared: Vec::new(),
        spared: Vec::new(),
    };
    let wanted: HashSet<_> = desired.iter().map(|item| T::asked(item).name()).collect();
    let by_name: HashMap<_, _> = known.iter().map(|one| (&one.name, one)).collect();
    for item in desired {
        let name = T::asked(&item).name();
        match by_name.get(&name) {
            Some(known) => plan.compare(item, known, options)?,
            None => plan.missing(item, name),
        }
    }
    // A preview that exists first is not made again as the twin of a production
    // variable of its key.
    plan.writes
        .sort_by_key(|write| !write.change.name.is_preview);
    if options.prune {
        plan.prune(&wanted, known);
    }
    Ok(plan)
}

impl<T: SyncTarget> SyncPlan<T> {
    fn missing(&mut self, mut item: T::Item, name: VariableName) {
        let asked = T::asked(&item);
        let value = asked.value.map_or("", Secret::expose);
        let is_multiline = value.trim().contains('\n').then_some(true);
        let flags = Flags {
            is_multiline,
            ..Flags::default()
        };
        let change = Change {
            name,
            fields: creation(&asked),
        };
        T::complete(&mut item, None, flags);
        self.create.push(change.clone());
        self.writes.push(Write {
            change,
            item,
            id: None,
        });
    }

    fn compare(&mut self, mut item: T::Item, known: &Known<T::Id>, options: Options) -> Result<()> {
        let asked = T::asked(&item);
        let value = value_change(&asked, known, options)?;
        let mut fields = other_changes(&asked, known);
        match value {
            Compared::Same => {}
            Compared::Unseen if fields.is_empty() => self.not_compared.push(known.name.clone()),
            // It goes along with the update of the rest.
            Compared::Unseen => fields.insert(0, FieldChange::UnseenValue),
            Compared::Other(field) => fields.insert(0, field),
        }
        let has_value = asked.value.is_some();
        if fields.is_empty() {
            self.unchanged.push(known.name.clone());
            return Ok(());
        }
        if T::FORGETS {
            let value = match &known.value {
                KnownValue::Read(value) => Some(value),
                _ if has_value => None,
                KnownValue::Unreadable => return Err(unreadable()),
                KnownValue::ShownOnce => return Err(value_needed(&known.name)),
            };
            T::complete(&mut item, value, known.flags);
        }
        let change = Change {
            name: known.name.clone(),
            fields,
        };
        self.update.push(change.clone());
        self.writes.push(Write {
            change,
            item,
            id: Some(known.id.clone()),
        });
        Ok(())
    }

    fn prune(&mut self, wanted: &HashSet<VariableName>, known: Vec<Known<T::Id>>) {
        let has_side = |is_preview| wanted.iter().any(|name| name.is_preview == is_preview);
        let sides = [has_side(false), has_side(true)];
        for known in known {
            let production = VariableName {
                is_preview: false,
                ..known.name.clone()
            };
            let is_wanted = wanted.contains(&known.name) || wanted.contains(&production);
            if is_wanted || !sides[usize::from(known.name.is_preview)] {
                continue;
            }
            if known.is_coolifys {
                self.spared.push(known.name);
                continue;
            }
            self.delete.push(Change {
                name: known.name,
                fields: Vec::new(),
            });
            self.deletions.push(known.id);
        }
    }
}

enum Compared {
    Same,
    Unseen,
    Other(FieldChange),
}

fn value_change<I>(asked: &Asked<'_>, known: &Known<I>, options: Options) -> Result<Compared> {
    let Some(value) = asked.value else {
        return Ok(Compared::Same);
    };
    Ok(match &known.value {
        KnownValue::Read(current) if is_same(value, current) => Compared::Same,
        KnownValue::Read(_) => Compared::Other(FieldChange::Value),
        _ if options.assume_changed => Compared::Other(FieldChange::UnseenValue),
        KnownValue::ShownOnce => Compared::Unseen,
        KnownValue::Unreadable => return Err(unreadable()),
    })
}

/// Coolify trims values.
pub(super) fn is_same(one: &Secret, other: &Secret) -> bool {
    one.expose().trim() == other.expose().trim()
}

/// What is asked for beside the value and is not so.
pub(super) fn other_changes<I>(asked: &Asked<'_>, known: &Known<I>) -> Vec<FieldChange> {
    let flags = asked.flags.named().into_iter().zip(known.flags.named());
    let mut fields: Vec<_> = flags
        .filter_map(|((name, asked, default), (_, known, _))| {
            let asked = asked?;
            (asked != known.unwrap_or(default)).then_some(FieldChange::Flag(name, asked))
        })
        .collect();
    if asked
        .comment
        .is_some_and(|comment| comment != known.comment.as_deref().unwrap_or_default())
    {
        fields.push(FieldChange::Comment);
    }
    fields
}

/// What a new variable gets beyond the defaults.
fn creation(asked: &Asked<'_>) -> Vec<FieldChange> {
    let flags = asked.flags.named().into_iter();
    flags
        .filter_map(|(name, asked, default)| {
            asked
                .filter(|asked| *asked != default)
                .map(|asked| FieldChange::Flag(name, asked))
        })
        .collect()
}

fn unreadable() -> Error {
    Error::new(
        ErrorKind::Forbidden,
        "the token may not read the values of the variables, so they cannot be compared",
    )
    .with_missing_ability(Ability::ReadSensitive)
    .with_hint(
        "use a token that has the ability `read:sensitive` too, or write every value without \
         comparing by `assume_changed`",
    )
}

fn value_needed(name: &VariableName) -> Error {
    invalid(format!(
        "`{name}` cannot be changed without its value, which Coolify shows only once"
    ))
    .with_hint("give the value too: an update without one would wipe it")
}

impl<T: SyncTarget> fmt::Display for SyncPlan<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signs = [
            ('+', &self.create),
            ('~', &self.update),
            ('-', &self.delete),
        ];
        for (sign, changes) in signs {
            for change in changes {
                writeln!(f, "{sign} {change}")?;
            }
        }
        if !self.spared.is_empty() {
            f.write_str("  kept for Coolify: ")?;
            listed(f, &self.spared)?;
            f.write_str("\n")?;
        }
        if !self.not_compared.is_empty() {
            f.write_str("  shown once, not compared: ")?;
            listed(f, &self.not_compared)?;
            f.write_str("\n")?;
        }
        write!(
            f,
            "{} to create, {} to update, {} to delete, {} unchanged",
            self.create.len(),
            self.update.len(),
            self.delete.len(),
            self.unchanged.len()
        )
    }
}

impl<T: SyncTarget> fmt::Debug for SyncPlan<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SyncPlan")
            .field("create", &self.create)
            .field("update", &self.update)
            .field("delete", &self.delete)
            .field("unchanged", &self.unchanged)
            .finish_non_exhaustive()
    }
}
