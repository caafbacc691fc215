//! Domains are read as `fqdn` and written as `domains`.

async fn create(coolify: coolify_sdk::Coolify, place: coolify_sdk::Placement) -> coolify_sdk::Result<()> {
    coolify
        .applications()
        .create_dockerfile(place, "FROM nginx:alpine")
        .fqdn("https://web.example.com")
        .await?;
    Ok(())
}

fn main() {}
