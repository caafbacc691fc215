//! Attacks. `OTHER` means the uuid of another project's application, and `OWN`
//! the uuid of the own one.

/// Fields of an application.
#[rustfmt::skip] // one line each
pub const FIELDS: &[(&str, &str)] = &[
    // Paths out of a folder.
    ("base_directory", "/.."),
    ("base_directory", "/../../../../data/coolify"),
    ("base_directory", "/a/./b"),
    ("base_directory", "/%2e%2e/x"),
    ("publish_directory", "/dist/../../x"),
    ("dockerfile_location", "/../OTHER/Dockerfile"),
    ("dockerfile_location", "~/Dockerfile"),
    ("docker_compose_location", "/docker-compose.yaml"),
    ("docker_compose_location", "/../../source/docker-compose.yml"),
    ("watch_paths", "src/**\n../other/**"),
    // Blanks that Coolify removes, and others do not see.
    ("base_directory", "\u{200b}.."),
    ("publish_directory", "/a/..\u{2060}"),
    ("build_pack", " dockercompose"),
    ("build_pack", "\u{feff}dockercompose\u{3164}"),
    // More than one word in fields that some versions put into a command.
    ("git_branch", "main; id"),
    ("git_branch", "main docker run -v /:/host alpine"),
    ("git_branch", "--upload-pack=id"),
    ("git_branch", "$(id)"),
    ("git_commit_sha", "HEAD`id`"),
    ("git_repository", "https://example.com/a/b;id"),
    ("git_repository", "ext::sh -c id"),
    ("docker_registry_image_tag", "1; docker run --privileged alpine"),
    ("docker_registry_image_tag", "1\nid"),
    ("docker_registry_image_name", "nginx && id"),
    ("docker_registry_image_name", "khzsv5nucvscskrm5gez3p8v"),
    ("docker_registry_image_name", "docker.io/library/khzsv5nucvscskrm5gez3p8v"),
    ("dockerfile_target_build", "a b"),
    ("limits_cpuset", "0'"),
    ("limits_memory", "1g\nprivileged: true"),
    ("static_image", "nginx:alpine -v /:/x"),
    ("health_check_host", "a|b"),
    ("http_basic_auth_username", "a\"b"),
    ("domains", "https://a.example.com`) || Host(`other.example.com"),
    ("pre_deployment_command_container", "other sh -c id #"),
    // References to shared variables outside of the project.
    ("name", "a`id`"),
    ("docker_registry_image_tag", "{a,b}"),
    ("ports_exposes", "{{team.LEAK}}"),
    ("git_branch", "{{ server.LEAK }}"),
    ("docker_registry_image_tag", "{{team.LEAK}}"),
    // Docker options.
    ("custom_docker_run_options", "--privileged"),
    ("custom_docker_run_options", "--init --cap-add=SYS_ADMIN"),
    ("custom_docker_run_options", "--device /dev/sda"),
    ("custom_docker_run_options", "--security-opt=seccomp=unconfined"),
    ("custom_docker_run_options", "--gpus all"),
    ("custom_docker_run_options", "--ip 10.0.0.2"),
    ("custom_docker_run_options", "--entrypoint \"sh --privileged\""),
    ("custom_docker_run_options", "--hostname x--privileged"),
    ("custom_docker_run_options", "--hostname=coolify-db"),
    ("custom_docker_run_options", "-v /:/host"),
    ("custom_docker_run_options", "--volume=/:/host"),
    ("custom_docker_run_options", "--network host"),
    ("custom_docker_run_options", "--init && docker run -v /:/host alpine"),
    // Ports of the server, its proxy and Coolify.
    ("ports_mappings", "80:80"),
    ("ports_mappings", "3000:3000,0.0.0.0:443:443"),
    ("ports_mappings", "8000:80"),
    ("ports_mappings", "1000-1030:1000-1030"),
    ("ports_mappings", "[::]:22:22"),
    // Labels and routes.
    ("custom_labels", "traefik.http.routers.x.rule=Host(`other.example.com`)"),
    ("custom_labels", "a=b\nTRAEFIK.enable=true"),
    ("custom_labels", "caddy=other.example.com"),
    ("custom_labels", "a={{team.LEAK}}"),
    ("custom_labels", "coolify.applicationId=1"),
    ("custom_labels", "com.docker.compose.project=OTHER"),
    ("custom_labels", "${T}.http.routers.x.rule=x"),
    ("preview_url_template", "other.example.com"),
    ("preview_url_template", "{{pr_id}}{{domain}}"),
    ("preview_url_template", "x`) || Host(`y.{{domain}}"),
    // Names on the shared network.
    ("custom_network_aliases", "OTHER"),
    ("custom_container_name_prefix", "coolify"),
    ("custom_internal_name", "coolify-db"),
    ("custom_internal_name", "x OTHER"),
    // Builds that cannot be checked, and commands with access to Docker's socket.
    ("build_pack", "dockercompose"),
    ("docker_compose_custom_build_command", "docker run -v /:/host alpine"),
    ("docker_compose_custom_start_command", "docker compose up && docker run -v /:/host alpine"),
    ("gpu_device_ids", "0"),
    ("gpu_options", "all"),
];

#[rustfmt::skip]
pub const SWITCHES: &[&str] = &[
    "is_raw_compose_deployment_enabled", "connect_to_docker_network", "is_gpu_enabled",
    "force_domain_override", "is_preserve_repository_enabled",
];

/// Names of variables.
pub const KEYS: &[&str] = &[
    "A;id",
    "A$(id)",
    "A B",
    "A'",
    "A\nB",
    "-A",
    "a[b]",
    "PATH+",
    "A=B",
    "PATH",
    "HOME",
    "LD_PRELOAD",
    "BASH_ENV",
    "DOCKER_HOST",
    "DOCKER_CONFIG",
    "A.B",
    "COMPOSE_FILE",
    "GIT_DIR",
    "GIT_CONFIG_COUNT",
    "GIT_SSH_COMMAND",
];

/// Databases to back up.
pub const DATABASES: &[&str] = &[
    "a|docker run -v /:/host alpine",
    "a|/data/x",
    "../../tmp/x",
    "a > /tmp/x",
    "a`id`",
    "$(id)",
    "a;id",
    "{{team.LEAK}}",
];

/// Values of variables.
#[rustfmt::skip]
pub const VALUES: &[&str] = &[
    "{{team.LEAK}}", "{{ team.LEAK }}", "{{{team.LEAK}}}", "a{{server.LEAK}}b", "{{\u{200b}team.LEAK}}",
    "{{team.LEAK", "{{ {{team.LEAK}}", "${A:-{{team.LEAK}}}", "{{\nteam.LEAK}}", "{{team .LEAK}}",
    "${A@P}", "${A:-${B@P}}", "${!A}", "${A[B]}", "${A:B}", "${A:1}", "${", "${{project.A}}",
    // Lines of a `.env` file that Docker Compose reads as its options.
    "a\nCOMPOSE_FILE=oci://other.example.com/a", "a\r\n export COMPOSE_PROFILES=b", "a' COMPOSE_FILE=b #",
    "a\nCOMP{{project.A}}",
];

/// Files that are mounted, by their path in the container.
#[rustfmt::skip]
pub const MOUNTS: &[&str] = &[
    "/../../../../tmp/x", "/../OTHER/.env", "..", ".", "/a/../../b", "/./a", "/..", " /../x", "/.. /x",
    "/%2e%2e/x", "/..%2f..%2fx", "\\..\\x", "/a\\..\\b", "~/x", "/$HOME/x", "/${HOME}", "/a;id", "/a\nb", "/a:/b",
    "/a`id`", "/",
    "\u{200b}../OTHER/.env", "/a/..\u{2060}", "\u{feff}..", "/.env", "//docker-compose.yml", "/compose.override.yaml",
];

/// New names of volumes.
#[rustfmt::skip]
pub const VOLUMES: &[&str] = &[
    "data", "OTHER-data", "OTHER_data", "x-OWN", "OTHER-OWN-data", "postgres-data-OTHER", "x-data-OWN", "OWN",
    "OWN-", "OWN-../../x", "/OWN-data", "OWN-data:/x", "OWNx-data",
];

/// Settings of a service in a compose file.
pub const SETTINGS: &[&str] = &[
    "environment: {A: '{{team.LEAK}}'}",
    "environment: {A: \"{{te\\x61m.LEAK}}\"}",
    "environment: {A: \"\\u007b\\u007bteam.LEAK\\u007d\\u007d\"}",
    "environment: {A: \"\\U0000007b{\\x74eam\\x2eLEAK}}\"}",
    "environment:\n      A: \"{{te\\\n        am.LEAK}}\"",
    "environment:\n      A: >-\n        {{\n        team.LEAK}}",
    "environment:\n      A: |-\n        {{team.LEAK}}",
    "environment: ['A={{team.LEAK}}']",
    "environment: {A: '${B:-{{team.LEAK}}}'}",
    "environment: {A: '${B:-${C-{{server.LEAK}}}}'}",
    "environment: {A: !!binary e3t0ZWFtLkxFQUt9fQ==}",
    "environment: {A: !!str '{{team.LEAK}}'}",
    "environment: {A: {{team.LEAK}}}",
    "environment: {A: \"{{\\u200bteam.LEAK}}\"}",
    "environment: {'{{team.LEAK}}': a}",
    "environment: {A: a, A: '{{team.LEAK}}'}",
    "x-a: &a {A: '{{team.LEAK}}'}\n    environment: {<<: *a}",
    "build: {context: ., args: {A: '{{team.LEAK}}'}}",
    "environment: {A: \"${A:-x\\nCOMP{{project.B}}}\"}",
    "environment: {A: '${COMPOSE FILE:-x}'}",
    "environment: {COMPOSE FILE: $SERVICE_A}",
    "hostname: coolify",
    "hostname: Coolify-Realtime",
    "hostname: ${H}",
    "networks: {default: {aliases: [web, coolify]}}",
    "privileged: true",
    "privileged: ${P}",
    "cap_add: [SYS_ADMIN]",
    "devices: [/dev/sda]",
    "pid: host",
    "ipc: host",
    "network_mode: host",
    "network_mode: 'container:OTHER'",
    "security_opt: ['seccomp=unconfined']",
    "volumes: ['/:/host']",
    "volumes: [/data]",
    "volumes: ['/var/run/docker.sock:/var/run/docker.sock']",
    "volumes: ['../OTHER:/x']",
    "volumes: ['./../OTHER:/x']",
    "volumes: ['./a/b:/x']",
    "volumes: ['~/x:/x']",
    "volumes: ['${V:-/}:/x']",
    "volumes: [{type: bind, source: /, target: /x}]",
    "volumes: [{type: bind, source: ./../x, target: /x, content: a}]",
    "volumes: [{source: a, target: /x}]",
    "volumes_from: ['container:OTHER']",
    "env_file: ../OTHER/.env",
    "env_file: /data/coolify/source/.env",
    "extends: {file: ../OTHER/docker-compose.yml, service: web}",
    "build: .",
    "ports: ['80:80']",
    "ports: [{target: 22, published: '22'}]",
    "labels: [traefik.enable=true]",
    "labels: {coolify.managed: 'true'}",
    "labels: {0: traefik.enable=true}",
    "labels: {'0': a=b, '1': coolify.managed=true}",
    "deploy: {labels: {0: caddy=other.example.com}}",
    "image: khzsv5nucvscskrm5gez3p8v_web:abc",
    "image: index.docker.io/library/khzsv5nucvscskrm5gez3p8v:abc",
    "image: ${IMAGE}",
    "image: 'docker.io/${NAME:-a/b}'",
    "env_file: data/link",
    "logging: {driver: syslog}",
    "deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}",
    "post_start: [{command: id}]",
    "use_api_socket: true",
    "unknown: true",
];

/// Compose files as a whole.
pub const FILES: &[&str] = &[
    "x-a: &a {A: '{{team.LEAK}}'}\nservices: {web: {image: nginx, environment: {<<: *a}}}",
    "services: {web: {image: nginx}}\n---\nservices: {web: {environment: {A: '{{team.LEAK}}'}}}",
    "services: {web: {image: nginx}}\nvolumes: {a: {driver_opts: {type: none, o: bind, device: /}}}",
    "services: {web: {image: nginx}}\nvolumes: {a: {name: OTHER_data}}",
    "services: {web: {image: nginx}}\nnetworks: {a: {external: true, name: coolify}}",
    "services: {web: {image: nginx}}\nnetworks: {a: {driver: macvlan}}",
    "services: {web: {image: nginx}}\nconfigs: {a: {file: /etc/shadow}}",
    "services: {web: {image: nginx}}\nsecrets: {a: {file: ../OTHER/.env}}",
    "services: {web: {image: nginx}}\nconfigs: {a: {file: ./data/link}}",
    "services: {web: {image: nginx}}\nnetworks: {a: {ipam: {config: [{subnet: 198.51.100.0/24}]}}}",
    "services: {web: {image: nginx}}\ninclude: [../OTHER/docker-compose.yml]",
    "services: {'web -u root OTHER sh -c id #': {image: nginx}}",
    "services: {coolify-db: {image: postgres}}",
    "services: {coolify: {image: nginx}}",
    "services: {web: {image: nginx, environment: {A: '${COMPOSE_FILE:-/x}'}}}",
    "services: [",
    "a: b",
];

/// Harmless settings, which are sent.
pub const HARMLESS: &[&str] = &[
    "environment: {A: '{{TEAM.LEAK}}'}",
    "environment: {A: '{{teams.LEAK}}'}",
    "environment: {A: '{ {team.LEAK} }'}",
    "environment: {A: '{team.LEAK}'}",
    "environment: {A: '{{project.team.LEAK}}'}",
    "environment: {A: '{{te', B: 'am.LEAK}}'}",
    "environment: {A: '$B', B: 'team.LEAK'}",
    "environment: {A: \"x: y # z\\n\\tq\"}\n    command: ['a\\b', \"c'd\", '', 'null', '1']",
    "volumes: ['data:/data', {type: volume, source: other, target: /other}]",
    "cap_add: [NET_BIND_SERVICE]",
    "labels: {my.app: '0', a1: b}",
    "hostname: web\n    networks: {default: {aliases: [web.internal]}}",
    "env_file: [./app.env, .env]",
];
