//! The previews of pull requests. Deleting was recorded; the rest is known from
//! Coolify's source.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::address;
use crate::testing::{
    http::{
        Answer, Call, Reply,
        php::{self, is_on},
    },
    rooms::{
        Does::Run,
        Routes,
        deployments::{self, Order, Outcome},
        domains,
    },
    state::{Application, Page, Preview, State, clock, only, text, without},
    validation::{
        Findings, domains as domain, hold, is_blank,
        rules::{Field, Rule},
        url,
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-preview-deployments-by-application-uuid", Run(list)),
    ("create-preview-deployment-by-application-uuid", Run(open)),
    ("get-preview-deployment-by-pull-request-id", Run(get)),
    ("update-preview-domains-by-pull-request-id", Run(update)),
    ("delete-preview-deployment-by-pull-request-id", Run(delete)),
    ("get-preview-application-logs-by-pull-request-id", Run(logs)),
];

/// The highest number of a pull request.
const MOST: i64 = 2_147_483_647;

/// The fields of every new preview; other fields are ignored.
const NEW: &[Field] = &[
    (
        "pull_request_id",
        &[Rule::Required, Rule::Whole, Rule::Min(1), Rule::Max(MOST)],
    ),
    (
        "pull_request_html_url",
        &[
            Rule::Nullable,
            Rule::Text,
            Rule::Max(2048),
            Rule::Is(url::is_url),
        ],
    ),
    ("force", &[Rule::Switch]),
    ("instant_deploy", &[Rule::Switch]),
];

/// The fields of a preview that is built from git.
const OF_GIT: &[Field] = &[
    (
        "git_type",
        &[
            Rule::Nullable,
            Rule::Text,
            Rule::OneOf(&["github", "gitlab", "gitea", "bitbucket"]),
        ],
    ),
    ("commit", &[Rule::Nullable, Rule::Text, Rule::Is(is_commit)]),
];

/// The fields of a preview that runs an image.
const OF_IMAGE: &[Field] = &[(
    "docker_tag",
    &[Rule::Nullable, Rule::Text, Rule::Is(is_docker_tag)],
)];

const DOMAINS: &[Field] = &[
    ("domains", &[Rule::Nullable, Rule::Text]),
    (
        "docker_compose_domains",
        &[
            Rule::List,
            Rule::Each(&[
                Rule::Only(&["name", "domain", "redirect"]),
                Rule::Has(&[
                    ("name", &[Rule::Required, Rule::Text]),
                    ("domain", &[Rule::Nullable, Rule::Text]),
                    (
                        "redirect",
                        &[Rule::Nullable, Rule::OneOf(&["www", "non-www", "both"])],
                    ),
                ]),
            ]),
        ],
    ),
    ("force_domain_override", &[Rule::Switch]),
];

php::patterns! {
    is_commit = r"^[0-9a-fA-F]{7,40}$";
    is_docker_tag = r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$";
}

impl Application {
    fn is_image(&self) -> bool {
        self.row["build_pack"] == "dockerimage"
    }

    /// Returns whether it is built from a repository.
    fn is_from_git(&self) -> bool {
        !self.is_image() && is_blank(self.row.get("dockerfile"))
    }

    /// Returns the git server of its source. A public repository has the source of
    /// public repositories of GitHub, a deploy key has none.
    fn git_type(&self) -> Option<&'static str> {
        match self.row["source_type"].as_str()? {
            "App\\Models\\GithubApp" => Some("github"),
            "App\\Models\\GitlabApp" => Some("gitlab"),
            _ => None,
        }
    }
}

/// `GET /applications/{uuid}/previews`.
fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let application = state.application(call.param("uuid"))?;
    let previews = application.previews.newest_first();
    Ok(Reply::json(200, previews.map(shown).collect()))
}

/// `GET /applications/{uuid}/previews/{pull_request_id}`.
fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let number = number(state, call)?;
    Ok(Reply::json(200, shown(find(state, call, number)?)))
}

/// `POST /applications/{uuid}/previews`.
fn open(state: &mut State, call: &Call<'_>) -> Answer {
    let application = state.application(call.param("uuid"))?;
    let uuid = text(&application.row, "uuid");
    if !application.is_image() && !application.is_from_git() {
        return Err(Reply::message(
            400,
            "Preview deployments need a Git based or Docker Image application.",
        ));
    }
    let body = call.body();
    let body = body.as_object().cloned().unwrap_or_default();
    check_new(state, application, &body)?;
    let is_image = application.is_image();
    let number = php::whole(&body["pull_request_id"]).and_then(|it| u64::try_from(it).ok());
    let number = number.unwrap_or_default();
    let known = application.previews.get(number);
    let is_new = known.is_none();
    let git_type = known.and_then(|it| it.row["git_type"].as_str().map(str::to_owned));
    let git_type = given(&body, "git_type")
        .or(git_type)
        .or_else(|| application.git_type().map(str::to_owned));
    let tag = given(&body, "docker_tag");
    if !is_image && git_type.is_none() {
        return Err(Reply::invalid(json!({"git_type": [
            "The git type field is required for applications without a GitHub or GitLab App source.",
        ]})));
    }
    if is_image && tag.is_none() && application.previews.tag(number).is_none() {
        return Err(Reply::invalid(json!({"docker_tag": [
            "The docker tag field is required for a new Docker Image preview.",
        ]})));
    }
    let row = &mut state.open_preview(&uuid, number)?.row;
    let written = [
        (
            "pull_request_html_url",
            given(&body, "pull_request_html_url"),
        ),
        ("git_type", git_type.filter(|_| !is_image)),
        ("docker_registry_image_tag", tag),
    ];
    for (field, value) in written {
        if let Some(value) = value {
            row[field] = value.into();
        }
    }
    row["updated_at"] = clock::now().into();
    let (message, deployment) = if body.get("instant_deploy").is_none_or(is_on) {
        let order = Order {
            force: body.get("force").is_some_and(is_on),
            pull_request: number,
            commit: given(&body, "commit"),
            ..Order::default()
        };
        match deployments::queue(state, &uuid, &order)? {
            Outcome::Queued(deployment) => ("Preview deployment queued.", Some(deployment)),
            Outcome::AlreadyQueued => (deployments::ALREADY_QUEUED, None),
            Outcome::Full => return Err(deployments::queue_is_full()),
        }
    } else if is_new {
        ("Preview created.", None)
    } else {
        ("Preview updated.", None)
    };
    Ok(Reply::json(
        if is_new { 201 } else { 200 },
        json!({
            "message": message,
            "deployment_uuid": deployment,
            "preview": shown(find(state, call, number)?),
        }),
    ))
}

/// `PATCH /applications/{uuid}/previews/{pull_request_id}`.
fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let number = number(state, call)?;
    find(state, call, number)?;
    let body = call.object()?;
    let uuid = call.param("uuid");
    let is_compose = state.application(uuid)?.row["build_pack"] == "dockercompose";
    check_domains(state, &body, is_compose)?;
    let mut written = body.clone();
    if is_compose {
        domains::check_compose(state, uuid, &body["docker_compose_domains"], &body)?;
    } else {
        domains::check(state, Some(uuid), &body)?;
        domains::write_lower(state, &mut written);
    }
    let preview = state.application_mut(uuid)?.previews.get_mut(number);
    let row = &mut preview.ok_or_else(|| Reply::not_found("Preview"))?.row;
    if is_compose {
        row["docker_compose_domains"] = body["docker_compose_domains"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|entry| only(entry, &["name", "domain", "redirect"]))
            .collect();
    } else {
        let (domains, ports) = without_ports(written["domains"].as_str());
        row["domains"] = domains.into();
        row["domain_port_overrides"] = ports;
    }
    row["updated_at"] = clock::now().into();
    let shown = only(
        row,
        &[
            "uuid",
            "pull_request_id",
            "domains",
            "docker_compose_domains",
            "domain_port_overrides",
        ],
    );
    Ok(Reply::json(200, shown))
}

/// `GET /applications/{uuid}/previews/{pull_request_id}/logs`.
fn logs(state: &mut State, call: &Call<'_>) -> Answer {
    let number = number(state, call)?;
    find(state, call, number)?;
    let page = Page::of(state, call);
    let with_services = state.release().has("4.4.0");
    let application = state.application_mut(call.param("uuid"))?;
    let (name, file) = (
        text(&application.row, "name"),
        text(&application.row, "docker_compose_raw"),
    );
    let preview = application.previews.get_mut(number);
    let preview = preview.ok_or_else(|| Reply::not_found("Preview"))?;
    if !text(&preview.row, "status").starts_with("running") {
        return Err(Reply::message(400, "Application is not running."));
    }
    let service = call.query("service_name").filter(|_| with_services);
    if let Some(service) = service.filter(|it| !file.contains(&format!("\n  {it}:"))) {
        return Err(Reply::message(
            404,
            format!("No running container found for service_name '{service}'."),
        ));
    }
    let name = format!("{name}-pr-{number}");
    Ok(Reply::json(200, preview.log.shown(&name, page)))
}

/// `DELETE /applications/{uuid}/previews/{pull_request_id}`.
fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let application = state.application_mut(call.param("uuid"))?;
    let number: u64 = call
        .param("pull_request_id")
        .parse()
        .map_err(|_| Reply::message(422, "Invalid pull_request_id."))?;
    if !application.previews.remove(number) {
        return Err(Reply::not_found("Preview"));
    }
    Ok(Reply::message(200, "Preview deletion request queued."))
}

/// Refuses a body that breaks the rules of a new preview of the application.
fn check_new(
    state: &State,
    application: &Application,
    body: &Map<String, Value>,
) -> Result<(), Reply> {
    let mut findings = Findings::default();
    findings.check(body, NEW, state);
    let (own, missing): (_, &[&str]) = if application.is_image() {
        (OF_IMAGE, &["git_type", "commit"])
    } else {
        (OF_GIT, &["docker_tag"])
    };
    findings.check(body, own, state);
    for field in missing.iter().filter(|field| body.contains_key(**field)) {
        let words = field.replace('_', " ");
        findings.add(field, format!("The {words} field must be missing."));
    }
    let is_bitbucket = body.get("git_type").is_some_and(|it| it == "bitbucket");
    if is_bitbucket && is_blank(body.get("commit")) {
        findings.add(
            "commit",
            "The commit field is required when git type is bitbucket.",
        );
    }
    findings.refuse()
}

/// Refuses a body that breaks the rules of the domains of a preview. A compose
/// application takes one field, all others take the other one.
fn check_domains(state: &State, body: &Map<String, Value>, is_compose: bool) -> Result<(), Reply> {
    let (needed, missing) = if is_compose {
        ("docker_compose_domains", "domains")
    } else {
        ("domains", "docker_compose_domains")
    };
    let mut findings = Findings::default();
    for (field, wrong) in [(needed, "must be present"), (missing, "must be missing")] {
        if body.contains_key(field) == (field == missing) {
            let words = field.replace('_', " ");
            findings.add(field, format!("The {words} field {wrong}."));
        }
    }
    let entries = body.get("docker_compose_domains").and_then(Value::as_array);
    let mut names = BTreeSet::new();
    for (position, entry) in entries.into_iter().flatten().enumerate() {
        if entry["name"].as_str().is_some_and(|it| !names.insert(it)) {
            findings.add(
                &format!("docker_compose_domains.{position}.name"),
                "The name field has a duplicate value.",
            );
        }
    }
    findings.refuse()?;
    hold(body, DOMAINS, state)
}

/// Returns a field's text, unless it is blank.
fn given(body: &Map<String, Value>, field: &str) -> Option<String> {
    let text = body.get(field).and_then(Value::as_str)?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Returns domains without their ports, and the ports by domain.
fn without_ports(domains: Option<&str>) -> (Option<String>, Value) {
    let mut ports = Map::new();
    let mut bare = Vec::new();
    for url in domain::list(domains.unwrap_or_default()) {
        let named = address::without_port(url);
        if let Some(port) = url::parse(url).and_then(|it| it.port) {
            ports.insert(named.clone(), port.into());
        }
        bare.push(named);
    }
    let domains = (!bare.is_empty()).then(|| bare.join(","));
    let ports = if ports.is_empty() {
        Value::Null
    } else {
        ports.into()
    };
    (domains, ports)
}

/// Returns the number of the pull request in the path.
fn number(state: &State, call: &Call<'_>) -> Result<u64, Reply> {
    state.application(call.param("uuid"))?;
    let number = call.param("pull_request_id");
    let is_plain = number.bytes().all(|it| it.is_ascii_digit());
    let number = number.parse().ok().filter(|it| (1..=MOST).contains(it));
    number
        .filter(|_| is_plain)
        .and_then(|it| u64::try_from(it).ok())
        .ok_or_else(|| Reply::message(422, "Invalid pull_request_id."))
}

fn find<'a>(state: &'a State, call: &Call<'_>, number: u64) -> Result<&'a Preview, Reply> {
    let previews = &state.application(call.param("uuid"))?.previews;
    previews
        .get(number)
        .ok_or_else(|| Reply::not_found("Preview"))
}

fn shown(preview: &Preview) -> Value {
    without(preview.row.clone(), &["id"])
}
