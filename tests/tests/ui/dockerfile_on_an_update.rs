//! The text of a Dockerfile can only be set for a new application.

async fn update(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    coolify
        .application("khzsv5nucvscskrm5gez3p8v")
        .update()
        .dockerfile("FROM nginx:alpine")
        .await?;
    Ok(())
}

fn main() {}
