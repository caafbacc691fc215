//! Compose files, setting by setting: which power each takes, and what no policy
//! allows.

use coolify_sdk::{Coolify, Result};

use super::tried::{Groups, NOBODY, tried};
use super::{Tenants, tenants};

/// The keys of a service.
#[rustfmt::skip]
const KEYS: &[&str] = &[
    "annotations", "attach", "blkio_config", "build", "cap_add", "cap_drop", "cgroup", "cgroup_parent",
    "command", "configs", "container_name", "cpu_count", "cpu_percent", "cpu_period", "cpu_quota",
    "cpu_rt_period", "cpu_rt_runtime", "cpu_shares", "cpus", "cpuset", "credential_spec", "depends_on",
    "deploy", "develop", "device_cgroup_rules", "devices", "dns", "dns_opt", "dns_search", "domainname",
    "entrypoint", "env_file", "environment", "exclude_from_hc", "expose", "extends", "external_links",
    "extra_hosts", "gpus", "group_add", "healthcheck", "hostname", "image", "init", "ipc", "isolation",
    "label_file", "labels", "links", "logging", "mac_address", "mem_limit", "mem_reservation",
    "mem_swappiness", "memswap_limit", "models", "network_mode", "networks", "oom_kill_disable",
    "oom_score_adj", "pid", "pids_limit", "platform", "ports", "post_start", "pre_stop", "privileged",
    "profiles", "provider", "pull_policy", "read_only", "restart", "runtime", "scale", "secrets",
    "security_opt", "shm_size", "stdin_open", "stop_grace_period", "stop_signal", "storage_opt",
    "sysctls", "tmpfs", "tty", "ulimits", "use_api_socket", "user", "userns_mode", "uts", "volumes",
    "volumes_from", "working_dir", "x-any", "is_directory", "content",
];

#[rustfmt::skip]
const CAPABILITIES: &[&str] = &[
    "ALL", "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CAP_CHOWN",
    "CHECKPOINT_RESTORE", "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK",
    "IPC_OWNER", "KILL", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN",
    "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP", "SETUID",
    "SYSLOG", "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT",
    "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "WAKE_ALARM", "chown",
];

/// Options of a mount.
#[rustfmt::skip]
const MODES: &[&str] = &[
    "ro", "rw", "z", "Z", "rslave", "rprivate", "rshared", "slave", "private", "shared", "cached",
    "delegated", "consistent", "nocopy", "default", "odd", "RO",
];

/// Values of the keys of a service that not every value may have.
#[rustfmt::skip]
const SETTINGS: &[&str] = &[
    "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddde: 1", "\"a\\tb\": 1",
    "privileged: false", "privileged: 'false'", "privileged: true", "privileged: yes", "privileged: ${P}",
    "cgroup: private", "cgroup: host",
    "ipc: none", "ipc: private", "ipc: shareable", "ipc: host", "ipc: container:a", "ipc: service:web",
    "pid: host", "pid: none", "pid: container:a", "pid: service:web",
    "network_mode: none", "network_mode: bridge", "network_mode: host", "network_mode: coolify",
    "network_mode: container:a", "network_mode: service:web", "network_mode: 'service:'",
    "network_mode: service:$A", "network_mode: service:a$A", "pid: service:a$A", "ipc: service:a$A",
    "hostname: web", "hostname: coolify", "hostname: coolify-db", "hostname: $A", "hostname: my-coolify",
    "networks: {a: {aliases: [b]}}", "networks: {a: {aliases: [coolify]}}", "networks: {a: {aliases: [$A]}}",
    "security_opt: [no-new-privileges]", "security_opt: ['no-new-privileges:true']",
    "security_opt: [no-new-privileges=true]", "security_opt: ['no-new-privileges:false']",
    "security_opt: ['no-new-privileges:true', 'seccomp=unconfined']", "security_opt: no-new-privileges",
    "security_opt: [[no-new-privileges]]", "cap_add: [CHOWN, SYS_ADMIN]", "cap_add: CHOWN",
    "cap_add: []", "cap_add: {}", "security_opt: []",
    "volumes_from: [web]", "volumes_from: ['web:ro']", "volumes_from: ['web:rw']", "volumes_from: ['web:x']",
    "volumes_from: ['container:a']", "volumes_from: ['web:ro:x']", "volumes_from: [$A]", "volumes_from: [a$A]", "volumes_from: ['']",
    "volumes_from: [':ro']", "volumes_from: []", "volumes_from: web", "volumes_from: [web, 'container:a']",
    "env_file: a.env", "env_file: .env", "env_file: ./a.env", "env_file: a/b.env", "env_file: 'a b@c+d.env'", "env_file: ../a",
    "env_file: a/../b", "env_file: /a", "env_file: a//b", "env_file: ./", "env_file: .", "env_file: $A",
    "env_file: ' ..'", "env_file: ' ./a '", "env_file: ~/a", "env_file: [a, b]", "env_file: [a, ../b]", "env_file: [{path: a}]",
    "env_file: [{path: ../a}]", "env_file: [{required: false}]", "env_file: {path: a}", "env_file: []",
    "env_file: [[a]]",
    "extends: web", "extends: $A", "extends: a$A", "extends: {service: web}", "extends: {file: a.yml, service: web}",
    "extends: {}", "extends: [web]",
    "configs: [a]", "configs: [$A]", "configs: [a$A]", "configs: [{source: a, target: b, uid: 1, gid: 1, mode: 1}]",
    "configs: [{source: a, file: /b}]", "configs: [[a]]", "configs: []", "configs: a", "configs: {a: b}",
    "secrets: [a]", "secrets: [$A]", "secrets: [{source: a, file: /b}]",
    "logging: {driver: json-file, options: {a: b}}", "logging: {driver: local}", "logging: {driver: none}",
    "logging: {driver: syslog}", "logging: {options: {a: b}}", "logging: {driver: local, a: b}",
    "logging: {driver: [local]}", "logging: {}", "logging: local",
    "deploy: {replicas: 2, mode: a, endpoint_mode: b}",
    "deploy: {placement: {}, restart_policy: {}, rollback_config: {}, update_config: {}, x-a: b}",
    "deploy: {a: b}", "deploy: {labels: [a=b]}", "deploy: {labels: {caddy: b}}", "deploy: a",
    "deploy: {resources: {limits: {cpus: 1, memory: 1, pids: 1}}}",
    "deploy: {resources: {reservations: {devices: []}}}",
    "deploy: {resources: {reservations: {generic_resources: []}}}",
    "image: a", "image: khzsv5nucvscskrm5gez3p8v", "image: khzsv5nucvscskrm5gez3p8v:a", "image: [a]",
    "image: 'a:$T'", "image: ghcr.io/$A/b", "image: '${A:-a}/b'", "image: $A", "image: a/b$A", "image: '${A:-a/b}:1'",
    "labels: [a=b]", "labels: {a: b}", "labels: [caddy=b]", "labels: {caddy: b}", "labels: [$A=b]",
    "labels: [{a: b}]", "labels: a", "labels:", "labels: []",
    "ports: ['3000:80']", "ports: ['80:80']", "ports: [80]", "ports: ['3000:80', '443:443']", "ports: []",
    "ports: [{target: 80}]", "ports: [{target: 80, published: 3000}]", "ports: [{published: 443}]",
    "ports: [{published: ' 443 '}]", "ports: [{published: [3000]}]", "ports: [{published: a}]", "ports: [[3000]]", "ports: 3000", "ports: {a: b}",
    "ports: ['${P}:80']", "ports: ['3000:80,443:443']",
    "networks: [a]", "networks: {a: }", "networks: [$A]", "networks: [a, b$A]", "networks: {$A: }",
    "networks: {a: {aliases: [b], gw_priority: 1, interface_name: c, ipv4_address: d}}",
    "networks: {a: {ipv6_address: e, mac_address: f, priority: 1}}",
    "networks: {a: {link_local_ips: []}}", "networks: {a: {driver_opts: {}}}", "networks: a",
];

/// Variables of a service.
#[rustfmt::skip]
const ENVIRONMENTS: &[&str] = &[
    "{A: b}", "[A=b]", "A=b", "[A]", "{A: }", "{A: '{{project.B}}'}", "{A: '{{team.B}}'}",
    "{A: '${B:-{{team.B}}}'}", "{'{{team.B}}': a}", "{A: '${COMPOSE_FILE:-/x}'}", "{COMPOSE_FILE: a}",
    "{A: '${B@P}'}",
    "{SERVICE_FQDN_WEB: /a}", "{SERVICE_FQDN_WEB: '/a/b._~-c'}", "{SERVICE_FQDN_WEB: }",
    "{SERVICE_FQDN_WEB_80: /}", "{SERVICE_URL_WEB: /a}", "[SERVICE_URL_WEB_80=/a]", "[SERVICE_FQDN_WEB]",
    "{SERVICE_FQDN_WEB: 'a,b'}", "{SERVICE_FQDN_WEB: '/a,b'}", "{SERVICE_URL_WEB: '/a b'}",
    "{SERVICE_FQDN_WEB: '/$A'}", "{SERVICE_FQDN_WEB: ' /a,b '}", "{' SERVICE_FQDN_WEB': '/a,b'}",
    "{'SERVICE_FQDN_A,B': ''}", "['SERVICE_URL_A,B']", "[\"SERVICE_URL_A=/a`\"]", "{SERVICE_FQDN: '/a,b'}",
    "{A_SERVICE_FQDN_B: '/a,b'}", "{service_fqdn_a: '/a,b'}", "{SERVICE_PASSWORD_A: '/a,b'}",
    "{0: 'SERVICE_FQDN_A=/a,b'}", "[{SERVICE_FQDN_A: '/a,b'}]", "[[['SERVICE_FQDN_A=/a,b']]]",
];

/// Mounts of a service.
#[rustfmt::skip]
const MOUNTS: &[&str] = &[
    "a1:/a", "a.b-c_d:/a", "c:/a", "cc:/a", "./a:/b", "./a/:/b", "a:/b/c", "a:/", "./a:/b:ro",
    "", "/a", "a", "/a:/b", "/var/run/docker.sock:/a", "../a:/b", "./../a:/b", "./a/b:/c", ".:/a", "./:/a",
    "./.a:/b", "./docker-compose.yml:/a", "./compose.yaml:/a", "./a-compose.yml:/b", "~/a:/b", "~:/a", "$A:/b",
    "${A:-/}:/b", "aa:b", "aa:/b/../c", "aa:/b/..", "aa:/b..c", "aa:/$A", "aa:/b\\\\c", "aa:/b:ro:z", "aa:/b:/c", " aa:/b ",
    "/:/a", "-a:/b", "a b:/c",
];

/// Mounts in the long form.
#[rustfmt::skip]
const LONG_MOUNTS: &[&str] = &[
    "type: volume, source: a, target: /a", "type: volume, source: /a, target: /a",
    "type: volume, source: ./a, target: /a", "type: volume, target: /a",
    "type: bind, source: ./a, target: /a", "type: bind, source: ./a/b, target: /a",
    "type: bind, source: /a, target: /a", "type: bind, source: aa, target: /a", "type: bind, target: /a",
    "type: bind, source: ./a, target: /a, content: b, isDirectory: true, is_directory: true",
    "type: bind, source: ./a, target: /a, read_only: true, consistency: a",
    "type: bind, source: ./a, target: /a, bind: {create_host_path: true, recursive: a, selinux: z}",
    "type: bind, source: ./a, target: /a, bind: {propagation: shared}",
    "type: volume, source: a, target: /a, volume: {nocopy: true, labels: {}}",
    "type: volume, source: a, target: /a, volume: {subpath: a}",
    "type: volume, source: a, target: /a, bind: {create_host_path: true}",
    "type: volume, source: a, target: /a, image: {subpath: a}",
    "type: volume, source: a, target: /a, driver_opts: {a: b}",
    "type: tmpfs, target: /a", "type: tmpfs, target: /a, tmpfs: {size: 1}", "type: tmpfs, source: a, target: /a",
    "type: npipe, source: aa, target: /a", "type: image, source: aa, target: /a", "type: cluster, source: aa, target: /a",
    "source: aa, target: /a", "type: volume, source: aa", "type: volume, source: aa, target: a",
    "type: volume, source: aa, target: '/a:b'", "type: volume, source: aa, target: /a/../b", "type: $A, source: aa, target: /a",
];

/// Sections of a file beside its services.
#[rustfmt::skip]
const SECTIONS: &[&str] = &[
    "version: '3'", "name: a", "x-any: [a]", "include: [a]", "models: {}", "a: b",
    "volumes: {a: }", "volumes: {a: {}}", "volumes: {a: {driver: local, labels: {}, x-a: b}}", "volumes:", "volumes: [a]",
    "volumes: a", "volumes: {a: b}", "volumes: {a: {driver: nfs}}", "volumes: {a: {driver: }}",
    "volumes: {a: {driver_opts: {}}}", "volumes: {a: {name: b}}", "volumes: {a: {external: false}}",
    "volumes: {a: {external: true}}", "volumes: {a: {external: {name: b}}}", "volumes: {/a: }", "volumes: {'a b': }",
    "networks: {a: }", "networks: {a: {driver: bridge, internal: true, attachable: true, labels: {}, x-a: b}}",
    "networks: {a: {driver: default, enable_ipv4: true, enable_ipv6: true, ipam: {}}}", "networks: [a]",
    "networks: {a: {ipam: {driver: default}}}", "networks: {a: {ipam: {driver: a}}}", "networks: {a: {ipam: {config: []}}}",
    "networks: {a: {ipam: a}}", "networks: {a: {ipam: }}", "networks: {a: {labels: [b]}}",
    "networks: {a: {driver: host}}", "networks: {a: {driver: overlay}}", "networks: {a: {driver_opts: {}}}",
    "networks: {a: {external: false}}", "networks: {a: {external: true}}", "networks: {a: {external: {name: b}}}",
    "networks: {a: {name: b}}", "networks: {a: {config_only: true}}",
    "configs: {a: {content: b, labels: {}, x-a: b}}", "configs: {a: {environment: B}}", "configs: {a: {file: a}}",
    "configs: {a: {file: ../a}}", "configs: {a: {file: /a}}", "configs: {a: {external: false}}",
    "configs: {a: {external: true}}", "configs: {a: {name: b}}", "configs: {a: {template_driver: b}}", "configs: [a]",
    "configs: {a: {file: [a]}}", "configs: {a: {file: }}", "configs: {a: {bx-: b}}", "configs: {a: {x-: b}}",
    "secrets: {a: {file: a}}", "secrets: {a: {file: /a}}", "secrets: {a: {external: true}}", "secrets: {a: {driver: b}}",
];

/// Whole files.
#[rustfmt::skip]
const FILES: &[&str] = &[
    "", "a", "[]", "a: b", "services: []", "services:", "services: {}", "services: {web: }", "services: {web: a}",
    "services: {web: {}}", "services: {'a_b.c-1': {}}", "services: {_a: {}}", "services: {.a: {}}", "services: {-a: {}}",
    "services: {'a b': {}}", "services: {'a;b': {}}", "services: {'a/b': {}}", "services: {coolify-db: {}}",
    "services: {a: {}}\n---\nservices: {b: {}}", "services: {a: {init: [}}", "services: {a: !b {}}",
    "services: {a: {init: 1, init: 2}}", "services: {a: {}}\nx-a: '{{team.B}}'", "services: {a: {}}\nx-a: ${COMPOSE_A}",
    "services: {a: {}}\n'{{team.B}}': a",
];

impl Tenants {
    /// A compose file of a new service in another project: nothing is sent.
    async fn compose(&self, coolify: &Coolify, file: String) -> String {
        let ask = |coolify: Coolify| {
            let place = self.place(&self.other);
            coolify.services().create_compose(place, &file).send()
        };
        let outcome = tried(coolify, &self.own, ask).await;
        let reason = outcome.reason.map(|it| format!("\n  {it}"));
        outcome.steps + &reason.unwrap_or_default()
    }

    async fn files(&self, texts: &[&str], form: impl Fn(&str) -> String) -> Groups {
        let coolify = self.fake.client();
        let mut groups = Groups::default();
        for text in texts {
            groups.add(
                self.compose(&coolify, form(text)).await,
                text.replace('\n', "\\n"),
            );
        }
        groups
    }
}

fn service(setting: &str) -> String {
    format!("services:\n  web:\n    {setting}\n")
}

#[tokio::test]
async fn each_key_of_a_service_has_its_bound() {
    let it = tenants().await;
    let coolify = it.fake.client();
    let mut groups = Groups::default();
    for key in KEYS {
        let mut forms = Groups::default();
        for value in ["", "a", "[a]", "{a: b}"] {
            let outcome = it
                .compose(&coolify, service(&format!("{key}: {value}")))
                .await;
            let named = outcome.replace(&format!("`{key}`"), "`…`");
            forms.add(named, if value.is_empty() { "nothing" } else { value });
        }
        let forms = forms.each().iter();
        let forms: Vec<_> = forms
            .map(|(outcome, values)| format!("{}: {outcome}", values.join(", ")))
            .collect();
        groups.add(forms.join("\n"), *key);
    }
    insta::assert_snapshot!(groups.words());
}

#[tokio::test]
async fn each_value_of_a_service_has_its_bound() {
    let it = tenants().await;
    insta::assert_snapshot!(it.files(SETTINGS, service).await.lines());
}

#[tokio::test]
async fn no_variable_of_a_service_reaches_beyond() {
    let it = tenants().await;
    let variables = it.files(ENVIRONMENTS, |it| service(&format!("environment: {it}")));
    insta::assert_snapshot!(variables.await.lines());
}

#[tokio::test]
async fn a_mount_is_a_volume_or_a_folder_beside_the_file() {
    let it = tenants().await;
    let short = it
        .files(MOUNTS, |it| service(&format!("volumes: [\"{it}\"]")))
        .await;
    let long = it
        .files(LONG_MOUNTS, |it| service(&format!("volumes: [{{{it}}}]")))
        .await;
    let modes = it
        .files(MODES, |it| {
            service(&format!("volumes: ['data:/data:{it}']"))
        })
        .await;
    let forms = ["a", "{a: b}", "[[a]]", "[]", ""];
    let forms = it
        .files(&forms, |it| service(&format!("volumes: {it}")))
        .await;
    insta::assert_snapshot!(format!(
        "short\n\n{}\nlong\n\n{}\nmodes\n\n{}\n\nforms\n\n{}",
        short.lines(),
        long.lines(),
        modes.words(),
        forms.lines(),
    ));
}

#[tokio::test]
async fn a_capability_is_one_that_every_container_has() {
    let it = tenants().await;
    let capabilities = it.files(CAPABILITIES, |it| service(&format!("cap_add: [{it}]")));
    insta::assert_snapshot!(capabilities.await.words());
}

#[tokio::test]
async fn each_section_of_a_file_has_its_bound() {
    let it = tenants().await;
    let sections = it.files(SECTIONS, |it| format!("services: {{web: {{}}}}\n{it}\n"));
    let files = it.files(FILES, str::to_owned);
    insta::assert_snapshot!(format!(
        "beside services\n\n{}\nwhole files\n\n{}",
        sections.await.lines(),
        files.await.lines()
    ));
}

/// The image that Coolify has built for a service is its own.
#[tokio::test]
async fn a_service_may_use_its_own_image() -> Result<()> {
    let it = tenants().await;
    let place = it.place(&it.own);
    let created = it
        .tenant
        .services()
        .create_compose(place, "services: {web: {image: a}}");
    let uuid = created.await?.uuid;
    let service = it.tenant.service(&uuid);
    let file = |image: &str| format!("services: {{web: {{image: '{image}'}}}}");
    service
        .update()
        .docker_compose_raw(file(&format!("{uuid}_web:1")))
        .await?;
    let nobody = it.tenant.service(NOBODY).update();
    let error = nobody.docker_compose_raw(file("khzsv5nucvscskrm5gez3p8v_web:1"));
    super::refused(error.await);
    Ok(())
}

/// The form in which a file is sent: every parser reads it in the same way.
#[tokio::test]
async fn a_file_is_sent_in_its_normal_form() -> Result<()> {
    let it = tenants().await;
    let file = "\
x-words: [a, A1, a.b, a_b, a-b, a+b, a/b, a/1, 1/a, 1, -1, +1, 1.5, 1/2, -a, .a, _a, /a, 'a', \"1\", ~, null, true]
x-odd: ['', ' a', 'a b', 'a:b', a@b, 'ä', '#', '-', \"a\\tb\\\"c\\\\d\\r\\n\", \"\\e\\u2028\\u2029\\ufeff\\x7f\"]
x-deep: {a: {b: [[c], {d: e}, [], {}, []]}, f: {}}
services:
  web: &web # a comment
    image: nginx
    command: >-
      one
      two
  api:
    <<: *web
    environment: {A: 1, 'B': null}
";
    it.tenant
        .services()
        .create_compose(it.place(&it.own), file)
        .await?;
    let sent = it.fake.requests().pop().expect("a request").json();
    let sent = sent["docker_compose_raw"]
        .as_str()
        .expect("a file")
        .to_owned();
    insta::assert_snapshot!(super::payloads::decoded(&sent));
    Ok(())
}
