//! Names the project and environment of what findings are about.

use std::collections::BTreeMap;

use futures_util::stream::{self, StreamExt as _};

use super::{
    finding::{Evidence, Subject},
    report::Report,
};
use crate::{Coolify, Id, Uuid, projects::Project, resources::Resource, transport::BoxFuture};

/// The names of environments by their numeric ids, such as `shop/production`.
type Names = BTreeMap<Id, String>;

/// Adds the project and environment to the subjects of a report that lack it. It reads
/// the projects and their environments, unless no finding needs them.
pub(super) async fn name(
    coolify: &Coolify,
    resources: &[Resource],
    report: &mut Report,
    at_once: usize,
) {
    let ids: BTreeMap<&Uuid, Id> = resources
        .iter()
        .filter_map(|it| Some((it.uuid(), it.environment_id()?)))
        .collect();
    let id_of = |subject: &Subject| ids.get(subject.uuid.as_ref()?).copied();
    let lacks = |subject: &Subject| subject.environment.is_none() && id_of(subject).is_some();
    if !report.findings.iter().any(|it| lacks(&it.subject)) {
        return;
    }
    let names = read(coolify, at_once).await;
    let put = |subject: &mut Subject| {
        if let Some(id) = id_of(subject)
            && subject.environment.is_none()
        {
            subject.environment = names.get(&id).cloned();
        }
    };
    for finding in &mut report.findings {
        put(&mut finding.subject);
        for evidence in &mut finding.evidence {
            if let Evidence::Other(subject) = evidence {
                put(subject);
            }
        }
    }
    for unread in &mut report.unread {
        put(&mut unread.subject);
    }
}

/// Reads the names, as far as the token may. A finding is as true without the name of its
/// project, so that errors do not matter.
async fn read(coolify: &Coolify, at_once: usize) -> Names {
    let projects = coolify.projects().list().await.unwrap_or_default();
    let environments = |project: Project| -> BoxFuture<Vec<(Id, String)>> {
        let list = coolify.project(project.uuid).environments().list();
        Box::pin(async move {
            let environments = list.await.unwrap_or_default().into_iter();
            environments
                .filter_map(|it| Some((it.id?, format!("{}/{}", project.name, it.name))))
                .collect()
        })
    };
    let reads: Vec<_> = projects.into_iter().map(environments).collect();
    let names: Vec<_> = stream::iter(reads)
        .buffer_unordered(at_once)
        .collect()
        .await;
    names.into_iter().flatten().collect()
}
