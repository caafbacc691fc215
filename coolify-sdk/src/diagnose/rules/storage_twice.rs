//! Two storages at one place in the container.

use super::Builtin;
use crate::diagnose::{facts::ResourceFacts, finding::Finding};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "storage-twice",
    "Two storages of an application or database are mounted at the same path.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    // The storages of a service, and of a compose file, belong to several containers.
    let is_compose = facts.application().is_some_and(|it| {
        it.build_pack == Some(crate::applications::BuildPack::DockerCompose)
    });
    let Some(storages) = facts.storages.get() else {
        return Vec::new();
    };
    if facts.service().is_some() || is_compose {
        return Vec::new();
    }
    let volumes = storages.persistent_storages.iter();
    let files = storages.file_storages.iter();
    let paths = volumes
        .filter_map(|it| it.mount_path.as_deref())
        .chain(files.filter_map(|it| it.mount_path.as_deref()));
    let mut paths: Vec<_> = paths.map(|it| it.trim_end_matches('/')).collect();
    paths.sort_unstable();
    let mut twice: Vec<_> = paths
        .iter()
        .zip(paths.iter().skip(1))
        .filter(|(a, b)| a == b)
        .map(|(a, _)| *a)
        .collect();
    twice.dedup();
    let found = twice.into_iter().map(|path| {
        Finding::warning("Two storages are mounted at the same path, and one of them is hidden.")
            .value("mount_path", path)
            .next("Delete the storage that is not wanted, or mount it elsewhere, and deploy again.")
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, finds, service},
        RULE,
    };
    use crate::diagnose::{Severity::Warning, facts::Part};

    #[test]
    fn the_same_path_is_found_within_one_container() {
        let list = json!({
            "persistent_storages": [{"uuid": "v", "mount_path": "/data"},
                {"uuid": "w", "mount_path": "/other"}],
            "file_storages": [{"uuid": "f", "mount_path": "/data/"}],
        });
        let storages = Part::Read(serde_json::from_value(list).unwrap());
        let mut facts = application(&json!({}));
        finds(&RULE, &facts, &[]);
        facts.storages = storages.clone();
        finds(&RULE, &facts, &[Warning]);
        let mut compose = application(&json!({"build_pack": "dockercompose"}));
        compose.storages = storages.clone();
        finds(&RULE, &compose, &[]);
        let mut facts = service(&json!({}));
        facts.storages = storages;
        finds(&RULE, &facts, &[]);
    }
}
