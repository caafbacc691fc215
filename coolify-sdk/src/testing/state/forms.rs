//! The rows of new resources, from recordings of 4.3.11 unless they say otherwise:
//! every column with its initial value.

use serde_json::Value;

macro_rules! forms {
    ($($(#[$doc:meta])* $name:ident = $file:literal;)*) => {$(
        $(#[$doc])*
        pub(in crate::testing) fn $name() -> Value {
            // The files are part of the program, and a test reads each of them.
            serde_json::from_str(include_str!(concat!("forms/", $file))).unwrap_or_default()
        }
    )*

        #[cfg(test)]
        pub(in crate::testing) fn all() -> Vec<(&'static str, Value)> {
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
    /// The preview of a pull request, from Coolify's source.
    preview = "preview.json";
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
    /// A `sqlite` database, from Coolify's source.
    database_sqlite = "database_sqlite.json";
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
    /// A private key.
    private_key = "private_key.json";
    /// A GitHub app.
    github_app = "github_app.json";
    /// A GitLab app.
    gitlab_app = "gitlab_app.json";
    /// An S3 storage.
    s3_storage = "s3_storage.json";
    /// The token of a cloud.
    cloud_token = "cloud_token.json";
    /// A cloud-init script.
    cloud_init_script = "cloud_init_script.json";
    /// A shared variable.
    shared_variable = "shared_variable.json";
    /// The settings of email notifications.
    notifications_email = "notifications_email.json";
    /// The settings of Discord notifications.
    notifications_discord = "notifications_discord.json";
    /// The settings of Slack notifications.
    notifications_slack = "notifications_slack.json";
    /// The settings of Telegram notifications.
    notifications_telegram = "notifications_telegram.json";
    /// The settings of Pushover notifications.
    notifications_pushover = "notifications_pushover.json";
    /// The settings of webhook notifications.
    notifications_webhook = "notifications_webhook.json";
    /// The email settings of the instance.
    instance_email = "instance_email.json";
    /// A user.
    user = "user.json";
    /// The names of all one-click services.
    service_types = "service_types.json";
    /// A service.
    service = "service.json";
    /// A container of a service that is an application.
    service_application = "service_application.json";
    /// A container of a service that is a database.
    service_database = "service_database.json";
    /// One run of the Docker cleanup.
    cleanup_execution = "cleanup_execution.json";
    /// The backup schedule of a storage.
    storage_backup = "storage_backup.json";
    /// The repositories of a GitHub app.
    github_repositories = "github_repositories.json";
    /// The branches of a repository.
    github_branches = "github_branches.json";
    /// Hetzner's firewalls.
    cloud_hetzner_firewalls = "cloud_hetzner_firewalls.json";
    /// Hetzner's images.
    cloud_hetzner_images = "cloud_hetzner_images.json";
    /// Hetzner's locations.
    cloud_hetzner_locations = "cloud_hetzner_locations.json";
    /// Hetzner's networks.
    cloud_hetzner_networks = "cloud_hetzner_networks.json";
    /// Hetzner's server types.
    cloud_hetzner_server_types = "cloud_hetzner_server_types.json";
    /// Hetzner's SSH keys.
    cloud_hetzner_ssh_keys = "cloud_hetzner_ssh_keys.json";
    /// DigitalOcean's images.
    cloud_digitalocean_images = "cloud_digitalocean_images.json";
    /// DigitalOcean's regions.
    cloud_digitalocean_regions = "cloud_digitalocean_regions.json";
    /// DigitalOcean's sizes.
    cloud_digitalocean_sizes = "cloud_digitalocean_sizes.json";
    /// DigitalOcean's SSH keys.
    cloud_digitalocean_ssh_keys = "cloud_digitalocean_ssh_keys.json";
    /// Vultr's operating systems.
    cloud_vultr_operating_systems = "cloud_vultr_operating_systems.json";
    /// Vultr's plans.
    cloud_vultr_plans = "cloud_vultr_plans.json";
    /// Vultr's regions.
    cloud_vultr_regions = "cloud_vultr_regions.json";
    /// Vultr's SSH keys.
    cloud_vultr_ssh_keys = "cloud_vultr_ssh_keys.json";
    /// An environment variable.
    variable = "variable.json";
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_form_is_json_with_something_in_it() {
        for (name, form) in super::all() {
            let fields = form.as_object().map(serde_json::Map::len);
            let entries = form.as_array().map(Vec::len);
            assert_ne!(fields.or(entries).unwrap_or(0), 0, "{name} is empty");
        }
    }
}
