//! `cargo xtask deny`: checks all dependencies of the workspace against the rules
//! for licences, sources and single crates in `.cargo/deny.toml`.
//!
//! The file is cargo-deny's, which checks these rules and more. This task needs no
//! installation, and no network once the dependencies are downloaded.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use serde::Deserialize;
use spdx::{Expression, LicenseReq, ParseMode};

use crate::cargo;

const RULES: &str = ".cargo/deny.toml";

#[derive(Deserialize)]
struct Rules {
    licenses: Licenses,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
    /// Packages that may depend on it nevertheless.
    #[serde(default)]
    wrappers: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

/// The packages, and which of them really depend on which.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

impl Metadata {
    /// Returns the names of the packages that depend on one.
    fn users(&self, package: &Package) -> Vec<&str> {
        let nodes = self.resolve.nodes.iter();
        let users = nodes.filter(|it| it.dependencies.contains(&package.id));
        let name = |id: &str| self.packages.iter().find(|it| it.id == id);
        users
            .filter_map(|it| name(&it.id))
            .map(|it| it.name.as_str())
            .collect()
    }
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    /// `None` for packages of the workspace itself.
    source: Option<String>,
}

pub fn run(root: &Path) -> Result<ExitCode> {
    let text = fs::read_to_string(root.join(RULES)).context(RULES)?;
    let rules: Rules = toml::from_str(&text).context(RULES)?;
    let metadata: Metadata = cargo::metadata(root, &["--all-features"])?;
    let mut bad = 0;
    for package in &metadata.packages {
        for complaint in complaints(&rules, package, &metadata.users(package)) {
            eprintln!("{} {}: {complaint}", package.name, package.version);
            bad += 1;
        }
    }
    if bad > 0 {
        eprintln!("{bad} not allowed by {RULES}");
        return Ok(ExitCode::FAILURE);
    }
    eprintln!("{} packages conform to {RULES}", metadata.packages.len());
    Ok(ExitCode::SUCCESS)
}

/// Returns the problem of a package with these dependents.
fn complaints(rules: &Rules, package: &Package, users: &[&str]) -> Vec<String> {
    let mut complaints = Vec::new();
    complaints.extend(license_of(rules, package).err());
    let is_wrapped = |ban: &Ban| {
        let is_wrapper = |user: &&str| ban.wrappers.iter().any(|it| it == user);
        !users.is_empty() && users.iter().all(is_wrapper)
    };
    let ban = rules.bans.deny.iter().find(|it| it.name == package.name);
    if let Some(ban) = ban.filter(|ban| !is_wrapped(ban)) {
        complaints.push(format!("banned: {}", ban.reason));
    }
    if let Some(source) = &package.source {
        let registry = source.strip_prefix("registry+");
        if !registry.is_some_and(|it| rules.sources.allow_registry.iter().any(|ok| ok == it)) {
            complaints.push(format!("comes from {source}"));
        }
    }
    complaints
}

fn license_of(rules: &Rules, package: &Package) -> Result<(), String> {
    let license = package.license.as_deref().ok_or("declares no licence")?;
    let expression = Expression::parse_mode(license, ParseMode::LAX)
        .map_err(|_| format!("its licence `{license}` is not a valid SPDX expression"))?;
    let exception = rules.licenses.exceptions.iter();
    let exceptional = exception.filter(|it| it.name == package.name);
    let allowed: Vec<&str> = exceptional
        .flat_map(|it| &it.allow)
        .chain(&rules.licenses.allow)
        .map(String::as_str)
        .collect();
    let is_allowed = |asked: &LicenseReq| allowed.contains(&asked.to_string().as_str());
    if expression.evaluate(is_allowed) {
        Ok(())
    } else {
        Err(format!("licence `{license}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said_of(name: &str, license: &str, source: Option<&str>) -> Vec<String> {
        said_of_used(name, license, source, &["user"])
    }

    fn said_of_used(
        name: &str,
        license: &str,
        source: Option<&str>,
        users: &[&str],
    ) -> Vec<String> {
        let rules = r#"
            licenses.allow = ["MIT"]
            licenses.exceptions = [{ crate = "runtime", allow = ["MPL-2.0"] }]
            bans.deny = [
                { crate = "old", reason = "not maintained" },
                { crate = "time", reason = "ours", wrappers = ["protocol", "schema"] },
            ]
            sources.allow-registry = ["https://registry.example"]
        "#;
        let package = Package {
            id: name.to_owned(),
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: Some(license.to_owned()),
            source: source.map(str::to_owned),
        };
        complaints(&toml::from_str(rules).unwrap(), &package, users)
    }

    #[test]
    fn one_allowed_licence_of_several_is_enough_and_of_two_both_are_needed() {
        assert!(said_of("a", "MIT/Apache-2.0", None).is_empty());
        assert!(said_of("a", "GPL-3.0-only OR MIT", None).is_empty());
        assert_eq!(said_of("a", "MIT AND ISC", None), ["licence `MIT AND ISC`"]);
    }

    #[test]
    fn an_exception_is_for_one_crate() {
        assert!(said_of("runtime", "MPL-2.0", None).is_empty());
        assert_eq!(said_of("other", "MPL-2.0", None), ["licence `MPL-2.0`"]);
    }

    #[test]
    fn a_banned_crate_may_be_wrapped() {
        let said = |users: &[&str]| said_of_used("time", "MIT", None, users);
        assert!(said(&["schema"]).is_empty());
        assert!(said(&["schema", "protocol"]).is_empty());
        assert_eq!(said(&["schema", "other"]), ["banned: ours"]);
        assert_eq!(said(&[]), ["banned: ours"]);
    }

    #[test]
    fn bans_and_strange_sources_are_named() {
        assert_eq!(said_of("old", "MIT", None), ["banned: not maintained"]);
        assert!(said_of("a", "MIT", Some("registry+https://registry.example")).is_empty());
        let git = "git+https://git.example/a#1";
        assert_eq!(
            said_of("a", "MIT", Some(git)),
            [format!("comes from {git}")]
        );
    }
}
