//! Moving servers between instances, and resources between servers. Coolify does both on
//! development instances only.

mod bundle;

use serde_json::{Map, Value, json};

use crate::testing::{
    http::{Answer, Call, Reply, php},
    rooms::{Does::Run, Routes, destinations},
    state::{Kind, Owner, State, clock, text},
    validation::{
        Findings, hold,
        rules::{Field, Rule},
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("migrate-application-by-uuid", Run(migrate_resource)),
    ("migrate-database-by-uuid", Run(migrate_resource)),
    ("migrate-service-by-uuid", Run(migrate_resource)),
    ("claim-server", Run(claim)),
    ("complete-server-transfer", Run(complete)),
    ("export-server-transfer-bundle", Run(export)),
    ("export-server-transfer-mailbox", Run(write_mailbox)),
    ("import-server-transfer-bundle", Run(import)),
    ("migrate-server-between-instances", Run(migrate_server)),
];

const SWITCH: &[Rule] = &[Rule::Nullable, Rule::Switch];
const NOTE: &[Rule] = &[Rule::Nullable, Rule::Text];

const MIGRATED: &[Field] = &[
    ("destination_uuid", &[Rule::Required, Rule::Text]),
    ("migrate_volumes", &[Rule::Switch]),
];
const CLAIMED: &[Field] = &[("write_remote", SWITCH), ("rebind_sentinel", SWITCH)];
const COMPLETED: &[Field] = &[("export_id", NOTE), ("target_instance_url", NOTE)];
const IMPORTED: &[Field] = &[
    ("passphrase", NOTE),
    ("dry_run", SWITCH),
    ("preserve_uuids", SWITCH),
    ("adopt_mode", SWITCH),
    ("claim", SWITCH),
    ("write_remote", SWITCH),
    ("rebind_sentinel", SWITCH),
];
const SENT: &[Field] = &[
    ("target_url", &[Rule::Required, Rule::Text]),
    ("target_token", &[Rule::Required, Rule::Text]),
    ("write_remote", SWITCH),
    ("rebind_sentinel", SWITCH),
    ("preserve_uuids", SWITCH),
    ("adopt_mode", SWITCH),
];

/// The address of the instance, where nobody has set one.
const INSTANCE: &str = "http://127.0.0.1:8000";

const NEVER_HOST: &str = "The Coolify host (localhost) cannot be transferred between instances.";

/// The beginnings of addresses that are reserved for documentation. Nobody reaches them.
const UNREACHABLE: [&str; 3] = ["192.0.2.", "198.51.100.", "203.0.113."];

/// `POST …/migrate` of a resource.
fn migrate_resource(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    if !state.settings.is_development {
        return Err(Reply::message(404, ""));
    }
    let body = object(call);
    hold(&body, MIGRATED, state)?;
    let wanted = php::text(&body["destination_uuid"]);
    let destination = destinations::find(state, &wanted)?.clone();
    let kind = owner.kind;
    let row = state.row_mut(&owner)?;
    let refuse = |said: &str| {
        let reply = json!({"message": said, "errors": {"destination_id": [said]}});
        Err(Reply::json(422, reply))
    };
    if row["destination_id"] == destination["id"] {
        return refuse("Resource is already on the selected destination.");
    }
    let here = row["destination_id"].clone();
    let here = state.server_of(&here).map(|it| it.row["id"].clone());
    if here.is_some_and(|it| it == destination["server_id"]) {
        return refuse("Migration requires a different server. Choose another server destination.");
    }
    let with_volumes = body.get("migrate_volumes").is_none_or(php::is_on);
    let volumes = if with_volumes {
        volumes(state, &owner)
    } else {
        0
    };
    let message = match (volumes, with_volumes) {
        (0, true) => "Resource migrated to the new server. Redeploy when ready.",
        (0, false) => {
            "Resource migrated to the new server. Volume data was not transferred. Redeploy \
             when ready."
        }
        _ => {
            "Migration started. The resource was stopped and volume data is being transferred. \
             Destination will update when transfer completes. Redeploy afterwards."
        }
    };
    let row = state.row_mut(&owner)?;
    if volumes == 0 {
        row["destination_id"] = destination["id"].clone();
        if row.get("server_id").is_some() {
            row["server_id"] = destination["server_id"].clone();
        }
    }
    if kind != Kind::Service {
        row["status"] = "exited".into();
        if row.get("started_at").is_some() {
            row["started_at"] = Value::Null;
        }
    }
    row["updated_at"] = clock::now().into();
    let reply = json!({
        "message": message,
        "uuid": owner.uuid,
        "destination_uuid": wanted,
        "async": volumes > 0,
        "volume_jobs": volumes,
    });
    Ok(Reply::json(200, reply))
}

fn volumes(state: &State, owner: &Owner) -> usize {
    let storages = state.storages.iter();
    let volumes = storages.filter(|it| it.owner == owner.uuid && !it.is_file);
    volumes.count()
}

/// `GET /servers/{uuid}/export`.
fn export(state: &mut State, call: &Call<'_>) -> Answer {
    check(state)?;
    if !call.sensitive {
        let said = "Exporting a server requires a token with read:sensitive (or root) ability \
                    and an admin/owner team role.";
        return Err(Reply::message(403, said));
    }
    let bundle = movable(state, call.param("uuid"))?;
    let passphrase = call.input("passphrase").filter(|it| !it.is_empty());
    if call.switch("encrypt") && passphrase.is_some() {
        return Ok(Reply::json(200, bundle::encrypted(&bundle)));
    }
    Ok(Reply::json(200, bundle))
}

/// `POST /servers/{uuid}/export/mailbox`.
fn write_mailbox(state: &mut State, call: &Call<'_>) -> Answer {
    check(state)?;
    if !call.sensitive {
        let said = "Writing a transfer mailbox requires read:sensitive (or root) ability and an \
                    admin/owner team role.";
        return Err(Reply::message(403, said));
    }
    let bundle = movable(state, call.param("uuid"))?;
    let host = text(&bundle["server"], "ip");
    if UNREACHABLE.iter().any(|it| host.starts_with(it)) {
        let said = format!("ssh: connect to host {host} port 22: Network is unreachable");
        return Err(Reply::message(422, said));
    }
    let path = format!(
        "/data/coolify/exports/server-transfer-{}.coolify.json",
        text(&bundle, "export_id")
    );
    Ok(Reply::json(200, json!({"path": path, "written": true})))
}

/// Returns the bundle of a server, which is not the one that Coolify runs on.
fn movable(state: &mut State, uuid: &str) -> Result<Value, Reply> {
    let host = state.servers[0].row["uuid"] == uuid;
    state.server(uuid)?;
    if host {
        return Err(Reply::message(422, NEVER_HOST));
    }
    let export = state.mint();
    bundle::of(state, uuid, &export)
}

/// `POST /servers/import`. A bundle is counted, but nothing is made of it.
fn import(state: &mut State, call: &Call<'_>) -> Answer {
    check(state)?;
    let body = call.object()?;
    let mut findings = Findings::default();
    findings.check(&body, IMPORTED, state);
    let bundle = body.get("bundle").unwrap_or(&Value::Null);
    if bundle.as_object().is_none_or(Map::is_empty) {
        findings.add("bundle", "This field is required.");
    }
    let known: Vec<_> = IMPORTED.iter().map(|(name, _)| *name).collect();
    findings.allow_only(&body, &[&known[..], &["bundle"]].concat());
    findings.refuse()?;
    let dry_run = body.get("dry_run").is_some_and(php::is_on);
    let wrong = bundle::faults(bundle);
    if let Some(first) = wrong.first() {
        let reply = json!({"message": first, "errors": {"bundle": wrong}});
        return Err(Reply::json(422, reply));
    }
    let keeps = body.get("preserve_uuids").is_none_or(php::is_on);
    let (uuid, ip) = (
        text(&bundle["server"], "uuid"),
        text(&bundle["server"], "ip"),
    );
    let mut warnings = Vec::new();
    let mut servers = state.servers.iter();
    if keeps && servers.clone().any(|it| it.row["uuid"] == uuid) {
        warnings.push(format!(
            "A server with UUID {uuid} already exists on this instance."
        ));
    }
    if let Some(same) = servers.find(|it| it.row["ip"] == ip) {
        let theirs = text(&same.row, "uuid");
        warnings.push(format!(
            "A server with IP/domain {ip} already exists (uuid={theirs})."
        ));
    }
    if !dry_run && let Some(first) = warnings.first() {
        let reply = json!({"message": first, "errors": {"server": [first]}});
        return Err(Reply::json(422, reply));
    }
    let claims = !dry_run && body.get("claim").is_none_or(php::is_on);
    let claim = claims.then(|| bundle::claim(&uuid, &text(bundle, "export_id"), INSTANCE));
    let reply = json!({
        "dry_run": dry_run,
        "warnings": warnings,
        "server_uuid": keeps.then_some(uuid),
        "private_key_uuid": bundle["private_key"]["uuid"],
        "created": bundle::counts(bundle),
        "preserved_uuids": keeps,
        "export_id": bundle["export_id"],
        "claimed": claims,
        "claim": claim,
    });
    Ok(Reply::json(if dry_run { 200 } else { 201 }, reply))
}

/// `POST /servers/{uuid}/claim`.
fn claim(state: &mut State, call: &Call<'_>) -> Answer {
    check(state)?;
    let uuid = call.param("uuid").to_owned();
    let body = object(call);
    state.server(&uuid)?;
    hold(&body, CLAIMED, state)?;
    if state.servers[0].row["uuid"] == uuid {
        return Err(Reply::message(422, "Cannot claim the Coolify host itself."));
    }
    let server = state.server_mut(&uuid)?;
    let export = text(&server.row["server_metadata"]["transfer"], "export_id");
    let claim = bundle::claim(&uuid, &export, INSTANCE);
    let rebinds = body.get("rebind_sentinel").is_none_or(php::is_on);
    let reaches = !UNREACHABLE
        .iter()
        .any(|it| text(&server.row, "ip").starts_with(it));
    let written = reaches && body.get("write_remote").is_none_or(php::is_on);
    if rebinds {
        server.settings["sentinel_custom_url"] = INSTANCE.into();
    }
    let transfer = &mut server.row["server_metadata"]["transfer"];
    transfer["status"] = "claimed".into();
    transfer["claimed_at"] = claim["claimed_at"].clone();
    transfer["claim"] = claim.clone();
    transfer["claim_written"] = written.into();
    transfer["sentinel_rebound"] = rebinds.into();
    let message = if written {
        "Server claimed. Ownership file written and Sentinel rebound to this instance."
    } else {
        "Server claimed in Coolify. Remote ownership file was not written (SSH unavailable or \
         skipped)."
    };
    let reply = json!({
        "server_uuid": uuid,
        "claim": claim,
        "sentinel_rebound": rebinds,
        "claim_written": written,
        "message": message,
    });
    Ok(Reply::json(200, reply))
}

/// `POST /servers/{uuid}/transfer/complete`.
fn complete(state: &mut State, call: &Call<'_>) -> Answer {
    check(state)?;
    let uuid = call.param("uuid").to_owned();
    let body = object(call);
    state.server(&uuid)?;
    hold(&body, COMPLETED, state)?;
    if state.servers[0].row["uuid"] == uuid {
        return Err(Reply::message(
            422,
            "Cannot transfer the Coolify host itself.",
        ));
    }
    let given = |field: &str| body.get(field).cloned().unwrap_or_default();
    hand_over(
        state,
        &uuid,
        &given("export_id"),
        &given("target_instance_url"),
    )
    .map(|done| Reply::json(200, done))
}

/// Marks a server as transferred, which disables it here.
fn hand_over(
    state: &mut State,
    uuid: &str,
    export: &Value,
    target: &Value,
) -> Result<Value, Reply> {
    let server = state.server_mut(uuid)?;
    server.settings["force_disabled"] = true.into();
    server.settings["is_sentinel_enabled"] = false.into();
    server.row["server_metadata"]["transfer"] = json!({
        "status": "transferred",
        "export_id": export,
        "target_instance_url": target,
        "transferred_at": bundle::now(),
    });
    Ok(json!({
        "server_uuid": uuid,
        "message": "Server marked as transferred. Automations disabled on this instance.",
    }))
}

/// `POST /servers/{uuid}/migrate`. No other instance exists: whichever could be reached
/// takes the server.
fn migrate_server(state: &mut State, call: &Call<'_>) -> Answer {
    check(state)?;
    if !call.sensitive {
        let said = "Migrating a server requires a token with read:sensitive (or root) ability \
                    and an admin/owner team role.";
        return Err(Reply::message(403, said));
    }
    let uuid = call.param("uuid").to_owned();
    state.server(&uuid)?;
    let body = call.object()?;
    hold(&body, SENT, state)?;
    let bundle = movable(state, &uuid)?;
    let target = text(&Value::Object(body), "target_url");
    let target = target.trim_end_matches('/');
    let import = format!("{target}/api/v1/servers/import");
    if let Some(port) = target.strip_prefix("http://127.0.0.1:") {
        let said = format!(
            "Could not reach target instance at {import}: cURL error 7: Failed to connect to \
             127.0.0.1 port {port} after 0 ms: Could not connect to server (see \
             https://curl.se/libcurl/c/libcurl-errors.html) for {import}"
        );
        return Err(Reply::message(422, said));
    }
    let export = bundle["export_id"].clone();
    let complete = hand_over(state, &uuid, &export, &target.into())?;
    let reply = json!({
        "server_uuid": uuid,
        "export_id": export,
        "target_url": target,
        "import": {
            "dry_run": false,
            "warnings": [],
            "server_uuid": uuid,
            "private_key_uuid": bundle["private_key"]["uuid"],
            "created": bundle::counts(&bundle),
            "preserved_uuids": true,
            "export_id": export,
            "claimed": true,
            "claim": bundle::claim(&uuid, &text(&bundle, "export_id"), target),
        },
        "complete": complete,
        "warnings": [],
        "message": format!(
            "Server migrated to {target}. Automations disabled on this instance."
        ),
    });
    Ok(Reply::json(200, reply))
}

/// Refuses what a production instance does not have. This is checked before requests are
/// counted.
fn check(state: &State) -> Result<(), Reply> {
    if state.settings.is_development {
        return Ok(());
    }
    Err(Reply::message(404, "").unmetered())
}

fn object(call: &Call<'_>) -> Map<String, Value> {
    call.body().as_object().cloned().unwrap_or_default()
}
