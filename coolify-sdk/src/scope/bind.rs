//! How a client is bound to a project.

use std::any::Any;

use super::{Scope, ScopePolicy};
use crate::{Coolify, Uuid};

impl Coolify {
    /// Returns the same client, bound to one project: it sees and touches what is in
    /// this project and nothing else, whatever uuid it is given. For tenants, tools
    /// and agents.
    ///
    /// The client has the [default policy](ScopePolicy::default);
    /// [`in_project_with`](Self::in_project_with) takes another one.
    ///
    /// # What is bounded
    ///
    /// Under every policy, before Coolify is asked to do anything:
    ///
    /// | | |
    /// |---|---|
    /// | lists | hold what is in the project only, also those of [databases](Coolify::databases), [resources](Coolify::resources) and [deployments](Coolify::deployments) |
    /// | other projects | their resources, deployments and backups, and a create or a move into them, are refused |
    /// | the team, servers, the instance | tags and shared variables of the team, servers, keys, sources, S3 storages, notifications and settings are refused; so is deploying by tag, because a tag reaches across projects |
    /// | shared variables | `{{team.NAME}}` and `{{server.NAME}}` are refused in variables, in compose files however they are escaped, and in every other field that Coolify could resolve |
    /// | paths | `mount_path`, `base_directory`, `publish_directory`, `dockerfile_location`, `docker_compose_location`, `watch_paths`: whatever leads out of its folder, as `..` and escapes do |
    /// | volumes | a volume can only be renamed to `<uuid>-name`, or to what Coolify calls the volume of that database |
    /// | domains | those of other resources: `force_domain_override` is refused, and a conflict does not tell whose a domain is |
    /// | commands of the server | characters of a shell in fields that some version of Coolify puts into a command, such as images, tags, branches, repositories, domains, databases to back up; `${NAME@P}` and its kind in values, and names of variables that the builder's shell, Docker or Docker Compose go by (`PATH`, `DOCKER_HOST`, `COMPOSE_FILE`, dots where a build sees them) |
    /// | Coolify itself | a database called `coolify-db`, whose backups would be those of Coolify's own database |
    /// | the clean-up of servers | stopping and deleting send `docker_cleanup` as false; true is refused |
    /// | replies | of the server and the team that something is on they keep the name, and not the settings and secrets |
    ///
    /// # What the operator decides
    ///
    /// By the policy, power by power; [`ScopePower`](crate::ScopePower) says what
    /// each is about:
    ///
    /// | | default | [strict](ScopePolicy::strict) |
    /// |---|---|---|
    /// | hooks, commands, scheduled tasks | allowed | refused |
    /// | nginx configuration | allowed | refused |
    /// | docker run options | those that change the container only | refused |
    /// | labels | those that neither the proxy nor Coolify reads, and those that are there already | refused |
    /// | ports of the server | from 1024 up, not Coolify's own | refused |
    /// | one-click services | those that are not known to reach for the server | refused |
    /// | folders beside a compose file (`./data`) | allowed | refused |
    /// | the team's GitHub apps, deploy keys, S3 storages, registry login, by uuid | allowed | refused |
    /// | compose files from a git repository | refused | refused |
    /// | privileges, devices, the server's paths, network and namespaces, builds in a compose file | refused | refused |
    /// | names and networks that all projects share | refused | refused |
    /// | proxy labels and preview URLs for foreign hosts | refused | refused |
    ///
    /// A compose file in a repository is read by the server alone: Coolify resolves
    /// `{{team.NAME}}` in it and mounts what it says. Where it is allowed, whoever
    /// can push to the repository has the team's shared variables and the server. A
    /// policy refuses to create, change to, deploy and restart such applications; it
    /// cannot stop deployments that a push starts (`is_auto_deploy_enabled`).
    ///
    /// # What is not bounded
    ///
    /// - What containers and builds do: they reach each other over the networks that
    ///   they are on, and use what memory, processor and disk the operator leaves
    ///   them. Limits are not checked.
    /// - What is in the project already. A container that the operator gave the
    ///   Docker socket is bound by nothing, and so is who may run commands in it.
    /// - Which server, destination and image are used.
    ///
    /// # Cost
    ///
    /// Which environments the project has is asked once and remembered; reading a
    /// resource is checked in the answer itself, and reading a part of one asks for
    /// the resource once in 30 seconds. Every write asks first. The check needs the
    /// `read` ability. Clones share what they know; make one per tenant, not one per
    /// call.
    ///
    /// A compose file is sent in a normal form, without comments and anchors, so that
    /// Coolify reads in it what was checked.
    ///
    /// Every handle and [`raw`](Coolify::raw) keep to the project.
    /// [`version`](Coolify::version) and health stay free. Binding a bound client to
    /// another project gives one that may do nothing; binding it to the same project
    /// grants what both policies grant.
    ///
    /// # Errors
    ///
    /// Calls fail with [`Error::is_out_of_scope`](crate::Error::is_out_of_scope) for
    /// what is not in the project or not allowed, and with
    /// [`Error::is_not_found`](crate::Error::is_not_found) for what is nowhere.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let tenant = coolify.in_project("gwgmpnq6u26xpsihsouontfu");
    /// for resource in tenant.resources().list().await? {
    ///     println!("{} {}", resource.kind(), resource.name());
    /// }
    /// match tenant.application("of-somebody-else").get().await {
    ///     Err(error) if error.is_out_of_scope() => println!("not yours"),
    ///     other => println!("{}", other?.name),
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn in_project(&self, project: impl Into<Uuid>) -> Self {
        self.in_project_with(project, ScopePolicy::default())
    }

    /// Returns the same client, [bound to one project](Self::in_project) under this
    /// policy.
    ///
    /// ```no_run
    /// use coolify_sdk::{Coolify, ScopePolicy, ScopePower};
    ///
    /// # fn demo(coolify: Coolify) {
    /// // An agent that may run commands in its applications, and nothing else that
    /// // could reach others.
    /// let policy = ScopePolicy::strict().allow(ScopePower::Commands);
    /// let agent = coolify.in_project_with("gwgmpnq6u26xpsihsouontfu", policy);
    /// // A tenant whose repositories the operator trusts.
    /// let policy = ScopePolicy::default().allow(ScopePower::GitCompose);
    /// let tenant = coolify.in_project_with("vnylalk6wmzn28nrms8nwqxz", policy);
    /// # let _ = (agent, tenant); }
    /// ```
    #[must_use]
    pub fn in_project_with(&self, project: impl Into<Uuid>, policy: ScopePolicy) -> Self {
        let bound = self.gate().and_then(|gate| {
            let gate: &dyn Any = gate;
            gate.downcast_ref::<Scope>()
        });
        self.behind(Scope::new(project.into(), policy, bound))
    }
}
