//! What is to be done.

use std::fmt;

use super::change::{VariableChange, VariableName, listed};
use super::target::{Deletion, SyncTarget, Write};

/// What a sync is going to do, and nothing of it done yet.
///
/// Its `Display` is a diff for people: `+` is created, `~` changed, `-` deleted.
/// No value is ever in it.
#[must_use = "nothing is written before `.apply()`"]
pub struct SyncPlan<T: SyncTarget> {
    pub(super) target: T,
    /// They go first: a write takes whichever variable of its name comes first.
    pub(super) duplicates: Vec<Deletion<T::Id>>,
    pub(super) writes: Vec<Write<T>>,
    pub(super) deletions: Vec<Deletion<T::Id>>,
    pub(super) create: Vec<VariableChange>,
    pub(super) update: Vec<VariableChange>,
    pub(super) delete: Vec<VariableChange>,
    pub(super) unchanged: Vec<VariableName>,
    pub(super) not_compared: Vec<VariableName>,
    pub(super) spared: Vec<VariableName>,
    pub(super) kept_previews: Vec<VariableName>,
    pub(super) undefined: Vec<VariableName>,
}

impl<T: SyncTarget> SyncPlan<T> {
    pub(super) fn new(target: T) -> Self {
        Self {
            target,
            duplicates: Vec::new(),
            writes: Vec::new(),
            deletions: Vec::new(),
            create: Vec::new(),
            update: Vec::new(),
            delete: Vec::new(),
            unchanged: Vec::new(),
            not_compared: Vec::new(),
            spared: Vec::new(),
            kept_previews: Vec::new(),
            undefined: Vec::new(),
        }
    }

    /// Returns the variables that are missing. Coolify makes a twin for previews
    /// of each production variable of an application, unless there is one.
    #[must_use]
    pub fn create(&self) -> &[VariableChange] {
        &self.create
    }

    /// Returns the variables that are not as they are wanted, and the previews
    /// that become shown once.
    #[must_use]
    pub fn update(&self) -> &[VariableChange] {
        &self.update
    }

    /// Returns the variables that are deleted: what is not wanted, when pruning,
    /// with the twins for previews; and all but one of several variables of a
    /// wanted name ([`FieldChange::Duplicate`](super::FieldChange::Duplicate)).
    #[must_use]
    pub fn delete(&self) -> &[VariableChange] {
        &self.delete
    }

    /// Returns the variables that are as they are wanted, as far as one can see.
    #[must_use]
    pub fn unchanged(&self) -> &[VariableName] {
        &self.unchanged
    }

    /// Returns those of the unchanged variables whose value is shown only once and
    /// was therefore not compared.
    #[must_use]
    pub fn not_compared(&self) -> &[VariableName] {
        &self.not_compared
    }

    /// Returns the variables that are not wanted and stay all the same, because
    /// they are Coolify's: those that a build pack obeys (`NIXPACKS_…`, `RAILPACK_…`),
    /// that Coolify generates (`SERVICE_…`, `COOLIFY_…`), and that a compose
    /// file requires.
    #[must_use]
    pub fn spared(&self) -> &[VariableName] {
        &self.spared
    }

    /// Returns the previews that stay although pruning leaves no production
    /// variable of their key: their value is another one, or cannot be compared.
    /// To delete them, prune the previews
    /// ([`for_previews`](super::EnvSync::for_previews)).
    #[must_use]
    pub fn kept_previews(&self) -> &[VariableName] {
        &self.kept_previews
    }

    /// Returns the variables that are wanted without a value and do not exist.
    /// They are not created.
    ///
    /// A line of a `.env` file that has no `=` may be a secret in the wrong place.
    /// So only their number is shown, never their names.
    #[must_use]
    pub fn undefined(&self) -> &[VariableName] {
        &self.undefined
    }

    /// Returns whether there is nothing to be done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.duplicates.is_empty() && self.writes.is_empty() && self.deletions.is_empty()
    }
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
        for (what, names) in [
            ("kept for Coolify", &self.spared),
            ("kept for previews", &self.kept_previews),
            ("shown once, not compared", &self.not_compared),
        ] {
            if !names.is_empty() {
                write!(f, "  {what}: ")?;
                listed(f, names)?;
                f.write_str("\n")?;
            }
        }
        if !self.undefined.is_empty() {
            let number = self.undefined.len();
            writeln!(f, "  without a value and not there: {number}")?;
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
