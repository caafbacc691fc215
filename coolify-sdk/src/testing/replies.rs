//! The forms of what Coolify stores, taken from recordings of 4.3.11: every column
//! with the value that it has on a fresh resource.

use serde_json::Value;

macro_rules! forms {
    ($($(#[$doc:meta])* $name:ident = $file:literal;)*) => {$(
        $(#[$doc])*
        pub(super) fn $name() -> Value {
            // The files are part of the program, and a test reads each of them.
            serde_json::from_str(include_str!(concat!("replies/", $file))).unwrap_or_default()
        }
    )*

        #[cfg(test)]
        pub(super) fn all() -> Vec<(&'static str, Value)> {
            vec![$((stringify!($name), $name())),*]
        }
    };
}

forms! {
    /// An application.
    application = "application.json";
    /// The settings of an application, a table of their own.
    application_settings = "application_settings.json";
    /// An entry of the deployment queue.
    deployment = "deployment.json";
    /// A Docker network on a server.
    destination = "destination.json";
    /// An environment of a project.
    environment = "environment.json";
    /// A project.
    project = "project.json";
    /// A server.
    server = "server.json";
    /// The settings of a server, a table of their own.
    server_settings = "server_settings.json";
    /// A backup schedule.
    backup = "backup.json";
    /// One backup that was made.
    backup_execution = "backup_execution.json";
    /// A clickhouse database.
    database_clickhouse = "database_clickhouse.json";
    /// A dragonfly database.
    database_dragonfly = "database_dragonfly.json";
    /// A keydb database.
    database_keydb = "database_keydb.json";
    /// A mariadb database.
    database_mariadb = "database_mariadb.json";
    /// A mongodb database.
    database_mongodb = "database_mongodb.json";
    /// A mysql database.
    database_mysql = "database_mysql.json";
    /// A postgresql database.
    database_postgresql = "database_postgresql.json";
    /// A redis database.
    database_redis = "database_redis.json";
    /// A file or directory that is mounted.
    file_storage = "file_storage.json";
    /// A volume.
    persistent_storage = "persistent_storage.json";
    /// A scheduled task.
    scheduled_task = "scheduled_task.json";
    /// A tag.
    tag = "tag.json";
    /// One run of a scheduled task.
    task_execution = "task_execution.json";
    /// A team.
    team = "team.json";
    /// An environment variable.
    variable = "variable.json";
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_form_is_an_object() {
        for (name, form) in super::all() {
            assert!(form.is_object(), "{name} is not a JSON object");
        }
    }
}
