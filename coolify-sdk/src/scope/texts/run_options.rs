//! Options of `docker run`.
//!
//! Coolify searches for `--name` anywhere in the text, even in quotes, and uses
//! the names that it knows: `cap-add`, `cap-drop`, `security-opt`, `sysctl`,
//! `device`, `init`, `ulimit`, `privileged`, `ip`, `ip6`, `shm-size`, `gpus`,
//! `hostname`, `entrypoint`, and `dns` since 4.3.0. Others have no effect.

use crate::scope::ScopePower::{HostAccess, RunOptions, SharedNetworks};
use crate::scope::beyond::{Beyond, Check};
use crate::scope::policy::ScopePolicy;

/// Options that affect only the container itself.
const HARMLESS: [&str; 7] = [
    "cap-drop",
    "dns",
    "entrypoint",
    "init",
    "shm-size",
    "sysctl",
    "ulimit",
];
/// Options that set a fixed address, which may be that of another container, or the name
/// of the host. Docker resolves that name for all containers of the network, so with
/// `coolify-db`, Coolify could connect to this container instead of its database.
const OF_NETWORKS: [&str; 3] = ["hostname", "ip", "ip6"];

pub(in crate::scope) fn check(policy: ScopePolicy, options: &str) -> Check {
    policy.need(RunOptions, || "an option of `docker run`".into())?;
    for name in names(options) {
        if HARMLESS.contains(&name) {
            continue;
        }
        let power = if OF_NETWORKS.contains(&name) {
            SharedNetworks
        } else {
            HostAccess
        };
        policy.need(power, || {
            format!("the option `--{name}` of `docker run`").into()
        })?;
    }
    let bare = without_quotes(options);
    let is_short = |word: &str| word.starts_with('-') && !word.starts_with("--");
    if bare.split_whitespace().any(is_short) {
        policy.need(HostAccess, || "a short option of `docker run`".into())?;
    }
    // `&&` would end the command that the text becomes part of.
    if bare.contains(|it: char| it.is_control() || "&|;$`<>\\".contains(it)) {
        return Err(Beyond::new(
            "options of `docker run` with shell characters",
            "write only options, such as `--init --ulimit nofile=1024`",
        ));
    }
    Ok(())
}

/// Returns the text without closed quotes and their contents.
fn without_quotes(text: &str) -> String {
    let mut bare = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(['"', '\'']) {
        let quote = rest.get(before.len()..).and_then(|it| it.chars().next());
        let end = quote.and_then(|quote| after.split_once(quote));
        let Some((_, after)) = end else { break };
        bare.push_str(before);
        rest = after;
    }
    bare + rest
}

/// Returns all possible names after two dashes.
fn names(options: &str) -> impl Iterator<Item = &str> {
    let starts = options
        .match_indices('-')
        .filter_map(|(at, _)| options.get(at..)?.strip_prefix("--"));
    let starts = starts.filter(|rest| rest.starts_with(is_of_a_name));
    starts.map(|rest| {
        let end = rest.find(|it| !is_of_a_name(it) && it != '-');
        let name = end.and_then(|end| rest.get(..end)).unwrap_or(rest);
        name.split("--")
            .next()
            .unwrap_or(name)
            .trim_end_matches('-')
    })
}

fn is_of_a_name(it: char) -> bool {
    it.is_alphanumeric() || it == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_the_server_is_refused() {
        let policy = ScopePolicy::default();
        for options in [
            "",
            "--init",
            "--ulimit nofile=1024:2048 --shm-size=1g",
            "--cap-drop=ALL",
            "--entrypoint \"sh -c 'npm start'\"",
            "--entrypoint 'sh -c \"a && b\"' --init",
            "--sysctl net.core.somaxconn=1024",
            "--dns 1.1.1.1",
        ] {
            assert_eq!(check(policy, options), Ok(()), "{options}");
        }
        for options in [
            "--privileged",
            "--init --cap-add=SYS_ADMIN",
            "--device /dev/sda",
            "--device=/dev/sda",
            "--security-opt seccomp=unconfined",
            "--gpus all",
            "--hostname web",
            "--hostname=coolify-db",
            "--ip 10.0.0.2",
            "--ip6=::1",
            "--entrypoint \"sh --privileged\"",
            "--hostname=x--privileged",
            "---privileged",
            "--volume /:/host",
            "-v /:/host",
            "--network host",
            "--pid=host",
            "--init&&--privileged",
            "--init && docker run",
            "--init;id",
            "--init --PRIVILEGED",
            "--hostname --privileged",
            "--init--privileged",
            "--cap_add x",
            "--init 'a' -v /:/x",
            "--init \" -v /:/x",
            "--init 'a' && b",
        ] {
            assert!(check(policy, options).is_err(), "{options}");
        }
        assert!(check(ScopePolicy::strict(), "--init").is_err());
        let open = policy.allow(HostAccess);
        assert_eq!(check(open, "--privileged -v /:/host"), Ok(()));
        for options in ["--ip 10.0.0.2", "--hostname web"] {
            assert!(check(open, options).is_err());
            assert_eq!(check(open.allow(SharedNetworks), options), Ok(()));
        }
    }
}
