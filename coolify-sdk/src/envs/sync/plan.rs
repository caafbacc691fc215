//! The plan of a sync.

use std::fmt;

use super::change::{VariableChange, VariableName, listed};
use super::target::{Deletion, SyncTarget, Write};

/// The changes that a sync is going to make.
///
/// `Display` writes a diff: `+` for created, `~` for changed and `-` for deleted
/// variables. It never contains a value.
#[must_use = "nothing is written before `.apply()`"]
pub struct SyncPlan<T: SyncTarget> {
    pub(super) target: T,
    /// Duplicates are deleted first, because a write changes the first variable
    /// with its name.
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

    /// Returns the variables that will be created. For each production variable
    /// of an application, Coolify also creates a preview variable, unless there
    /// is one.
    #[must_use]
    pub fn create(&self) -> &[VariableChange] {
        &self.create
    }

    /// Returns the variables that will be changed, including preview variables
    /// that become shown once.
    #[must_use]
    pub fn update(&self) -> &[VariableChange] {
        &self.update
    }

    /// Returns the variables that will be deleted: with pruning, variables that
    /// are not desired and their preview variables; and all but one of several
    /// variables with a desired name
    /// ([`FieldChange::Duplicate`](super::FieldChange::Duplicate)).
    #[must_use]
    pub fn delete(&self) -> &[VariableChange] {
        &self.delete
    }

    /// Returns the variables that need no change, as far as this can be seen.
    #[must_use]
    pub fn unchanged(&self) -> &[VariableName] {
        &self.unchanged
    }

    /// Returns the unchanged variables whose value was not compared, because it
    /// is shown only once.
    #[must_use]
    pub fn not_compared(&self) -> &[VariableName] {
        &self.not_compared
    }

    /// Returns the variables that are not desired but kept, because Coolify needs
    /// them: variables that a build pack reads (`NIXPACKS_…`, `RAILPACK_…`), that
    /// Coolify generates (`SERVICE_…`, `COOLIFY_…`), and that a compose file
    /// requires.
    #[must_use]
    pub fn spared(&self) -> &[VariableName] {
        &self.spared
    }

    /// Returns the preview variables that are kept although their production
    /// variable is pruned: their value differs, or cannot be compared. To delete
    /// them, prune the preview variables
    /// ([`for_previews`](super::EnvSync::for_previews)).
    #[must_use]
    pub fn kept_previews(&self) -> &[VariableName] {
        &self.kept_previews
    }

    /// Returns the desired variables without a value that do not exist. They are
    /// not created.
    ///
    /// A line of a `.env` file without `=` may be a secret in the wrong place, so
    /// only their number is displayed, never their names.
    #[must_use]
    pub fn undefined(&self) -> &[VariableName] {
        &self.undefined
    }

    /// Returns whether there is nothing to do.
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
