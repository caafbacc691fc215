//! The tokens of secret managers, and the links of applications to them. Neither can be
//! read. They are known from Coolify's source.

use serde_json::{Map, Value, json};

use crate::testing::{
    http::{Answer, Call, Reply},
    rooms::{Does::Run, Routes},
    state::{Clouds, State, find, text},
    validation::{
        Findings, is_blank,
        rules::{Field, Rule},
        url,
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("create-secret-manager-integration-token", Run(create)),
    ("configure-application-secret-manager", Run(configure)),
];

const TOKENS: &str = "integration_tokens";
const LINKS: &str = "secret_manager_links";

const PROVIDERS: &[&str] = &["doppler", "infisical", "vault"];

const NEW: &[Field] = &[
    ("provider", &[Rule::Required, Rule::OneOf(PROVIDERS)]),
    ("name", &[Rule::Required, Rule::Text, Rule::Max(255)]),
    ("token", &[Rule::Required, Rule::Text]),
    ("metadata", &[Rule::List]),
];

const NEEDED: &[Rule] = &[Rule::Required, Rule::Text];
const URL: &[Rule] = &[Rule::Required, Rule::Text, Rule::Is(url::is_url)];
const OPTIONAL: &[Rule] = &[Rule::Nullable, Rule::Text];

/// `POST /security/integration-tokens`.
fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let provider = body.get("provider").and_then(Value::as_str);
    let provider = provider.unwrap_or_default().to_owned();
    let own: &[Field] = match provider.as_str() {
        "infisical" => &[("base_url", URL), ("client_id", NEEDED)],
        "vault" => &[("base_url", URL), ("namespace", OPTIONAL)],
        _ => &[],
    };
    let mut findings = Findings::default();
    findings.check(&body, NEW, state);
    check_within(&mut findings, &body, "metadata", own, state);
    let token = body.get("token").and_then(Value::as_str);
    let is_dopplers = |it: &str| it.starts_with("dp.st.") || it.starts_with("dp.sa.");
    if provider == "doppler" && token.is_some_and(|it| !is_dopplers(it)) {
        findings.add("token", "The token field format is invalid.");
    }
    findings.allow_only(&body, &["provider", "name", "token", "metadata"]);
    findings.refuse()?;
    if state.clouds == Clouds::RejectTokens {
        let said = format!("The {provider} token is invalid.");
        return Err(Reply::message(400, said));
    }
    let mut row = state.fresh(json!({}));
    let uuid = row["uuid"].clone();
    for field in ["provider", "name", "token"] {
        row[field] = body[field].clone();
    }
    row["metadata"] = filled(body.get("metadata"), own);
    state.tables.of_mut(TOKENS).push(row);
    Ok(Reply::json(201, json!({ "uuid": uuid })))
}

/// `PATCH /applications/{uuid}/secret-manager`.
fn configure(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let application = text(&state.application(call.param("uuid"))?.row, "uuid");
    let token = body.get("integration_token_uuid").and_then(Value::as_str);
    let token = find(state.tables.of(TOKENS), "uuid", token.unwrap_or_default())
        .ok_or_else(|| Reply::not_found("Secret manager integration token"))?;
    let is_of_account = text(token, "token").starts_with("dp.sa.");
    let own: &[Field] = match token["provider"].as_str() {
        Some("doppler") if is_of_account => &[("project", NEEDED), ("config", NEEDED)],
        Some("infisical") => &[
            ("project_id", NEEDED),
            ("environment", NEEDED),
            ("secret_path", OPTIONAL),
        ],
        Some("vault") => &[("mount", NEEDED), ("path", NEEDED)],
        _ => &[],
    };
    let mut findings = Findings::default();
    findings.check(&body, &[("settings", &[Rule::List])], state);
    check_within(&mut findings, &body, "settings", own, state);
    findings.allow_only(&body, &["integration_token_uuid", "settings"]);
    findings.refuse()?;
    let link = json!({
        "integration_token_uuid": token["uuid"],
        "provider": token["provider"],
        "settings": filled(body.get("settings"), own),
    });
    let mut row = link.clone();
    row["application"] = application.clone().into();
    let links = state.tables.of_mut(LINKS);
    links.retain(|it| it["application"] != *application);
    links.push(row);
    Ok(Reply::json(200, link))
}

/// Adds the errors of an object in a body, which may be absent if it needs no fields.
fn check_within(
    findings: &mut Findings,
    body: &Map<String, Value>,
    object: &str,
    own: &[Field],
    state: &State,
) {
    let given = body.get(object).and_then(Value::as_object).cloned();
    let mut within = Findings::default();
    within.check(&given.unwrap_or_default(), own, state);
    for (field, _) in own.iter().filter(|(field, _)| within.has(field)) {
        let words = field.replace('_', " ");
        findings.add(
            &format!("{object}.{field}"),
            format!("The {object}.{words} field is required or invalid."),
        );
    }
}

/// Returns the fields that are stored: those with rules, unless they are blank. Without
/// rules these are all fields.
fn filled(given: Option<&Value>, own: &[Field]) -> Value {
    let given = given.and_then(Value::as_object).into_iter().flatten();
    let is_own = |field: &str| own.is_empty() || own.iter().any(|(it, _)| *it == field);
    let kept: Map<String, Value> = given
        .filter(|(field, value)| is_own(field) && !is_blank(Some(value)))
        .map(|(field, value)| (field.clone(), value.clone()))
        .collect();
    if kept.is_empty() {
        Value::Null
    } else {
        kept.into()
    }
}
