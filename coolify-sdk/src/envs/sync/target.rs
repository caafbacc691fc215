//! The owners of variables that can be synchronised.

use std::future::Future;

use super::{VariableChange, VariableName};
use crate::error::Result;
use crate::scalar::stripped;
use crate::{Clearable, Secret};

/// Variables that can be synchronised: [`Envs`](crate::envs) of an application, a
/// database or a service, and the shared variables of a scope.
///
/// No other type implements it.
pub trait SyncTarget: Clone + Send + Sync + 'static {
    /// A desired variable.
    type Item: Clone + Send + Sync + 'static;
    /// The identifier of a variable for deleting it.
    type Id: Clone + PartialEq + Send + Sync + 'static;

    /// How many variables one call can write.
    #[doc(hidden)]
    const AT_ONCE: usize;
    /// Whether an update resets the value and the flags that it does not contain.
    #[doc(hidden)]
    const FORGETS: bool;
    /// Whether Coolify creates a preview variable for a new production variable.
    #[doc(hidden)]
    const TWINS: bool;
    /// Whether a variable may be empty.
    #[doc(hidden)]
    const EMPTY: bool;

    #[doc(hidden)]
    fn check(item: &Self::Item) -> Result<()>;
    #[doc(hidden)]
    fn asked(item: &Self::Item) -> Asked<'_>;
    /// Sets the value and the flags that the item does not contain yet.
    #[doc(hidden)]
    fn complete(item: &mut Self::Item, value: Option<&Secret>, flags: Flags);
    /// Returns the item as a preview variable.
    #[doc(hidden)]
    fn for_previews(item: Self::Item) -> Self::Item;
    /// Makes an item with only a name.
    #[doc(hidden)]
    fn named(name: &VariableName) -> Self::Item;

    #[doc(hidden)]
    fn known(&self) -> impl Future<Output = Result<Vec<Known<Self::Id>>>> + Send;
    #[doc(hidden)]
    fn write(&self, writes: &[Write<Self>]) -> impl Future<Output = Result<()>> + Send;
    #[doc(hidden)]
    fn delete(&self, id: &Self::Id) -> impl Future<Output = Result<()>> + Send;
}

/// The contents of an item.
pub struct Asked<'a> {
    pub key: &'a str,
    pub is_preview: bool,
    pub value: Option<&'a Secret>,
    pub flags: Flags,
    /// An empty comment clears it.
    pub comment: Option<&'a str>,
}

impl Asked<'_> {
    pub(super) fn name(&self) -> VariableName {
        VariableName {
            key: self.key.to_owned(),
            is_preview: self.is_preview,
        }
    }
}

/// Returns the desired comment, or an empty text to clear it.
pub(crate) fn comment(comment: &Clearable<String>) -> &str {
    match comment {
        Clearable::Set(comment) => comment,
        Clearable::Clear => "",
    }
}

/// Returns whether a value has several lines once Coolify has stripped it.
pub(crate) fn is_multiline(value: &Secret) -> bool {
    stripped(value.expose()).contains('\n')
}

/// A current variable.
#[derive(Clone)]
pub struct Known<I> {
    pub id: I,
    pub name: VariableName,
    pub value: KnownValue,
    pub flags: Flags,
    pub comment: Option<String>,
    /// Whether Coolify needs the variable or would create it again.
    pub is_coolifys: bool,
}

/// What is known about a value.
#[derive(Clone)]
pub enum KnownValue {
    /// The value, which is empty if there is none.
    Read(Secret),
    /// Coolify does not show the value.
    ShownOnce,
    /// The token may not read it.
    Unreadable,
}

impl KnownValue {
    /// `may_read` tells whether the reply contains any value. Coolify shows a
    /// token all values or none, which is the only way to distinguish a hidden
    /// value from an empty one.
    pub(crate) fn new(value: Option<Secret>, is_shown_once: bool, may_read: bool) -> Self {
        match value {
            // For databases, and before 4.2.0, Coolify shows the value although it is
            // marked as shown once.
            Some(value) => Self::Read(value),
            None if is_shown_once => Self::ShownOnce,
            None if may_read => Self::Read("".into()),
            None => Self::Unreadable,
        }
    }
}

/// The flags of a variable that are set.
#[derive(Clone, Copy, Default)]
#[expect(
    clippy::struct_field_names,
    reason = "these are the names of the flags"
)]
pub struct Flags {
    pub is_buildtime: Option<bool>,
    pub is_literal: Option<bool>,
    pub is_multiline: Option<bool>,
    pub is_runtime: Option<bool>,
    pub is_shown_once: Option<bool>,
}

impl Flags {
    pub(super) fn is_locked(self) -> bool {
        self.is_shown_once.unwrap_or(false)
    }

    /// Returns the name, the value and the default of each flag.
    pub(super) fn named(self) -> [(&'static str, Option<bool>, bool); 5] {
        [
            ("is_buildtime", self.is_buildtime, true),
            ("is_literal", self.is_literal, false),
            ("is_multiline", self.is_multiline, false),
            ("is_runtime", self.is_runtime, true),
            ("is_shown_once", self.is_shown_once, false),
        ]
    }
}

/// A variable to be created, or to be updated if it has an id.
pub struct Write<T: SyncTarget> {
    pub(super) change: VariableChange,
    pub(crate) item: T::Item,
    pub(crate) id: Option<T::Id>,
}

/// A variable to be deleted.
pub struct Deletion<I> {
    pub(super) name: VariableName,
    pub(super) id: I,
}
