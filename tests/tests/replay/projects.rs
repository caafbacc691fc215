//! Projects, environments, and the variables that are shared.

use coolify_sdk::shared_variables::SharedScope;

use super::call::{Call, Tried, part, whole};

pub async fn call(id: &str, c: &Call<'_>) -> Tried {
    let projects = c.coolify.projects();
    let project = || c.coolify.project(c.uuid());
    let environment = || project().environment(c.param("environment_name_or_uuid"));
    match id {
        "list-projects" => whole(projects.list().await),
        "create-project" => whole(c.fill(projects.create(c.text("name")?))?.await),
        "get-project-by-uuid" => whole(project().get().await),
        "update-project-by-uuid" => whole(c.fill(project().update())?.await),
        "delete-project-by-uuid" => part(project().delete().await),
        "get-environments" => whole(project().environments().list().await),
        "create-environment" => {
            let name = c.text("name")?;
            whole(c.fill(project().environments().create(name))?.await)
        }
        "get-environment-by-name-or-uuid" => whole(environment().get().await),
        "update-environment" => whole(c.fill(environment().update())?.await),
        "delete-environment" => part(environment().delete().await),
        _ => return shared_variables(id, c).await,
    }
    .map(Some)
}

async fn shared_variables(id: &str, c: &Call<'_>) -> Tried {
    let environment = || c.param("environment_name_or_uuid");
    let (call, scope) = match id.replace("-envs", "-env").as_str() {
        id if id.ends_with("-team-shared-env") => (id.to_owned(), SharedScope::Team),
        id if id.ends_with("-project-shared-env") => (
            id.replace("project", "team"),
            SharedScope::project(c.uuid()),
        ),
        id if id.ends_with("-server-shared-env") => {
            (id.replace("server", "team"), SharedScope::server(c.uuid()))
        }
        id if id.ends_with("-environment-shared-env") => (
            id.replace("environment", "team"),
            SharedScope::environment(c.uuid(), environment()),
        ),
        _ => return Ok(None),
    };
    let variables = c.coolify.shared_variables(scope);
    match call.as_str() {
        "list-team-shared-env" => whole(variables.list().await),
        "create-team-shared-env" => {
            let request = variables.create(c.text("key")?, c.text("value")?);
            whole(c.fill(request)?.await)
        }
        "update-team-shared-env" => whole(c.fill(variables.update(c.id("env_id")?))?.await),
        "delete-team-shared-env" => part(variables.delete(c.id("env_id")?).await),
        _ => return Ok(None),
    }
    .map(Some)
}
