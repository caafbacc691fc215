//! Where the preview of a pull request is reached.

use reqwest::Url;

use super::{Application, BuildPack};
use crate::Clearable;
use crate::address;
use crate::domains::Domain;

/// The template of an application that has none of its own.
const TEMPLATE: &str = "{{pr_id}}.{{domain}}";

/// What Coolify fills with letters that nobody knows before.
const RANDOM: &str = "{{random}}";

impl Application {
    /// Returns the addresses that Coolify gives to the preview of a pull request, by
    /// the application's `preview_url_template`. Nothing is sent.
    ///
    /// A preview has one address, made of the first domain of its application; that of
    /// a compose application has one for each domain of each service. Scheme, port and
    /// path are those of the domain.
    ///
    /// Empty if the application has no domains, and if the template holds
    /// `{{random}}`, which Coolify fills with letters of its own when it makes the
    /// preview. An address that was changed by hand in the dashboard is not known here.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let application = coolify.application("khzsv5nucvscskrm5gez3p8v").get().await?;
    /// for domain in application.preview_domains(42) {
    ///     println!("the preview is at {}", domain.url);
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn preview_domains(&self, pull_request: i64) -> Vec<Domain> {
        let template = self.preview_url_template.as_deref();
        let template = template.filter(|it| !it.is_empty()).unwrap_or(TEMPLATE);
        if template.contains(RANDOM) {
            return Vec::new();
        }
        let of = |url: &str| preview(template, url, pull_request);
        if self.build_pack != Some(BuildPack::Dockercompose) {
            let first = self.domains().next().and_then(of);
            return first.map(Domain::from).into_iter().collect();
        }
        let mut previews = Vec::new();
        for service in self.compose_domains() {
            let Some(Clearable::Set(urls)) = &service.domain else {
                continue;
            };
            let urls = address::split(urls).filter_map(of);
            previews.extend(urls.map(|url| Domain::of(&service.name, url)));
        }
        previews
    }
}

/// The address of the preview of what is reached under this one.
fn preview(template: &str, url: &str, pull_request: i64) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let host = template
        .replace("{{domain}}", url.host_str()?)
        .replace("{{pr_id}}", &pull_request.to_string());
    let port = url.port().map(|port| format!(":{port}"));
    let path = Some(url.path()).filter(|path| *path != "/");
    let (port, path) = (port.unwrap_or_default(), path.unwrap_or_default());
    Some(format!("{}://{host}{port}{path}", url.scheme()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn previews(fields: &Value) -> Vec<String> {
        let mut row = json!({"uuid": "u", "name": "web"});
        row.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        let application: Application = serde_json::from_value(row).unwrap();
        let domains = application.preview_domains(42);
        domains.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_first_domain_counts() {
        let domains = "http://shop.example.com:8080/en,https://www.example.com";
        assert_eq!(
            previews(&json!({"fqdn": domains, "preview_url_template": null})),
            ["http://42.shop.example.com:8080/en"]
        );
        assert_eq!(
            previews(&json!({
                "fqdn": "https://shop.example.com",
                "preview_url_template": "pr-{{pr_id}}-of-{{domain}}",
            })),
            ["https://pr-42-of-shop.example.com"]
        );
    }

    #[test]
    fn each_service_has_its_own() {
        let map =
            r#"{"web":{"domain":"https://a.example,https://b.example/x"},"db":{"domain":""}}"#;
        assert_eq!(
            previews(&json!({"build_pack": "dockercompose", "docker_compose_domains": map})),
            ["web https://42.a.example", "web https://42.b.example/x"]
        );
    }

    #[test]
    fn what_cannot_be_known_is_none() {
        assert!(previews(&json!({"fqdn": null})).is_empty());
        assert!(previews(&json!({"fqdn": "no url"})).is_empty());
        let random = json!({
            "fqdn": "https://a.example",
            "preview_url_template": "{{random}}.{{domain}}",
        });
        assert!(previews(&random).is_empty());
    }
}
