//! Binds a client to a project.

use std::any::Any;

use super::{Scope, ScopePolicy};
use crate::{Coolify, Uuid};

impl Coolify {
    /// Returns this client, bound to one project. It cannot see or change
    /// anything outside of the project, whatever uuid it is given. Use it for
    /// tenants, tools and agents.
    ///
    /// The client has the [default policy](ScopePolicy::default);
    /// [`in_project_with`](Self::in_project_with) takes another policy.
    ///
    /// # What is bounded
    ///
    /// Under every policy, before Coolify is asked to do anything:
    ///
    /// | | |
    /// |---|---|
    /// | lists | contain only what is in the project, including those of [databases](Coolify::databases), [resources](Coolify::resources) and [deployments](Coolify::deployments) |
    /// | other projects | their resources, deployments and backups are refused, and so is creating or moving a resource into them |
    /// | the team, servers, the instance | tags and shared variables of the team, servers, keys, sources, S3 storages, notifications and settings are refused; so is deploying by tag, because a tag can reach several projects |
    /// | shared variables | `{{team.NAME}}` and `{{server.NAME}}` are refused in variables, in compose files (escaped or not), and in every other field that Coolify could resolve |
    /// | paths | `mount_path`, `base_directory`, `publish_directory`, `dockerfile_location`, `docker_compose_location`, `watch_paths`: paths that lead out of their folder, such as `..` and escapes, are refused, and so is a `mount_path` where Coolify has a file of its own, such as `/docker-compose.yml` |
    /// | volumes | a volume can only be renamed to `<uuid>-name`, or to Coolify's own name for the volume of that database |
    /// | domains | `force_domain_override`, which sets domains that other resources have, is refused, and a conflict does not say which resource has a domain |
    /// | images | an image that Coolify built for another resource is refused |
    /// | commands of the server | refused are shell characters in fields that some version of Coolify puts into a command, such as images, tags, branches, repositories, domains and databases to back up; expansions such as `${NAME@P}` and lines such as `COMPOSE_FILE=…` in values; and names of variables that the builder's shell, git, Docker or Docker Compose use (`PATH`, `GIT_DIR`, `DOCKER_HOST`, `COMPOSE_FILE`, names with dots in a build) |
    /// | Coolify itself | the name `coolify-db` for a database is refused, because its backups would be those of Coolify's own database |
    /// | the clean-up of servers | stopping and deleting send `docker_cleanup` as `false`, and `true` is refused; copying the volumes of a database or service ends with a clean-up, and needs the power for access to the server |
    /// | replies | of the server and the team of a resource, they contain the name, but no settings and secrets; logs of deployments are shown without the deploy key |
    ///
    /// # What the operator decides
    ///
    /// The policy decides about each of these powers, which
    /// [`ScopePower`](crate::ScopePower) describes:
    ///
    /// | | default | [strict](ScopePolicy::strict) |
    /// |---|---|---|
    /// | hooks, commands, scheduled tasks | allowed | refused |
    /// | nginx configuration | allowed | refused |
    /// | docker run options | allowed if they affect only the container | refused |
    /// | labels | allowed if neither the proxy nor Coolify reads them, or if they exist already | refused |
    /// | ports of the server | allowed from 1024 up, except Coolify's own | refused |
    /// | one-click services | allowed if they are not known to use the server itself | refused |
    /// | folders beside a compose file (`./data`) | allowed | refused |
    /// | the team's GitHub apps, deploy keys, S3 storages and registry login, and another repository for an application that has them | allowed | refused |
    /// | compose files from a git repository | refused | refused |
    /// | privileges, devices, the server's paths, network and namespaces, builds in a compose file | refused | refused |
    /// | names and networks that all projects share | refused | refused |
    /// | files of services below a folder, variables as the name of an image | refused | refused |
    /// | proxy labels, preview URLs, variables and domains for hosts of other projects and of Coolify itself | refused | refused |
    ///
    /// Only the server reads a compose file in a repository: Coolify resolves
    /// `{{team.NAME}}` in it, and makes its mounts. If a policy allows it,
    /// everybody who can push to the repository can read the team's shared
    /// variables and control the server. Otherwise the policy refuses to create,
    /// deploy and restart such applications, to change others into them, and to change
    /// their repository, branch and webhook secrets. It cannot stop deployments that a push
    /// starts (`is_auto_deploy_enabled`).
    ///
    /// # What is not bounded
    ///
    /// - What containers and builds do. They can reach each other over their
    ///   networks (builds run in the network of the server), and use as much memory,
    ///   processor time and disk space as the operator leaves them. Limits are not checked.
    /// - What is already in the project. If the operator has given a container
    ///   the Docker socket, nothing bounds the container or anybody who can run
    ///   commands in it.
    /// - What is in an image. The proxy and Coolify read labels of an image (`LABEL` in a
    ///   Dockerfile) like those of a container, so that an image can take the hosts of other
    ///   projects. `FROM` and `COPY --from` find every image on the server by its name. Give
    ///   unknown tenants a server of their own.
    /// - Hosts that the client cannot see: those of other teams, and that of Coolify itself if
    ///   the client reaches it by an address.
    /// - Git submodules of a repository, which Coolify fetches with the credentials of the
    ///   application.
    /// - The choice of server, destination and image.
    ///
    /// # Cost
    ///
    /// The environments of the project are read once and remembered. Reading a
    /// resource needs no further request, because the reply itself is checked;
    /// reading a part of a resource reads the resource once in 30 seconds. Every
    /// write is preceded by a read, and setting domains by reading all applications and
    /// services, because Coolify does not take `https://example.com/x` for a conflict with
    /// `https://example.com`. These reads need the `read` ability. Clones
    /// share what they know, so make one client per tenant, not one per call.
    ///
    /// A compose file is sent in a normal form, without comments and anchors, so
    /// that Coolify reads exactly what was checked.
    ///
    /// The bound holds for every handle and for [`raw`](Coolify::raw).
    /// [`version`](Coolify::version) and health are not bound. A bound client
    /// that is bound to another project may do nothing; if it is bound to the
    /// same project again, it has the powers that both policies grant.
    ///
    /// # Errors
    ///
    /// Calls fail with [`Error::is_out_of_scope`](crate::Error::is_out_of_scope)
    /// for a resource outside of the project and for a request that is not
    /// allowed, with [`Error::is_conflict`](crate::Error::is_conflict) for a domain
    /// whose host belongs to a resource outside of the project, and with
    /// [`Error::is_not_found`](crate::Error::is_not_found) for a resource that does not
    /// exist at all.
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

    /// Returns this client, [bound to one project](Self::in_project) under this
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
