//! Where a field is read that was written under another name or in another form.
//! What is not in a table is read under its own name, on the resource or among
//! its `settings`.

use serde_json::Value;

use super::compare::{self, Verdict};
use super::report::{DropReason, UnseenReason};

/// The peculiar fields of one kind of resource.
#[doc(hidden)]
#[derive(Debug)]
pub struct Table(pub(super) &'static [Field]);

/// A field that is not read as it is written.
#[derive(Debug)]
pub(super) struct Field {
    name: &'static str,
    form: Form,
    /// Where it is read, as a JSON pointer; empty for its own name.
    at: &'static str,
    /// Whether only tokens with `read:sensitive` see it.
    hidden: bool,
}

/// How a field is compared.
#[derive(Clone, Copy, Debug)]
enum Form {
    Plain,
    Caseless,
    List,
    Addresses,
    Base64,
    Labels,
    Path,
    Repository,
    ComposeDomains,
    ServiceUrls,
    ComposeFile,
    Action,
    Option,
    /// Coolify has it and shows something else, or nothing.
    NotShown,
}

impl Field {
    const fn new(name: &'static str, form: Form) -> Self {
        Self {
            name,
            form,
            at: "",
            hidden: false,
        }
    }

    const fn at(mut self, at: &'static str) -> Self {
        self.at = at;
        self
    }

    const fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }
}

#[cfg(feature = "applications")]
pub(crate) static APPLICATION: Table = Table(&[
    Field::new("domains", Form::Addresses).at("/fqdn"),
    Field::new("noindex_domains", Form::Addresses),
    Field::new("docker_compose_domains", Form::ComposeDomains),
    Field::new("use_build_server", Form::Plain).at("/settings/is_build_server_enabled"),
    Field::new("custom_labels", Form::Labels).hidden(),
    Field::new("custom_nginx_configuration", Form::Base64),
    Field::new("custom_network_aliases", Form::List),
    Field::new("ports_exposes", Form::List),
    Field::new("ports_mappings", Form::List),
    Field::new("base_directory", Form::Path),
    Field::new("publish_directory", Form::Path),
    Field::new("dockerfile_location", Form::Path),
    Field::new("docker_compose_location", Form::Path),
    Field::new("git_repository", Form::Repository),
    Field::new("http_basic_auth_password", Form::Plain).hidden(),
    Field::new("manual_webhook_secret_bitbucket", Form::Plain).hidden(),
    Field::new("manual_webhook_secret_gitea", Form::Plain).hidden(),
    Field::new("manual_webhook_secret_github", Form::Plain).hidden(),
    Field::new("manual_webhook_secret_gitlab", Form::Plain).hidden(),
    Field::new("instant_deploy", Form::Action),
    Field::new("force_domain_override", Form::Option),
]);

#[cfg(feature = "services")]
pub(super) static SERVICE: Table = Table(&[
    Field::new("urls", Form::ServiceUrls).at("/applications"),
    Field::new("docker_compose_raw", Form::ComposeFile).hidden(),
    Field::new("instant_deploy", Form::Action),
    Field::new("force_domain_override", Form::Option),
]);

#[cfg(feature = "services")]
pub(super) static SERVICE_PART: Table = Table(&[
    Field::new("url", Form::Addresses).at("/fqdn"),
    Field::new("noindex_domains", Form::Addresses),
]);

#[cfg(feature = "databases")]
pub(super) static DATABASE: Table = Table(&[
    Field::new("keydb_conf", Form::Base64),
    Field::new("mariadb_conf", Form::Base64),
    Field::new("mongo_conf", Form::Base64),
    Field::new("mysql_conf", Form::Base64),
    Field::new("postgres_conf", Form::Base64),
    Field::new("redis_conf", Form::Base64),
    Field::new("clickhouse_admin_password", Form::Plain).hidden(),
    Field::new("dragonfly_password", Form::Plain).hidden(),
    Field::new("keydb_password", Form::Plain).hidden(),
    Field::new("mariadb_password", Form::Plain).hidden(),
    Field::new("mariadb_root_password", Form::Plain).hidden(),
    Field::new("mongo_initdb_root_password", Form::Plain).hidden(),
    Field::new("mysql_password", Form::Plain).hidden(),
    Field::new("mysql_root_password", Form::Plain).hidden(),
    Field::new("postgres_password", Form::Plain).hidden(),
]);

#[cfg(feature = "servers")]
pub(super) static SERVER: Table = Table(&[
    Field::new("proxy_type", Form::Caseless).at("/proxy/type"),
    Field::new("private_key_uuid", Form::NotShown),
    Field::new("instant_validate", Form::Action),
]);

#[cfg(feature = "projects")]
pub(super) static PROJECT: Table = Table(&[]);

impl Table {
    /// What `seen` says of a field that was sent as `wanted`.
    pub(super) fn compare(&self, name: &str, wanted: &Value, seen: &Value) -> Verdict {
        let known = self.0.iter().find(|field| field.name == name);
        let (form, hidden) = known.map_or((Form::Plain, false), |it| (it.form, it.hidden));
        match form {
            Form::Action if wanted == &Value::Bool(false) => return Verdict::Option,
            Form::Action => return Verdict::Unseen(UnseenReason::Action),
            Form::Option => return Verdict::Option,
            Form::NotShown => return Verdict::Unseen(UnseenReason::NotShown),
            _ => {}
        }
        let at = known.map_or("", |field| field.at);
        let found = if at.is_empty() {
            seen.get(name).or_else(|| seen["settings"].get(name))
        } else {
            seen.pointer(at)
        };
        let Some(found) = found else {
            return Verdict::Unseen(if hidden {
                UnseenReason::NeedsReadSensitive
            } else {
                UnseenReason::NotShown
            });
        };
        form.compare(wanted, found, seen)
    }
}

impl Form {
    /// One value and the other; `all` is what was read, for the reason.
    fn compare(self, wanted: &Value, seen: &Value, all: &Value) -> Verdict {
        let same = match self {
            Self::Caseless => {
                let lower = |value| compare::text(value).map(|text| text.to_lowercase());
                lower(wanted) == lower(seen)
            }
            Self::List => compare::items(wanted) == compare::items(seen),
            Self::Addresses => {
                let same = compare::addresses(&compare::items(wanted), &compare::items(seen));
                return if same {
                    Verdict::Same
                } else {
                    Verdict::Different(of_server(&all["destination"]["server"]))
                };
            }
            Self::Base64 => compare::base64(wanted, seen),
            Self::Labels => {
                let generated = &all["settings"]["is_container_label_readonly_enabled"];
                let generated = compare::plain(&Value::Bool(true), generated);
                return if compare::base64(wanted, seen) {
                    Verdict::Same
                } else {
                    Verdict::Different(generated.then_some(DropReason::GeneratedLabels))
                };
            }
            Self::Path => compare::path(wanted, seen),
            Self::Repository => compare::repository(wanted, seen),
            Self::ComposeDomains => return compare::compose_domains(wanted, seen),
            Self::ServiceUrls => return compare::service_urls(wanted, seen),
            // Written anew from what it says; only a YAML reader could compare.
            Self::ComposeFile => {
                return if compare::base64(wanted, seen) {
                    Verdict::Same
                } else {
                    Verdict::Unseen(UnseenReason::Rewritten)
                };
            }
            Self::Plain | Self::Action | Self::Option | Self::NotShown => {
                compare::plain(wanted, seen)
            }
        };
        Verdict::same_if(same)
    }
}

fn of_server(server: &Value) -> Option<DropReason> {
    DropReason::of_server(
        server["proxy"]["type"].as_str(),
        server["settings"]["is_build_server"].as_bool(),
    )
}

/// Says which table belongs to which update.
macro_rules! verify {
    ($feature:literal, $table:ident, $($body:ident),+) => {
        $(
            #[cfg(feature = $feature)]
            impl super::Verify for crate::raw::types::$body {
                fn table() -> &'static Table {
                    &$table
                }
            }
        )+
    };
}

verify!("services", SERVICE, UpdateServiceByUuidBody);
verify!(
    "services",
    SERVICE_PART,
    UpdateServiceApplicationBody,
    UpdateServiceDatabaseBody
);
verify!(
    "databases",
    DATABASE,
    UpdateDatabaseClickhouseBody,
    UpdateDatabaseDragonflyBody,
    UpdateDatabaseKeydbBody,
    UpdateDatabaseMariadbBody,
    UpdateDatabaseMongodbBody,
    UpdateDatabaseMysqlBody,
    UpdateDatabasePostgresqlBody,
    UpdateDatabaseRedisBody
);
verify!("servers", SERVER, UpdateServerByUuidBody);
verify!("projects", PROJECT, UpdateProjectByUuidBody);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn verdict(name: &str, wanted: &Value, seen: &Value) -> Verdict {
        APPLICATION.compare(name, wanted, seen)
    }

    #[test]
    fn switches_are_found_among_the_settings() {
        let seen = json!({"settings": {"is_spa": true, "is_build_server_enabled": false}});
        assert_eq!(verdict("is_spa", &json!(true), &seen), Verdict::Same);
        let other = verdict("use_build_server", &json!(true), &seen);
        assert_eq!(other, Verdict::Different(None));
    }

    #[test]
    fn absent_is_not_null() {
        let seen = json!({"description": null});
        assert_eq!(verdict("description", &json!(null), &seen), Verdict::Same);
        let unseen = |name| verdict(name, &json!(null), &seen);
        let secret = "http_basic_auth_password";
        assert_eq!(
            unseen(secret),
            Verdict::Unseen(UnseenReason::NeedsReadSensitive)
        );
        assert_eq!(
            unseen("watch_paths"),
            Verdict::Unseen(UnseenReason::NotShown)
        );
    }

    #[test]
    fn dropped_domains_and_labels_have_a_reason() {
        let server = |proxy: &str, builds: bool| {
            json!({
                "fqdn": null,
                "destination": {"server": {
                    "proxy": {"type": proxy}, "settings": {"is_build_server": builds},
                }},
            })
        };
        let dropped = |seen| verdict("domains", &json!("https://a.example"), &seen);
        let because = |reason| Verdict::Different(Some(reason));
        assert_eq!(dropped(server("NONE", false)), because(DropReason::NoProxy));
        assert_eq!(
            dropped(server("TRAEFIK", true)),
            because(DropReason::BuildServer)
        );
        assert_eq!(dropped(server("CADDY", false)), Verdict::Different(None));
        let seen = json!({
            "custom_labels": "eA==", "settings": {"is_container_label_readonly_enabled": true},
        });
        let labels = verdict("custom_labels", &json!("eQ=="), &seen);
        assert_eq!(labels, because(DropReason::GeneratedLabels));
    }
}
