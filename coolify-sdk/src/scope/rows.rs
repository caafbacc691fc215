//! Finds out from a reply which project its rows belong to.

use serde_json::Value;

use crate::Uuid;
use crate::scalar::model;

const BACKUPS: &str = "backup_configs";

/// Returns whether a deployment of a list is in the project. Its only hint is the
/// address of its page in the dashboard, `/project/<uuid>/environment/…`.
pub(super) fn deployment_is_of(deployment: &Value, project: &Uuid) -> bool {
    let page = deployment["deployment_url"].as_str().unwrap_or_default();
    let mut segments = page.split('/').skip_while(|it| *it != "project");
    segments.nth(1) == Some(project.as_str())
}

/// Returns the scheduled backups of this database. Coolify also lists those of
/// databases of other engines that have the same numeric id.
pub(super) fn backups_of(database: &Value, mut backups: Value) -> Value {
    let engine = database["database_type"].as_str().unwrap_or_default();
    let is_own = |backup: &Value| {
        let model = backup["database_type"].as_str().unwrap_or_default();
        model::is_of_database(model, engine).unwrap_or(false)
    };
    if let Value::Array(rows) = &mut backups {
        rows.retain(is_own);
    }
    backups
}

/// Removes backups that belong to other databases; Coolify lists them by mistake.
pub(super) fn without_foreign_backups(mut row: Value) -> Value {
    if let Some(backups) = row.get_mut(BACKUPS).map(Value::take) {
        let own = backups_of(&row, backups);
        row[BACKUPS] = own;
    }
    row
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_deployment_is_known_by_its_page() {
        let at = |page: &str| json!({ "deployment_url": page });
        let project = Uuid::from("p1");
        assert!(deployment_is_of(
            &at("/project/p1/environment/e/application/a/deployment/d"),
            &project
        ));
        assert!(!deployment_is_of(
            &at("/project/p11/environment/p1"),
            &project
        ));
        assert!(!deployment_is_of(&at("/x/p1"), &project));
        assert!(!deployment_is_of(&json!({}), &project));
    }

    #[test]
    fn a_backup_of_another_engine_is_of_another_database() {
        let backup = |model: &str| json!({ "database_type": format!("App\\Models\\{model}") });
        let database = json!({
            "database_type": "standalone-postgresql",
            "backup_configs": [backup("StandalonePostgresql"), backup("StandaloneMysql")],
        });
        let shown = without_foreign_backups(database);
        assert_eq!(
            shown["backup_configs"],
            json!([backup("StandalonePostgresql")])
        );
    }

    #[test]
    fn a_database_of_no_known_engine_has_no_backups_of_its_own() {
        let backups = json!([
            {}, {"database_type": null}, {"database_type": ""}, {"database_type": "App\\Models\\"},
            {"database_type": "App\\Models\\StandalonePostgresql"},
        ]);
        for database in [
            json!({}),
            json!({"database_type": null}),
            json!({"database_type": "-"}),
        ] {
            assert_eq!(
                backups_of(&database, backups.clone()),
                json!([]),
                "{database}"
            );
        }
    }
}
