//! What a client that is bound to a project may do with an operation.

use crate::scalar::ResourceKind;

/// How an operation is bound to the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// Allowed, because it concerns nobody's resources.
    Free,
    /// Never allowed, because it concerns the team, servers or the instance, or
    /// because its bound is not defined yet.
    Never,
    /// The path names a project.
    Project,
    /// The path names a resource, or something that belongs to it.
    Resource(ResourceKind),
    /// The path names a database and one of its backups.
    Backup,
    /// The path names a deployment.
    Deployment,
    /// The query names resources.
    Deploy,
    /// The body names the project.
    Create,
    /// The path names a resource, the body an environment.
    Move(ResourceKind),
    /// The reply is a list, reduced to the rows of the project.
    List(Rows),
    /// The reply is one resource, which has to be in the project.
    Shown(Rows),
}

impl ResourceKind {
    /// Returns the operation that reads a resource of this kind.
    pub(crate) const fn get(self) -> &'static str {
        match self {
            Self::Application => "get-application-by-uuid",
            Self::Database => "get-database-by-uuid",
            Self::Service => "get-service-by-uuid",
        }
    }
}

/// The kind of the rows of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    Project,
    Resource(ResourceKind),
    /// Resources of all kinds.
    AnyResource,
    Deployment,
    Backup,
}

impl Rows {
    pub(crate) const fn noun(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Resource(kind) => kind.as_str(),
            Self::AnyResource => "resource",
            Self::Deployment => "deployment",
            Self::Backup => "backup",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::{Method, Operation, operations};

    fn bound(id: &str) -> Bound {
        Operation::find(id).unwrap().bound
    }

    #[test]
    fn what_belongs_to_a_project_is_bound_and_nothing_else() {
        let of_projects = [
            "Applications",
            "Databases",
            "Deployments",
            "Projects",
            "Resources",
            "Scheduled Tasks",
            "Service applications",
            "Service databases",
            "Services",
        ];
        for operation in operations() {
            let wanted = of_projects.contains(&operation.tag);
            let found = operation.bound != Bound::Never;
            let exception = match operation.id {
                "version" | "healthcheck" => true,
                "create-project" => false,
                id if id.contains("-project-shared-env")
                    || id.contains("-environment-shared-env") =>
                {
                    true
                }
                _ => wanted,
            };
            assert_eq!(found, exception, "{} {}", operation.tag, operation.id);
        }
    }

    #[test]
    fn what_names_things_beside_the_path_has_a_bound_of_its_own() {
        for operation in operations() {
            let creates = operation.id.starts_with("create-database-")
                && operation.id != "create-database-backup"
                && operation.id != "create-database-import"
                || operation.id == "create-service"
                || (operation.id.starts_with("create-") && operation.id.ends_with("-application"));
            assert_eq!(
                operation.bound == Bound::Create,
                creates,
                "{}",
                operation.id
            );
        }
        assert_eq!(
            bound("move-service-by-uuid"),
            Bound::Move(ResourceKind::Service)
        );
        assert_eq!(bound("update-database-backup"), Bound::Backup);
        assert_eq!(bound("delete-backup-execution-by-uuid"), Bound::Backup);
        assert_eq!(
            bound("create-database-backup"),
            Bound::Resource(ResourceKind::Database)
        );
        assert_eq!(bound("deploy-by-tag-or-uuid"), Bound::Deploy);
        assert_eq!(bound("cancel-deployment-by-uuid"), Bound::Deployment);
    }

    /// The bound of an operation matches the names of the parameters in its path.
    #[test]
    fn a_bound_fits_the_path() {
        for operation in operations() {
            let path = operation.path;
            let named = match operation.bound {
                Bound::Project => path.starts_with("/projects/{uuid}"),
                Bound::Resource(kind) | Bound::Move(kind) => {
                    path.contains(&format!("/{}s/{{uuid}}", kind.as_str()))
                }
                Bound::Backup => path.contains("/backups/{scheduled_backup_uuid}"),
                Bound::Deployment => path.starts_with("/deployments/{uuid}"),
                Bound::Shown(rows) => path == format!("/{}s/{{uuid}}", rows.noun()),
                Bound::List(_) | Bound::Free => operation.method == Method::Get,
                Bound::Create | Bound::Deploy | Bound::Never => continue,
            };
            assert!(named, "{} {path}: {:?}", operation.id, operation.bound);
        }
    }

    #[test]
    fn what_cleans_the_server_is_stopping_and_deleting() {
        for operation in operations() {
            let verb = operation.id.split('-').next();
            let wanted = ResourceKind::ALL.iter().any(|kind| {
                matches!(verb, Some("stop" | "delete"))
                    && operation
                        .id
                        .ends_with(&format!("-{}-by-uuid", kind.as_str()))
            });
            assert_eq!(operation.cleans_server, wanted, "{}", operation.id);
        }
    }
}
