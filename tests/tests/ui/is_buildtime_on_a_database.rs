//! Only applications are built.

async fn create(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    coolify
        .database("anr20uftvinwcdu7cxugbatx")
        .envs()
        .create("TOKEN", "secret")
        .is_buildtime(true)
        .await?;
    Ok(())
}

fn main() {}
