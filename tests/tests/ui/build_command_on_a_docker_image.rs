//! A pulled image is not built; Coolify would accept and ignore the field.

async fn create(coolify: coolify_sdk::Coolify, place: coolify_sdk::Placement) -> coolify_sdk::Result<()> {
    coolify
        .applications()
        .create_docker_image(place, "nginx")
        .build_command("make")
        .await?;
    Ok(())
}

fn main() {}
