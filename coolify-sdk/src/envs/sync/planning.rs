//! Makes a plan by comparing the current variables with the desired ones.

use std::collections::{HashMap, HashSet};

use super::Options;
use super::change::{FieldChange, VariableChange, VariableName};
use super::desired::invalid;
use super::plan::SyncPlan;
use super::target::{Asked, Deletion, Flags, Known, KnownValue, SyncTarget, Write, is_multiline};
use crate::Secret;
use crate::error::{Error, ErrorKind, Result};
use crate::operations::Ability;
use crate::scalar::stripped;

pub(super) fn plan<T: SyncTarget>(
    target: T,
    desired: Vec<T::Item>,
    known: Vec<Known<T::Id>>,
    options: Options,
) -> Result<SyncPlan<T>> {
    let mut plan = SyncPlan::new(target);
    let known = Variables::new(known);
    let wanted: HashSet<_> = desired.iter().map(|item| T::asked(item).name()).collect();
    for mut item in desired {
        let flags = implied(&T::asked(&item));
        T::complete(&mut item, None, flags);
        let name = T::asked(&item).name();
        let preview = VariableName {
            is_preview: true,
            ..name.clone()
        };
        if T::TWINS && !name.is_preview && !wanted.contains(&preview) {
            plan.lock_twin(&item, &known.of(&name), preview, &known, options)?;
        }
        plan.want(item, &known.of(&name), name, options)?;
    }
    // If a preview variable exists first, Coolify does not create another one for
    // the production variable.
    plan.writes
        .sort_by_key(|write| !write.change.name.is_preview);
    if options.prune {
        plan.prune(&wanted, &known);
    }
    Ok(plan)
}

/// The current variables, in Coolify's order.
struct Variables<I> {
    all: Vec<Known<I>>,
    by_name: HashMap<VariableName, Vec<usize>>,
}

impl<I> Variables<I> {
    fn new(all: Vec<Known<I>>) -> Self {
        let mut by_name = HashMap::<_, Vec<_>>::new();
        for (at, one) in all.iter().enumerate() {
            by_name.entry(one.name.clone()).or_default().push(at);
        }
        Self { all, by_name }
    }

    /// Returns all variables with a name. It is usually one, but Coolify can have
    /// several.
    fn of(&self, name: &VariableName) -> Vec<&Known<I>> {
        let places = self.by_name.get(name).into_iter().flatten();
        places.filter_map(|at| self.all.get(*at)).collect()
    }
}

impl<T: SyncTarget> SyncPlan<T> {
    fn want(
        &mut self,
        item: T::Item,
        known: &[&Known<T::Id>],
        name: VariableName,
        options: Options,
    ) -> Result<()> {
        let asked = T::asked(&item);
        let Some(kept) = kept(&asked, known) else {
            match asked.value {
                Some(_) => self.missing(item, name),
                None => self.undefined.push(name),
            }
            return Ok(());
        };
        if known.len() == 1 || (asked.value.is_none() && other_changes(&asked, kept).is_empty()) {
            return self.compare(item, kept, options);
        }
        self.drop_others(known, kept);
        // If the variable that is kept is not shown, it is unknown which value was
        // used.
        let assume_changed = matches!(kept.value, KnownValue::ShownOnce) || options.assume_changed;
        let options = Options {
            assume_changed,
            ..options
        };
        self.compare(item, kept, options)
    }

    fn missing(&mut self, item: T::Item, name: VariableName) {
        let change = VariableChange {
            name,
            fields: creation(&T::asked(&item)),
        };
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
            // It is written with the update of the other fields.
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
        let change = VariableChange {
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

    /// Deletes all variables with a name but one.
    fn drop_others(&mut self, known: &[&Known<T::Id>], kept: &Known<T::Id>) {
        for other in known.iter().filter(|other| other.id != kept.id) {
            self.delete.push(VariableChange {
                name: other.name.clone(),
                fields: vec![FieldChange::Duplicate],
            });
            self.duplicates.push(Deletion {
                name: other.name.clone(),
                id: other.id.clone(),
            });
        }
    }

    /// Makes the preview variable of a variable that is shown once shown once,
    /// too.
    fn lock_twin(
        &mut self,
        item: &T::Item,
        production: &[&Known<T::Id>],
        preview: VariableName,
        known: &Variables<T::Id>,
        options: Options,
    ) -> Result<()> {
        let asked = T::asked(item);
        let current = kept(&asked, production);
        let is_locked = match asked.flags.is_shown_once {
            Some(is_locked) => is_locked,
            None => current.is_some_and(|one| one.flags.is_locked()),
        };
        if !is_locked {
            return Ok(());
        }
        let twins = known.of(&preview);
        let Some(twin) = twins.last() else {
            // Coolify creates one only for a new variable.
            if current.is_none() && asked.value.is_some() {
                self.missing(T::for_previews(item.clone()), preview);
            }
            return Ok(());
        };
        if twins.iter().all(|twin| twin.flags.is_locked()) {
            return Ok(());
        }
        self.drop_others(&twins, twin);
        if twin.flags.is_locked() {
            return Ok(());
        }
        if matches!(twin.value, KnownValue::Unreadable) {
            return Err(unlockable(&twin.name));
        }
        let mut locked = T::named(&preview);
        let flags = Flags {
            is_shown_once: Some(true),
            ..Flags::default()
        };
        T::complete(&mut locked, None, flags);
        self.compare(locked, twin, options)
    }

    fn prune(&mut self, wanted: &HashSet<VariableName>, known: &Variables<T::Id>) {
        let has_side = |is_preview| wanted.iter().any(|name| name.is_preview == is_preview);
        let sides = [has_side(false), has_side(true)];
        let mut gone = Vec::new();
        for one in &known.all {
            let production = VariableName {
                is_preview: false,
                ..one.name.clone()
            };
            if wanted.contains(&one.name) || wanted.contains(&production) {
                continue;
            }
            if sides[usize::from(one.name.is_preview)] {
                if one.is_coolifys {
                    self.spared.push(one.name.clone());
                } else {
                    gone.push(one);
                }
            } else if T::TWINS && sides[0] && !one.is_coolifys {
                let mut of_production = known.of(&production).into_iter();
                if of_production.any(|it| !it.is_coolifys && have_same_value(it, one)) {
                    gone.push(one);
                } else {
                    self.kept_previews.push(one.name.clone());
                }
            }
        }
        // A preview variable is deleted before its production variable, with whose
        // value it is compared.
        gone.sort_by_key(|one| !one.name.is_preview);
        for one in gone {
            self.delete.push(VariableChange {
                name: one.name.clone(),
                fields: Vec::new(),
            });
            self.deletions.push(Deletion {
                name: one.name.clone(),
                id: one.id.clone(),
            });
        }
    }
}

/// Chooses which of several variables with one name is kept: one that needs no
/// change, or else the last one that can be read, or else the last one, which
/// Coolify's deployments use.
fn kept<'a, I>(asked: &Asked<'_>, known: &[&'a Known<I>]) -> Option<&'a Known<I>> {
    let last_that = |is: &dyn Fn(&Known<I>) -> bool| known.iter().rev().find(|one| is(one));
    let kept = match asked.value {
        None => known.last(),
        Some(value) => {
            last_that(&|one| has_value(one, value) && other_changes(asked, one).is_empty())
                .or_else(|| last_that(&|one| matches!(one.value, KnownValue::Read(_))))
                .or(known.last())
        }
    };
    kept.copied()
}

/// Derives flags that are not set from the value.
fn implied(asked: &Asked<'_>) -> Flags {
    Flags {
        is_multiline: asked
            .value
            .filter(|value| is_multiline(value))
            .map(|_| true),
        ..Flags::default()
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

/// Returns whether Coolify stores both values in the same form.
pub(super) fn is_same(one: &Secret, other: &Secret) -> bool {
    stripped(one.expose()) == stripped(other.expose())
}

fn has_value<I>(known: &Known<I>, value: &Secret) -> bool {
    matches!(&known.value, KnownValue::Read(current) if is_same(value, current))
}

fn have_same_value<I>(one: &Known<I>, other: &Known<I>) -> bool {
    matches!(&one.value, KnownValue::Read(value) if has_value(other, value))
}

/// Returns the changes besides the value.
pub(super) fn other_changes<I>(asked: &Asked<'_>, known: &Known<I>) -> Vec<FieldChange> {
    let flags = asked.flags.named().into_iter().zip(known.flags.named());
    let mut fields: Vec<_> = flags
        .filter_map(|((name, asked, default), (_, known, _))| {
            let asked = asked?;
            (asked != known.unwrap_or(default)).then_some(FieldChange::Flag(name, asked))
        })
        .collect();
    let current = known.comment.as_deref().unwrap_or_default();
    if asked
        .comment
        .is_some_and(|comment| stripped(comment) != stripped(current))
    {
        fields.push(FieldChange::Comment);
    }
    fields
}

/// Returns the settings of a new variable that differ from the defaults.
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
        "use a token that also has the ability `read:sensitive`, or write every value without \
         comparing it by `assume_changed`",
    )
}

fn unlockable(name: &VariableName) -> Error {
    Error::new(
        ErrorKind::Forbidden,
        format!(
            "`{name}` cannot become shown once without its value, which the token may not read"
        ),
    )
    .with_missing_ability(Ability::ReadSensitive)
    .with_hint(
        "use a token that also has the ability `read:sensitive`, or set the value of the preview \
         variable",
    )
}

fn value_needed(name: &VariableName) -> Error {
    invalid(format!(
        "`{name}` cannot be changed without its value, which Coolify shows only once"
    ))
    .with_hint("set the value too: an update without it would wipe it")
}
