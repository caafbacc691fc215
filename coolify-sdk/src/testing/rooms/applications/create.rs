//! Creates applications.

use serde_json::{Map, Value, json};

use crate::testing::{
    http::{Answer, Call, Reply, php},
    rooms::{
        Does::Run,
        Routes,
        applications::{
            check_data, check_encoded,
            fields::{
                CREATE_ONLY, CREATED, FROM_DOCKERFILE, FROM_GIT, FROM_IMAGE, FROM_PRIVATE_GIT,
                FROM_PUBLIC_GIT, SHARED, WATCHED, with,
            },
        },
        deployments, domains, envs, placement,
        private_keys::KEYS,
        sources, tags,
    },
    state::{Application, Kind, Owner, Place, State, text},
    validation::{
        Findings, images, is_blank,
        rules::{self, Field, Rule},
        url,
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("create-public-application", Run(public)),
    ("create-private-deploy-key-application", Run(by_deploy_key)),
    ("create-private-github-app-application", Run(by_github_app)),
    ("create-dockerimage-application", Run(dockerimage)),
    ("create-dockerfile-application", Run(dockerfile)),
];

/// The values of the git fields of applications without a repository.
const NO_REPOSITORY: &str = "coollabsio/coolify";

const NEEDED: &[Rule] = &[Rule::Required, Rule::Text];

/// The credentials with which Coolify clones a repository.
enum Source {
    /// None, because the repository is public.
    Public,
    /// The private key with this id.
    DeployKey(Value),
    /// The GitHub app with this id.
    GithubApp(Value),
}

/// `POST /applications/public`.
fn public(state: &mut State, call: &Call<'_>) -> Answer {
    let (body, place) = placed(state, call)?;
    check_git(state, &body, FROM_PUBLIC_GIT)?;
    from_git(state, body, &place, Source::Public)
}

/// `POST /applications/private-deploy-key`.
fn by_deploy_key(state: &mut State, call: &Call<'_>) -> Answer {
    let (body, place) = placed(state, call)?;
    let key = [FROM_PUBLIC_GIT, WATCHED, &[("private_key_uuid", NEEDED)]].concat();
    check_git(state, &body, &key)?;
    let given = body.get("private_key_uuid").and_then(Value::as_str);
    let key = KEYS
        .by_key(state, given.unwrap_or_default())
        .ok_or_else(|| Reply::not_found("Private Key"))?;
    let source = Source::DeployKey(key["id"].clone());
    from_git(state, body, &place, source)
}

/// `POST /applications/private-github-app`.
fn by_github_app(state: &mut State, call: &Call<'_>) -> Answer {
    let (body, place) = placed(state, call)?;
    let app = [FROM_PRIVATE_GIT, &[("github_app_uuid", NEEDED)]].concat();
    check_git(state, &body, &app)?;
    let given = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default();
    let app = sources::find_repository(state, given("github_app_uuid"), given("git_repository"))?;
    let source = Source::GithubApp(app["id"].clone());
    from_git(state, body, &place, source)
}

/// Returns the fields of an application from a repository. It has no ports if it
/// has a compose file, which contains them.
fn check_git(state: &State, body: &Map<String, Value>, own: &[Field]) -> Result<(), Reply> {
    let mut fields = with(&[FROM_GIT, own]);
    if is_compose(body) {
        fields.retain(|(name, _)| *name != "ports_exposes");
    }
    let mut findings = Findings::default();
    findings.check(body, &fields, state);
    findings.refuse()?;
    if is_compose(body) && body.contains_key("domains") {
        return Err(domains::not_for_compose());
    }
    Ok(())
}

fn is_compose(body: &Map<String, Value>) -> bool {
    body.get("build_pack") == Some(&json!("dockercompose"))
}

fn from_git(
    state: &mut State,
    mut body: Map<String, Value>,
    place: &Place,
    source: Source,
) -> Answer {
    let mut application = Application::new(state, place);
    if is_compose(&body) {
        application.reading.queue(state.settings.job_lag);
        body.insert("ports_exposes".to_owned(), "80".into());
    }
    let given = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default();
    let repository = given("git_repository").rsplit('/').next();
    let name = format!("{}:{}", repository.unwrap_or_default(), given("git_branch"));
    let is_public = matches!(source, Source::Public);
    let app = match source {
        Source::Public => None,
        Source::DeployKey(id) => {
            application.row["private_key_id"] = id;
            None
        }
        Source::GithubApp(id) => Some(id),
    };
    if is_public && given("git_repository").starts_with("git://") {
        return Err(Reply::server_error());
    }
    if let Some(path) = on_github(state, given("git_repository")).filter(|_| is_public) {
        body.insert("git_repository".to_owned(), path.into());
    } else if app.is_none() {
        application.row["source_id"] = Value::Null;
        application.row["source_type"] = Value::Null;
    }
    if let Some(entries) = body
        .remove("docker_compose_domains")
        .filter(|it| !it.is_null())
    {
        let map = domains::new_compose_map(state, &entries, &body)?;
        application.row["docker_compose_domains"] = map.into();
    }
    install(state, application, body, &name, app)
}

/// Returns the path of a repository on GitHub, of which Coolify stores only the
/// path.
///
/// Versions before 4.2.0 do so with the repositories of every host.
fn on_github(state: &State, url: &str) -> Option<String> {
    let parts = url::parse(url)?;
    if parts.host? != "github.com" && state.release().has("4.2.0") {
        return None;
    }
    let mut segments = parts
        .path
        .unwrap_or_default()
        .split('/')
        .filter(|it| !it.is_empty());
    let mut segment = || segments.next().unwrap_or_default();
    let (owner, name) = (segment(), segment());
    Some(format!("{owner}/{name}"))
}

/// `POST /applications/dockerimage`.
fn dockerimage(state: &mut State, call: &Call<'_>) -> Answer {
    let (mut body, place) = placed(state, call)?;
    check_fields(state, &body, &with(&[FROM_IMAGE]))?;
    let given = |field: &str| body.get(field).and_then(Value::as_str);
    let name = given("docker_registry_image_name").unwrap_or_default();
    let (name, tag) = images::kept(name, given("docker_registry_image_tag"));
    body.insert("docker_registry_image_name".to_owned(), name.into());
    body.insert("docker_registry_image_tag".to_owned(), tag.into());
    let application = without_repository(state, &place, "dockerimage");
    install(state, application, body, "docker-image", None)
}

/// `POST /applications/dockerfile`.
fn dockerfile(state: &mut State, call: &Call<'_>) -> Answer {
    let (mut body, place) = placed(state, call)?;
    check_fields(state, &body, &with(&[FROM_DOCKERFILE]))?;
    check_encoded(state, &body, "dockerfile")?;
    let application = without_repository(state, &place, "dockerfile");
    body.remove("build_pack");
    body.insert("ports_exposes".to_owned(), "80".into());
    install(state, application, body, "dockerfile", None)
}

/// Adds an application as if somebody had created it in the dashboard.
pub(in crate::testing) fn seed(state: &mut State, place: &Place, name: &str) -> String {
    let mut application = Application::new(state, place);
    let uuid = text(&application.row, "uuid");
    application.row["name"] = name.into();
    application.row["git_repository"] = "example/app".into();
    application.row["ports_exposes"] = "3000".into();
    application.row["fqdn"] = default_domain(&uuid).into();
    put(state, application);
    uuid
}

/// Returns the body, and the place that the body names.
fn placed(state: &State, call: &Call<'_>) -> Result<(Map<String, Value>, Place), Reply> {
    let body = call.object()?;
    let allowed = [
        rules::known(SHARED, state.release()).as_slice(),
        CREATE_ONLY,
    ]
    .concat();
    let place = placement::check(state, &body, CREATED, &allowed)?;
    check_encoded(state, &body, "custom_nginx_configuration")?;
    Ok((body, place))
}

fn check_fields(state: &State, body: &Map<String, Value>, fields: &[Field]) -> Result<(), Reply> {
    let mut findings = Findings::default();
    findings.check(body, fields, state);
    findings.refuse()
}

fn without_repository(state: &mut State, place: &Place, build_pack: &str) -> Application {
    let mut application = Application::new(state, place);
    application.row["build_pack"] = build_pack.into();
    application.row["git_repository"] = NO_REPOSITORY.into();
    application.row["source_id"] = Value::Null;
    application.row["source_type"] = Value::Null;
    application
}

/// Adds an application with the fields of the body, and returns the reply.
fn install(
    state: &mut State,
    mut application: Application,
    mut body: Map<String, Value>,
    name: &str,
    github_app: Option<Value>,
) -> Answer {
    let keeps_domains = state.keeps_domains(&application.row["destination_id"]);
    check_data(state, None, &mut body, keeps_domains)?;
    let uuid = text(&application.row, "uuid");
    application.row["name"] = format!("{name}-{uuid}").into();
    application.fill(&body, true)?;
    if let Some(id) = github_app {
        application.row["source_id"] = id;
        application.row["source_type"] = "App\\Models\\GithubApp".into();
    }
    let wants_domain = body.get("autogenerate_domain").is_none_or(php::is_on);
    if is_blank(application.row.get("fqdn")) && wants_domain {
        application.row["fqdn"] = default_domain(&uuid).into();
    }
    application.tags = tags::from_body(state, &body);
    let reply = json!({"uuid": uuid, "domains": application.row["fqdn"]});
    put(state, application);
    if body.get("instant_deploy") == Some(&json!(true)) {
        deployments::queue(state, &uuid, &deployments::Order::default())?;
    }
    Ok(Reply::json(201, reply))
}

/// Adds an application with the variable for nixpacks.
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

/// Returns the domain that Coolify generates for an application.
pub(in crate::testing) fn default_domain(uuid: &str) -> String {
    format!("http://{uuid}.203.0.113.10.sslip.io")
}
