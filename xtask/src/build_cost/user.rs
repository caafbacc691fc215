//! The programs to build.

use std::path::Path;

use serde_json::Value;

/// A program that sends one request to a server, with its dependencies.
pub struct User {
    pub name: &'static str,
    dependencies: Dependencies,
    pub main: &'static str,
}

enum Dependencies {
    /// The SDK, with these settings after its path.
    Sdk(&'static str),
    Others(&'static str),
}

/// The user with which the others are compared.
pub const FLOOR: &str = "floor";

/// The user with the SDK's default features.
pub const DEFAULT: &str = "default";

/// The floor comes first, because the others are compared with it.
pub const USERS: [User; 4] = [
    User {
        name: FLOOR,
        // The dependencies of `coolify-sdk` with the same features, without the SDK
        // itself.
        dependencies: Dependencies::Others(
            r#"
progenitor-client = "0.15"
reqwest = { version = "0.13", default-features = false, features = [
    "json", "query", "rustls-no-provider", "stream",
] }
rustls = { version = "0.23", default-features = false, features = ["ring", "std", "tls12"] }
"#,
        ),
        main: r#"
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let path = progenitor_client::encode_path("version");
    let reply = reqwest::get(format!("https://coolify.example.com/api/v1/{path}")).await?;
    println!("{}", reply.text().await?);
    Ok(())
}
"#,
    },
    User {
        name: DEFAULT,
        dependencies: Dependencies::Sdk(""),
        main: APPLICATIONS,
    },
    User {
        name: "full-without-tls",
        dependencies: Dependencies::Sdk(r#", default-features = false, features = ["full"]"#),
        main: APPLICATIONS,
    },
    User {
        name: "deployments",
        dependencies: Dependencies::Sdk(
            r#", default-features = false, features = ["deployments"]"#,
        ),
        main: r#"
#[tokio::main]
async fn main() -> coolify_sdk::Result<()> {
    let coolify = coolify_sdk::Coolify::from_env()?;
    for deployment in coolify.deployments().unfinished().await? {
        println!("{} is {}", deployment.deployment_uuid, deployment.status);
    }
    Ok(())
}
"#,
    },
];

const APPLICATIONS: &str = r#"
#[tokio::main]
async fn main() -> coolify_sdk::Result<()> {
    let coolify = coolify_sdk::Coolify::from_env()?;
    for application in coolify.applications().list().await? {
        println!("{} {}", application.uuid, application.name);
    }
    Ok(())
}
"#;

impl User {
    pub fn manifest(&self, root: &Path) -> String {
        let sdk = root.join("coolify-sdk");
        // TOML writes strings as JSON does.
        let sdk = Value::from(sdk.to_string_lossy());
        let dependencies = match self.dependencies {
            Dependencies::Sdk(settings) => format!("coolify-sdk = {{ path = {sdk}{settings} }}"),
            Dependencies::Others(others) => others.to_owned(),
        };
        format!(
            r#"[package]
name = "user"
edition = "2024"

[dependencies]
{dependencies}
tokio = {{ version = "1", features = ["macros", "rt-multi-thread"] }}

# As what comes from a registry is built; by its path the SDK would be taken for
# the user's own.
[profile.dev.package."*"]
incremental = false

[workspace]
"#
        )
    }
}
