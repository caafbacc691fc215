//! Where applications come from: GitHub apps and GitLab apps.

use serde_json::{Map, Value, json};
use url::{Host, Url};

use super::{
    call::Call,
    private_keys::{self, KEYS},
    replies,
    reply::{Answer, Reply},
    room::{Body, Room, Says, Verb},
    routes::{
        Does::{self, Run},
        Routes,
    },
    state::{State, text, without},
    validation::Findings,
};

/// What the operations of this family do.
pub(super) const ROUTES: Routes = &[
    ("list-github-apps", Does::Room(Verb::List, &GITHUB)),
    ("create-github-app", Run(create_github_app)),
    ("updateGithubApp", Does::Room(Verb::Update, &GITHUB)),
    ("deleteGithubApp", Does::Room(Verb::Delete, &GITHUB)),
    ("load-repositories", Run(repositories)),
    ("load-branches", Run(branches)),
    ("list-gitlab-apps", Does::Room(Verb::List, &GITLAB)),
    ("create-gitlab-app", Does::Room(Verb::Create, &GITLAB)),
    ("updateGitlabApp", Does::Room(Verb::Update, &GITLAB)),
    ("deleteGitlabApp", Does::Room(Verb::Delete, &GITLAB)),
];

/// What a GitHub app needs; the first of it since the beginning until 4.2.0.
const NEEDS: [&str; 9] = [
    "api_url",
    "name",
    "html_url",
    "app_id",
    "installation_id",
    "client_id",
    "client_secret",
    "webhook_secret",
    "private_key_uuid",
];

/// GitHub apps.
pub(super) static GITHUB: Room = GITHUB_ROOM;

const GITHUB_ROOM: Room = Room {
    name: "github_apps",
    form: replies::github_app,
    key: ("id", "github_app_id"),
    missing: "GitHub app not found",
    secrets: &["client_secret", "webhook_secret"],
    requires: NEEDS.split_at(1).1,
    takes: Some(&[
        "name",
        "organization",
        "api_url",
        "html_url",
        "custom_user",
        "custom_port",
        "app_id",
        "installation_id",
        "client_id",
        "client_secret",
        "webhook_secret",
        "private_key_uuid",
        "is_system_wide",
    ]),
    created: Says::Made(201, new_github_app),
    updated: Says::Made(200, |row| {
        let data = without(row.clone(), &["client_secret", "webhook_secret"]);
        json!({"message": "GitHub app updated successfully", "data": data})
    }),
    deleted: "GitHub app deleted successfully",
    check: check_github_app,
    dress: |state, shown| {
        if !state.release().has("4.2.0") {
            *shown = without(shown.take(), &["client_secret", "webhook_secret"]);
        }
    },
    settle: settle_key,
    keep: keep_github_app,
    ..Room::PLAIN
};

/// Before 4.2.0 an app needed its API's address as well.
static OLD_GITHUB: Room = Room {
    requires: &NEEDS,
    ..GITHUB_ROOM
};

static GITLAB: Room = Room {
    name: "gitlab_apps",
    form: replies::gitlab_app,
    key: ("id", "gitlab_app_id"),
    missing: "GitLab app not found",
    secrets: &[
        "access_token",
        "client_secret",
        "refresh_token",
        "webhook_token",
    ],
    requires: &["name", "html_url"],
    takes: Some(&[
        "name",
        "html_url",
        "api_url",
        "custom_user",
        "custom_port",
        "group_name",
        "client_id",
        "client_secret",
        "webhook_token",
        "redirect_uri",
        "is_system_wide",
    ]),
    created: Says::Row(201),
    updated: Says::Data(200, "GitLab app updated successfully"),
    deleted: "GitLab app deleted successfully",
    settle: settle_gitlab_app,
    ..Room::PLAIN
};

/// The sources of public repositories; they have the id 0.
pub(super) fn furnish(state: &mut State) {
    for (room, name, html, api) in [
        (
            &GITHUB,
            "Public GitHub",
            "https://github.com",
            "https://api.github.com",
        ),
        (
            &GITLAB,
            "Public GitLab",
            "https://gitlab.com",
            "https://gitlab.com/api/v4",
        ),
    ] {
        let fields = json!({"name": name, "html_url": html, "api_url": api});
        room.add(
            state,
            Value::Null,
            fields.as_object().unwrap_or(&Map::new()),
        );
        let row = &mut state.shelves.of_mut(room.name)[0];
        row["id"] = 0.into();
        row["is_public"] = true.into();
        if let Some(token) = row.get_mut("webhook_token") {
            *token = Value::Null;
        }
    }
}

/// What a repository's own GitHub app lets Coolify see of it.
pub(super) fn find_repository<'a>(
    state: &'a State,
    app: &str,
    repository: &str,
) -> Result<&'a Value, Reply> {
    let apps = state.shelves.of(GITHUB.name).iter();
    let app = apps
        .filter(|row| row["is_public"] == false)
        .find(|row| row["uuid"] == app)
        .ok_or_else(|| Reply::not_found("Github App"))?;
    if repository.ends_with("/absent") {
        return Err(Reply::message(
            404,
            "Repository not found or not accessible by the GitHub App.",
        ));
    }
    Ok(app)
}

/// `POST /github-apps`.
fn create_github_app(state: &mut State, call: &Call<'_>) -> Answer {
    let is_old = !state.release().has("4.2.0");
    let room = if is_old { &OLD_GITHUB } else { &GITHUB };
    room.answer(Verb::Create, state, call)
}

/// `GET /github-apps/{github_app_id}/repositories`.
fn repositories(state: &mut State, call: &Call<'_>) -> Answer {
    reachable(state, call)?;
    Ok(Reply::json(
        200,
        json!({"repositories": replies::github_repositories()}),
    ))
}

/// `GET /github-apps/{github_app_id}/repositories/{owner}/{repo}/branches`.
fn branches(state: &mut State, call: &Call<'_>) -> Answer {
    reachable(state, call)?;
    if call.param("repo") == "absent" {
        return Err(Reply::json(
            404,
            json!({"message": "Error loading branches from GitHub.", "error": "Not Found"}),
        ));
    }
    Ok(Reply::json(
        200,
        json!({"branches": replies::github_branches()}),
    ))
}

/// An app without its installation gets nowhere, and Coolify says no more than that.
fn reachable(state: &State, call: &Call<'_>) -> Result<(), Reply> {
    let app = GITHUB.find(state, call)?;
    let key = state
        .shelves
        .of(KEYS.name)
        .iter()
        .find(|key| key["id"] == app["private_key_id"]);
    // GitHub signs with RSA.
    if key.is_some_and(|key| text(key, "private_key").contains("BEGIN RSA")) {
        Ok(())
    } else {
        Err(Reply::message(500, "Server Error"))
    }
}

/// A row that was only just written, which knows what it was given and no more.
fn new_github_app(row: &Value) -> Value {
    let mut shown = without(
        row.clone(),
        &[
            "client_secret",
            "webhook_secret",
            "administration",
            "contents",
            "metadata",
            "pull_requests",
        ],
    );
    shown["team_id"] = row["team_id"].to_string().into();
    shown
}

fn check_github_app(state: &State, body: &Body<'_>) -> Result<(), Reply> {
    let is_old = !state.release().has("4.3.3");
    let mut findings = Findings::default();
    for field in ["api_url", "html_url"] {
        // Later versions can be told which addresses of their own network are meant.
        if is_old && is_private(body.text(field)) {
            let words = field.replace('_', " ");
            findings.add(
                field,
                format!("The {words} must not point to a private or reserved IP address."),
            );
        }
    }
    findings.refuse()?;
    if body.fields.contains_key("private_key_uuid") {
        private_keys::id_of(state, body.text("private_key_uuid"))?;
    }
    Ok(())
}

fn is_private(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_private(),
        _ => false,
    }
}

/// Adds a GitHub app whose repositories Coolify can read; gives its row.
pub(super) fn seed_github_app(state: &mut State, name: &str) -> Value {
    let key = json!({
        "name": format!("{name}-key"),
        "private_key": format!("-----BEGIN RSA PRIVATE KEY-----\n{name}"),
    });
    let key = KEYS.add(state, Value::Null, key.as_object().unwrap_or(&Map::new()));
    let fields = json!({
        "name": name,
        "html_url": "https://github.com",
        "app_id": 4711,
        "installation_id": 815,
        "client_id": "Iv1.fake",
        "private_key_uuid": key["uuid"],
    });
    GITHUB.add(
        state,
        Value::Null,
        fields.as_object().unwrap_or(&Map::new()),
    )
}

fn settle_key(state: &mut State, row: &mut Value, fields: &Map<String, Value>) {
    let uuid = fields.get("private_key_uuid").and_then(Value::as_str);
    if let Some(id) = uuid.and_then(|uuid| private_keys::id_of(state, uuid).ok()) {
        row["private_key_id"] = id;
    }
}

fn settle_gitlab_app(state: &mut State, row: &mut Value, _: &Map<String, Value>) {
    if row["webhook_token"].is_null() {
        row["webhook_token"] = state.mint().into();
    }
}

fn keep_github_app(state: &State, row: &Value) -> Result<(), Reply> {
    let users = state
        .applications
        .iter()
        .filter(|it| it.row["source_id"] == row["id"])
        .count();
    if users == 0 {
        return Ok(());
    }
    Err(Reply::message(
        409,
        format!(
            "This GitHub app is being used by {users} application(s). Please delete all applications first."
        ),
    ))
}
