//! Verifies updates of applications.

use serde_json::Value;

use super::ComposeDomain;
use super::fields::APPLICATION;
use crate::domains::compose_services;
use crate::raw::types::UpdateApplicationByUuidBody;
use crate::verify::{Table, Verify};

impl Verify for UpdateApplicationByUuidBody {
    fn table() -> &'static Table {
        &APPLICATION
    }

    fn may_reroute(&self) -> bool {
        self.domains.is_some() && self.docker_compose_domains.is_none()
    }

    /// Sets the domain of the only service instead, because a compose application
    /// has no domains of its own.
    fn reroute(&mut self, current: &Value) -> Option<(&'static str, &'static str)> {
        if current["build_pack"] != "dockercompose" {
            return None;
        }
        let text = |name: &str| current[name].as_str().unwrap_or_default();
        let services = compose_services(text("docker_compose_domains"), text("docker_compose_raw"));
        let [service] = &services[..] else {
            return None;
        };
        let mut entry = ComposeDomain::new(service);
        entry.domain = self.domains.take();
        self.docker_compose_domains = Some(vec![entry]);
        Some(("domains", "docker_compose_domains"))
    }
}
