//! Synchronising the shared variables of a team, a project, an environment or a server.

use super::{SharedEnvironmentVariable, SharedVariables};
use crate::envs::{
    Asked, EnvSync, Flags, Known, KnownValue, SyncTarget, VariableName, Write, comment, desired,
};
use crate::error::Result;
use crate::request::Body as _;
use crate::{Clearable, Id, Secret};

/// A desired shared variable.
#[derive(Clone, Debug, PartialEq, coolify_sdk_macros::Request)]
#[request(nested)]
pub struct DesiredSharedVariable {
    /// The environment variable's name.
    pub key: String,
    /// Its value.
    pub value: Option<Secret>,
    /// Whether the value is literal, so that `$VARIABLES` in it are not expanded.
    pub is_literal: Option<bool>,
    /// Whether the value has several lines.
    pub is_multiline: Option<bool>,
    /// Whether the value is hidden for good once it is saved.
    pub is_shown_once: Option<bool>,
    /// Note for people, at most 256 characters.
    #[request(max_len = 256)]
    pub comment: Option<Clearable<String>>,
}

desired!(DesiredSharedVariable);

impl SharedVariables {
    /// Synchronises the variables with the desired ones: see [`EnvSync`].
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// use coolify_sdk::shared_variables::SharedScope;
    ///
    /// let team = coolify.shared_variables(SharedScope::Team);
    /// let plan = team.sync([("SMTP_HOST", "smtp.example.com")]).plan().await?;
    /// println!("{plan}");
    /// plan.apply().await?;
    /// # Ok(()) }
    /// ```
    pub fn sync<D: Into<DesiredSharedVariable>>(
        &self,
        desired: impl IntoIterator<Item = D>,
    ) -> EnvSync<Self> {
        EnvSync::new(self.clone(), desired)
    }
}

impl SyncTarget for SharedVariables {
    type Item = DesiredSharedVariable;
    type Id = Id;

    const AT_ONCE: usize = 1;
    const FORGETS: bool = false;
    const TWINS: bool = false;
    // Coolify answers 500 and writes nothing.
    const EMPTY: bool = false;

    fn check(item: &Self::Item) -> Result<()> {
        item.check()
    }

    fn asked(item: &Self::Item) -> Asked<'_> {
        Asked {
            key: &item.key,
            is_preview: false,
            value: item.value.as_ref(),
            flags: Flags {
                is_literal: item.is_literal,
                is_multiline: item.is_multiline,
                is_shown_once: item.is_shown_once,
                ..Flags::default()
            },
            comment: item.comment.as_ref().map(comment),
        }
    }

    /// Only what a value implies is set: an update keeps everything else.
    fn complete(item: &mut Self::Item, _: Option<&Secret>, flags: Flags) {
        item.is_multiline = item.is_multiline.or(flags.is_multiline);
    }

    fn for_previews(item: Self::Item) -> Self::Item {
        item
    }

    fn named(name: &VariableName) -> Self::Item {
        Self::Item::new(&name.key)
    }

    async fn known(&self) -> Result<Vec<Known<Id>>> {
        let known = self.list().await?.into_iter();
        Ok(known.map(as_known).collect())
    }

    async fn write(&self, writes: &[Write<Self>]) -> Result<()> {
        for Write { item, id, .. } in writes {
            let Some(id) = *id else {
                let mut request = self.create(&item.key, "");
                let body = &mut request.0.body;
                body.value.clone_from(&item.value);
                body.comment = item.comment.as_ref().map(comment).map(str::to_owned);
                body.is_literal = item.is_literal;
                body.is_multiline = item.is_multiline;
                body.is_shown_once = item.is_shown_once;
                request.await?;
                continue;
            };
            let mut request = self.update(id);
            let body = &mut request.0.body;
            body.value = item.value.clone().map(Clearable::Set);
            body.comment.clone_from(&item.comment);
            body.is_literal = item.is_literal;
            body.is_multiline = item.is_multiline;
            body.is_shown_once = item.is_shown_once;
            request.await?;
        }
        Ok(())
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        SharedVariables::delete(self, *id).await?;
        Ok(())
    }
}

fn as_known(variable: SharedEnvironmentVariable) -> Known<Id> {
    let is_shown_once = variable.is_shown_once.unwrap_or(false);
    // Shared variables are never empty, so a missing value means that it is
    // hidden.
    let may_read = false;
    Known {
        id: variable.id,
        is_coolifys: variable.key.starts_with("COOLIFY_"),
        name: VariableName {
            key: variable.key,
            is_preview: false,
        },
        value: KnownValue::new(variable.value, is_shown_once, may_read),
        flags: Flags {
            is_literal: variable.is_literal,
            is_multiline: variable.is_multiline,
            is_shown_once: variable.is_shown_once,
            ..Flags::default()
        },
        comment: variable.comment,
    }
}
