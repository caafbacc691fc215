//! Cloud providers: tokens, catalogues and orders.

use coolify_sdk::digitalocean::ImageRef;
use serde_json::Value;

use super::call::{Call, MISSING, NO_ARGUMENT, OTHER_TYPE, Stop, Tried, part, whole};

pub async fn call(id: &str, c: &Call<'_>) -> Tried {
    let (tokens, token) = (c.coolify.cloud_tokens(), || c.coolify.cloud_token(c.uuid()));
    let scripts = c.coolify.cloud_init_scripts();
    let script = || c.coolify.cloud_init_script(c.uuid());
    match id {
        "list-cloud-tokens" => whole(tokens.list().await),
        "create-cloud-token" => {
            let request = tokens.create(c.text("provider")?, c.text("name")?, c.text("token")?);
            whole(c.fill(request)?.await)
        }
        "get-cloud-token-by-uuid" => whole(token().get().await),
        "update-cloud-token-by-uuid" => whole(c.fill(token().update(c.text("name")?))?.await),
        "delete-cloud-token-by-uuid" => part(token().delete().await),
        "validate-cloud-token-by-uuid" => whole(token().validate().await),
        "list-cloud-init-scripts" => whole(scripts.list().await),
        "create-cloud-init-script" => {
            let request = scripts.create(c.text("name")?, c.text("script")?);
            whole(c.fill(request)?.await)
        }
        "get-cloud-init-script-by-uuid" => whole(script().get().await),
        "update-cloud-init-script-by-uuid" => whole(c.fill(script().update())?.await),
        "delete-cloud-init-script-by-uuid" => part(script().delete().await),
        _ => return providers(id, c).await,
    }
    .map(Some)
}

async fn providers(id: &str, c: &Call<'_>) -> Tried {
    let of_query = || {
        if c.query::<String>("cloud_provider_token_id")?.is_some() {
            return Err(Stop::Unsayable(NO_ARGUMENT));
        }
        let token = c.query::<String>("cloud_provider_token_uuid")?;
        token.ok_or(Stop::Unsayable(MISSING))
    };
    match id {
        "create-hetzner-server" => {
            let hetzner = c.coolify.hetzner(c.text("cloud_provider_token_uuid")?);
            let request = hetzner.create_server(
                c.text("private_key_uuid")?,
                c.text("location")?,
                c.text("server_type")?,
                c.required::<i64>("image")?,
            );
            whole(c.fill(request)?.await)
        }
        "create-digitalocean-server" => {
            let digitalocean = c.coolify.digitalocean(c.text("cloud_provider_token_uuid")?);
            let request = digitalocean.create_server(
                c.text("private_key_uuid")?,
                c.text("region")?,
                c.text("size")?,
                image(&c.required("image")?)?,
            );
            whole(c.fill(request)?.await)
        }
        "create-vultr-server" => {
            let vultr = c.coolify.vultr(c.text("cloud_provider_token_uuid")?);
            let request = vultr.create_server(
                c.text("private_key_uuid")?,
                c.text("region")?,
                c.text("plan")?,
                c.required::<i64>("os_id")?,
            );
            whole(c.fill(request)?.await)
        }
        "get-hetzner-locations" => whole(c.coolify.hetzner(of_query()?).locations().await),
        "get-hetzner-server-types" => whole(c.coolify.hetzner(of_query()?).server_types().await),
        "get-hetzner-images" => whole(c.coolify.hetzner(of_query()?).images().await),
        "get-hetzner-ssh-keys" => whole(c.coolify.hetzner(of_query()?).ssh_keys().await),
        "get-hetzner-networks" => whole(c.coolify.hetzner(of_query()?).networks().await),
        "get-hetzner-firewalls" => whole(c.coolify.hetzner(of_query()?).firewalls().await),
        "get-digitalocean-regions" => whole(c.coolify.digitalocean(of_query()?).regions().await),
        "get-digitalocean-sizes" => whole(c.coolify.digitalocean(of_query()?).sizes().await),
        "get-digitalocean-images" => whole(c.coolify.digitalocean(of_query()?).images().await),
        "get-digitalocean-ssh-keys" => whole(c.coolify.digitalocean(of_query()?).ssh_keys().await),
        "get-vultr-regions" => whole(c.coolify.vultr(of_query()?).regions().await),
        "get-vultr-plans" => whole(c.coolify.vultr(of_query()?).plans().await),
        "get-vultr-operating-systems" => {
            whole(c.coolify.vultr(of_query()?).operating_systems().await)
        }
        "get-vultr-ssh-keys" => whole(c.coolify.vultr(of_query()?).ssh_keys().await),
        _ => return Ok(None),
    }
    .map(Some)
}

fn image(value: &Value) -> Result<ImageRef, Stop> {
    match (value.as_i64(), value.as_str()) {
        (Some(id), _) => Ok(id.into()),
        (_, Some(slug)) => Ok(slug.into()),
        _ => Err(Stop::Unsayable(OTHER_TYPE)),
    }
}
