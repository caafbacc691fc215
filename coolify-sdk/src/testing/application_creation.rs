//! The ways in which applications come to be.

use serde_json::{Map, Value, json};

use super::{
    application_fields::{CREATE_ONLY, SHARED},
    applications::{Application, check_build_pack, decoded, has_wrong_ports},
    call::Call,
    deployments, domains, envs,
    owners::{Kind, Owner},
    placement,
    reply::{Answer, Reply},
    state::{State, text},
    tags,
    validation::{Findings, is_blank},
};

/// What Coolify writes into the git fields of applications without a repository.
const NO_REPOSITORY: &str = "coollabsio/coolify";

/// `POST /applications/public`.
pub(super) fn public(state: &mut State, call: &Call<'_>) -> Answer {
    let (body, environment) = placed(state, call)?;
    let mut findings = Findings::default();
    findings.require_by_name(&body, &["git_repository", "git_branch", "build_pack"]);
    check_build_pack(&body, &mut findings);
    check_ports(&body, &mut findings);
    findings.refuse()?;
    let is_compose = body.get("build_pack") == Some(&json!("dockercompose"));
    if is_compose && body.contains_key("domains") {
        return Err(domains::not_for_compose());
    }
    domains::check(state, None, &body)?;
    let application = Application::new(state, &environment);
    let given = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default();
    let repository = given("git_repository").rsplit('/').next();
    let name = format!("{}:{}", repository.unwrap_or_default(), given("git_branch"));
    install(state, application, &body, &name)
}

/// `POST /applications/dockerimage`.
pub(super) fn dockerimage(state: &mut State, call: &Call<'_>) -> Answer {
    let (body, environment) = placed(state, call)?;
    let mut findings = Findings::default();
    findings.require_by_name(&body, &["docker_registry_image_name", "ports_exposes"]);
    check_ports(&body, &mut findings);
    findings.refuse()?;
    domains::check(state, None, &body)?;
    let mut application = without_repository(state, &environment, "dockerimage");
    application.row["docker_registry_image_tag"] = "latest".into();
    install(state, application, &body, "docker-image")
}

/// `POST /applications/dockerfile`.
pub(super) fn dockerfile(state: &mut State, call: &Call<'_>) -> Answer {
    let (body, environment) = placed(state, call)?;
    let mut findings = Findings::default();
    findings.require_by_name(&body, &["dockerfile"]);
    findings.refuse()?;
    if body
        .get("dockerfile")
        .is_some_and(|it| decoded(it).is_null())
    {
        return Err(Reply::invalid_field(
            "dockerfile",
            "The dockerfile should be base64 encoded.",
        ));
    }
    domains::check(state, None, &body)?;
    let mut application = without_repository(state, &environment, "dockerfile");
    application.row["ports_exposes"] = "80".into();
    install(state, application, &body, "dockerfile")
}

/// Adds an application as if somebody had made it in the UI.
pub(super) fn seed(state: &mut State, environment: &Value, name: &str) -> String {
    let mut application = Application::new(state, environment);
    let uuid = text(&application.row, "uuid");
    application.row["name"] = name.into();
    application.row["git_repository"] = "example/app".into();
    application.row["ports_exposes"] = "3000".into();
    application.row["fqdn"] = default_domain(&uuid).into();
    put(state, application);
    uuid
}

/// The body and the environment that it names.
fn placed(state: &State, call: &Call<'_>) -> Result<(Map<String, Value>, Value), Reply> {
    let body = call.object()?;
    let environment = placement::check(state, &body, &[SHARED, CREATE_ONLY].concat())?;
    Ok((body, environment))
}

fn without_repository(state: &mut State, environment: &Value, build_pack: &str) -> Application {
    let mut application = Application::new(state, environment);
    application.row["build_pack"] = build_pack.into();
    application.row["git_repository"] = NO_REPOSITORY.into();
    application.row["source_id"] = Value::Null;
    application.row["source_type"] = Value::Null;
    application
}

/// Fills an application from the body, puts it in its place and answers.
fn install(
    state: &mut State,
    mut application: Application,
    body: &Map<String, Value>,
    name: &str,
) -> Answer {
    let uuid = text(&application.row, "uuid");
    application.row["name"] = format!("{name}-{uuid}").into();
    application.fill(body);
    let wants_domain = body.get("autogenerate_domain") != Some(&json!(false));
    if is_blank(application.row.get("fqdn")) && wants_domain {
        application.row["fqdn"] = default_domain(&uuid).into();
    }
    application.tags = tags::from_body(state, body);
    let reply = json!({"uuid": uuid, "domains": application.row["fqdn"]});
    put(state, application);
    if body.get("instant_deploy") == Some(&json!(true)) {
        deployments::queue(state, &uuid, &deployments::Order::default())?;
    }
    Ok(Reply::json(201, reply))
}

/// Adds an application with the variable that nixpacks gets.
fn put(state: &mut State, application: Application) {
    let owner = Owner {
        kind: Kind::Application,
        uuid: text(&application.row, "uuid"),
    };
    let by_nixpacks = application.row["build_pack"] == "nixpacks";
    state.applications.push(application);
    if by_nixpacks {
        let variable = json!({
            "key": "NIXPACKS_NODE_VERSION",
            "value": "22",
            "is_buildtime": true,
            "is_runtime": false,
        });
        envs::add(state, &owner, variable.as_object().unwrap_or(&Map::new()));
    }
}

fn default_domain(uuid: &str) -> String {
    format!("http://{uuid}.203.0.113.10.sslip.io")
}

fn check_ports(body: &Map<String, Value>, findings: &mut Findings) {
    if has_wrong_ports(body) {
        findings.add(
            "ports_exposes",
            "The ports exposes field format is invalid.",
        );
    }
}
