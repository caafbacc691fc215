//! One-click services.

use crate::scope::ScopePower::{HostAccess, OneClickServices};
use crate::scope::beyond::Check;
use crate::scope::policy::ScopePolicy;

/// Templates of Coolify 4.0.0 to 4.3.11 that mount the Docker socket or another
/// path of the server, are privileged, or have further capabilities, devices, or
/// the server's network; those with a variable for a path of the server (`foundryvtt`) or
/// for a port; and those with ports below 1024.
#[rustfmt::skip] // many short words
const HOST: [&str; 40] = [
    "anythingllm", "apprise-api", "appwrite", "authentik", "autobase", "beszel", "beszel-agent",
    "budibase", "changedetection", "cloudflare-ddns", "cloudflared", "diun", "dozzle",
    "dozzle-with-auth", "esphome", "foundryvtt", "gitea-runner", "github-runner", "glances", "homarr",
    "home-assistant", "homepage", "jenkins", "jupyter-notebook-python", "kuzzle",
    "minecraft", "netbird-client", "pi-hole", "portainer", "rabbitmq", "satisfactory", "spacebot",
    "stalwart", "supabase", "swetrix",
    "tailscale-client", "trigger", "windmill", "wings",
    "wireguard-easy",
];

pub(in crate::scope) fn check(policy: ScopePolicy, name: &str) -> Check {
    policy.need(OneClickServices, || "a one-click service".into())?;
    let name = name.trim().to_lowercase();
    if HOST.contains(&name.as_str()) {
        policy.need(HostAccess, || {
            format!("the one-click service `{name}`, which uses the server itself,").into()
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_for_the_server_is_refused() {
        let policy = ScopePolicy::default();
        assert_eq!(check(policy, "uptime-kuma"), Ok(()));
        for name in [
            "portainer",
            "Portainer",
            " dozzle ",
            "foundryvtt",
            "minecraft",
        ] {
            assert!(check(policy, name).is_err(), "{name}");
            assert_eq!(check(policy.allow(HostAccess), name), Ok(()), "{name}");
        }
        assert!(check(ScopePolicy::strict(), "uptime-kuma").is_err());
    }
}
