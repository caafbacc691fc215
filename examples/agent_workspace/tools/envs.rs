//! Environment variables: values go in and never come out.

use std::collections::BTreeMap;

use coolify_sdk::Secret;
use coolify_sdk::applications::ApplicationHandle;
use coolify_sdk::envs::{
    BulkApplicationVariable, EnvFile, Envs, SyncPlan, VariableChange, VariableName,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Tools;
use super::apps::App;
use crate::failure::{Failure, Outcome};
use crate::workspace::Workspace;

pub fn register(tools: &mut Tools) {
    tools.add(
        "envs.list",
        "Lists the variables of an application: names and flags. No tool returns a value.",
        list,
    );
    tools.add(
        "envs.set",
        "Creates a variable or changes its value. The value cannot be read back.",
        set,
    );
    tools.add(
        "envs.sync",
        "Makes the variables of an application match a .env file or a map. Without `apply` it is \
         a dry run, which lists what would be done.",
        sync,
    );
    tools.add("envs.delete", "Deletes a variable.", delete);
    tools.add(
        "envs.connect",
        "Puts the connection URL of a database into a variable of an application, without \
         showing it.",
        connect,
    );
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Set {
    /// The application's uuid.
    app: String,
    /// The variable's name.
    key: String,
    /// Its value.
    #[schemars(with = "String")]
    value: Secret,
    /// Whether it is for the previews of pull requests.
    #[serde(default)]
    preview: bool,
    /// Whether it is available while building. Unchanged unless set.
    buildtime: Option<bool>,
    /// Whether it is available while running. Unchanged unless set.
    runtime: Option<bool>,
    /// Whether a $ in the value is taken literally. Unchanged unless set.
    literal: Option<bool>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Sync {
    /// The application's uuid.
    app: String,
    /// The text of a .env file.
    #[schemars(with = "Option<String>")]
    file: Option<Secret>,
    /// Names and values, instead of a file.
    #[schemars(with = "Option<BTreeMap<String, String>>")]
    variables: Option<BTreeMap<String, Secret>>,
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

#[derive(Serialize)]
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

async fn list(workspace: Workspace, it: App) -> Outcome<Vec<View>> {
    let variables = workspace.coolify.application(it.app).envs().list().await?;
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
    Ok(views.collect())
}

async fn set(workspace: Workspace, it: Set) -> Outcome<Value> {
    let mut variable = secret(&workspace, it.key, it.value);
    variable.is_preview = Some(it.preview);
    variable.is_buildtime = it.buildtime;
    variable.is_runtime = it.runtime;
    variable.is_literal = it.literal;
    write(&workspace.coolify.application(it.app).envs(), variable).await
}

/// A variable whose value is shown only once.
fn secret(workspace: &Workspace, key: String, value: Secret) -> BulkApplicationVariable {
    BulkApplicationVariable::new(key)
        .value(workspace.hide(value))
        .is_shown_once(true)
}

async fn write(
    envs: &Envs<ApplicationHandle>,
    variable: BulkApplicationVariable,
) -> Outcome<Value> {
    // A sync keeps the flags that are not set, and hides the value of the
    // preview's variable as well. Values that cannot be compared are written.
    let report = envs.sync([variable]).assume_changed(true).await?;
    Ok(json!({ "created": names(&report.created), "updated": names(&report.updated) }))
}

async fn sync(workspace: Workspace, it: Sync) -> Outcome<Value> {
    let mut wanted: Vec<BulkApplicationVariable> = match (it.file, it.variables) {
        (Some(file), None) => {
            let file = EnvFile::parse(file.expose())?;
            file.into_iter().map(Into::into).collect()
        }
        (None, Some(variables)) => variables.into_iter().map(Into::into).collect(),
        _ => {
            return Err(Failure::new(
                "invalid_arguments",
                "pass either `file` or `variables`",
            ));
        }
    };
    for variable in &mut wanted {
        variable.is_shown_once = Some(true);
        variable.value = variable.value.take().map(|value| workspace.hide(value));
    }
    let envs = workspace.coolify.application(it.app).envs();
    let sync = envs.sync(wanted).prune(it.prune);
    let plan = sync.assume_changed(it.rewrite).plan().await?;
    let mut told = told(&plan);
    if it.apply {
        let report = plan.apply().await.map_err(|error| {
            let not_done = error.sync_report().map(|report| names(&report.not_done));
            Failure::from(error).with("not_done", not_done)
        })?;
        told["applied"] = json!(report.is_complete());
    } else {
        told["applied"] = json!(false);
    }
    Ok(told)
}

fn told(plan: &SyncPlan<Envs<ApplicationHandle>>) -> Value {
    // A change is displayed without its values.
    let changes = |changes: &[VariableChange]| -> Value {
        changes
            .iter()
            .map(|change| json!(change.to_string()))
            .collect()
    };
    json!({
        "create": changes(plan.create()),
        "update": changes(plan.update()),
        "delete": changes(plan.delete()),
        "unchanged": names(plan.unchanged()),
        "not_compared": names(plan.not_compared()),
        "spared": names(plan.spared()),
        "kept_previews": names(plan.kept_previews()),
        "undefined": plan.undefined().len(),
    })
}

fn names(names: &[VariableName]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

async fn delete(workspace: Workspace, it: Delete) -> Outcome<Value> {
    let envs = workspace.coolify.application(it.app).envs();
    let variables = envs.list().await?;
    let is_it = |variable: &&coolify_sdk::envs::EnvironmentVariable| {
        variable.key == it.key && variable.is_preview.unwrap_or(false) == it.preview
    };
    let Some(variable) = variables.iter().find(is_it) else {
        return Err(Failure::new(
            "not_found",
            format!("there is no variable {}", it.key),
        ));
    };
    let message = envs.delete(&variable.uuid).await?;
    Ok(json!({ "message": message }))
}

async fn connect(workspace: Workspace, it: Connect) -> Outcome<Value> {
    let database = workspace.coolify.database(it.database).get().await?;
    let Some(url) = database.internal_db_url else {
        return Err(Failure::new(
            "forbidden",
            "the token of this workspace may not see connection URLs",
        )
        .hint("the operator has to give it the ability `read:sensitive`"));
    };
    let variable = secret(&workspace, it.key, url);
    write(&workspace.coolify.application(it.app).envs(), variable).await
}
