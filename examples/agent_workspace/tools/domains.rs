//! The domains of an application, within the policy of the workspace.

use coolify_sdk::domains::{ChangeDomains, Domain, DomainReport, HasDomains, IneffectiveDomain};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::app::{App, OneApp, OneDomain};
use super::registry::{Tools, destroys, reads, sets};
use crate::call::Call;
use crate::failure::Outcome;
use crate::workspace::Workspace;

pub fn register(tools: &mut Tools) {
    tools.add(
        reads(
            "domains_list",
            "List domains",
            "Lists the domains of an application, with their services in a compose file.",
        ),
        list,
    );
    tools.add(
        destroys(
            "domains_set",
            "Replace domains",
            "Replaces the domains of an application, and reads them back. A domain outside of the \
             workspace's suffix or of another resource is refused. In a compose file with several \
             services, name the service. They take effect with the next deployment.",
        ),
        |call, it| change(call, it, Change::Set),
    );
    tools.add(
        sets(
            "domains_add",
            "Add domains",
            "Adds domains to an application, and reads its domains back. They take effect with the \
             next deployment.",
        ),
        |call, it| change(call, it, Change::Add),
    );
    tools.add(
        destroys(
            "domains_remove",
            "Remove domains",
            "Removes domains from an application, and reads its domains back.",
        ),
        |call, it| change(call, it, Change::Remove),
    );
}

/// A domain, as an argument.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
pub enum DomainArgument {
    /// A URL such as `https://shop.example.com`. In a compose file, it has to be clear
    /// which service is meant.
    Url(String),
    /// A URL, and the service of a compose file that gets it.
    Of {
        /// The URL.
        url: String,
        /// The name of the service in the compose file.
        service: String,
    },
}

impl DomainArgument {
    /// Returns the domain in the form in which it is sent, if the workspace may have it.
    pub fn check(&self, workspace: &Workspace, app: &str) -> Outcome<Domain> {
        let policy = &workspace.terms.domains;
        Ok(match self {
            Self::Url(url) => policy.check(url, app)?.into(),
            Self::Of { url, service } => Domain::of(service, policy.check(url, app)?),
        })
    }

    /// Returns the domain unchecked, to remove it.
    fn as_given(&self) -> Domain {
        match self {
            Self::Url(url) => url.as_str().into(),
            Self::Of { url, service } => Domain::of(service, url),
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Arguments {
    /// The application's uuid.
    app: String,
    /// The domains.
    domains: Vec<DomainArgument>,
}

#[derive(Clone, Copy)]
enum Change {
    Set,
    Add,
    Remove,
}

#[derive(Serialize, JsonSchema)]
struct Listed {
    domains: Vec<OneDomain>,
}

/// The domains after a change.
#[derive(Serialize, JsonSchema)]
pub struct Changed {
    /// The domains that the application has now.
    pub domains: Vec<OneDomain>,
    /// Requested domains that Coolify dropped.
    dropped: Vec<Ineffective>,
    /// Domains that should have been removed, and still exist.
    kept: Vec<Ineffective>,
}

#[derive(Serialize, JsonSchema)]
struct Ineffective {
    domain: String,
    reason: Option<String>,
}

impl From<DomainReport> for Changed {
    fn from(report: DomainReport) -> Self {
        let told = |them: &[IneffectiveDomain]| {
            let them = them.iter().map(|it| Ineffective {
                domain: it.domain.to_string(),
                reason: it.reason.map(|reason| reason.to_string()),
            });
            them.collect()
        };
        Self {
            domains: report.domains.iter().map(OneDomain::from).collect(),
            dropped: told(&report.dropped),
            kept: told(&report.kept),
        }
    }
}

async fn list(call: Call, it: OneApp) -> Outcome<Listed> {
    let domains = match App::find(&call, &it.app).await? {
        App::Application(handle, _) => handle.domains().list().await?,
        App::Compose(handle, _) => handle.domains().list().await?,
    };
    Ok(Listed {
        domains: domains.iter().map(OneDomain::from).collect(),
    })
}

async fn change(call: Call, it: Arguments, change: Change) -> Outcome<Changed> {
    let app = App::find(&call, &it.app).await?;
    let domains: Vec<Domain> = match change {
        // A domain to remove may be older than the policy.
        Change::Remove => it.domains.iter().map(DomainArgument::as_given).collect(),
        Change::Set | Change::Add => {
            let checked = it
                .domains
                .iter()
                .map(|domain| domain.check(&call, app.name()));
            checked.collect::<Outcome<_>>()?
        }
    };
    let report = match &app {
        App::Application(handle, _) => changing(&handle.domains(), change, domains).await?,
        App::Compose(handle, _) => changing(&handle.domains(), change, domains).await?,
    };
    Ok(report.into())
}

fn changing<R: HasDomains>(
    handle: &coolify_sdk::domains::Domains<R>,
    change: Change,
    domains: Vec<Domain>,
) -> ChangeDomains<R> {
    match change {
        Change::Set => handle.set(domains),
        Change::Add => handle.add(domains),
        Change::Remove => handle.remove(domains),
    }
}
