//! The variables of an application, a database or a service.

use super::EnvSync;
use super::change::VariableName;
use super::target::{Asked, Flags, Known, KnownValue, SyncTarget, Write};
use crate::envs::{EnvironmentVariable, Envs, HasEnvs};
use crate::error::Result;
use crate::{Secret, Uuid};

impl<R: HasEnvs> Envs<R> {
    /// Synchronises the variables with the desired ones: see [`EnvSync`].
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// use coolify_sdk::envs::BulkApplicationVariable;
    ///
    /// let envs = coolify.application("khzsv5nucvscskrm5gez3p8v").envs();
    /// envs.sync([("PORT", "3000"), ("GREETING", "hello")]).await?;
    ///
    /// let token = BulkApplicationVariable::new("NPM_TOKEN").value("npm_x").is_runtime(false);
    /// println!("{}", envs.sync([token]).plan().await?);
    /// # Ok(()) }
    /// ```
    pub fn sync<D: Into<R::Bulk>>(&self, desired: impl IntoIterator<Item = D>) -> EnvSync<Self> {
        EnvSync::new(self.clone(), desired)
    }
}

impl<R: HasEnvs> SyncTarget for Envs<R> {
    type Item = R::Bulk;
    type Id = Uuid;

    const AT_ONCE: usize = usize::MAX;
    const FORGETS: bool = true;
    const TWINS: bool = R::TWINS;
    const EMPTY: bool = true;

    fn check(item: &Self::Item) -> Result<()> {
        R::check(item)
    }

    fn asked(item: &Self::Item) -> Asked<'_> {
        R::asked(item)
    }

    fn complete(item: &mut Self::Item, value: Option<&Secret>, flags: Flags) {
        R::complete(item, value, flags);
    }

    fn for_previews(item: Self::Item) -> Self::Item {
        R::for_previews(item)
    }

    fn named(name: &VariableName) -> Self::Item {
        R::named(name)
    }

    async fn known(&self) -> Result<Vec<Known<Uuid>>> {
        let variables = self.list().await?;
        let may_read = variables
            .iter()
            .any(|one| one.value.is_some() || one.real_value.is_some());
        let known = variables.into_iter();
        Ok(known.map(|one| as_known(one, may_read, R::TWINS)).collect())
    }

    async fn write(&self, writes: &[Write<Self>]) -> Result<()> {
        let items = writes.iter().map(|write| write.item.clone());
        self.bulk(items).await?;
        Ok(())
    }

    async fn delete(&self, id: &Uuid) -> Result<()> {
        Envs::delete(self, id).await?;
        Ok(())
    }
}

fn as_known(variable: EnvironmentVariable, may_read: bool, has_previews: bool) -> Known<Uuid> {
    let is = |flag: Option<bool>| flag.unwrap_or(false);
    let is_coolifys = is(variable.is_coolify)
        || is(variable.is_buildpack_control)
        || is(variable.is_nixpacks)
        || is(variable.is_required)
        || variable.key.starts_with("COOLIFY_");
    Known {
        id: variable.uuid,
        name: VariableName {
            key: variable.key,
            is_preview: has_previews && is(variable.is_preview),
        },
        value: KnownValue::new(variable.value, is(variable.is_shown_once), may_read),
        flags: Flags {
            is_buildtime: variable.is_buildtime,
            is_literal: variable.is_literal,
            is_multiline: variable.is_multiline,
            is_runtime: variable.is_runtime,
            is_shown_once: variable.is_shown_once,
        },
        comment: variable.comment,
        is_coolifys,
    }
}
