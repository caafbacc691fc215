//! Texts with which the fields of a request are tried: on both sides of each rule.

/// Paths below the folder of a resource.
#[rustfmt::skip]
pub const PATHS: &[&str] = &[
    "/", "/a", "a", "/a b", "/.env", "/..a", "/a..", "/a..b/...", "/a//b", "/a/", "/größe", "/a%20b",
    "a~b", "/~", "..", ".", "/..", "/../x", "/a/../b", "/a/./b", "a/..", "./a", "/a/ .. /b", "/a/.. ",
    " ../a", "/%2e", "/%2E", "/%2f", "/%2F", "/%5c", "/%5C", "/%2", "~", "~/x", " ~", "/a:b", "/a\\b",
    "/a;b", "/a|b", "/a&b", "/a<b", "/a>b", "/a$b", "/a`b", "/a'b", "/a\"b", "/a*b", "/a?b", "/a\nb",
    "/a\u{7f}b", "/{{team.A}}", "/{{project.A}}",
];

/// Patterns of such paths.
#[rustfmt::skip]
pub const PATTERNS: &[&str] = &[
    "src/**\n!docs/*.md\n", "src/?", "src/**\n../*", "..*", "*/..", ".?/a", "a\r\n/..", "a;b", "~*",
];

/// Paths in a container.
#[rustfmt::skip]
pub const MOUNTED: &[&str] = &[
    "/a", "a", "/", "//", " / ", "", "/..", "/a/../b", "/a:b", "/%2e%2e/a", "\u{200b}../a", "/a/..\u{feff}",
    "/.env", "/.environment", "/a/.env", "//docker-compose.yml", "/compose.yaml", "/composer.json",
    "/proxy/a", "/proxies",
];

/// Words of a command.
#[rustfmt::skip]
pub const WORDS: &[&str] = &[
    "main", "feature/a-b_c", "v1.2.3", "sha256:abc", "git@github.com:a/b.git", "a+b", "a=b",
    "https://user@example.com:8443/a/b%20c#e", "512m", "-1", "-9a", "-a", "--a", "-", " -a", "~a", "a~",
    "#a", "a#", " main ", "größe", "a b", "a;b", "(a)", "{a}", "[a]", "a*", "a?", "!a", "a^", "a,b",
    "a\\b", "a'b", "a\"b", "a|b", "a&b", "a<b", "a>b", "a$b", "a`b", "a\nb", "a\u{0}b", "{{team.A}}",
    "{{server.A}}", "{{project.A}}",
];

/// Names of databases to back up.
#[rustfmt::skip]
pub const BACKED_UP: &[&str] = &[
    "one", "one,two", "one:a,b|two:*", "a-b_c.d", "a|b c", "a/b", "a@b", "a+b", "a=b", "a%b", "a~b",
    "a#b", "-a", "a;b", "$(id)", "{{team.A}}",
];

/// Names of resources.
#[rustfmt::skip]
pub const NAMES: &[&str] = &[
    "web", "Größe & co (1)", "it's", "a/b:c#1", "coolify-db-2", "coolify", "coolify-db", " coolify-db ",
    "coolify-db\u{200b}", "COOLIFY-DB", "a`b", "a$b", "a\\b", "a\"b", "a|b", "a;b", "a<b", "a>b", "a\nb", "{{team.A}}",
];

/// Names of new volumes.
#[rustfmt::skip]
pub const NEW_VOLUMES: &[&str] = &[
    "data", "data-1.x_y", "1", "", "-a", ".a", "_a", "a b", "a/b", "a:b", "../a", "/etc", "$A", "a\n",
    "ä",
];

/// New names of a volume of the resource `nobody`.
#[rustfmt::skip]
pub const RENAMED_VOLUMES: &[&str] = &[
    "nobody-a", "nobody_a", "nobody-data", "nobody_data", "nobody-data-pr-1", "nobody-", "nobody_", "nobody", "nobodydata",
    "nobody.data", "data", "x-nobody", "other-data", "nobody-a/b", "nobody-a b", "nobody-a:b",
    " nobody-data", "clickhouse-data-nobody", "dragonfly-data-nobody", "keydb-data-nobody",
    "mariadb-data-nobody", "mongodb-configdb-nobody", "mongodb-db-nobody", "mysql-data-nobody",
    "postgres-data-nobody", "redis-data-nobody", "sqlite-data-nobody", "postgres-data-nobody-2",
    "postgres-data-other",
];

/// Images.
#[rustfmt::skip]
pub const IMAGES: &[&str] = &[
    "nginx", "nginx:1.27", "docker.io/library/nginx@sha256:abc", "my-application-with-a-name",
    "khzsv5nucvscskrm5gez3p8v", " khzsv5nucvscskrm5gez3p8v", "khzsv5nucvscskrm5gez3p8v:a",
    "khzsv5nucvscskrm5gez3p8v@a", "khzsv5nucvscskrm5gez3p8v_a", "khzsv5nucvscskrm5gez3p8v-a",
    "khzsv5nucvscskrm5gez3p8v/a", "a/khzsv5nucvscskrm5gez3p8v", "khzsv5nucvscskrm5g",
    "khzsv5nucvscskrm5ge", "khzsv5nucvscskrm5gez", "khzsv5nucvscskrm5gezkhzsv5nucvscskrm",
    "khzsv5nucvscskrm5gezkhzsv5nucvscskrm5", "khzsvxnucvscskrmxgezxpxv", "Khzsv5nucvscskrm5gez3p8v",
    "nginx latest", "nginx;id", "-nginx", "library/khzsv5nucvscskrm5gez3p8v",
    "docker.io/library/khzsv5nucvscskrm5gez3p8v:a", "ghcr.io/library/khzsv5nucvscskrm5gez3p8v",
];

/// Mappings of ports.
#[rustfmt::skip]
pub const MAPPINGS: &[&str] = &[
    "3000:80", "3000:80,3001:81/udp", ",", "127.0.0.1:3000:80", "[::1]:3000:80", "3000/tcp:80/tcp",
    "3000-3005:80-85", "80", ":80", "127.0.0.1::80", "[::1]::80", "[::1]:80", "1.2.3.4:80", "1023:80",
    "1024:80", "0:80", "65535:80", "5999:1", "6000:1", "6001:1", "6002:1", "6003:1", "7999:1", "8000:1",
    "8001:1", "8079:1", "8080:1", "8081:1", "1000-1023:1", "1000-1100:1", "1024-6000:1", "1024-6001:1",
    "6002-7000:1", "6003-7999:1", "7990-8010:1", "3000-3000:1", "3001-3000:1", "3000-:1", "-3000:1",
    "1-2-3:1", " 443 : 443", "[::]:22:22", "0.0.0.0:443:443", "3000:80,22:22", "22/udp:22", "${P}:80",
    "3000:80;80:80", "x:80", "0x50:80", "99999999999:80", "{{team.A}}:80", "[::1]:22]:80",
];

/// Ports.
#[rustfmt::skip]
pub const PORTS: &[&str] = &[
    "5432", "1024", "1023", "0", "-1", "443", "8000", "8080", "6001", "6002",
];

/// Options of `docker run`.
#[rustfmt::skip]
pub const RUN_OPTIONS: &[&str] = &[
    "--init", "--cap-drop=ALL", "--dns 1.1.1.1", "--entrypoint \"sh -c 'npm start'\"",
    "--entrypoint 'sh -c \"a && b\"' --init", "--hostname web", "--hostname=coolify-db", "--shm-size=1g", "--sysctl a=1",
    "--ulimit nofile=1024:2048", "--ip 10.0.0.2", "--ip6=::1", "--ip10", "--init --ip 10.0.0.2",
    "--privileged", "--PRIVILEGED", "--init --cap-add=SYS_ADMIN", "--device /dev/sda",
    "--security-opt seccomp=unconfined", "--gpus all", "--entrypoint \"sh --privileged\"",
    "--hostname=x--privileged", "---privileged", "--hostname --privileged", "--init--privileged",
    "--cap_add x", "--volume /:/host", "-v /:/host", "--init -i", "- a", "'-v /:/host'", "a-b",
    "--init 'a' -v 'b'", "--init 'a' -v \"b\" 'c'", "--init 'a' -v /:/x", "--init \" -v /:/x", "--init \"a'b\" -v /:/x", "--init && a", "--init | a",
    "--init ; a", "--init $A", "--init `a`", "--init < a", "--init > a", "--init \\ a", "--init\na",
    "--init 'a' && b", "--init '&&'", "-- a", "--", "{{team.A}}",
];

/// Labels.
#[rustfmt::skip]
pub const LABELS: &[&str] = &[
    "a=b", "a", "=b", "a=traefik.enable", "my.traefik=1", "traefi=1", "traefik=1", "Traefik.A=1",
    " traefik.a = 1", "caddy=a", "caddy_0=a", "'caddy=a", "\"caddy=a", "coolify.managed=true",
    "com.docker.a=1", "com.dock=1", "com.centurylinklabs.a=1", "ofelia.a=1", "$A=b", "a$B=c", "a=$B",
    "a=b\ncaddy=c", "a=b\rcaddy=c", "a=b\n\n", "\n", "a={{team.A}}", "a={{project.A}}",
];

/// Templates for the URLs of previews.
#[rustfmt::skip]
pub const PREVIEWS: &[&str] = &[
    "{{pr_id}}.{{domain}}", "{{random}}.{{domain}}", "pr-{{pr_id}}.x.{{domain}}", "{{domain}}",
    " {{domain}} ", ".{{domain}}", "{{pr_id}}{{domain}}", "a-{{domain}}", "a.example", "{{domain}}.a",
    "a.example/{{domain}}", "a_b.{{domain}}", "a@b.{{domain}}", "a,b.{{domain}}",
    "{{other}}.{{domain}}", "{{pr_id}}.{{random}}.{{domain}}", "{{domain}}.{{domain}}",
    "{{team.A}}.{{domain}}",
];

/// Names of variables.
#[rustfmt::skip]
pub const VARIABLES: &[&str] = &[
    "A", "NODE_ENV", "a1_b", "_A", " A ", "1A", "PATHS", "MY_PATH", "DOCKER", "LD", "BASH", "XDG",
    "BASHOPTS", "ENV", "GLOBIGNORE", "HOME", "IFS", "OLDPWD", "PATH", "PROMPT_COMMAND", "PS4", "PWD",
    "SHELLOPTS", "TMPDIR", "BASH_A", "BUILDKIT_A", "BUILDX_A", "DOCKER_A", "LD_A", "XDG_A", "path",
    "A.B", "A-B", ".A", "-A", "A B", "A;B", "A$B", "A[B]", "A=B", "A+", "A/B", "A\nB", "Ä", "A{}",
    "{{team.A}}", "COMPOSE_FILE", "A_COMPOSE_B", "COMPOSE", "compose_file",
    "GIT_SHA", "GIT_BRANCH", "GIT_DIR", "GIT_EXEC_PATH", "GIT_CONFIG_KEY_0", "GIT_SSH_COMMAND", "GIT_TRACE",
    "PAGER",
];

/// Values of variables.
#[rustfmt::skip]
pub const CONTENTS: &[&str] = &[
    "", "a", "$", "a$", "a$ ", "$A", "$1", "${A}", "a${A}b${B_1:-c}d", "${A:-b}", "${A:+b}", "${A:?b}",
    "${A:=b}", "${A-b}", "${A+b}", "${A?b}", "${A=b}", "${A%.*}", "${A#*/}", "${A/a/b}", "${A^^}",
    "${A,,}", "${A:-${B}}", "${A:B}", "${A:1}", "${A@P}", "${A[0]}", "${A*}", "${!A}", "${}", "${-}",
    "${", "${A", "${@P}", "${A:-${B@P}}", "${{project.A}}", "$${A@P}", "\\${A@P}", "${A}${B@P}",
    "$(id)", "`id`", "{{team.A}}", "{{ team.A }}", "{{{team.A}}}", "{{\u{200b}team.A}}", "{{team .A}}",
    "{{team.A", "{{ {{team.A}}", "{{x{{server.A}}", "{team.A}", "{ {team.A}}", "team.A",
    "{{project.team.A}}", "{{project.A}}", "{{environment.A}}", "{{team}}", "{{team", "{{ server", "{{teams.A}}", "{{TEAM.A}}",
    "{{-team.A}}", "a\nCOMPOSE_FILE=b", "a\r\n export COMPOSE_FILE: b", "a' COMPOSE_FILE=b", "a\nC{{project.A}}",
    "COMPOSE_FILE=b", "a\nCOMPOSITION=b",
];
