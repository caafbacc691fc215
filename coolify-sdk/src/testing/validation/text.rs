//! Names, descriptions, identifiers, passwords, commands and paths.

use crate::testing::http::php::patterns;

patterns! {
    /// The names of projects, environments and storages.
    name = r"^[\p{L}\p{M}\p{N}\s\-_.@/&()#,:+]+$";
    /// Their descriptions.
    description = r#"^[\p{L}\p{M}\p{N}\s\-_.,!?()'"+=*@/&]+$"#;
    /// Docker's names: of containers, volumes, networks and stages.
    docker_name = r"^[a-zA-Z0-9][a-zA-Z0-9._-]*$";
    /// The keys of environment variables.
    variable = r"^[A-Za-z_][A-Za-z0-9_.]*$";
    /// Users and databases of an engine.
    identifier = r"^[A-Za-z_][A-Za-z0-9_]{0,62}$";
    /// Passwords of an engine.
    password = r"^[A-Za-z0-9!@#%^*()_+\-=\[\]{}:,.?/~]+$";
    /// Organisations of a GitHub app.
    organization = r"^[^\s/?#]+$";
    /// Users of a server.
    user = r"^[a-zA-Z0-9._-]+$";
    /// Users of a server, before 4.1.0.
    old_user = r"^[a-zA-Z0-9_-]+$";
    /// Shell commands without pipes, variables and redirections, and with further
    /// commands only after `&&` and `||`.
    command = r#"^(?:[ \t]+|&&|\|\||"[^"$`\\\n\r]*"|'[^'\n\r]*'|[a-zA-Z0-9._\-/=:@,+\[\]{}#%^~*?!]+)+$"#;
    /// The command of a health check.
    health_command = r"^[a-zA-Z0-9 \-_./:=@,+]+$";
    /// The path of a health check.
    health_path = r"^[a-zA-Z0-9/\-_.~%,;]+$";
    /// The host of a health check.
    health_host = r"^[a-zA-Z0-9.\-_]+$";
    /// A file in a repository.
    file = r"^/[a-zA-Z0-9._\-/~@+]+$";
    /// A folder in a repository, or on a host.
    folder = r"^/([a-zA-Z0-9._\-/~@+]*)?$";
    /// Ports that a container listens on.
    ports = r"^([0-9]+)(,[0-9]+)*$";
    /// Ports of the host and those that they lead to.
    port_mappings = r"^([0-9]+:[0-9]+)(,[0-9]+:[0-9]+)*$";
}

/// Names of databases to back up, without shell characters.
pub(in crate::testing) fn databases(text: &str) -> bool {
    // Pipes separate the databases of MongoDB.
    text.split('|').all(is_shell_safe)
}

/// Returns whether a shell roughly reads it as one word.
pub(in crate::testing) fn is_shell_safe(text: &str) -> bool {
    let has = |it: &str| text.contains(it);
    let is_unsafe = ["`", "$(", "${", "|", "&", ";", "\n", "\r", "\t", ">", "<"];
    !is_unsafe.into_iter().any(has)
}
