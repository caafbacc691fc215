//! What a client that is bound to a project may do, operation by operation.

use crate::operations::{Method, Operation};

/// How an operation is held to the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// It is about nobody's things.
    Free,
    /// It is about things of the team, of servers or of the instance.
    Never,
    /// The path names a project.
    Project,
    /// The path names a resource of this kind, or something of it.
    Resource { kind: &'static str, reads: bool },
    /// The path names a database and one of its backups.
    Backup,
    /// The path names a deployment.
    Deployment,
    /// The query names resources.
    Deploy,
    /// The body names the project.
    Create,
    /// The path names a resource, the body an environment.
    Move(&'static str),
    /// The reply is a list, of which the project's rows are handed out.
    List(Rows),
    /// The reply is one thing, which is handed out if it is the project's.
    Shown(Rows),
}

/// What the rows of a reply are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    Project,
    /// Of this kind; of all kinds in the list of all resources.
    Resource(&'static str),
    Deployment,
    Backup,
}

impl Rows {
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Resource(kind) => super::rows::noun(kind),
            Self::Deployment => "deployment",
            Self::Backup => "backup",
        }
    }
}

impl Rule {
    /// What is not known to stay in a project does not.
    pub(super) fn of(operation: &Operation) -> Self {
        use Method::{Get, Post};

        let segments: Vec<&'static str> = operation.path.split('/').skip(1).collect();
        let reads = operation.method == Get;
        match (operation.method, &segments[..]) {
            (Get, ["version" | "health"]) => Self::Free,
            (Get, ["projects"]) => Self::List(Rows::Project),
            (_, ["projects", "{uuid}", ..]) => Self::Project,
            (Get, [kind @ ("applications" | "databases" | "services" | "resources")]) => {
                Self::List(Rows::Resource(kind))
            }
            (Post, ["services"]) => Self::Create,
            (Post, ["applications" | "databases", source]) if !source.starts_with('{') => {
                Self::Create
            }
            (Get, [kind @ ("applications" | "databases" | "services"), "{uuid}"]) => {
                Self::Shown(Rows::Resource(kind))
            }
            (
                Post,
                [
                    kind @ ("applications" | "databases" | "services"),
                    "{uuid}",
                    "move",
                ],
            ) => Self::Move(kind),
            (Get, ["databases", "{uuid}", "backups"]) => Self::List(Rows::Backup),
            (
                _,
                [
                    "databases",
                    "{uuid}",
                    "backups",
                    "{scheduled_backup_uuid}",
                    ..,
                ],
            ) => Self::Backup,
            (
                _,
                [
                    kind @ ("applications" | "databases" | "services"),
                    "{uuid}",
                    ..,
                ],
            ) => Self::Resource { kind, reads },
            (Get, ["deployments"]) => Self::List(Rows::Deployment),
            (Get, ["deployments", "{uuid}"]) => Self::Shown(Rows::Deployment),
            (Post, ["deployments", "{uuid}", "cancel"]) => Self::Deployment,
            (Get, ["deployments", "applications", "{uuid}"]) => Self::Resource {
                kind: "applications",
                reads,
            },
            (Post, ["deploy"]) => Self::Deploy,
            _ => Self::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::operations;

    fn rule(id: &str) -> Rule {
        Rule::of(Operation::find(id).unwrap())
    }

    #[test]
    fn what_belongs_to_a_project_has_a_rule_and_nothing_else() {
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
            let found = Rule::of(operation) != Rule::Never;
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
    fn what_names_things_beside_the_path_has_a_rule_of_its_own() {
        for operation in operations() {
            let creates = operation.id.starts_with("create-database-")
                && operation.id != "create-database-backup"
                || operation.id == "create-service"
                || (operation.id.starts_with("create-") && operation.id.ends_with("-application"));
            assert_eq!(
                Rule::of(operation) == Rule::Create,
                creates,
                "{}",
                operation.id
            );
        }
        assert_eq!(rule("move-service-by-uuid"), Rule::Move("services"));
        assert_eq!(rule("update-database-backup"), Rule::Backup);
        assert_eq!(rule("delete-backup-execution-by-uuid"), Rule::Backup);
        assert_eq!(
            rule("create-database-backup"),
            Rule::Resource {
                kind: "databases",
                reads: false
            }
        );
        assert_eq!(rule("deploy-by-tag-or-uuid"), Rule::Deploy);
        assert_eq!(rule("cancel-deployment-by-uuid"), Rule::Deployment);
    }
}
