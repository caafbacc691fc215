//! Compose files that users and attackers write.

use super::*;
use crate::scope::ScopePower;

fn checked(policy: ScopePolicy, file: &str) -> Check<String> {
    let normal = check(policy, &BASE64.encode(file), "own")?;
    let bytes = BASE64.decode(normal).expect("base64");
    Ok(String::from_utf8(bytes).expect("text"))
}

/// Returns a file with one service that has these settings.
fn with(settings: &str) -> String {
    format!(
        "services:\n  web:\n    image: nginx\n    {}\n",
        settings.replace('\n', "\n    ")
    )
}

#[test]
fn what_people_write_is_let_through() {
    let policy = ScopePolicy::default();
    let files = [
        "\
version: '3.8'
x-env: &env
  A: one
services:
  web:
    image: 'ghcr.io/acme/web:1.2'
    container_name: web
    environment:
      <<: *env
      URL: '{{project.URL}}'
      B: '${B:-two}'
      SERVICE_PASSWORD_DB: ''
      SERVICE_FQDN_WEB_80: /api/v1.0
      SERVICE_URL_WEB:
      SERVICE_URL_API: ${SERVICE_URL_WEB}
      PATHS: /a,/b
    ports: ['8081:80', {target: 81, published: '8082'}]
    depends_on: {db: {condition: service_healthy}}
    healthcheck: {test: [CMD, curl, -f, 'http://localhost'], interval: 5s}
    labels: [team=x, 'a=b']
    logging: {driver: json-file, options: {max-size: 10m}}
    deploy: {resources: {limits: {cpus: '0.5', memory: 512M}}}
    env_file: ./more.env
    networks: [back, default]
    volumes:
      - data:/data
      - ./config:/config:ro
      - {type: bind, source: ./app.conf, target: /app.conf, content: 'a: b'}
      - {type: tmpfs, target: /tmp}
    configs: [app]
    privileged: false
    cap_drop: [ALL]
    cap_add: [NET_BIND_SERVICE]
    security_opt: ['no-new-privileges:true']
    ulimits: {nofile: 1024}
  db:
    image: postgres:16
    network_mode: service:web
    volumes_from: [web:ro]
volumes:
  data:
  other: {driver: local}
networks:
  back: {driver: bridge, internal: true}
configs:
  app: {content: 'hello'}
secrets:
  s: {file: ./secret.txt}
",
        "services: {web: {image: nginx}}",
        "{\"services\": {\"web\": {\"image\": \"nginx\"}}}",
    ];
    for file in files {
        if let Err(beyond) = checked(policy, file) {
            panic!("{}\n{file}", beyond.what);
        }
    }
}

/// Coolify reads `{{team.LEAK}}` in each of these, or cannot read the file.
#[test]
fn a_shared_variable_is_found_in_every_form() {
    let policy = ScopePolicy::trusting();
    for settings in [
        "environment: {A: '{{team.LEAK}}'}",
        "environment: {A: \"{{te\\x61m.LEAK}}\"}",
        "environment: {A: \"\\u007b{team.LEAK}}\"}",
        "environment: {A: \"\\U0000007b{\\x74eam.LEAK}}\"}",
        "environment:\n  A: >-\n    {{\n    team.LEAK}}",
        "environment:\n  A: |-\n    {{team.LEAK}}",
        "environment:\n  A: \"{{te\\\n    am.LEAK}}\"",
        "environment: ['A={{team.LEAK}}']",
        "environment: [\"A={{ t\\x65am.LEAK }}\"]",
        "environment: {A: '${B:-{{team.LEAK}}}'}",
        "environment: {A: '${B:-${C:-{{server.LEAK}}}}'}",
        "environment: {'{{team.LEAK}}': a}",
        "environment: {A: !!binary e3t0ZWFtLkxFQUt9fQ==}",
        "environment: {A: !!str '{{team.LEAK}}'}",
        "environment: {A: !custom '{{team.LEAK}}'}",
        "environment: {A: !php/object 'O:8:\"stdClass\":0:{}'}",
        "environment: {A: {{team.LEAK}}}",
        "environment: {A: \"{{\\u200bteam.LEAK}}\"}",
        "environment: {A: \"{{\\tteam.LEAK}}\"}",
        "build: {context: ., args: {A: '{{team.LEAK}}'}}",
        "command: ['{{team.LEAK}}']",
        "labels: ['a={{team.LEAK}}']",
        "x-a: &a '{{team.LEAK}}'\nenvironment: {A: *a}",
        "environment: {A: one}\nenvironment: {A: '{{team.LEAK}}'}",
        "environment: {A: one, A: '{{team.LEAK}}'}",
    ] {
        let file = with(settings);
        assert!(checked(policy, &file).is_err(), "{file}");
    }
    for file in [
        "x-env: &env {A: '{{team.LEAK}}'}\nservices: {web: {environment: {<<: *env}}}",
        "services: {web: {image: a}}\n---\nservices: {web: {environment: {A: '{{team.LEAK}}'}}}",
        "services: {web: {image: a}}\n...\n{{team.LEAK}}",
        "%YAML 1.1\n---\nservices: {web: {environment: {A: \"{{te\\x61m.LEAK}}\"}}}",
        "volumes: {'{{team.LEAK}}': }\nservices: {web: {image: a}}",
        "\u{feff}services: {web: {environment: {A: '{{team.LEAK}}'}}}",
        "services:\r  web:\r    environment:\r      A: '{{team.LEAK}}'\r",
        "services:\n\tweb:\n\t\tenvironment: {A: '{{team.LEAK}}'}",
        "services:\n  web: &web\n    environment: &e {A: '{{team.LEAK}}'}\n  db:\n    environment: *e",
        "? services\n: {web: {environment: {A: '{{team.LEAK}}'}}}",
    ] {
        assert!(checked(policy, file).is_err(), "{file}");
    }
}

/// The server cannot be reached by any key or spelling.
#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn the_server_is_out_of_reach() {
    let policy = ScopePolicy::default();
    let refused = [
        "privileged: true",
        "privileged: 'true'",
        "privileged: yes",
        "privileged: ${P}",
        "\"privi\\x6ceged\": true",
        "cap_add: [SYS_ADMIN]",
        "cap_add: [ALL]",
        "cap_add: SYS_ADMIN",
        "cap_add: ['${C}']",
        "devices: [/dev/sda]",
        "device_cgroup_rules: ['a *:* rwm']",
        "gpus: all",
        "runtime: nvidia",
        "pid: host",
        "pid: container:other",
        "ipc: host",
        "ipc: container:other",
        "uts: host",
        "userns_mode: host",
        "cgroup: host",
        "cgroup_parent: /",
        "network_mode: host",
        "network_mode: container:other",
        "network_mode: coolify",
        "network_mode: '${N}'",
        "network_mode: 'service:${N}'",
        "security_opt: ['seccomp=unconfined']",
        "security_opt: ['apparmor:unconfined']",
        "volumes_from: ['container:other']",
        "volumes_from: ['${V}']",
        "volumes_from: [web:rw:x]",
        "env_file: ../other/.env",
        "env_file: /data/coolify/source/.env",
        "env_file: ['a', '../b']",
        "env_file: [{path: ../other/.env}]",
        "env_file: '${E}'",
        "env_file: ./data/link",
        "env_file: ~/.env",
        "extends: {file: ../other/docker-compose.yml, service: web}",
        "extends: '${E}'",
        "build: .",
        "build: {context: /}",
        "build: {dockerfile_inline: 'FROM a'}",
        "credential_spec: {file: x}",
        "use_api_socket: true",
        "provider: {type: model}",
        "post_start: [{command: id, privileged: true}]",
        "develop: {watch: []}",
        "models: [a]",
        "label_file: ../other/.env",
        "external_links: [other]",
        "blkio_config: {}",
        "storage_opt: {}",
        "annotations: {a: b}",
        "oom_score_adj: -1000",
        "logging: {driver: syslog}",
        "logging: {options: {a: b}}",
        "logging: {driver: fluentd}",
        "deploy: {resources: {reservations: {devices: [{driver: x}]}}}",
        "deploy: {x: y}",
        "ports: ['80:80']",
        "ports: [{target: 80, published: 22}]",
        "ports: ['${P}:80']",
        "ports: [[80]]",
        "ports: 80",
        "ports: [{target: 1, published: [22]}]",
        "labels: [traefik.enable=true]",
        "labels: {Traefik.enable: true}",
        "labels: ['${T}.enable=true']",
        "deploy: {labels: [traefik.enable=true]}",
        "labels: {coolify.managed: true}",
        "labels: [caddy=a.example.com]",
        "image: khzsv5nucvscskrm5gez3p8v_web:abc",
        // Mounts.
        "volumes: ['/:/host']",
        "volumes: [/data]",
        "volumes: ['/var/run/docker.sock:/var/run/docker.sock']",
        "volumes: ['../other:/x']",
        "volumes: ['./../other:/x']",
        "volumes: ['./a/../../other:/x']",
        "volumes: ['~/x:/x']",
        "volumes: ['.:/x']",
        "volumes: ['./:/x']",
        "volumes: ['..:/x']",
        "volumes: ['./.env:/x']",
        "volumes: ['./docker-compose.yml:/x']",
        "volumes: ['./a/b:/x']",
        "volumes: ['${V}:/x']",
        "volumes: ['${V:-/}:/x']",
        "volumes: ['$V:/x']",
        "volumes: ['a:/x:rshared']",
        "volumes: ['c:/x:/y']",
        "volumes: ['a:/x:/y']",
        "volumes: [data]",
        "volumes: {a: b}",
        "volumes: [' /:/host']",
        "volumes: [\"\\x2f:/host\"]",
        "volumes: ['a:x']",
        "volumes: ['a:/../x']",
        "volumes: [{type: bind, source: /, target: /host}]",
        "volumes: [{source: /, target: /host}]",
        "volumes: [{type: bind, source: ../x, target: /x}]",
        "volumes: [{type: bind, source: '${V}', target: /x}]",
        "volumes: [{type: bind, source: ./a/b, target: /x, content: c}]",
        "volumes: [{type: volume, source: /, target: /x}]",
        "volumes: [{type: npipe, source: a, target: /x}]",
        "volumes: [{type: image, source: other, target: /x}]",
        "volumes: [{type: '${T}', source: a, target: /x}]",
        "volumes: [{type: bind, source: ./a, target: /x, bind: {propagation: rshared}}]",
        "volumes: [{type: volume, source: a, target: /x, volume: {subpath: ../x}}]",
        "volumes: [{type: volume, source: a, target: /x, driver_opts: {a: b}}]",
        "networks: {back: {driver_opts: {a: b}}}",
        "networks: ['${N}']",
        "configs: [{source: a, file: /etc/shadow}]",
        "secrets: ['${S}']",
        "unknown: true",
        "environment: {A: '${COMPOSE_FILE:-/x}'}",
        "environment: {COMPOSE_FILE: SERVICE_X}",
        "environment: ['SERVICE_FQDN_WEB=/x,https://other.example.com']",
        "environment: {SERVICE_URL_WEB_80: '/x,https://other.example.com'}",
        "environment: {SERVICE_URL_WEB: '/`) || Host(`other.example.com'}",
        "environment: {SERVICE_FQDN_WEB: \"/x\\nhttps://other.example.com\"}",
        "environment: {SERVICE_FQDN_WEB: '/a b'}",
        "environment: {SERVICE_FQDN_WEB: '/${X}'}",
        "environment: {SERVICE_FQDN_WEB: ' /x,https://other.example.com'}",
        "environment: {' SERVICE_FQDN_WEB': '/x,https://other.example.com'}",
        "environment: {'SERVICE_FQDN_A,HTTPS://OTHER.EXAMPLE.COM/': ''}",
        "environment: ['SERVICE_URL_A,HTTPS://OTHER.EXAMPLE.COM/']",
        "environment: {A: b, 0: 'SERVICE_FQDN_WEB=/x,https://other.example.com'}",
        "environment: [{SERVICE_FQDN_WEB: '/x,https://other.example.com'}]",
    ];
    for settings in refused {
        let file = with(settings);
        assert!(checked(policy, &file).is_err(), "{file}");
    }
    let whole = [
        "volumes: {a: {driver_opts: {type: none, o: bind, device: /}}}",
        "volumes: {a: {driver: nfs}}",
        "volumes: {a: {external: true}}",
        "volumes: {a: {external: {name: other}}}",
        "volumes: {a: {name: other_data}}",
        "volumes: {'/etc': {}}",
        "networks: {a: {external: true}}",
        "networks: {a: {name: coolify}}",
        "networks: {a: {external: {name: coolify}}}",
        "networks: {a: {driver: macvlan}}",
        "networks: {a: {driver: host}}",
        "networks: {a: {driver_opts: {a: b}}}",
        "configs: {a: {file: /etc/shadow}}",
        "configs: {a: {file: ./data/link}}",
        "configs: {a: {file: ../other/.env}}",
        "configs: {a: {file: '${F}'}}",
        "secrets: {a: {file: /data/coolify/ssh/keys/key}}",
        "secrets: {a: {file: data/link}}",
        "secrets: {a: {external: true}}",
        "secrets: {a: {template_driver: golang}}",
        "include: [../other/docker-compose.yml]",
        "models: {a: {model: b}}",
        "volumes: [a]",
        "networks: text",
    ];
    for section in whole {
        let file = format!("{}{section}\n", with("init: true"));
        assert!(checked(policy, &file).is_err(), "{file}");
    }
    for file in [
        "",
        "text",
        "services: []",
        "services: {web: text}",
        "services: {web: }",
        "a: b",
        "services: {'web; id': {image: a}}",
        "services: {'web -u root': {image: a}}",
        "services: {'../web': {image: a}}",
        "services: {-web: {image: a}}",
        "services: {coolify-db: {image: postgres}}",
    ] {
        assert!(checked(policy, file).is_err(), "{file}");
    }
    assert!(
        check(policy, "services: {web: {image: a}}", "own").is_err(),
        "not base64"
    );
}

#[test]
fn a_policy_grants_what_it_says() {
    let cases = [
        ("privileged: true", ScopePower::HostAccess),
        ("volumes: ['/:/host']", ScopePower::HostAccess),
        ("volumes: ['./data:/data']", ScopePower::Folders),
        ("ports: ['3000:80']", ScopePower::HostPorts),
        ("labels: [a=b]", ScopePower::Labels),
        (
            "environment: ['SERVICE_FQDN_WEB=/x,https://b.example.com']",
            ScopePower::ForeignHosts,
        ),
    ];
    for (settings, power) in cases {
        let file = with(settings);
        let strict = ScopePolicy::strict();
        let beyond = checked(strict, &file).expect_err(settings);
        let named = format!("ScopePower::{power:?}");
        assert!(beyond.hint.contains(&named), "{settings}: {}", beyond.hint);
        assert!(checked(strict.allow(power), &file).is_ok(), "{settings}");
        let others = ScopePolicy::trusting().forbid(power);
        assert!(checked(others, &file).is_err(), "{settings}");
    }
    let file = format!(
        "{}networks: {{a: {{external: true}}}}\n",
        with("networks: [a]")
    );
    assert!(checked(ScopePolicy::default(), &file).is_err());
    assert!(
        checked(
            ScopePolicy::strict().allow(ScopePower::SharedNetworks),
            &file
        )
        .is_ok()
    );
}

#[test]
fn what_is_sent_is_what_was_read() {
    let file = "services:\n  web: # no comment\n    image: &i nginx\n  db:\n    image: *i\n";
    let normal = checked(ScopePolicy::strict(), file).expect("it is fine");
    let wanted =
        "\"services\":\n  \"web\":\n    \"image\": nginx\n  \"db\":\n    \"image\": nginx\n";
    assert_eq!(normal, wanted);
}

#[test]
fn one_letter_before_a_colon_is_a_drive() {
    let policy = ScopePolicy::default();
    assert!(checked(policy, &with("volumes: ['cc:/data']")).is_ok());
    for mount in ["c:/data", "C:/data:ro"] {
        let file = with(&format!("volumes: ['{mount}']"));
        assert!(checked(policy, &file).is_err(), "{mount}");
    }
}

#[test]
fn a_namespace_of_no_service_is_refused() {
    for key in ["network_mode", "pid", "ipc"] {
        let policy = ScopePolicy::default();
        for (of, is_fine) in [
            ("service:db", true),
            ("'service:'", false),
            ("service:$NAME", false),
            ("container:db", false),
        ] {
            let file = with(&format!("{key}: {of}"));
            assert_eq!(checked(policy, &file).is_ok(), is_fine, "{key}: {of}");
        }
    }
}

#[test]
fn how_a_mount_is_made_is_free() {
    let policy = ScopePolicy::default();
    for (how, is_fine) in [
        ("type: volume, source: data, volume: {nocopy: true}", true),
        (
            "type: bind, source: ./app.conf, bind: {create_host_path: true}",
            true,
        ),
        (
            "type: bind, source: ./app.conf, bind: {propagation: shared}",
            false,
        ),
        (
            "type: volume, source: data, volume: {subpath: ../..}",
            false,
        ),
    ] {
        let file = with(&format!("volumes: [{{{how}, target: /data}}]"));
        assert_eq!(checked(policy, &file).is_ok(), is_fine, "{how}");
    }
}

#[test]
fn what_is_left_open_is_free() {
    let policy = ScopePolicy::default();
    for key in ["cap_add", "cap_drop", "security_opt", "volumes"] {
        assert!(checked(policy, &with(&format!("{key}:"))).is_ok(), "{key}");
    }
}

#[test]
fn a_mount_of_an_unknown_mode_is_refused() {
    let policy = ScopePolicy::default();
    for (mount, is_fine) in [("data:/data:ro", true), ("data:/data:odd", false)] {
        let file = with(&format!("volumes: ['{mount}']"));
        assert_eq!(checked(policy, &file).is_ok(), is_fine, "{mount}");
    }
}

#[test]
fn volumes_of_no_service_are_refused() {
    let policy = ScopePolicy::default();
    for (from, is_fine) in [("db:ro", true), (":ro", false), ("'$NAME'", false)] {
        let file = with(&format!("volumes_from: [{from}]"));
        assert_eq!(checked(policy, &file).is_ok(), is_fine, "{from}");
    }
}
