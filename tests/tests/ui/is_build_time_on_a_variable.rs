//! The name is `is_buildtime`; databases and services would ignore another name.

async fn create(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    coolify
        .application("khzsv5nucvscskrm5gez3p8v")
        .envs()
        .create("TOKEN", "secret")
        .is_build_time(true)
        .await?;
    Ok(())
}

fn main() {}
