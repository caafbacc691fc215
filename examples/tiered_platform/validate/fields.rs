//! The fields that are passed on to Coolify unchanged, each with its rule.

use serde_json::{Map, Value};

use super::Reader;

/// A field of the platform's API, and the field of Coolify that it sets.
struct Field {
    name: &'static str,
    coolify: &'static str,
    rule: Rule,
    /// Whether null clears it.
    is_clearable: bool,
}

#[derive(Clone, Copy)]
enum Rule {
    Bool,
    /// A whole number in this range.
    Number(i64, i64),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A command of at most 1,000 characters.
    Command,
    /// A path that begins with a slash.
    Path,
    /// A text of at most this many characters.
    Text(usize),
    Restarts,
}

const LONGEST_COMMAND: usize = 1_000;
const HEALTH_CHECK: &str = "health_check";
const HOUR: i64 = 3_600;

#[rustfmt::skip] // one line each
const FIELDS: &[Field] = &[
    Field::clearable("install_command", "install_command", Rule::Command),
    Field::clearable("build_command", "build_command", Rule::Command),
    Field::clearable("start_command", "start_command", Rule::Command),
    Field::clearable("pre_deployment_command", "pre_deployment_command", Rule::Command),
    Field::clearable("post_deployment_command", "post_deployment_command", Rule::Command),
    Field::new("restart_policy", "max_restart_count", Rule::Restarts),
];

/// The fields of the object `health_check`.
#[rustfmt::skip] // one line each
const HEALTH_CHECK_FIELDS: &[Field] = &[
    Field::new("health_check.enabled", "health_check_enabled", Rule::Bool),
    Field::new("health_check.type", "health_check_type", Rule::Word(&["http", "cmd"])),
    Field::clearable("health_check.command", "health_check_command", Rule::Command),
    Field::new("health_check.path", "health_check_path", Rule::Path),
    Field::clearable("health_check.port", "health_check_port", Rule::Number(1, 65_535)),
    Field::new("health_check.method", "health_check_method", Rule::Word(&["GET", "HEAD", "POST", "OPTIONS"])),
    Field::new("health_check.scheme", "health_check_scheme", Rule::Word(&["http", "https"])),
    Field::new("health_check.host", "health_check_host", Rule::Text(253)),
    Field::new("health_check.return_code", "health_check_return_code", Rule::Number(100, 599)),
    Field::clearable("health_check.response_text", "health_check_response_text", Rule::Text(200)),
    Field::new("health_check.interval", "health_check_interval", Rule::Number(1, HOUR)),
    Field::new("health_check.timeout", "health_check_timeout", Rule::Number(1, HOUR)),
    Field::new("health_check.retries", "health_check_retries", Rule::Number(1, 100)),
    Field::new("health_check.start_period", "health_check_start_period", Rule::Number(0, HOUR)),
];

impl Field {
    const fn new(name: &'static str, coolify: &'static str, rule: Rule) -> Self {
        Self {
            name,
            coolify,
            rule,
            is_clearable: false,
        }
    }

    const fn clearable(name: &'static str, coolify: &'static str, rule: Rule) -> Self {
        Self {
            is_clearable: true,
            ..Self::new(name, coolify, rule)
        }
    }

    fn read(&self, reader: &mut Reader, value: &Value) -> Option<Value> {
        if value.is_null() && self.is_clearable {
            return Some(Value::Null);
        }
        match self.rule {
            Rule::Bool => reader.bool(self.name, value).map(Value::from),
            Rule::Number(least, most) => match value.as_i64() {
                Some(number) if (least..=most).contains(&number) => Some(number.into()),
                _ => {
                    let message = format!("has to be a whole number from {least} to {most}");
                    reader.fault(self.name, message);
                    None
                }
            },
            Rule::Word(words) => {
                let word = value.as_str().filter(|it| words.contains(it));
                if word.is_none() {
                    reader.fault(self.name, format!("has to be one of {}", words.join(", ")));
                }
                word.map(Value::from)
            }
            Rule::Command => {
                let text = reader.text(self.name, value, LONGEST_COMMAND);
                text.map(Value::from)
            }
            Rule::Text(longest) => reader.text(self.name, value, longest).map(Value::from),
            Rule::Path => path(reader, self.name, value).map(Value::from),
            Rule::Restarts => restarts(reader, self.name, value).map(Value::from),
        }
    }
}

/// Validates the fields, and adds the corresponding fields of Coolify.
pub(super) fn read(reader: &mut Reader, fields: &mut Map<String, Value>) {
    for field in FIELDS {
        if let Some(value) = reader.take(field.name)
            && let Some(value) = field.read(reader, &value)
        {
            fields.insert(field.coolify.to_owned(), value);
        }
    }
    match reader.take(HEALTH_CHECK) {
        None => {}
        Some(Value::Object(mut given)) => {
            for field in HEALTH_CHECK_FIELDS {
                if let Some(value) = given.remove(inner(field.name))
                    && let Some(value) = field.read(reader, &value)
                {
                    fields.insert(field.coolify.to_owned(), value);
                }
            }
            for name in given.keys() {
                reader.fault(format!("{HEALTH_CHECK}.{name}"), "there is no such field");
            }
        }
        Some(_) => reader.fault(HEALTH_CHECK, "has to be an object"),
    }
}

/// Returns the name without `health_check.`.
fn inner(name: &'static str) -> &'static str {
    name.split_once('.').map_or(name, |(_, inner)| inner)
}

/// Reads a path of a repository or of a URL.
pub(super) fn path(reader: &mut Reader, field: &str, value: &Value) -> Option<String> {
    let path = reader.text(field, value, 255)?;
    let fits = |it: char| it.is_ascii_alphanumeric() || "/._-~@+".contains(it);
    if !path.starts_with('/') || !path.chars().all(fits) {
        let message = "has to begin with `/` and consist of letters, digits and `/ . _ - ~ @ +`";
        reader.fault(field, message);
        return None;
    }
    if path.split('/').any(|part| part == "..") {
        reader.fault(field, "may not contain `..`");
        return None;
    }
    Some(path)
}

/// Reads a restart policy, and returns after how many crashes Coolify gives up; 0 for
/// never.
///
/// Coolify always starts containers with Docker's policy `unless-stopped`, and can stop
/// one that has crashed this many times in a row. That is not quite Docker's
/// `on-failure:N`, which does not restart after a success, but the purpose is the same.
/// Coolify has nothing that corresponds to `no` and `always`.
fn restarts(reader: &mut Reader, field: &str, value: &Value) -> Option<i64> {
    let policy = value.as_str().unwrap_or_default();
    let times = policy
        .strip_prefix("on-failure:")
        .and_then(|it| it.parse().ok());
    match (policy, times) {
        ("unless-stopped", _) => return Some(0),
        (_, Some(times @ 1..=1_000)) => return Some(times),
        ("no" | "always", _) => reader.fault(
            field,
            "Coolify has no such policy: use `unless-stopped` or `on-failure:N`",
        ),
        _ => reader.fault(
            field,
            "has to be `unless-stopped` or `on-failure:N`, with N from 1 to 1000",
        ),
    }
    None
}

/// Returns the name that a field of Coolify has in the API of the platform.
pub fn platform_name(coolify: &str) -> String {
    let known = FIELDS.iter().chain(HEALTH_CHECK_FIELDS);
    let mut names = known.map(|field| (field.coolify, field.name)).chain([
        ("limits_cpus", "cpu"),
        ("limits_memory", "memory"),
        ("limits_memory_swap", "memory"),
        ("ports_exposes", "ports"),
        ("git_repository", "repository"),
        ("git_branch", "branch"),
        ("docker_registry_image_name", "image"),
        ("docker_registry_image_tag", "image"),
        ("domains", "subdomain"),
        ("fqdn", "subdomain"),
    ]);
    let name = names.find(|(field, _)| *field == coolify);
    name.map_or(coolify, |(_, name)| name).to_owned()
}
