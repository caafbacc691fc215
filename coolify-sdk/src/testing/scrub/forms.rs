//! Recognises harmless texts by the name of their field and their form.

use std::sync::LazyLock;

use regex::Regex;

/// Fields with words of Coolify, Docker or a cloud provider.
const VOCABULARY: &[&str] = &[
    "actor_type",
    "arch",
    "architecture",
    "build_pack",
    "category",
    "city",
    "continent",
    "country",
    "cpu_type",
    "database_type",
    "destination_type",
    "direction",
    "distribution",
    "env",
    "family",
    "features",
    "git_type",
    "health_check_method",
    "health_check_scheme",
    "health_check_type",
    "language",
    "level",
    "location",
    "locations",
    "model",
    "network_zone",
    "options",
    "os",
    "os_flavor",
    "protocol",
    "provider",
    "proxy_type",
    "redirect",
    "region",
    "regions",
    "resource_type",
    "server_timezone",
    "source_type",
    "ssl_mode",
    "status",
    "storage_type",
    "timezone",
    "type",
    "unit",
    "visibility",
];

/// Lists that a cloud provider or Coolify itself publishes, with digits in the words.
const CATALOGUE: &[&str] = &[
    "os_version",
    "plan",
    "server_type",
    "service_type",
    "sizes",
    "slug",
    "source",
    "valid_service_types",
];

const VERSIONS: &[&str] = &[
    "compose_parsing_version",
    "compose_version",
    "docker_version",
    "kernel",
    "version",
];

const HASHES: &[&str] = &[
    "commit",
    "config_hash",
    "configuration_hash",
    "git_commit_sha",
    "last_applied_settings",
    "last_saved_settings",
    "sha",
];

const PORTS: &[&str] = &["ports", "ports_exposes", "ports_mappings"];

const PATHS: &[&str] = &[
    "base_directory",
    "deployment_url",
    "docker_compose_location",
    "dockerfile_location",
    "filename",
    "fs_path",
    "health_check_path",
    "publish_directory",
];

/// Parts of Coolify's paths.
const PATH_PARTS: &[&str] = &[
    "",
    "Dockerfile",
    "application",
    "applications",
    "backups",
    "coolify",
    "data",
    "database",
    "databases",
    "deployment",
    "docker-compose.yaml",
    "docker-compose.yml",
    "environment",
    "health",
    "project",
    "root-team-0",
    "service",
    "services",
];

/// Fields in which people write anything, even a secret number.
const NOTES: &[&str] = &[
    "comment",
    "commit_message",
    "description",
    "human_name",
    "key",
    "name",
];

/// Endings of the names of fields with long numbers.
const MEASURES: &[&str] = &[
    "_id", "amount", "bytes", "duration", "id", "port", "seconds", "size",
];

/// Ids that are not Coolify's, of accounts elsewhere.
const ACCOUNTS: &[&str] = &["chat_id", "client_id", "thread_id"];

/// Letters, with the letters that never follow them in a word.
const STRANGERS: &[(u8, &[u8])] = &[
    (b'b', b"qwxz"),
    (b'c', b"fgjvwx"),
    (b'f', b"jkqvxz"),
    (b'g', b"jqvxz"),
    (b'h', b"jqvxz"),
    (b'j', b"bcdfghklmnpqrtvwxz"),
    (b'k', b"jqvxz"),
    (b'l', b"jqxz"),
    (b'm', b"jqxz"),
    (b'p', b"jqxz"),
    (b'q', b"abcdefghijkmnoprtvwxyz"),
    (b'r', b"xz"),
    (b's', b"xz"),
    (b't', b"jqx"),
    (b'v', b"bcdfghjklmnpqtwxz"),
    (b'w', b"gjqvxz"),
    (b'x', b"fghjknrvxz"),
    (b'z', b"bcdfgjkmpqrstvwx"),
];

/// Names that every Coolify has.
const NAMES: &[&str] = &[
    "HEAD",
    "coolify",
    "localhost",
    "main",
    "master",
    "production",
];

macro_rules! form {
    ($name:ident, $pattern:literal) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(concat!("^(?:", $pattern, ")$")).expect("it is one"));
    };
}

form!(
    TIME,
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[0-9.]*(?:Z|[+-]\d\d:\d\d| \+0000 UTC)?"
);
form!(NUMBER, r"-?\d{1,5}(?:\.\d{1,16})?");
form!(LONG_NUMBER, r"-?\d{1,13}(?:\.\d{1,16})?");
form!(
    UUID,
    r"[a-z0-9]{20,36}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
);
form!(
    WORDS,
    r"[A-Za-z][A-Za-z0-9_-]{0,29}(?:[ :,/\\]{1,2}[A-Za-z(][A-Za-z0-9_)-]{0,29}){0,4}"
);
form!(ENTRY, r"[a-z0-9]+(?:[-.+][a-z0-9]+){0,8}");
form!(
    VERSION,
    r"v?\d{1,5}(?:\.\d{1,6}){0,2}(?:-[a-z]+(?:\.\d+)*)?"
);
form!(HASH, r"HEAD|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}");
form!(
    PORT,
    r"(?:(?:^|[:,] ?| )\d{1,5}(?:-\d{1,5})?(?:/(?:tcp|udp))?)+"
);
form!(SIZE, r"\d{0,10}(?:\.\d+)?[bkmgtBKMGT]?[bB]?");
form!(
    CRON,
    r"[0-9*/,-]+(?: (?:[0-9*/,L#?-]+|[A-Z]{3}(?:-[A-Z]{3})?)){4}"
);
form!(KEY, r"[a-z][a-z0-9]{0,24}(?:_[a-z0-9]{1,24}){0,8}|\d{1,6}");
form!(
    IMAGE,
    r"(?:[a-z.-]{1,30}/)*[a-z-]{1,30}(?::(?:[a-z-]{1,20}|v?\d{1,4}(?:\.\d{1,4}){0,3}(?:-[a-z]{1,12})?))?"
);
form!(VARIABLE, r"[A-Z][A-Z0-9]{0,24}(?:_[A-Z0-9]{1,24}){0,8}");
form!(
    FREQUENCY,
    r"every_minute|hourly|daily|weekly|monthly|yearly"
);

/// Returns whether a text that is not secret by its name can stay as it is.
pub(in crate::testing) fn is_harmless(name: &str, text: &str) -> bool {
    let named = |names: &[&str]| names.contains(&name);
    TIME.is_match(text)
        || is_number(name, text)
        || matches!(text, "true" | "false" | "null")
        || NAMES.contains(&text)
        || is_id(name, text)
        || named(VOCABULARY) && WORDS.is_match(text) && !has_long_mix(text)
        || named(CATALOGUE) && ENTRY.is_match(text) && !has_long_mix(text)
        || named(VERSIONS) && VERSION.is_match(text)
        || named(HASHES) && HASH.is_match(text)
        || named(PORTS) && PORT.is_match(text)
        || named(PATHS) && is_path(text)
        || name.starts_with("limits_") && SIZE.is_match(text)
        || name.ends_with("frequency") && (CRON.is_match(text) || FREQUENCY.is_match(text))
        || matches!(name, "image" | "static_image") && IMAGE.is_match(text) && !has_long_mix(text)
        || name == "docs" && text == "https://coolify.io/docs"
        || name == "preview_url_template" && text == "{{pr_id}}.{{domain}}"
}

/// Returns whether a text is the id of something.
pub(in crate::testing) fn is_id(name: &str, text: &str) -> bool {
    let is_named = name == "uuid"
        || name == "id"
        || name.ends_with("_uuid")
        || name.ends_with("_uuids")
        || name.ends_with("_id");
    is_named && !is_account(name) && UUID.is_match(text)
}

/// Returns whether a text is a number that counts or measures something.
fn is_number(name: &str, text: &str) -> bool {
    let measures = || MEASURES.iter().any(|end| name.ends_with(end)) && !is_account(name);
    !NOTES.contains(&name) && (NUMBER.is_match(text) || (LONG_NUMBER.is_match(text) && measures()))
}

fn is_account(name: &str) -> bool {
    ACCOUNTS.iter().any(|end| name.ends_with(end))
}

/// Returns whether a text is when a line was written, or on which of the two
/// streams.
pub(in crate::testing) fn is_about_a_line(name: &str, text: &str) -> bool {
    name == "timestamp" && TIME.is_match(text) || matches!(text, "stdout" | "stderr")
}

/// Returns whether a word of a longer text is only the name of an image.
pub(in crate::testing) fn is_image(text: &str) -> bool {
    text.contains(':') && IMAGE.is_match(text) && !has_long_mix(text)
}

/// Returns whether a key is the name of a field, or of a service in a compose
/// file.
pub(in crate::testing) fn is_key(key: &str) -> bool {
    KEY.is_match(key) && !has_long_mix(key)
}

/// Returns whether a field contains a hash of all settings, including secrets.
pub(in crate::testing) fn is_fingerprint(name: &str) -> bool {
    name.ends_with("_hash") || name.ends_with("_settings")
}

/// Returns whether a number is the place of a line in its log.
pub(in crate::testing) fn is_place_of_a_line(name: &str) -> bool {
    matches!(name, "batch" | "order")
}

/// Returns whether a text is the name of an environment variable.
pub(in crate::testing) fn is_variable(text: &str) -> bool {
    VARIABLE.is_match(text) && !has_long_mix(text)
}

/// Returns whether a text is a time.
pub(in crate::testing) fn is_time(text: &str) -> bool {
    TIME.is_match(text)
}

/// Returns whether a version, a time or a short number stands alone.
pub(in crate::testing) fn is_figure(text: &str) -> bool {
    NUMBER.is_match(text) || VERSION.is_match(text) || TIME.is_match(text)
}

fn is_path(text: &str) -> bool {
    text.split('/')
        .all(|part| PATH_PARTS.contains(&part) || UUID.is_match(part))
}

/// Returns whether letters and digits are mixed as in no word: alternating, or in
/// one piece that is longer than a word; or whether the letters follow each other
/// as in no word.
pub(in crate::testing) fn has_long_mix(text: &str) -> bool {
    let pieces = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    pieces.into_iter().any(|piece| {
        let mut turns = 0;
        let mut last = None;
        for letter in piece.bytes() {
            let digit = letter.is_ascii_digit();
            turns += usize::from(last.is_some_and(|last| last != digit));
            last = Some(digit);
        }
        turns > 2 || (turns > 0 && piece.len() > 10) || piece.len() > 24 || is_random(piece)
    })
}

/// Returns whether a piece of eight letters or more cannot be pronounced.
fn is_random(piece: &str) -> bool {
    let is_vowel = |it: u8| b"aeiouy".contains(&it.to_ascii_lowercase());
    let letters = piece.as_bytes();
    if letters.len() < 8 || !letters.iter().all(u8::is_ascii_alphabetic) {
        return false;
    }
    let humps = letters
        .windows(2)
        .filter(|it| it[0].is_ascii_lowercase() && it[1].is_ascii_uppercase());
    let are_strangers = |pair: &[u8]| {
        let [a, b] = [pair[0], pair[1]].map(|it| it.to_ascii_lowercase());
        // A capital letter begins a new word.
        let is_inside = pair[0].is_ascii_lowercase() == pair[1].is_ascii_lowercase();
        let mut known = STRANGERS.iter();
        is_inside && known.any(|(first, others)| *first == a && others.contains(&b))
    };
    humps.count() > 3
        || letters.windows(2).any(are_strangers)
        || letters.split(|it| is_vowel(*it)).any(|it| it.len() > 5)
}
