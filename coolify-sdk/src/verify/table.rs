//! The table of fields: where each field is read back, and in which form Coolify
//! stores it.

use serde_json::{Map, Value};

use super::compare::{self, Verdict};
use super::markup;
use super::report::{DropReason, UnseenReason};

/// The fields of one kind of resource. A newer field, which is not in the table,
/// is read by its own name and compared as [`Form::Plain`].
#[doc(hidden)]
#[derive(Debug)]
pub struct Table(pub(super) &'static [Field]);

/// Assigns a table to the updates with these bodies.
macro_rules! verifies {
    ($table:ident, $($body:ty),+) => {
        $(
            impl $crate::verify::Verify for $body {
                fn table() -> &'static $crate::verify::Table {
                    &$table
                }
            }
        )+
    };
}

pub(crate) use verifies;

/// A field of an update.
#[derive(Debug)]
pub struct Field {
    pub(super) name: &'static str,
    form: Form,
    /// Where the field is read, as a JSON pointer. It is empty if the field is
    /// read by its own name, in the resource or in its `settings`.
    at: &'static str,
    /// Whether only tokens with `read:sensitive` can see it.
    hidden: bool,
}

/// The form in which Coolify stores a field, which decides how it is compared.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// Stored as it was sent: a boolean, a number, or a text that is trimmed.
    Plain,
    /// A text from which tags are removed.
    NoTags,
    /// A text that is returned with HTML entities.
    Html,
    Caseless,
    List,
    Aliases,
    WatchPaths,
    Addresses,
    FlaggedDomains,
    Base64,
    Labels,
    /// A path, with the default for an empty path.
    Path(&'static str),
    Repository,
    ComposeDomains,
    ServiceUrls,
    ComposeFile,
    Action,
    Option,
    /// Coolify stores the value, but returns another value or nothing.
    NotShown,
}

impl Field {
    pub(crate) const fn new(name: &'static str, form: Form) -> Self {
        Self {
            name,
            form,
            at: "",
            hidden: false,
        }
    }

    pub(crate) const fn plain(name: &'static str) -> Self {
        Self::new(name, Form::Plain)
    }

    pub(crate) const fn at(mut self, at: &'static str) -> Self {
        self.at = at;
        self
    }

    pub(crate) const fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }
}

impl Table {
    pub(crate) const fn new(fields: &'static [Field]) -> Self {
        Self(fields)
    }

    /// Returns the fields as servers show them that hide the ports of domains;
    /// `None` if no domain has a port.
    pub(super) fn without_ports(&self, wanted: &Map<String, Value>) -> Option<Map<String, Value>> {
        let mut shown = wanted.clone();
        for field in self.0.iter().filter(|field| field.form.has_addresses()) {
            if let Some(value) = shown.get_mut(field.name) {
                compare::hide_ports(value);
            }
        }
        (shown != *wanted).then_some(shown)
    }

    /// Compares a field that was sent as `wanted` with the resource that was
    /// read.
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
    fn has_addresses(self) -> bool {
        matches!(
            self,
            Self::Addresses | Self::FlaggedDomains | Self::ComposeDomains | Self::ServiceUrls
        )
    }

    /// Compares the two values. `all` is the whole resource, which may contain
    /// the reason.
    fn compare(self, wanted: &Value, seen: &Value, all: &Value) -> Verdict {
        let same = match self {
            Self::NoTags => compare::rewritten(wanted, seen, markup::without_tags),
            // For parts of services, Coolify escapes the text again when it stores what
            // it has read.
            Self::Html => {
                compare::rewritten(wanted, seen, markup::escaped)
                    || compare::rewritten(wanted, seen, |it| markup::escaped(&markup::escaped(it)))
            }
            Self::Caseless => {
                let lower = |value| compare::text(value).map(|text| text.to_lowercase());
                lower(wanted) == lower(seen)
            }
            Self::List => compare::items(wanted) == compare::items(seen),
            Self::Aliases => compare::aliases(wanted) == compare::aliases(seen),
            Self::WatchPaths => compare::watch_paths(wanted) == compare::watch_paths(seen),
            Self::FlaggedDomains => return compare::flagged_domains(wanted, seen, &all["fqdn"]),
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
            Self::Path(default) => compare::path(wanted, seen, default),
            Self::Repository => compare::repository(wanted, seen),
            Self::ComposeDomains => return compare::compose_domains(wanted, seen),
            Self::ServiceUrls => return compare::service_urls(wanted, seen),
            // Coolify writes the file anew, so only a YAML parser could compare it.
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::raw::types::UpdateApplicationByUuidBody;
    use crate::verify::Verify as _;

    fn verdict(name: &str, wanted: &Value, seen: &Value) -> Verdict {
        UpdateApplicationByUuidBody::table().compare(name, wanted, seen)
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
        // A field that no table knows yet.
        assert_eq!(unseen("newer"), Verdict::Unseen(UnseenReason::NotShown));
    }

    #[test]
    fn fields_are_compared_in_the_form_in_which_they_are_stored() {
        for (name, wanted, stored) in [
            ("name", json!("  na<b>me</b> "), json!("name")),
            ("description", json!("<br>"), json!("")),
            ("description", json!("\u{200b}x < y"), json!("x < y")),
            ("watch_paths", json!("/a\r\n\n!/b"), json!("a\n!b")),
            (
                "custom_network_aliases",
                json!("my app, db"),
                json!("my-app,db"),
            ),
            ("base_directory", json!(null), json!("/")),
            ("publish_directory", json!(null), json!("/")),
            ("publish_directory", json!(null), json!(null)),
            ("dockerfile_location", json!(null), json!("/Dockerfile")),
            (
                "docker_compose_location",
                json!("//c.yml/"),
                json!("/c.yml"),
            ),
            (
                "docker_compose_location",
                json!(null),
                json!("/docker-compose.yaml"),
            ),
            ("ports_exposes", json!("80, 443"), json!("80,443")),
            ("health_check_port", json!(3001), json!("3001")),
            ("limits_cpus", json!(" .5 "), json!(".5")),
            ("install_command", json!(null), json!("")),
        ] {
            let seen = json!({name: stored});
            assert_eq!(
                verdict(name, &wanted, &seen),
                Verdict::Same,
                "{name} {wanted}"
            );
        }
        for (name, wanted, stored) in [
            ("name", json!("name"), json!("Name")),
            ("watch_paths", json!("a"), json!("b")),
            ("custom_network_aliases", json!("a,b"), json!("b,a")),
            ("base_directory", json!(null), json!("/app")),
            ("docker_compose_location", json!(null), json!("/")),
            ("ports_exposes", json!("80"), json!("80,443")),
            ("limits_cpus", json!(".5"), json!("0.5")),
        ] {
            let seen = json!({name: stored});
            let other = verdict(name, &wanted, &seen);
            assert_eq!(other, Verdict::Different(None), "{name} {wanted}");
        }
    }

    #[test]
    fn images_are_compared_as_they_are_shown() {
        let form = |seen| Form::Html.compare(&json!("nginx:1&<b>2"), &json!(seen), &json!({}));
        assert_eq!(form("nginx:1&amp;2"), Verdict::Same);
        assert_eq!(form("nginx:1&amp;amp;2"), Verdict::Same);
        assert_eq!(form("nginx:1&2"), Verdict::Different(None));
    }

    #[test]
    fn the_domains_of_the_resource_can_be_flagged() {
        let seen = json!({"fqdn": "https://a.example", "noindex_domains": []});
        let wanted = json!(["https://b.example"]);
        let unknown = Verdict::Different(Some(DropReason::UnknownDomain));
        assert_eq!(verdict("noindex_domains", &wanted, &seen), unknown);
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

    #[test]
    fn a_compose_file_is_the_same_or_was_written_anew() {
        let form = |seen: &str| {
            let wanted = json!("c2VydmljZXM6IHt9Cg==");
            Form::ComposeFile.compare(&wanted, &json!(seen), &json!({}))
        };
        assert_eq!(form("services: {}"), Verdict::Same);
        let other = form("services:\n  web: {}");
        assert_eq!(other, Verdict::Unseen(UnseenReason::Rewritten));
    }

    #[test]
    fn an_action_leaves_no_trace_and_none_is_none() {
        let seen = json!({});
        let action = |wanted| verdict("instant_deploy", &json!(wanted), &seen);
        assert_eq!(action(true), Verdict::Unseen(UnseenReason::Action));
        assert_eq!(action(false), Verdict::Option);
    }
}
