//! The previews of pull requests.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::address;
use crate::testing::{
    http::Reply,
    state::{Application, Log, State, forms, text},
    validation::url,
};

/// A preview with the log of its container.
pub(in crate::testing) struct Preview {
    pub(in crate::testing) row: Value,
    pub(in crate::testing) log: Log,
}

/// The previews of an application, by the numbers of their pull requests.
#[derive(Default)]
pub(in crate::testing) struct Previews(BTreeMap<u64, Preview>);

impl Previews {
    /// Removes a preview. Returns `false` if there was none.
    pub(in crate::testing) fn remove(&mut self, number: u64) -> bool {
        self.0.remove(&number).is_some()
    }

    pub(in crate::testing) fn get(&self, number: u64) -> Option<&Preview> {
        self.0.get(&number)
    }

    pub(in crate::testing) fn get_mut(&mut self, number: u64) -> Option<&mut Preview> {
        self.0.get_mut(&number)
    }

    /// Returns all previews, the highest number first.
    pub(in crate::testing) fn newest_first(&self) -> impl Iterator<Item = &Preview> {
        self.0.values().rev()
    }

    /// Returns the tag of the image that a preview runs.
    pub(in crate::testing) fn tag(&self, number: u64) -> Option<&str> {
        self.get(number)?.row["docker_registry_image_tag"].as_str()
    }
}

impl State {
    /// Returns the preview of a pull request, which is added if the application has
    /// none.
    pub(in crate::testing) fn open_preview(
        &mut self,
        application: &str,
        number: u64,
    ) -> Result<&mut Preview, Reply> {
        let opened = self.application(application)?;
        let fresh = if opened.previews.get(number).is_some() {
            None
        } else {
            let mut form = forms::preview();
            form["pull_request_id"] = number.into();
            opened.name_preview(&mut form, number);
            Some(self.fresh(form))
        };
        let previews = &mut self.application_mut(application)?.previews.0;
        if let Some(row) = fresh {
            let log = Log::default();
            previews.insert(number, Preview { row, log });
        }
        previews
            .get_mut(&number)
            .ok_or_else(|| Reply::not_found("Preview"))
    }
}

impl Application {
    /// Writes the domains that Coolify makes from those of the application.
    fn name_preview(&self, row: &mut Value, number: u64) {
        let template = text(&self.row, "preview_url_template");
        let of = |url: &str| preview_url(&template, url, number);
        if self.row["build_pack"] != "dockercompose" {
            let domains = text(&self.row, "fqdn");
            row["domains"] = address::split(&domains).next().and_then(of).into();
            return;
        }
        let map: Value =
            serde_json::from_str(&text(&self.row, "docker_compose_domains")).unwrap_or_default();
        let entries = map.as_object().into_iter().flatten();
        row["docker_compose_domains"] = entries
            .map(|(name, entry)| {
                let urls: Vec<String> =
                    address::split(entry["domain"].as_str().unwrap_or_default())
                        .filter_map(of)
                        .collect();
                let domain = (!urls.is_empty()).then(|| urls.join(","));
                json!({"name": name, "domain": domain, "redirect": entry["redirect"]})
            })
            .collect();
    }
}

/// Returns the URL of a preview for a URL of its application.
fn preview_url(template: &str, url: &str, number: u64) -> Option<String> {
    let host = url::parse(url)?.host?;
    let named = template
        .replace("{{domain}}", host)
        .replace("{{pr_id}}", &number.to_string());
    Some(url.replacen(host, &named, 1))
}
