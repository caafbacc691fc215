//! `cargo xtask spec service-types`: adds the one-click services of a release to
//! `spec/service-types.yaml`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Sources;
use crate::document;

const TEMPLATES: &str = "templates/service-templates-latest.json";
const OUT: &str = "spec/service-types.yaml";
const HEAD: &str = "\
# The one-click services of Coolify: their containers with the images, the port of the main
# one, and the first and the last release that brings them. A server also reads newer
# templates from the network, so it may offer more.
#
# `cargo xtask spec service-types --from CHECKOUT --tag vX.Y.Z --version X.Y.Z` adds a
# release; run it in the order of the releases.

";

/// The release to add.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    sources: Sources,
    /// The version of the release, such as `4.3.11`.
    #[arg(long)]
    version: String,
}

/// A one-click service, as `spec/service-types.yaml` has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceType {
    pub since: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// The image of each container. It is null if it is built from a Dockerfile.
    pub containers: BTreeMap<String, Option<String>>,
}

/// Reads `spec/service-types.yaml`.
pub fn load(root: &Path) -> Result<BTreeMap<String, ServiceType>> {
    let file = document::read(&root.join(OUT))?;
    serde_json::from_value(file).context(OUT)
}

pub fn run(root: &Path, args: &Args) -> Result<()> {
    let checkout = args.sources.open()?;
    let templates: BTreeMap<String, Value> = serde_json::from_str(&checkout.file(TEMPLATES)?)?;
    let mut known = if root.join(OUT).exists() {
        load(root)?
    } else {
        BTreeMap::new()
    };
    let before = known.clone();
    add(&mut known, &templates, &args.version)?;
    let json = serde_json::to_value(&known)?;
    fs::write(
        root.join(OUT),
        format!("{HEAD}{}", document::to_yaml(&json)?),
    )?;
    let new = known.keys().filter(|it| !before.contains_key(*it)).count();
    println!("{OUT}: {} types, {new} of them new", known.len());
    Ok(())
}

fn add(
    known: &mut BTreeMap<String, ServiceType>,
    templates: &BTreeMap<String, Value>,
    version: &str,
) -> Result<()> {
    ensure!(!templates.is_empty(), "{TEMPLATES} is empty");
    let last = known
        .values()
        .map(|it| it.since.clone())
        .collect::<Vec<_>>();
    for (name, template) in templates {
        let found = read(template, version).with_context(|| name.clone())?;
        known
            .entry(name.clone())
            .and_modify(|it| {
                it.until = None;
                it.port = found.port;
                it.containers.clone_from(&found.containers);
            })
            .or_insert(found);
    }
    for (name, it) in known.iter_mut() {
        if !templates.contains_key(name) && it.until.is_none() {
            // The newest release that was added before this one.
            it.until = last.iter().max_by_key(|it| numbers(it)).cloned();
        }
    }
    Ok(())
}

fn numbers(version: &str) -> Vec<u32> {
    version
        .split('.')
        .filter_map(|it| it.parse().ok())
        .collect()
}

fn read(template: &Value, version: &str) -> Result<ServiceType> {
    let compose = template["compose"]
        .as_str()
        .context("it has no compose file")?;
    let compose = String::from_utf8(BASE64.decode(compose)?)?;
    let compose: Value = yaml_serde::from_str(&compose)?;
    let services = compose["services"]
        .as_object()
        .context("it has no services")?;
    let containers = services.iter().map(|(name, service)| {
        let image = service["image"].as_str().map(str::to_owned);
        (name.clone(), image)
    });
    let port = template["port"].as_str().unwrap_or_default();
    Ok(ServiceType {
        since: version.to_owned(),
        until: None,
        port: port.split(',').next().and_then(|it| it.trim().parse().ok()),
        containers: containers.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn template(compose: &str, port: Option<&str>) -> Value {
        json!({"compose": BASE64.encode(compose), "port": port})
    }

    #[test]
    fn releases_add_up() {
        let old = template("services:\n  web:\n    image: nginx:1\n", Some("80, 2112"));
        let new = template(
            "services:\n  web:\n    image: nginx:2\n  own:\n    build: .\n",
            None,
        );
        let mut known = BTreeMap::new();
        let release = |all: &[(&str, &Value)]| {
            let all = all
                .iter()
                .map(|(name, it)| ((*name).to_owned(), (*it).clone()));
            all.collect::<BTreeMap<_, _>>()
        };
        add(&mut known, &release(&[("a", &old), ("b", &old)]), "4.0.0").unwrap();
        add(&mut known, &release(&[("a", &new), ("c", &old)]), "4.10.0").unwrap();
        assert_eq!(
            (known["a"].since.as_str(), known["c"].since.as_str()),
            ("4.0.0", "4.10.0")
        );
        assert_eq!(known["a"].containers["web"].as_deref(), Some("nginx:2"));
        assert_eq!(known["a"].containers["own"], None);
        assert_eq!((known["a"].port, known["c"].port), (None, Some(80)));
        assert_eq!(known["b"].until.as_deref(), Some("4.0.0"));
        assert_eq!(known["a"].until, None);
    }
}
