//! The addresses of the preview of a pull request.

use reqwest::Url;

use super::{Application, BuildPack};
use crate::Clearable;
use crate::address;
use crate::domains::Domain;

/// Coolify's default template.
const TEMPLATE: &str = "{{pr_id}}.{{domain}}";

/// The placeholder that Coolify replaces with random letters.
const RANDOM: &str = "{{random}}";

impl Application {
    /// Returns the addresses of the preview of a pull request, made from the
    /// application's `preview_url_template`. Nothing is sent.
    ///
    /// The preview of a compose application has one address for each domain of each
    /// service. Other previews have one address, made from the first domain of the
    /// application. The address has the scheme, port and path of the domain.
    ///
    /// The list is empty if the application has no domains, or if the template contains
    /// `{{random}}`, which Coolify replaces with random letters when it creates the
    /// preview. It does not contain changes that were made to a preview in the dashboard.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let application = coolify.application("khzsv5nucvscskrm5gez3p8v").get().await?;
    /// for domain in application.preview_domains(42) {
    ///     println!("the preview is at {}", domain.url);
    /// }
    /// # Ok(()) }
    /// ```
    #[doc(alias("preview_url", "preview_urls"))]
    #[must_use]
    pub fn preview_domains(&self, pull_request: i64) -> Vec<Domain> {
        let template = self.preview_url_template.as_deref();
        let template = template.filter(|it| !it.is_empty()).unwrap_or(TEMPLATE);
        if template.contains(RANDOM) {
            return Vec::new();
        }
        let of = |url: &str| preview(template, url, pull_request);
        if self.build_pack != Some(BuildPack::DockerCompose) {
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

/// Returns the address of the preview for an address of the application.
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
