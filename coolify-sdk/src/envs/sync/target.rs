//! Whose variables are kept in step.

use std::future::Future;

use super::{VariableChange, VariableName};
use crate::error::Result;
use crate::request::Body;
use crate::scalar::stripped;
use crate::{Clearable, Secret};

/// Variables that can be kept in step: [`Envs`](crate::envs) of an application,
/// a database or a service, and the shared variables of a scope.
///
/// It is implemented by these and by nothing else.
pub trait SyncTarget: Clone + Send + Sync + 'static {
    /// What is wanted of one variable.
    type Item: Body + Clone + Send + Sync + 'static;
    /// What names a variable when it is deleted.
    type Id: Clone + PartialEq + Send + Sync + 'static;

    /// How many variables one call can write.
    #[doc(hidden)]
    const AT_ONCE: usize;
    /// Whether an update drops the value and the flags that it does not name.
    #[doc(hidden)]
    const FORGETS: bool;
    /// Whether a new production variable gets a twin for previews.
    #[doc(hidden)]
    const TWINS: bool;
    /// Whether a variable may be empty.
    #[doc(hidden)]
    const EMPTY: bool;

    #[doc(hidden)]
    fn asked(item: &Self::Item) -> Asked<'_>;
    /// Names what the item does not name yet.
    #[doc(hidden)]
    fn complete(item: &mut Self::Item, value: Option<&Secret>, flags: Flags);
    /// Returns the same for previews.
    #[doc(hidden)]
    fn for_previews(item: Self::Item) -> Self::Item;
    /// Something that names nothing but a variable.
    #[doc(hidden)]
    fn named(name: &VariableName) -> Self::Item;

    #[doc(hidden)]
    fn known(&self) -> impl Future<Output = Result<Vec<Known<Self::Id>>>> + Send;
    #[doc(hidden)]
    fn write(&self, writes: &[Write<Self>]) -> impl Future<Output = Result<()>> + Send;
    #[doc(hidden)]
    fn delete(&self, id: &Self::Id) -> impl Future<Output = Result<()>> + Send;
}

/// What an item names.
pub struct Asked<'a> {
    pub key: &'a str,
    pub is_preview: bool,
    pub value: Option<&'a Secret>,
    pub flags: Flags,
    /// An empty one clears.
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

/// Returns the comment that is asked for, empty where it is to be cleared.
pub(in crate::envs) fn comment(comment: &Clearable<String>) -> &str {
    match comment {
        Clearable::Set(comment) => comment,
        Clearable::Clear => "",
    }
}

/// Returns whether a value has several lines once Coolify has stripped it.
pub(in crate::envs) fn is_multiline(value: &Secret) -> bool {
    stripped(value.expose()).contains('\n')
}

/// A variable as it is.
#[derive(Clone)]
pub struct Known<I> {
    pub id: I,
    pub name: VariableName,
    pub value: KnownValue,
    pub flags: Flags,
    pub comment: Option<String>,
    /// Whether Coolify needs it or would make it again.
    pub is_coolifys: bool,
}

/// What is known of a value.
#[derive(Clone)]
pub enum KnownValue {
    /// It is this; empty when there is none.
    Read(Secret),
    /// Coolify shows it to nobody.
    ShownOnce,
    /// The token may not read it.
    Unreadable,
}

impl KnownValue {
    /// `may_read`: whether the token was shown any value at all. Coolify leaves
    /// all out or none, which is the only way to tell a hidden one from an empty
    /// one.
    pub(super) fn new(value: Option<Secret>, is_shown_once: bool, may_read: bool) -> Self {
        match value {
            // Databases, and servers before 4.2.0, show it although it is shown once.
            Some(value) => Self::Read(value),
            None if is_shown_once => Self::ShownOnce,
            None if may_read => Self::Read("".into()),
            None => Self::Unreadable,
        }
    }
}

/// The flags of a variable, as far as they are named.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_field_names, reason = "these are their names")]
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

    /// Name, value and default.
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
    pub(super) item: T::Item,
    pub(super) id: Option<T::Id>,
}

/// A variable to be deleted.
pub struct Deletion<I> {
    pub(super) name: VariableName,
    pub(super) id: I,
}
