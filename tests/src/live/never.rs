//! The operations that the suite never calls, with the reasons.

const INSTANCE: &str = "never: it switches something for the whole instance";
const TEAM: &str = "never: it changes where the whole team's messages go";
const ELSEWHERE: &str = "never: it hands a server over to another Coolify";
const MIGRATION: &str = "never: it takes a resource to another server";
const SERVER: &str = "never: it acts on a server for everybody who is on it";

/// The operations that no test calls, by reason.
#[rustfmt::skip]
const NEVER: &[(&str, &[&str])] = &[
    (INSTANCE, &[
        "enable-api", "disable-api", "enable-mcp", "disable-mcp", "update-instance-email-settings",
    ]),
    (TEAM, &[
        "update-current-team-discord-notifications", "update-current-team-email-notifications",
        "update-current-team-pushover-notifications", "update-current-team-slack-notifications",
        "update-current-team-telegram-notifications", "update-current-team-webhook-notifications",
    ]),
    (ELSEWHERE, &[
        "export-server-transfer-bundle", "export-server-transfer-mailbox",
        "import-server-transfer-bundle", "claim-server", "complete-server-transfer",
        "migrate-server-between-instances",
    ]),
    (MIGRATION, &[
        "migrate-application-by-uuid", "migrate-database-by-uuid", "migrate-service-by-uuid",
    ]),
    (SERVER, &["run-server-docker-cleanup", "restart-server-proxy", "save-server-proxy-configuration"]),
];

/// Returns why no test calls this operation; `None` if a test does.
pub fn never(operation: &str) -> Option<&'static str> {
    let row = NEVER
        .iter()
        .find(|(_, operations)| operations.contains(&operation))?;
    Some(row.0)
}

#[cfg(test)]
mod tests {
    use coolify_sdk::operations::Operation;

    use super::NEVER;

    #[test]
    fn only_operations_are_excluded() {
        for operation in NEVER.iter().flat_map(|(_, operations)| *operations) {
            assert!(Operation::find(operation).is_some(), "{operation}");
        }
    }
}
