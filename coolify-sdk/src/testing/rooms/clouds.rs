//! Cloud providers: tokens, catalogues and new servers.

use serde_json::{Map, Value, json};

use crate::testing::{
    http::{Answer, Call, Reply},
    rooms::{
        Does::{self, Run},
        Routes, private_keys, servers,
        table::{Body, Table, Verb},
    },
    state::{Clouds, Columns, State, forms, text, without},
    validation::{ANY_NAME, Findings, rules::Rule},
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-cloud-tokens", Does::Table(Verb::List, &TOKENS)),
    ("create-cloud-token", Does::Table(Verb::Create, &TOKENS)),
    ("get-cloud-token-by-uuid", Does::Table(Verb::Get, &TOKENS)),
    (
        "update-cloud-token-by-uuid",
        Does::Table(Verb::Update, &RENAMED),
    ),
    (
        "delete-cloud-token-by-uuid",
        Does::Table(Verb::Delete, &TOKENS),
    ),
    ("validate-cloud-token-by-uuid", Run(validate_token)),
    ("get-hetzner-firewalls", Run(catalogue)),
    ("get-hetzner-images", Run(catalogue)),
    ("get-hetzner-locations", Run(catalogue)),
    ("get-hetzner-networks", Run(catalogue)),
    ("get-hetzner-server-types", Run(catalogue)),
    ("get-hetzner-ssh-keys", Run(catalogue)),
    (
        "create-hetzner-server",
        Run(|state, call| HETZNER.rent(state, call)),
    ),
    ("get-digitalocean-images", Run(catalogue)),
    ("get-digitalocean-regions", Run(catalogue)),
    ("get-digitalocean-sizes", Run(catalogue)),
    ("get-digitalocean-ssh-keys", Run(catalogue)),
    (
        "create-digitalocean-server",
        Run(|state, call| DIGITALOCEAN.rent(state, call)),
    ),
    ("get-vultr-operating-systems", Run(catalogue)),
    ("get-vultr-plans", Run(catalogue)),
    ("get-vultr-regions", Run(catalogue)),
    ("get-vultr-ssh-keys", Run(catalogue)),
    (
        "create-vultr-server",
        Run(|state, call| VULTR.rent(state, call)),
    ),
];

static TOKENS: Table = TABLE;

const TABLE: Table = Table {
    name: "cloud_tokens",
    form: forms::cloud_token,
    missing: "Cloud provider token not found.",
    hidden: &["id"],
    secrets: &["token"],
    new: &[
        (
            "provider",
            &[
                Rule::Required,
                Rule::Text,
                Rule::OneOf(&["hetzner", "digitalocean", "vultr"]),
            ],
        ),
        ("token", &[Rule::Required, Rule::Text]),
        ("name", &[Rule::Required, ANY_NAME]),
    ],
    changed: &[("name", &[Rule::Required, ANY_NAME])],
    columns: Columns {
        long: &["token"],
        plain: &["name"],
        ..Columns::PLAIN
    },
    deleted: "Cloud provider token deleted.",
    check: check_token,
    keep: |state, row| {
        if count_servers(state, &row["id"]) == 0 {
            return Ok(());
        }
        Err(Reply::message(
            400,
            "Cannot delete token that is used by servers.",
        ))
    },
    dress: |state, shown| {
        let uuid = text(shown, "uuid");
        let row = TOKENS.by_key(state, &uuid);
        let id = row.map(|row| row["id"].clone()).unwrap_or_default();
        shown["servers_count"] = count_servers(state, &id).into();
        if !state.release().has("4.2.0") {
            *shown = without(shown.take(), &["description", "token"]);
        }
    },
    ..Table::PLAIN
};

/// Only the name of a token can be changed.
static RENAMED: Table = Table {
    check: |_, _| Ok(()),
    ..TABLE
};

/// A cloud provider.
struct Cloud {
    /// Its name in tokens.
    provider: &'static str,
    /// Its name for users.
    name: &'static str,
    requires: &'static [&'static str],
    takes: &'static [&'static str],
    /// The column of a server with its id at the provider.
    id: &'static str,
    /// Whether Coolify passes the provider's rate limit on as a 429.
    tells_rate_limit: bool,
}

static HETZNER: Cloud = Cloud {
    provider: "hetzner",
    name: "Hetzner",
    requires: &["location", "server_type", "image", "private_key_uuid"],
    takes: &[
        "location",
        "server_type",
        "image",
        "enable_ipv4",
        "enable_ipv6",
        "enable_backups",
        "hetzner_ssh_key_ids",
        "hetzner_firewall_ids",
        "hetzner_network_ids",
    ],
    id: "hetzner_server_id",
    tells_rate_limit: false,
};

static DIGITALOCEAN: Cloud = Cloud {
    provider: "digitalocean",
    name: "DigitalOcean",
    requires: &["region", "size", "image", "private_key_uuid"],
    takes: &[
        "region",
        "size",
        "image",
        "enable_ipv6",
        "monitoring",
        "digitalocean_ssh_key_ids",
    ],
    id: "digitalocean_droplet_id",
    tells_rate_limit: true,
};

static VULTR: Cloud = Cloud {
    provider: "vultr",
    name: "Vultr",
    requires: &["region", "plan", "os_id", "private_key_uuid"],
    takes: &[
        "region",
        "plan",
        "os_id",
        "enable_ipv6",
        "disable_public_ipv4",
        "vultr_ssh_key_ids",
    ],
    id: "vultr_instance_id",
    tells_rate_limit: true,
};

/// The fields that the endpoint of every provider accepts.
const SHARED: &[&str] = &[
    "cloud_provider_token_uuid",
    "cloud_provider_token_id",
    "name",
    "private_key_uuid",
    "cloud_init_script",
    "instant_validate",
];

const TOKEN: [&str; 2] = ["cloud_provider_token_uuid", "cloud_provider_token_id"];

impl Cloud {
    /// Returns the token of this provider with the uuid of the call, in either
    /// parameter.
    fn token<'a>(&self, state: &'a State, call: &Call<'_>) -> Result<&'a Value, Reply> {
        let named = TOKEN.iter().find_map(|name| call.input(name));
        let Some(uuid) = named else {
            let mut findings = Findings::default();
            for (field, other) in [(TOKEN[0], TOKEN[1]), (TOKEN[1], TOKEN[0])] {
                let [field_words, other] = [field, other].map(|it| it.replace('_', " "));
                let sentence =
                    format!("The {field_words} field is required when {other} is not present.");
                findings.add(field, sentence);
            }
            findings.refuse()?;
            return Ok(&Value::Null);
        };
        TOKENS
            .by_key(state, &uuid)
            .filter(|row| row["provider"] == self.provider)
            .ok_or_else(|| Reply::not_found(&format!("{} cloud provider token", self.name)))
    }

    /// `POST /servers/{cloud}`.
    fn rent(&self, state: &mut State, call: &Call<'_>) -> Answer {
        let body = call.object()?;
        let mut findings = Findings::default();
        findings.require(&body, self.requires);
        findings.allow_only(&body, &[SHARED, self.takes].concat());
        let is_off = |field: &str| body.get(field) == Some(&json!(false));
        let has_no_ip =
            self.provider == "hetzner" && is_off("enable_ipv4") && is_off("enable_ipv6");
        let is_checked = state.release().has("4.2.0");
        if has_no_ip && is_checked {
            for field in ["enable_ipv4", "enable_ipv6"] {
                findings.add(field, "Enable at least one public IP protocol.");
            }
        }
        findings.refuse()?;
        let token = self.token(state, call)?["id"].clone();
        let given = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default();
        let key = private_keys::id_of(state, given("private_key_uuid"))?;
        self.check_upstream(state, &body, has_no_ip)?;
        let (mut row, settings) = servers::fresh(state, given("name"));
        let number = row["id"].as_u64().unwrap_or_default();
        let id = match self.provider {
            "vultr" => json!(format!("4f0f12e5-1f84-404f-aa84-{number:012}")),
            _ => json!(number),
        };
        let ip = if self.provider == "hetzner" && is_off("enable_ipv4") {
            format!("2001:db8:{number:x}::/64")
        } else {
            format!("198.51.100.{}", number % 256)
        };
        row["ip"] = ip.clone().into();
        row["private_key_id"] = key;
        row["cloud_provider_token_id"] = token;
        row[self.id] = id.clone();
        let uuid = servers::add(state, row, settings);
        Ok(Reply::json(
            201,
            json!({"uuid": uuid, self.id: id, "ip": ip}),
        ))
    }

    /// Refuses what the provider itself refuses.
    fn check_upstream(
        &self,
        state: &State,
        body: &Map<String, Value>,
        has_no_ip: bool,
    ) -> Result<(), Reply> {
        if state.clouds == Clouds::LimitRate && self.tells_rate_limit {
            return Err(too_often());
        }
        let types = forms::cloud_hetzner_server_types();
        let mut types = types.as_array().into_iter().flatten();
        let is_sold = self.provider != "hetzner"
            || body
                .get("server_type")
                .is_some_and(|wanted| types.any(|it| it["name"] == *wanted));
        if state.clouds != Clouds::Work || !is_sold || has_no_ip {
            let what = format!("Failed to create {} server.", self.name);
            return Err(Reply::message(500, what));
        }
        Ok(())
    }
}

/// `GET /{cloud}/{what}`.
fn catalogue(state: &mut State, call: &Call<'_>) -> Answer {
    let (cloud, words, list): (&Cloud, _, fn() -> Value) =
        match (call.family(), call.last_segment()) {
            ("hetzner", "firewalls") => (&HETZNER, "firewalls", forms::cloud_hetzner_firewalls),
            ("hetzner", "images") => (&HETZNER, "images", forms::cloud_hetzner_images),
            ("hetzner", "locations") => (&HETZNER, "locations", forms::cloud_hetzner_locations),
            ("hetzner", "networks") => (&HETZNER, "networks", forms::cloud_hetzner_networks),
            ("hetzner", "server-types") => {
                (&HETZNER, "server types", forms::cloud_hetzner_server_types)
            }
            ("hetzner", _) => (&HETZNER, "SSH keys", forms::cloud_hetzner_ssh_keys),
            ("digitalocean", "images") => {
                (&DIGITALOCEAN, "images", forms::cloud_digitalocean_images)
            }
            ("digitalocean", "regions") => {
                (&DIGITALOCEAN, "regions", forms::cloud_digitalocean_regions)
            }
            ("digitalocean", "sizes") => (&DIGITALOCEAN, "sizes", forms::cloud_digitalocean_sizes),
            ("digitalocean", _) => (
                &DIGITALOCEAN,
                "SSH keys",
                forms::cloud_digitalocean_ssh_keys,
            ),
            (_, "os") => (
                &VULTR,
                "operating systems",
                forms::cloud_vultr_operating_systems,
            ),
            (_, "plans") => (&VULTR, "plans", forms::cloud_vultr_plans),
            (_, "regions") => (&VULTR, "regions", forms::cloud_vultr_regions),
            (_, _) => (&VULTR, "SSH keys", forms::cloud_vultr_ssh_keys),
        };
    cloud.token(state, call)?;
    match state.clouds {
        Clouds::Work => Ok(Reply::json(200, list())),
        Clouds::LimitRate if cloud.tells_rate_limit => Err(too_often()),
        Clouds::LimitRate | Clouds::RejectTokens => {
            let said = format!("Failed to fetch {} {words}.", cloud.name);
            Err(Reply::message(500, said))
        }
    }
}

/// `POST /cloud-tokens/{uuid}/validate`.
fn validate_token(state: &mut State, call: &Call<'_>) -> Answer {
    let token = TOKENS.find(state, call)?;
    let is_valid = state.clouds != Clouds::RejectTokens;
    let said = if is_valid {
        "Token is valid.".to_owned()
    } else {
        invalid(&text(token, "provider"))
    };
    Ok(Reply::json(
        200,
        json!({"valid": is_valid, "message": said}),
    ))
}

fn check_token(state: &State, body: &Body<'_>) -> Result<(), Reply> {
    let provider = body.text("provider");
    let mut known = [&HETZNER, &DIGITALOCEAN, &VULTR].into_iter();
    let has_vultr = state.release().has("4.2.0");
    if !known.any(|cloud| cloud.provider == provider) || (provider == "vultr" && !has_vultr) {
        let mut findings = Findings::default();
        findings.add("provider", "The selected provider is invalid.");
        findings.refuse()?;
    }
    if state.clouds == Clouds::RejectTokens {
        return Err(Reply::message(400, invalid(provider)));
    }
    Ok(())
}

/// Returns the refusal for the provider's rate limit, with its `Retry-After`.
fn too_often() -> Reply {
    Reply::message(429, "Rate limit exceeded. Please try again later.").header("Retry-After", &17)
}

fn invalid(provider: &str) -> String {
    format!("Invalid {provider} token. Please check your API token.")
}

fn count_servers(state: &State, token: &Value) -> usize {
    let servers = state.servers.iter();
    servers
        .filter(|server| server.row["cloud_provider_token_id"] == *token)
        .count()
}
