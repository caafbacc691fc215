//! Environment variables: values go in and never come out.

use std::collections::BTreeMap;

use coolify_sdk::Secret;
use coolify_sdk::envs::{
    BulkApplicationVariable, BulkVariable, EnvFile, EnvironmentVariable, Envs, HasEnvs, SyncPlan,
    VariableChange, VariableName,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::app::{App, OneApp};
use super::lifecycle::Told;
use super::registry::{Tools, destroys, reads, sets};
use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::workspace::Workspace;

pub fn register(tools: &mut Tools) {
    tools.add(
        reads(
            "envs_list",
            "List variables",
            "Lists the variables of an application: names and flags. No tool returns a value.",
        ),
        list,
    );
    tools.add(
        sets(
            "envs_upsert",
            "Set variables",
            "Creates variables of an application or changes their values. Names have the form \
             `[A-Z_][A-Z0-9_]*`. Values cannot be read back. They take effect with the next \
             deployment.",
        ),
        upsert,
    );
    tools.add(
        destroys(
            "envs_sync",
            "Synchronise variables",
            "Makes the variables of an application match a .env file. Without `apply` it is a dry \
             run, which lists what would be done.",
        ),
        sync,
    );
    tools.add(
        destroys(
            "envs_delete",
            "Delete a variable",
            "Deletes a variable of an application.",
        ),
        delete,
    );
    tools.add(
        sets(
            "envs_connect",
            "Connect a database",
            "Puts the internal connection URL of a database into a variable of an application, \
             without showing it. It takes effect with the next deployment.",
        ),
        connect,
    );
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Upsert {
    /// The application's uuid.
    app: String,
    /// Names of the form `[A-Z_][A-Z0-9_]*`, and values.
    #[schemars(with = "BTreeMap<String, String>")]
    variables: BTreeMap<String, Secret>,
    /// Whether they are for the previews of pull requests.
    #[serde(default)]
    preview: bool,
    /// Whether they are available while building. Unchanged unless set.
    buildtime: Option<bool>,
    /// Whether they are available while running. Unchanged unless set.
    runtime: Option<bool>,
    /// Whether a $ in a value is taken literally. Unchanged unless set.
    literal: Option<bool>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Sync {
    /// The application's uuid.
    app: String,
    /// The text of a .env file.
    #[schemars(with = "String")]
    file: Secret,
    /// Whether variables that are not named are deleted.
    #[serde(default)]
    prune: bool,
    /// Whether to write values again that cannot be compared because Coolify does
    /// not show them.
    #[serde(default)]
    rewrite: bool,
    /// Whether to apply the changes.
    #[serde(default)]
    apply: bool,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Delete {
    /// The application's uuid.
    app: String,
    /// The variable's name.
    key: String,
    /// Whether it is the one for the previews of pull requests.
    #[serde(default)]
    preview: bool,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Connect {
    /// The application's uuid.
    app: String,
    /// The name of the application's variable, such as `DATABASE_URL`.
    key: String,
    /// The database's uuid.
    database: String,
}

#[derive(Serialize, JsonSchema)]
struct Listed {
    variables: Vec<View>,
}

#[derive(Serialize, JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "Coolify has as many flags")]
struct View {
    key: String,
    preview: bool,
    buildtime: bool,
    runtime: bool,
    literal: bool,
    multiline: bool,
    shown_once: bool,
}

/// The names of the variables that were written.
#[derive(Serialize, JsonSchema)]
pub struct Written {
    created: Vec<String>,
    updated: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct Synced {
    create: Vec<String>,
    update: Vec<String>,
    delete: Vec<String>,
    unchanged: Vec<String>,
    /// The variables whose values Coolify does not show; `rewrite` writes them.
    not_compared: Vec<String>,
    /// The variables that Coolify creates itself.
    spared: Vec<String>,
    kept_previews: Vec<String>,
    /// Whether the changes were made.
    applied: bool,
}

async fn list(call: Call, it: OneApp) -> Outcome<Listed> {
    let variables = all(&App::find(&call, &it.app).await?).await?;
    let is = |flag: Option<bool>| flag.unwrap_or(false);
    let views = variables.into_iter().map(|variable| View {
        key: variable.key,
        preview: is(variable.is_preview),
        buildtime: is(variable.is_buildtime),
        runtime: is(variable.is_runtime),
        literal: is(variable.is_literal),
        multiline: is(variable.is_multiline),
        shown_once: is(variable.is_shown_once),
    });
    Ok(Listed {
        variables: views.collect(),
    })
}

async fn all(app: &App) -> Outcome<Vec<EnvironmentVariable>> {
    Ok(match app {
        App::Application(handle, _) => handle.envs().list().await?,
        App::Compose(handle, _) => handle.envs().list().await?,
    })
}

async fn upsert(call: Call, it: Upsert) -> Outcome<Written> {
    check_keys(it.variables.keys())?;
    if it.variables.is_empty() {
        return Err(Failure::fix("invalid_arguments", "`variables` is empty"));
    }
    let mut variables = secrets(&call, it.variables);
    for variable in &mut variables {
        variable.is_preview = Some(it.preview);
        variable.is_buildtime = it.buildtime;
        variable.is_runtime = it.runtime;
        variable.is_literal = it.literal;
    }
    write(&App::find(&call, &it.app).await?, variables).await
}

/// Refuses names that are not of the form `[A-Z_][A-Z0-9_]*`.
pub fn check_keys<'a>(keys: impl IntoIterator<Item = &'a String>) -> Outcome<()> {
    let fits = |key: &str| {
        key.starts_with(|it: char| it.is_ascii_uppercase() || it == '_')
            && key
                .bytes()
                .all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == b'_')
    };
    match keys.into_iter().find(|key| !fits(key)) {
        Some(key) => {
            let message = format!("{key:?} is not a valid name of a variable");
            let failure = Failure::fix("invalid_arguments", message);
            Err(failure.hint("a name has the form [A-Z_][A-Z0-9_]*, as in DATABASE_URL"))
        }
        None => Ok(()),
    }
}

/// Makes variables whose values Coolify shows only once, and hides the values in all
/// further output.
pub fn secrets(
    workspace: &Workspace,
    variables: BTreeMap<String, Secret>,
) -> Vec<BulkApplicationVariable> {
    let variables = variables.into_iter().map(|(key, value)| {
        BulkApplicationVariable::new(key)
            .value(workspace.hide(value))
            .is_shown_once(true)
    });
    variables.collect()
}

/// Writes variables. A sync keeps the flags that are not set, and hides the value of the
/// preview's variable as well. Values that cannot be compared are written.
pub async fn write(app: &App, variables: Vec<BulkApplicationVariable>) -> Outcome<Written> {
    let report = match app {
        App::Application(handle, _) => handle.envs().sync(variables).assume_changed(true).await?,
        App::Compose(handle, _) => {
            let variables = variables.into_iter().map(of_service);
            handle.envs().sync(variables).assume_changed(true).await?
        }
    };
    Ok(Written {
        created: names(&report.created),
        updated: names(&report.updated),
    })
}

/// Returns the variable of a service, which has no previews.
fn of_service(variable: BulkApplicationVariable) -> BulkVariable {
    let mut service = BulkVariable::new(variable.key);
    service.value = variable.value;
    service.is_buildtime = variable.is_buildtime;
    service.is_runtime = variable.is_runtime;
    service.is_literal = variable.is_literal;
    service.is_multiline = variable.is_multiline;
    service.is_shown_once = variable.is_shown_once;
    service
}

async fn sync(call: Call, it: Sync) -> Outcome<Synced> {
    let file = EnvFile::parse(it.file.expose())?;
    let mut wanted: Vec<BulkApplicationVariable> = file.into_iter().map(Into::into).collect();
    check_keys(wanted.iter().map(|it| &it.key))?;
    for variable in &mut wanted {
        variable.is_shown_once = Some(true);
        variable.value = variable.value.take().map(|value| call.hide(value));
    }
    match App::find(&call, &it.app).await? {
        App::Application(handle, _) => {
            let sync = handle.envs().sync(wanted).prune(it.prune);
            apply(sync.assume_changed(it.rewrite).plan().await?, it.apply).await
        }
        App::Compose(handle, _) => {
            let wanted = wanted.into_iter().map(of_service);
            let sync = handle.envs().sync(wanted).prune(it.prune);
            apply(sync.assume_changed(it.rewrite).plan().await?, it.apply).await
        }
    }
}

async fn apply<R: HasEnvs>(plan: SyncPlan<Envs<R>>, apply: bool) -> Outcome<Synced> {
    // A change is displayed without its values.
    let changes = |changes: &[VariableChange]| changes.iter().map(ToString::to_string).collect();
    let mut synced = Synced {
        create: changes(plan.create()),
        update: changes(plan.update()),
        delete: changes(plan.delete()),
        unchanged: names(plan.unchanged()),
        not_compared: names(plan.not_compared()),
        spared: names(plan.spared()),
        kept_previews: names(plan.kept_previews()),
        applied: false,
    };
    if apply {
        let report = plan.apply().await.map_err(|error| {
            let not_done = error.sync_report().map(|report| names(&report.not_done));
            Failure::from(error).with("not_done", not_done)
        })?;
        synced.applied = report.is_complete();
    }
    Ok(synced)
}

fn names(names: &[VariableName]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

async fn delete(call: Call, it: Delete) -> Outcome<Told> {
    let app = App::find(&call, &it.app).await?;
    let variables = all(&app).await?;
    let is_it = |variable: &&EnvironmentVariable| {
        variable.key == it.key && variable.is_preview.unwrap_or(false) == it.preview
    };
    let Some(variable) = variables.iter().find(is_it) else {
        let message = format!("there is no variable {}", it.key);
        return Err(Failure::fix("not_found", message).hint("`envs_list` lists the variables"));
    };
    let message = match &app {
        App::Application(handle, _) => handle.envs().delete(&variable.uuid).await?,
        App::Compose(handle, _) => handle.envs().delete(&variable.uuid).await?,
    };
    Ok(Told { message })
}

async fn connect(call: Call, it: Connect) -> Outcome<Written> {
    check_keys([&it.key])?;
    wire(&call, &it.app, &it.key, &it.database).await
}

/// Puts the URL of a database into a variable of an application.
pub async fn wire(call: &Call, app: &str, key: &str, database: &str) -> Outcome<Written> {
    let app = App::find(call, app).await?;
    let database = call.coolify.database(database).get().await?;
    let Some(url) = database.internal_db_url else {
        let message = "the token of this workspace may not see connection URLs";
        return Err(Failure::stop("forbidden", message)
            .hint("the operator has to give it the ability `read:sensitive`"));
    };
    call.veil.learn_url(url.expose());
    write(&app, secrets(call, BTreeMap::from([(key.to_owned(), url)]))).await
}

#[cfg(test)]
mod tests {
    use super::check_keys;

    #[test]
    fn names_have_one_form() {
        for key in ["A", "_", "DATABASE_URL", "_X1", "A1"] {
            assert!(check_keys([&key.to_owned()]).is_ok(), "{key}");
        }
        for key in ["", "a", "1A", "A-B", "A B", "A.B", "A=B", "Ä", "A\n", "A$"] {
            assert!(check_keys([&key.to_owned()]).is_err(), "{key}");
        }
    }
}
