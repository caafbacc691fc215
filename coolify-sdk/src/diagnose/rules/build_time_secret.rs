//! Secrets that the build receives.

use super::Builtin;
use crate::{
    applications::BuildPack,
    diagnose::{facts::ResourceFacts, finding::Finding},
    envs::EnvironmentVariable,
};

/// The words in the names of secrets.
const WORDS: [&str; 6] = [
    "SECRET", "PASSWORD", "PASSWD", "TOKEN", "PRIVATE_KEY", "API_KEY",
];

/// Prefixes of variables that a browser receives anyway.
const PUBLIC: [&str; 4] = ["NEXT_PUBLIC_", "VITE_", "PUBLIC_", "REACT_APP_"];

pub(super) const RULE: Builtin = Builtin::of_resources(
    "build-time-secret",
    "The build receives secrets as build arguments, which stay in the image.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let Some(application) = facts.application() else {
        return Vec::new();
    };
    let builds = !matches!(
        application.build_pack,
        None | Some(BuildPack::DockerImage | BuildPack::DockerCompose)
    );
    // Only a reply for a single application has the settings.
    let settings = application.settings.as_ref();
    let as_arguments = settings.is_some_and(|it| it.use_build_secrets == Some(false));
    if !builds || !as_arguments {
        return Vec::new();
    }
    let envs = facts.envs.items().iter();
    let keys: Vec<_> = envs.filter(|it| is_secret(it)).map(|it| it.key.as_str()).collect();
    if keys.is_empty() {
        return Vec::new();
    }
    vec![
        Finding::info("The build receives variables that look like secrets as build arguments.")
            .value("keys", keys.join(", "))
            .next(
                "Set `is_buildtime` to `false` for those that only the running program needs, or \
                 switch `use_build_secrets` on.",
            ),
    ]
}

fn is_secret(variable: &EnvironmentVariable) -> bool {
    let key = variable.key.to_uppercase();
    variable.is_buildtime == Some(true)
        && variable.is_preview != Some(true)
        && WORDS.iter().any(|it| key.contains(it))
        && !PUBLIC.iter().any(|it| key.starts_with(it))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, finds, read},
        RULE,
    };
    use crate::diagnose::Severity::Info;

    #[test]
    fn secrets_of_the_build_are_worth_knowing() {
        let with = |pack: &str, secrets: bool, key: &str, buildtime: bool| {
            let mut facts = application(
                &json!({"build_pack": pack, "settings": {"use_build_secrets": secrets}}));
            facts.envs = read(json!([{"uuid": "e", "key": key, "is_buildtime": buildtime}]));
            facts
        };
        finds(&RULE, &with("nixpacks", false, "DB_PASSWORD", true), &[Info]);
        finds(&RULE, &with("nixpacks", false, "DB_PASSWORD", false), &[]);
        finds(&RULE, &with("nixpacks", true, "DB_PASSWORD", true), &[]);
        finds(&RULE, &with("dockerimage", false, "DB_PASSWORD", true), &[]);
        finds(&RULE, &with("nixpacks", false, "VITE_MAP_TOKEN", true), &[]);
        finds(&RULE, &with("nixpacks", false, "PORT", true), &[]);
    }
}
