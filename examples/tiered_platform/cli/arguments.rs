//! The arguments.
#![expect(
    clippy::doc_markdown,
    reason = "the help shows these texts as they are"
)]

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::tiers::Tier;

/// Sells a Coolify in tiers: a REST API with keys, quotas and limits.
///
/// Without a command it shows itself: it serves its API in this process and plays a
/// customer. With COOLIFY_URL and COOLIFY_TOKEN set it does so on that server, where it
/// deploys one application, and removes what it made; with neither on one that it starts
/// in this process.
#[derive(Debug, Parser)]
#[command(name = "tiered_platform", bin_name = "tiered_platform")]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API, on the Coolify of COOLIFY_URL and COOLIFY_TOKEN.
    Serve(Serve),
    /// Add and change customers.
    #[command(subcommand)]
    Customer(Customer),
    /// Make the records and Coolify agree again. The service does so by itself.
    Settle(Operate),
    #[command(flatten)]
    Client(Box<Client>),
}

/// The database, and its settings.
#[derive(Clone, Debug, Args)]
pub struct Operate {
    /// The database.
    #[arg(
        long,
        default_value = "tiered_platform.db",
        env = "TIERED_PLATFORM_DATABASE"
    )]
    pub database: PathBuf,
    /// The beginning of the names of the customers' projects in Coolify. Never change it.
    #[arg(long, default_value = "customer", env = "TIERED_PLATFORM_PREFIX")]
    pub project_prefix: String,
    /// How many seconds Coolify may take to carry out a request whose answer got lost.
    #[arg(long, default_value_t = 180, value_name = "SECONDS")]
    pub grace: u64,
}

#[derive(Debug, Args)]
pub struct Serve {
    /// The address to listen at. Put a proxy with TLS in front of it.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// A domain below which customers choose subdomains. Its wildcard record has to point
    /// to the server of Coolify. Repeat it to offer several; the first is the default.
    #[arg(long, value_name = "DOMAIN")]
    pub domain_suffix: Vec<String>,
    /// The scheme of the domains.
    #[arg(long, default_value = "https")]
    pub domain_scheme: Scheme,
    /// How often to look at what is not certain, in seconds.
    #[arg(long, default_value_t = 30, value_name = "SECONDS")]
    pub settle_every: u64,
    #[command(flatten)]
    pub operate: Operate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scheme {
    Http,
    Https,
}

#[derive(Debug, Subcommand)]
pub enum Customer {
    /// Add a customer, and print their key, which is not stored.
    Add {
        /// Letters, digits and hyphens.
        name: String,
        #[arg(long, default_value = "free")]
        tier: Tier,
        #[command(flatten)]
        operate: Operate,
    },
    /// List the customers.
    List {
        #[command(flatten)]
        operate: Operate,
    },
    /// Change the tier of a customer, and cap their applications.
    Tier {
        name: String,
        tier: Tier,
        /// Leave running containers their old limits until they are deployed again.
        #[arg(long)]
        no_deploy: bool,
        #[command(flatten)]
        operate: Operate,
    },
    /// Make another key for a customer, and print it.
    Key {
        name: String,
        #[command(flatten)]
        operate: Operate,
    },
    /// Revoke all keys of a customer. Their applications stay.
    Revoke {
        name: String,
        #[command(flatten)]
        operate: Operate,
    },
    /// Delete the applications and the project of a customer, and the customer.
    Remove {
        name: String,
        /// Delete the volumes as well. This cannot be undone.
        #[arg(long)]
        delete_volumes: bool,
        #[command(flatten)]
        operate: Operate,
    },
}

/// Where the platform is, and who calls it.
#[derive(Debug, Args)]
pub struct Connection {
    /// The URL of the platform. The customer's key is taken from TIERED_PLATFORM_KEY.
    #[arg(
        long,
        default_value = "http://127.0.0.1:8080",
        env = "TIERED_PLATFORM_URL"
    )]
    pub url: String,
    /// Print the answer as JSON.
    #[arg(long)]
    pub json: bool,
}

/// The commands of customers. The key is in TIERED_PLATFORM_KEY.
#[derive(Debug, Subcommand)]
pub enum Client {
    /// Create an application.
    Create {
        #[command(flatten)]
        fields: Fields,
        /// Deploy it at once.
        #[arg(long)]
        deploy: bool,
        #[command(flatten)]
        connection: Connection,
    },
    /// Change an application, and print what was changed and what was capped.
    Update {
        uuid: String,
        #[command(flatten)]
        fields: Fields,
        #[command(flatten)]
        connection: Connection,
    },
    /// Deploy an application.
    Deploy {
        uuid: String,
        /// Wait until the deployment has ended.
        #[arg(long)]
        wait: bool,
        #[command(flatten)]
        connection: Connection,
    },
    /// Print the last lines of an application.
    Logs {
        uuid: String,
        #[arg(long, default_value_t = 100)]
        lines: u16,
        #[command(flatten)]
        connection: Connection,
    },
    /// Show an application.
    Show {
        uuid: String,
        #[command(flatten)]
        connection: Connection,
    },
    /// List the applications.
    List {
        #[command(flatten)]
        connection: Connection,
    },
    /// Delete an application.
    Delete {
        uuid: String,
        /// Delete the volumes as well. This cannot be undone.
        #[arg(long)]
        delete_volumes: bool,
        #[command(flatten)]
        connection: Connection,
    },
}

/// The fields of an application.
#[derive(Debug, Default, Args)]
pub struct Fields {
    #[arg(long)]
    pub name: Option<String>,
    /// The URL of a public repository.
    #[arg(long)]
    pub repository: Option<String>,
    #[arg(long)]
    pub branch: Option<String>,
    /// An image, such as `nginx:1.27`, instead of a repository.
    #[arg(long)]
    pub image: Option<String>,
    /// nixpacks, railpack, static, dockerfile or dockerimage.
    #[arg(long)]
    pub build_pack: Option<String>,
    #[arg(long)]
    pub base_directory: Option<String>,
    /// `3000` or `3000,8080`; the first one receives the traffic.
    #[arg(long)]
    pub ports: Option<String>,
    /// The number of processors, such as 0.5.
    #[arg(long)]
    pub cpu: Option<String>,
    /// The memory, such as 512M.
    #[arg(long)]
    pub memory: Option<String>,
    #[arg(long)]
    pub install_command: Option<String>,
    #[arg(long)]
    pub build_command: Option<String>,
    #[arg(long)]
    pub start_command: Option<String>,
    #[arg(long)]
    pub pre_deployment_command: Option<String>,
    #[arg(long)]
    pub post_deployment_command: Option<String>,
    /// `unless-stopped` or `on-failure:N`.
    #[arg(long)]
    pub restart_policy: Option<String>,
    #[arg(long)]
    pub subdomain: Option<String>,
    #[arg(long)]
    pub domain_suffix: Option<String>,
    /// Check the health of the container at this path.
    #[arg(long)]
    pub health_check_path: Option<String>,
    /// A variable, as NAME=VALUE. Repeat it to set several.
    #[arg(long, value_name = "NAME=VALUE")]
    pub variable: Vec<String>,
    /// Further fields of the API, as a JSON object.
    #[arg(long, value_name = "JSON")]
    pub set: Option<String>,
}
