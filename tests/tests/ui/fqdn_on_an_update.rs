//! Domains are read as `fqdn` and written as `domains`.

async fn update(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    coolify
        .application("khzsv5nucvscskrm5gez3p8v")
        .update()
        .fqdn("https://web.example.com")
        .await?;
    Ok(())
}

fn main() {}
