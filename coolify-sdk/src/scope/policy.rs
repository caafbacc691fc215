//! The policy of a bound client: what it may do within its project.

use super::texts::keys;
#[cfg(doc)]
use crate::Coolify;
use crate::Result;

/// Defines what a [bound client](Coolify::in_project) may do within its project.
///
/// A policy is a set of [powers](ScopePower). There are three predefined
/// policies:
///
/// - [`ScopePolicy::strict`] grants none. It is meant for agents and for unknown
///   tenants.
/// - [`ScopePolicy::default`] grants the powers that stay inside the project.
///   [`Coolify::in_project`] uses it.
/// - [`ScopePolicy::trusting`] grants all of them. It is meant for the operator's
///   own programs, which it keeps from changing another project by mistake.
///
/// ```no_run
/// use coolify_sdk::{Coolify, ScopePolicy, ScopePower};
///
/// # fn demo(coolify: Coolify) {
/// let policy = ScopePolicy::strict().allow(ScopePower::Commands);
/// let agent = coolify.in_project_with("gwgmpnq6u26xpsihsouontfu", policy);
/// # let _ = agent; }
/// ```
///
/// No policy gives access to the resources of other projects, the shared
/// variables of the team and of servers, paths outside of the resource's folder,
/// the volumes of other resources, and domains of other resources. The table at
/// [`Coolify::in_project`] has the whole list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScopePolicy(u16);

/// Something that a [`ScopePolicy`] grants or refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ScopePower {
    /// Commands of applications and tasks: the commands that install, build,
    /// start and check an application, the commands before and after a
    /// deployment, and scheduled tasks. They run in builds and in the
    /// application's own containers.
    Commands,
    /// The nginx configuration of a static application.
    NginxConfiguration,
    /// `custom_docker_run_options` that affect only the container itself, such as
    /// `--init`, `--ulimit`, `--shm-size`. Options that reach the server need
    /// [`HostAccess`](Self::HostAccess); `--hostname`, `--ip` and `--ip6` need
    /// [`SharedNetworks`](Self::SharedNetworks).
    RunOptions,
    /// Labels of containers. Labels that the proxy or Coolify reads need
    /// [`ForeignHosts`](Self::ForeignHosts), unless the application already has
    /// them.
    Labels,
    /// Ports of the server from 1024 up, except those that Coolify itself uses:
    /// `ports_mappings`, `public_port` of databases, `ports` of a compose file.
    /// Other ports need [`HostAccess`](Self::HostAccess) as well.
    HostPorts,
    /// Folders and files beside a compose file, such as `./data:/data`. A
    /// container that mounts a folder can leave symbolic links in it, which
    /// programs of the server may follow later.
    Folders,
    /// One-click services. Their compose files come from Coolify, and cannot be
    /// checked here. Services that are known to use the server itself, such as
    /// `portainer`, need [`HostAccess`](Self::HostAccess) as well.
    OneClickServices,
    /// Credentials of the team: GitHub apps and deploy keys that read repositories,
    /// another repository for an application that has such a credential (or may have one,
    /// since a token without `read:sensitive` does not see the deploy key), S3 storages
    /// for backups, and the server's login to registries, which pushes a built image to
    /// `docker_registry_image_name`.
    TeamCredentials,
    /// Compose files from a git repository. Coolify resolves shared variables in them
    /// too, and they can mount the server's disk. They cannot be checked here, because
    /// only the server sees them. Everybody who can push to the repository can read the
    /// team's shared variables and control the server.
    ///
    /// Also repositories whose files are kept on the server
    /// (`is_preserve_repository_enabled`), because symbolic links in them can lead
    /// anywhere.
    GitCompose,
    /// Access of a container to the server: paths of the server, privileges,
    /// capabilities, devices, GPUs, the server's namespaces and network, builds
    /// from a compose file, Docker commands of `docker_compose_custom_*`, files of the
    /// server that are imported into a database, files of a service that are not directly
    /// below `/`, variables as the name of an image, services that are removed from
    /// Coolify while their containers go on running, and clones of databases and services
    /// with their volumes, which clean up the whole server.
    HostAccess,
    /// Names and networks that the resources of all projects share:
    ///
    /// - `connect_to_docker_network`, `custom_network_aliases`, `custom_internal_name`,
    ///   `custom_container_name_prefix` and fixed addresses.
    /// - `--hostname`, which Docker resolves for all containers of the network.
    /// - Services of a compose file with the name, hostname or alias `coolify` or
    ///   `coolify-…`, by which the proxy finds the dashboard.
    /// - External networks of a compose file, and `ipam`, which leads the server's own
    ///   traffic to these addresses into the network.
    SharedNetworks,
    /// Routes of the proxy for hosts of other projects:
    ///
    /// - Domains such as `https://shop.example.com/login` if a resource outside of the
    ///   project has `https://shop.example.com`.
    /// - Labels that Traefik or Caddy read.
    /// - A `preview_url_template` that does not end in the application's own domain, or
    ///   that could make a host of another project.
    /// - Variables of a compose file that make more than one plain domain, such as
    ///   `SERVICE_FQDN_WEB=/x,https://other.example.com`, and such values of the variables
    ///   from which Coolify makes routes for `MinIO`, Logto and Garage, such as
    ///   `MINIO_SERVER_URL`.
    ForeignHosts,
}

impl ScopePower {
    /// All powers.
    pub const ALL: [Self; 12] = [
        Self::Commands,
        Self::NginxConfiguration,
        Self::RunOptions,
        Self::Labels,
        Self::HostPorts,
        Self::Folders,
        Self::OneClickServices,
        Self::TeamCredentials,
        Self::GitCompose,
        Self::HostAccess,
        Self::SharedNetworks,
        Self::ForeignHosts,
    ];

    fn bit(self) -> u16 {
        1 << self as u16
    }
}

impl ScopePolicy {
    /// Grants nothing.
    #[must_use]
    pub const fn strict() -> Self {
        Self(0)
    }

    /// Grants everything that a policy can grant.
    #[must_use]
    pub fn trusting() -> Self {
        let all = ScopePower::ALL.into_iter();
        all.fold(Self::strict(), Self::allow)
    }

    /// Grants a power.
    #[must_use]
    pub fn allow(self, power: ScopePower) -> Self {
        Self(self.0 | power.bit())
    }

    /// Removes a power.
    #[must_use]
    pub fn forbid(self, power: ScopePower) -> Self {
        Self(self.0 & !power.bit())
    }

    /// Returns whether a power is granted.
    #[must_use]
    pub fn allows(self, power: ScopePower) -> bool {
        self.0 & power.bit() != 0
    }

    /// Checks the name of an environment variable of a build, by the rules that each
    /// [bound client](crate::Coolify::in_project) applies before it sends anything. No
    /// power grants an exception.
    ///
    /// A platform can use it to refuse a name before it creates an application.
    ///
    /// ```
    /// use coolify_sdk::ScopePolicy;
    ///
    /// assert!(ScopePolicy::check_variable("NODE_ENV").is_ok());
    /// assert!(ScopePolicy::check_variable("DOCKER_HOST").unwrap_err().is_out_of_scope());
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_out_of_scope`](crate::Error::is_out_of_scope) for a name that controls
    /// the shell, the loader or Docker in a build, and for a name with other characters
    /// than letters, digits and `_`.
    pub fn check_variable(name: &str) -> Result<()> {
        keys::check(name, true).map_err(|beyond| beyond.refusal("the project"))
    }

    /// Returns the policy with the powers that both policies grant.
    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Default for ScopePolicy {
    /// Grants the powers that stay inside the project: all except
    /// [`GitCompose`](ScopePower::GitCompose),
    /// [`HostAccess`](ScopePower::HostAccess),
    /// [`SharedNetworks`](ScopePower::SharedNetworks) and
    /// [`ForeignHosts`](ScopePower::ForeignHosts).
    fn default() -> Self {
        let beyond = [
            ScopePower::GitCompose,
            ScopePower::HostAccess,
            ScopePower::SharedNetworks,
            ScopePower::ForeignHosts,
        ];
        beyond.into_iter().fold(Self::trusting(), Self::forbid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_a_set() {
        for power in ScopePower::ALL {
            assert!(!ScopePolicy::strict().allows(power));
            assert!(ScopePolicy::trusting().allows(power));
            let only = ScopePolicy::strict().allow(power);
            let granted = ScopePower::ALL.into_iter().filter(|it| only.allows(*it));
            assert_eq!(granted.collect::<Vec<_>>(), [power]);
            assert_eq!(only.forbid(power), ScopePolicy::strict());
            assert_eq!(
                only.and(ScopePolicy::trusting().forbid(power)),
                ScopePolicy::strict()
            );
        }
    }
}
