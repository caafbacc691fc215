//! The ways in which applications come to be.

use serde_json::{Map, Value, json};

use super::{
    application_fields::{CREATE_ONLY, SHARED},
    applications::{Application, check_build_pack, decoded, has_wrong_ports},
    call::Call,
    deployments, domains, envs,
    owners::{Kind, Owner},
    placement::{self, Place},
    private_keys::KEYS,
    reply::{Answer, Reply},
    routes::{Does::Run, Routes},
    sources,
    state::{State, text},
    tags,
    validation::{Findings, is_blank},
};

/// What the operations of this family do.
pub(super) const ROUTES: Routes = &[
    ("create-public-application", Run(public)),
    ("create-private-deploy-key-application", Run(by_deploy_key)),
    ("create-private-github-app-application", Run(by_github_app)),
    ("create-dockerimage-application", Run(dockerimage)),
    ("create-dockerfile-application", Run(dockerfile)),
];

/// What Coolify writes into the git fields of applications without a repository.
const NO_REPOSITORY: &str = "coollabsio/coolify";

/// What Coolify clones a repository with.
enum Source {
    /// Nothing: everybody may.
    Public,
    /// The private key with this id.
    DeployKey(Value),
    /// The GitHub app with this id.
    GithubApp(Value),
}

/// `POST /applications/public`.
fn public(state: &mut State, call: &Call<'_>) -> Answer {
    let (body, place) = placed(state, call)?;
    check_repository(&body, &[])?;
    from_git(state, &body, &place, Source::Public)
}

/// `POST /applications/private-deploy-key`.
fn by_deploy_key(state: &mut State, call: &Call<'_>) -> Answer {
    let (body, place) = placed(state, call)?;
    check_repository(&body, &["private_key_uuid"])?;
    let given = body.get("private_key_uuid").and_then(Value::as_str);
    let key = KEYS
        .by_key(state, given.unwrap_or_default())
        .ok_or_else(|| Reply::not_found("Private Key"))?;
    let source = Source::DeployKey(key["id"].clone());
    from_git(state, &body, &place, source)
}

/// `POST /applications/private-github-app`.
fn by_github_app(state: &mut State, call: &Call<'_>) -> Answer {
    let (body, place) = placed(state, call)?;
    check_repository(&body, &["github_app_uuid"])?;
    let given = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default();
    let app = sources::find_repository(state, given("github_app_uuid"), given("git_repository"))?;
    let source = Source::GithubApp(app["id"].clone());
    from_git(state, &body, &place, source)
}

fn check_repository(body: &Map<String, Value>, further: &[&str]) -> Result<(), Reply> {
    let mut findings = Findings::default();
    findings.require_by_name(body, &["git_repository", "git_branch", "build_pack"]);
    findings.require_by_name(body, further);
    check_build_pack(body, &mut findings);
    check_ports(body, &mut findings);
    findings.refuse()
}

fn from_git(state: &mut State, body: &Map<String, Value>, place: &Place, source: Source) -> Answer {
    let is_compose = body.get("build_pack") == Some(&json!("dockercompose"));
    if is_compose && body.contains_key("domains") {
        return Err(domains::not_for_compose());
    }
    domains::check(state, None, body)?;
    let mut application = Application::new(state, place);
    if is_compose {
        application.reading.queue(state.settings.job_lag);
    }
    let given = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default();
    let repository = given("git_repository").rsplit('/').next();
    let name = format!("{}:{}", repository.unwrap_or_default(), given("git_branch"));
    let app = match source {
        Source::Public => None,
        Source::DeployKey(id) => {
            application.row["private_key_id"] = id;
            None
        }
        Source::GithubApp(id) => Some(id),
    };
    install(state, application, body, &name, app)
}

/// `POST /applications/dockerimage`.
fn dockerimage(state: &mut State, call: &Call<'_>) -> Answer {
    let (body, place) = placed(state, call)?;
    let mut findings = Findings::default();
    findings.require_by_name(&body, &["docker_registry_image_name", "ports_exposes"]);
    check_ports(&body, &mut findings);
    findings.refuse()?;
    domains::check(state, None, &body)?;
    let mut application = without_repository(state, &place, "dockerimage");
    application.row["docker_registry_image_tag"] = "latest".into();
    install(state, application, &body, "docker-image", None)
}

/// `POST /applications/dockerfile`.
fn dockerfile(state: &mut State, call: &Call<'_>) -> Answer {
    let (body, place) = placed(state, call)?;
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
    let mut application = without_repository(state, &place, "dockerfile");
    application.row["ports_exposes"] = "80".into();
    install(state, application, &body, "dockerfile", None)
}

/// Adds an application as if somebody had made it in the UI.
pub(super) fn seed(state: &mut State, place: &Place, name: &str) -> String {
    let mut application = Application::new(state, place);
    let uuid = text(&application.row, "uuid");
    application.row["name"] = name.into();
    application.row["git_repository"] = "example/app".into();
    application.row["ports_exposes"] = "3000".into();
    application.row["fqdn"] = default_domain(&uuid).into();
    put(state, application);
    uuid
}

/// The body and the place that it names.
fn placed(state: &State, call: &Call<'_>) -> Result<(Map<String, Value>, Place), Reply> {
    let body = call.object()?;
    let place = placement::check(state, &body, &[SHARED, CREATE_ONLY].concat())?;
    Ok((body, place))
}

fn without_repository(state: &mut State, place: &Place, build_pack: &str) -> Application {
    let mut application = Application::new(state, place);
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
    github_app: Option<Value>,
) -> Answer {
    let uuid = text(&application.row, "uuid");
    application.row["name"] = format!("{name}-{uuid}").into();
    application.fill(body);
    if let Some(id) = github_app {
        application.row["source_id"] = id;
        application.row["source_type"] = "App\\Models\\GithubApp".into();
    }
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
