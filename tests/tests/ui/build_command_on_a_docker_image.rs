//! What is pulled is not built; Coolify would take the field and never look at it.

async fn create(coolify: coolify_sdk::Coolify, place: coolify_sdk::Placement) -> coolify_sdk::Result<()> {
    coolify
        .applications()
        .create_docker_image(place, "nginx")
        .build_command("make")
        .await?;
    Ok(())
}

fn main() {}
