//! The bulk call would silently ignore the wrong name.

async fn create(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    let variable = coolify_sdk::envs::BulkApplicationVariable::new("TOKEN").is_build_time(true);
    coolify
        .application("khzsv5nucvscskrm5gez3p8v")
        .envs()
        .bulk([variable])
        .await?;
    Ok(())
}

fn main() {}
