//! A platform that sells a Coolify in tiers: a REST API for customers, who have keys,
//! quotas and limits, and never see Coolify itself.
//!
//! ```text
//! cargo run --example tiered_platform                     # shows it, on an embedded server
//!
//! export COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…'
//! tiered_platform customer add acme --tier free           # prints the key, once
//! tiered_platform serve --domain-suffix apps.example.com  # serves the API
//!
//! export TIERED_PLATFORM_KEY=tp_…                         # as the customer
//! tiered_platform create --name web --repository https://github.com/acme/web
//! tiered_platform update 0e4c… --cpu 2 --memory 2G
//! ```
//!
//! - `tiers.rs`: the tiers and their limits
//! - `validate/`: the validation of requests
//! - `store/`: the state, in an embedded database
//! - `platform/`: the calls of Coolify
//! - `api/`: the REST API
//! - `cli/`: the command line of the operator and of customers

mod api;
mod cli;
mod failure;
mod keys;
mod platform;
mod store;
mod tiers;
mod validate;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    cli::run().await
}
