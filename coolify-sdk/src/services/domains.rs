//! The domains of services, which their containers have.

use super::{Service, ServiceHandle, ServiceUrl};
use crate::address;
use crate::domains::{Containers, Domain, Domains, HasDomains, Holdings, on, urls_of};
use crate::error::Result;
use crate::raw::types::UpdateServiceByUuidBody;
use crate::resource::ResourceHandle as _;

impl ServiceHandle {
    /// Returns a handle for the domains of its containers.
    ///
    /// Coolify changes one container after the other. If one of several domains
    /// is in use elsewhere, other containers may already have theirs.
    #[must_use]
    pub fn domains(&self) -> Domains<Self> {
        Domains::new(self)
    }
}

impl HasDomains for ServiceHandle {
    async fn read_domains(&self) -> Result<Holdings> {
        let raw = self.coolify().raw();
        Ok(of_service(
            &raw.get_service_by_uuid(self.uuid().as_str()).await?,
        ))
    }

    async fn write_domains(&self, before: &Holdings, wanted: &[Domain], force: bool) -> Result<()> {
        let Containers::Service(containers) = &before.containers else {
            return Ok(());
        };
        let urls = containers.iter().filter_map(|name| {
            let urls = urls_of(name, wanted);
            (urls != urls_of(name, &before.domains)).then(|| {
                let mut url = ServiceUrl::new(name);
                url.url = Some(urls);
                url
            })
        });
        let body = UpdateServiceByUuidBody {
            urls: Some(urls.collect()),
            force_domain_override: force.then_some(true),
            ..UpdateServiceByUuidBody::default()
        };
        let raw = self.coolify().raw();
        let call = raw.update_service_by_uuid(self.uuid().as_str(), &body);
        drop(body);
        call.await.map(drop)
    }
}

fn of_service(service: &Service) -> Holdings {
    let containers = service.applications.as_deref().unwrap_or_default();
    let domains = containers.iter().flat_map(|container| {
        let urls = container.fqdn.as_deref().unwrap_or_default();
        address::split(urls).map(|url| Domain::of(&container.name, url))
    });
    Holdings {
        domains: domains.collect(),
        containers: Containers::Service(containers.iter().map(|it| it.name.clone()).collect()),
        server: on(service.server.as_ref()),
    }
}
