//! The stage of a Dockerfile can only be set by an update.

async fn create(coolify: coolify_sdk::Coolify, place: coolify_sdk::Placement) -> coolify_sdk::Result<()> {
    coolify
        .applications()
        .create_public(place, "https://github.com/owner/name", "main", "dockerfile")
        .dockerfile_target_build("prod")
        .await?;
    Ok(())
}

fn main() {}
