//! The settings of a server that have their own endpoints: proxy, log drains,
//! Sentinel, Docker cleanup and Cloudflare's tunnel.

use serde_json::{Map, Value, json};

use crate::testing::{
    http::{Answer, Call, Reply},
    rooms::{Does::Run, Routes, scheduled_tasks::check_cron},
    state::{Job, Server, State, clock, forms, only, without},
    validation::{
        Findings, cron, encoded,
        rules::{Field, Rule},
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    (
        "get-server-log-drains",
        Run(|state, call| LOG_DRAINS.read(state, call)),
    ),
    (
        "update-server-log-drains",
        Run(|state, call| LOG_DRAINS.write(state, call)),
    ),
    (
        "get-server-sentinel",
        Run(|state, call| SENTINEL.read(state, call)),
    ),
    (
        "update-server-sentinel",
        Run(|state, call| SENTINEL.write(state, call)),
    ),
    (
        "get-server-docker-cleanup",
        Run(|state, call| CLEANUP.read(state, call)),
    ),
    (
        "update-server-docker-cleanup",
        Run(|state, call| CLEANUP.write(state, call)),
    ),
    ("run-server-docker-cleanup", Run(run_cleanup)),
    ("list-server-docker-cleanup-executions", Run(cleanups)),
    (
        "get-server-cloudflare-tunnel",
        Run(|state, call| TUNNEL.read(state, call)),
    ),
    (
        "update-server-cloudflare-tunnel",
        Run(|state, call| TUNNEL.write(state, call)),
    ),
    ("enable-server-cloudflare-tunnel", Run(enable_tunnel)),
    ("disable-server-cloudflare-tunnel", Run(disable_tunnel)),
    ("get-server-proxy", Run(proxy)),
    ("update-server-proxy", Run(update_proxy)),
    (
        "save-server-proxy-configuration",
        Run(save_proxy_configuration),
    ),
    ("restart-server-proxy", Run(restart_proxy)),
];

/// A part of a server's settings.
struct View {
    /// The fields that can be written.
    fields: &'static [&'static str],
    /// Further fields of the reply, which belong to the server itself.
    of_server: &'static [&'static str],
    /// The fields that need `read:sensitive`.
    secrets: &'static [&'static str],
    /// The rules of the fields.
    rules: &'static [Field],
}

const CLEANUP_FREQUENCY: &str = "docker_cleanup_frequency";

static LOG_DRAINS: View = View {
    fields: &[
        "is_logdrain_newrelic_enabled",
        "logdrain_newrelic_base_uri",
        "is_logdrain_axiom_enabled",
        "logdrain_axiom_dataset_name",
        "is_logdrain_custom_enabled",
        "logdrain_newrelic_license_key",
        "logdrain_axiom_api_key",
        "logdrain_custom_config",
        "logdrain_custom_config_parser",
    ],
    of_server: &[],
    secrets: &[
        "logdrain_newrelic_license_key",
        "logdrain_axiom_api_key",
        "logdrain_custom_config",
        "logdrain_custom_config_parser",
    ],
    rules: &[],
};

static SENTINEL: View = View {
    fields: &[
        "is_sentinel_enabled",
        "is_metrics_enabled",
        "is_sentinel_debug_enabled",
        "sentinel_metrics_refresh_rate_seconds",
        "sentinel_metrics_history_days",
        "sentinel_push_interval_seconds",
        "sentinel_token",
        "sentinel_custom_url",
    ],
    of_server: &["sentinel_updated_at"],
    secrets: &["sentinel_token", "sentinel_custom_url"],
    rules: &[],
};

static CLEANUP: View = View {
    fields: &[
        "docker_cleanup_frequency",
        "docker_cleanup_threshold",
        "force_docker_cleanup",
        "delete_unused_volumes",
        "delete_unused_networks",
        "disable_application_image_retention",
    ],
    of_server: &[],
    secrets: &[],
    rules: &[
        (CLEANUP_FREQUENCY, &[Rule::Text]),
        (
            "docker_cleanup_threshold",
            &[Rule::Whole, Rule::Min(1), Rule::Max(99)],
        ),
        ("force_docker_cleanup", &[Rule::Switch]),
        ("delete_unused_volumes", &[Rule::Switch]),
        ("delete_unused_networks", &[Rule::Switch]),
        ("disable_application_image_retention", &[Rule::Switch]),
    ],
};

static TUNNEL: View = View {
    fields: &["is_cloudflare_tunnel"],
    of_server: &["ip", "ip_previous"],
    secrets: &[],
    rules: &[],
};

impl View {
    fn read(&self, state: &State, call: &Call<'_>) -> Answer {
        let server = state.server(call.param("uuid"))?;
        Ok(Reply::json(200, self.shown(server, call)))
    }

    fn write(&self, state: &mut State, call: &Call<'_>) -> Answer {
        let mut body = call.object()?;
        let mut findings = Findings::default();
        findings.check(&body, self.rules, state);
        findings.allow_only(&body, self.fields);
        findings.refuse()?;
        check_cron(&body, CLEANUP_FREQUENCY)?;
        if let Some(Value::String(frequency)) = body.get_mut(CLEANUP_FREQUENCY) {
            *frequency = cron::written_out(frequency).to_owned();
        }
        let server = state.server_mut(call.param("uuid"))?;
        server.fill(&body)?;
        Ok(Reply::json(200, self.shown(server, call)))
    }

    fn shown(&self, server: &Server, call: &Call<'_>) -> Value {
        let mut shown = only(&server.settings, self.fields);
        for field in self.of_server {
            shown[*field] = server.row[*field].clone();
        }
        if call.sensitive {
            shown
        } else {
            without(shown, self.secrets)
        }
    }
}

/// `POST /servers/{uuid}/docker-cleanup/run`.
fn run_cleanup(state: &mut State, call: &Call<'_>) -> Answer {
    state.server(call.param("uuid"))?;
    let mut run = without(state.fresh(forms::cleanup_execution()), &["id"]);
    run["finished_at"] = clock::now_plain().into();
    let lag = Job::after(state.settings.job_lag);
    let server = state.server_mut(call.param("uuid"))?;
    server.cleanups.insert(0, (lag, run));
    Ok(Reply::message(
        200,
        "Manual cleanup job started. Depending on the amount of data, this might take a while.",
    ))
}

/// `GET /servers/{uuid}/docker-cleanup/executions`.
fn cleanups(state: &mut State, call: &Call<'_>) -> Answer {
    let server = state.server(call.param("uuid"))?;
    let done = server.cleanups.iter().filter(|(job, _)| !job.waits());
    Ok(Reply::json(200, done.map(|(_, run)| run.clone()).collect()))
}

/// `POST /servers/{uuid}/cloudflare-tunnel/enable`.
fn enable_tunnel(state: &mut State, call: &Call<'_>) -> Answer {
    switch_tunnel(state, call, true, "Cloudflare Tunnel enabled.")
}

/// `POST /servers/{uuid}/cloudflare-tunnel/disable`.
fn disable_tunnel(state: &mut State, call: &Call<'_>) -> Answer {
    let said = "Cloudflare Tunnel disabled. Action required: Update the server IP address to its real IP address if needed.";
    switch_tunnel(state, call, false, said)
}

fn switch_tunnel(state: &mut State, call: &Call<'_>, on: bool, said: &str) -> Answer {
    let server = state.server_mut(call.param("uuid"))?;
    server.settings["is_cloudflare_tunnel"] = on.into();
    let mut shown = TUNNEL.shown(server, call);
    shown["message"] = said.into();
    Ok(Reply::json(200, shown))
}

/// `GET /servers/{uuid}/proxy`.
fn proxy(state: &mut State, call: &Call<'_>) -> Answer {
    let server = state.server(call.param("uuid"))?;
    Ok(Reply::json(200, shown_proxy(server, call)))
}

/// `PATCH /servers/{uuid}/proxy`.
fn update_proxy(state: &mut State, call: &Call<'_>) -> Answer {
    const FIELDS: &[&str] = &[
        "redirect_enabled",
        "redirect_url",
        "generate_exact_labels",
        "proxy_type",
    ];
    let body = call.object()?;
    let mut findings = Findings::default();
    findings.allow_only(&body, FIELDS);
    findings.refuse()?;
    let server = state.server_mut(call.param("uuid"))?;
    let (of_proxy, others): (Map<_, _>, Map<_, _>) = body
        .into_iter()
        .partition(|(field, _)| field.starts_with("redirect_"));
    for (field, value) in of_proxy {
        server.row["proxy"][field] = value;
    }
    server.fill(&others)?;
    Ok(Reply::json(200, shown_proxy(server, call)))
}

/// `PUT /servers/{uuid}/proxy/configuration`.
fn save_proxy_configuration(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let mut findings = Findings::default();
    findings.require(&body, &["configuration"]);
    findings.allow_only(&body, &["configuration"]);
    findings.refuse()?;
    let configuration = encoded::decoded(&body["configuration"]);
    if configuration.is_null() {
        return Err(Reply::invalid_field(
            "configuration",
            "The configuration should be base64 encoded.",
        ));
    }
    let server = state.server_mut(call.param("uuid"))?;
    server.proxy_configuration = configuration;
    let mut shown = shown_proxy(server, call);
    shown["message"] = "Proxy configuration saved.".into();
    Ok(Reply::json(200, shown))
}

/// `POST /servers/{uuid}/proxy/restart`.
fn restart_proxy(state: &mut State, call: &Call<'_>) -> Answer {
    state.server(call.param("uuid"))?;
    Ok(Reply::message(200, "Proxy restart queued."))
}

fn shown_proxy(server: &Server, call: &Call<'_>) -> Value {
    let proxy = &server.row["proxy"];
    let mut shown = json!({
        "proxy_type": proxy["type"],
        "status": proxy["status"],
        "redirect_enabled": proxy["redirect_enabled"],
        "redirect_url": proxy["redirect_url"],
        "generate_exact_labels": server.settings["generate_exact_labels"],
    });
    if call.sensitive {
        shown["configuration"] = server.proxy_configuration.clone();
    }
    shown
}
