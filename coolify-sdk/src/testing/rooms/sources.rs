//! The sources of applications: GitHub apps and GitLab apps.

use serde_json::{Map, Value, json};

use crate::testing::{
    http::{Answer, Call, Reply},
    rooms::{
        Does::{self, Run},
        Routes,
        private_keys::{self, KEYS},
        table::{Body, Says, Table, Verb},
    },
    state::{Columns, State, forms, text as text_of, without},
    validation::{
        ANY_NAME, NOTE,
        rules::{Field, Rule},
        text, url,
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-github-apps", Does::Table(Verb::List, &GITHUB)),
    ("create-github-app", Does::Table(Verb::Create, &GITHUB)),
    ("updateGithubApp", Does::Table(Verb::Update, &GITHUB)),
    ("deleteGithubApp", Run(delete_github_app)),
    ("load-repositories", Run(repositories)),
    ("load-branches", Run(branches)),
    ("list-gitlab-apps", Does::Table(Verb::List, &GITLAB)),
    ("create-gitlab-app", Does::Table(Verb::Create, &GITLAB)),
    ("updateGitlabApp", Does::Table(Verb::Update, &GITLAB)),
    ("deleteGitlabApp", Does::Table(Verb::Delete, &GITLAB)),
];

const NEW_GITHUB: &[Field] = &[
    ("name", &[Rule::Required, ANY_NAME]),
    (
        "organization",
        &[
            Rule::Before("4.2.0", &[NOTE]),
            Rule::Since(
                "4.2.0",
                &[Rule::Nullable, Rule::Max(255), Rule::Is(text::organization)],
            ),
        ],
    ),
    (
        "api_url",
        &[
            Rule::Before("4.2.0", &[Rule::Required]),
            Rule::Nullable,
            Rule::Text,
            Rule::Address,
        ],
    ),
    ("html_url", &[Rule::Required, Rule::Text, Rule::Address]),
    ("custom_user", &[NOTE, Rule::Max(255)]),
    ("custom_port", PORT),
    ("app_id", &[Rule::Required, Rule::Whole]),
    ("installation_id", &[Rule::Required, Rule::Whole]),
    ("client_id", &[Rule::Required, ANY_NAME]),
    ("client_secret", &[Rule::Required, Rule::Text]),
    ("webhook_secret", &[Rule::Required, Rule::Text]),
    ("private_key_uuid", &[Rule::Required, Rule::Text]),
    ("is_system_wide", &[Rule::Switch]),
];

/// Updates drop unknown fields.
const CHANGED_GITHUB: &[Field] = &[
    ("name", &[]),
    ("organization", &[]),
    ("api_url", &[NOTE, Rule::Address]),
    ("html_url", &[Rule::Text, Rule::Address]),
    ("custom_user", &[]),
    ("custom_port", PORT),
    ("app_id", &[]),
    ("installation_id", &[]),
    ("client_id", &[]),
    ("client_secret", &[]),
    ("webhook_secret", &[]),
    ("private_key_uuid", &[]),
    ("is_system_wide", &[]),
];

const NEW_GITLAB: &[Field] = &[
    ("name", &[Rule::Required, ANY_NAME]),
    ("html_url", &[Rule::Required, Rule::Text, Rule::Address]),
    ("api_url", &[NOTE, Rule::Address]),
    ("custom_user", &[NOTE, Rule::Max(255)]),
    ("custom_port", PORT),
    ("group_name", &[NOTE, Rule::Max(255)]),
    ("client_id", &[NOTE, Rule::Max(255)]),
    ("client_secret", &[NOTE]),
    ("webhook_token", &[NOTE]),
    ("redirect_uri", &[NOTE, Rule::Is(url::is_url)]),
    ("is_system_wide", &[Rule::Switch]),
];

const CHANGED_GITLAB: &[Field] = &[
    ("name", &[]),
    ("html_url", &[Rule::Text, Rule::Address]),
    ("api_url", &[NOTE, Rule::Address]),
    ("custom_user", &[]),
    ("custom_port", PORT),
    ("group_name", &[]),
    ("client_id", &[]),
    ("client_secret", &[]),
    ("webhook_token", &[]),
    ("redirect_uri", &[NOTE, Rule::Is(url::is_url)]),
    ("is_system_wide", &[]),
];

const PORT: &[Rule] = &[Rule::Nullable, Rule::Whole, Rule::Min(1), Rule::Max(65535)];

const COLUMNS: Columns = Columns {
    long: &[
        "client_secret",
        "webhook_secret",
        "webhook_token",
        "access_token",
        "refresh_token",
    ],
    whole: &["custom_port", "app_id", "installation_id"],
    switch: &["is_system_wide"],
    filled: &["custom_port", "custom_user"],
    ..Columns::PLAIN
};

/// GitHub apps.
pub(in crate::testing) static GITHUB: Table = GITHUB_TABLE;

const GITHUB_TABLE: Table = Table {
    name: "github_apps",
    form: forms::github_app,
    key: ("id", "github_app_id"),
    missing: "GitHub app not found",
    secrets: &["client_secret", "webhook_secret"],
    new: NEW_GITHUB,
    changed: CHANGED_GITHUB,
    columns: COLUMNS,
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
    ..Table::PLAIN
};

static GITLAB: Table = Table {
    name: "gitlab_apps",
    form: forms::gitlab_app,
    key: ("id", "gitlab_app_id"),
    missing: "GitLab app not found",
    secrets: &[
        "access_token",
        "client_secret",
        "refresh_token",
        "webhook_token",
    ],
    new: NEW_GITLAB,
    changed: CHANGED_GITLAB,
    columns: COLUMNS,
    created: Says::Row(201),
    updated: Says::Data(200, "GitLab app updated successfully"),
    deleted: "GitLab app deleted successfully",
    settle: settle_gitlab_app,
    ..Table::PLAIN
};

/// The sources of public repositories; they have the id 0.
pub(in crate::testing) fn furnish(state: &mut State) {
    for (table, name, html, api) in [
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
        table.add(
            state,
            Value::Null,
            fields.as_object().unwrap_or(&Map::new()),
        );
        let row = &mut state.tables.of_mut(table.name)[0];
        row["id"] = 0.into();
        row["is_public"] = true.into();
        if let Some(token) = row.get_mut("webhook_token") {
            *token = Value::Null;
        }
    }
}

/// Returns the data of a repository that its GitHub app can read.
pub(in crate::testing) fn find_repository<'a>(
    state: &'a State,
    app: &str,
    repository: &str,
) -> Result<&'a Value, Reply> {
    let apps = state.tables.of(GITHUB.name).iter();
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

/// `GET /github-apps/{github_app_id}/repositories`.
fn repositories(state: &mut State, call: &Call<'_>) -> Answer {
    reachable(state, call)?;
    Ok(Reply::json(
        200,
        json!({"repositories": forms::github_repositories()}),
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
        json!({"branches": forms::github_branches()}),
    ))
}

/// Refuses an app without an installation, with a bare error.
fn reachable(state: &State, call: &Call<'_>) -> Result<(), Reply> {
    let app = GITHUB.find(state, call)?;
    let key = state
        .tables
        .of(KEYS.name)
        .iter()
        .find(|key| key["id"] == app["private_key_id"]);
    // GitHub signs with RSA.
    if key.is_some_and(|key| text_of(key, "private_key").contains("BEGIN RSA")) {
        Ok(())
    } else {
        Err(Reply::message(500, "Server Error"))
    }
}

/// Returns a new row, which contains only the fields of the request.
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
    if body.fields.contains_key("private_key_uuid") {
        private_keys::id_of(state, body.text("private_key_uuid"))?;
    }
    Ok(())
}

/// Adds a GitHub app whose repositories Coolify can read, and returns its row.
pub(in crate::testing) fn seed_github_app(state: &mut State, name: &str) -> Value {
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

/// `DELETE /github-apps/{github_app_id}`: also deletes the app's private key, unless
/// something else uses the key.
fn delete_github_app(state: &mut State, call: &Call<'_>) -> Answer {
    let app = GITHUB.find(state, call).cloned().unwrap_or_default();
    let reply = GITHUB.answer(Verb::Delete, state, call)?;
    private_keys::remove_unused(state, &app["private_key_id"]);
    Ok(reply)
}

fn settle_key(state: &mut State, row: &mut Value, fields: &Map<String, Value>) {
    if row["api_url"].is_null() {
        row["api_url"] = format!("{}/api/v3", text_of(row, "html_url")).into();
    }
    let uuid = fields.get("private_key_uuid").and_then(Value::as_str);
    if let Some(id) = uuid.and_then(|uuid| private_keys::id_of(state, uuid).ok()) {
        row["private_key_id"] = id;
    }
}

fn settle_gitlab_app(state: &mut State, row: &mut Value, _: &Map<String, Value>) {
    if row["api_url"].is_null() {
        row["api_url"] = format!("{}/api/v4", text_of(row, "html_url")).into();
    }
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
