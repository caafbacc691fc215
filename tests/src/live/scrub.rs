//! Takes out of a recording what is nobody's business, and leaves its form.
//!
//! The same text gets the same placeholder throughout a run, so that what
//! belonged together still does.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use regex::{Captures, Regex};
use serde_json::{Map, Value};

/// Fields whose text is replaced whole: secrets, and what people write
/// themselves and may hold any.
const HIDDEN: &[&str] = &[
    "command",
    "configuration",
    "content",
    "custom_docker_run_options",
    "custom_labels",
    "custom_nginx_configuration",
    "docker_compose",
    "docker_compose_raw",
    "dockerfile",
    "error_details",
    "fingerprint",
    "init_scripts",
    "logdrain_custom_config",
    "logdrain_custom_config_parser",
    "output",
    "passphrase",
    "public_key",
    "script",
    "smtp_username",
    "telegram_chat_id",
    "validation_logs",
];

/// How the names of such fields end.
const HIDDEN_ENDINGS: &[&str] = &[
    "_command",
    "_conf",
    "_key",
    "_user_key",
    "auth_username",
    "password",
    "secret",
    "secret_bitbucket",
    "secret_gitea",
    "secret_github",
    "secret_gitlab",
    "token",
    "webhook_url",
];

/// Fields that name a host, whatever its form.
const HOSTS: &[&str] = &["ip", "ip_previous", "smtp_host", "wildcard_domain"];

/// Hosts that everybody knows.
const PUBLIC: &[&str] = &[
    "bitbucket.org",
    "coolify.io",
    "docker.io",
    "example.com",
    "ghcr.io",
    "github.com",
    "gitlab.com",
    "host.docker.internal",
    "quay.io",
];

/// What looks like the end of a host's name and is that of a file's.
const FILES: &[&str] = &[
    "conf",
    "css",
    "db",
    "dockerfile",
    "dump",
    "env",
    "git",
    "gz",
    "html",
    "ini",
    "js",
    "json",
    "jsx",
    "key",
    "lock",
    "log",
    "md",
    "pem",
    "php",
    "png",
    "py",
    "rb",
    "sh",
    "sock",
    "sql",
    "svg",
    "tar",
    "toml",
    "ts",
    "tsx",
    "txt",
    "xml",
    "yaml",
    "yml",
    "zip",
];

/// What is found in any text.
static PATTERNS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?P<pem> -----BEGIN\ (?P<kind>[A-Z\ ]+)----- [\s\S]*? -----END\ [A-Z\ ]+-----\n? )
      | (?P<token>
            \b (?: ssh-rsa | ssh-ed25519 | ecdsa-sha2-[a-z0-9-]+ ) \s+ [A-Za-z0-9+/=]{20,}
          | \b eyJ[A-Za-z0-9_=-]{10,} (?: \.[A-Za-z0-9_=-]+ )*
          | \b \d+ \| [A-Za-z0-9]{20,}
          | \b (?: gh[pousr]_ | github_pat_ | glpat- | xox[abp]- ) [A-Za-z0-9_-]+
          | \b AKIA [0-9A-Z]{16} \b
        )
      | :// (?P<login> [^/\s@]+ ) @
      | (?P<email> [A-Za-z0-9._%+-]+ @ [A-Za-z0-9-]+ (?: \.[A-Za-z0-9-]+ )+ )
      | (?P<host> \b (?: [A-Za-z0-9] (?: [A-Za-z0-9-]* [A-Za-z0-9] )? \. )+ [A-Za-z]{2,} \b )
      | (?P<v4> \b \d{1,3} (?: \.\d{1,3} ){3} \b )
      | (?P<v6> [0-9A-Fa-f]{0,4} (?: :[0-9A-Fa-f]{0,4} ){2,7} )
        ",
    )
    .expect("it is one")
});

/// Remembers what it has replaced by what.
#[derive(Default)]
pub struct Scrubber {
    /// What is looked for in all texts.
    everywhere: BTreeMap<String, String>,
    secrets: BTreeMap<String, String>,
    hosts: BTreeMap<String, String>,
    addresses: BTreeMap<String, String>,
    people: BTreeMap<String, String>,
}

impl Scrubber {
    /// One that knows the token and the host of this run.
    pub fn new(token: &str, url: &str) -> Self {
        let mut scrubber = Self::default();
        let secret = token.split_once('|').map_or(token, |(_, secret)| secret);
        for text in [token.trim(), secret.trim()] {
            if text.len() >= 8 {
                scrubber.seek(text);
            }
        }
        let host = url.split("://").nth(1).unwrap_or(url);
        let host = host.split(['/', ':']).next().unwrap_or_default();
        let is_address = host.parse::<Ipv4Addr>().is_ok() || host == "localhost";
        if !host.is_empty() && !is_address {
            scrubber.host(host);
        }
        scrubber
    }

    /// Remembers the secrets that stand in fields of their own, so that they are
    /// also found inside of other texts.
    pub fn learn(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value {
                        Value::String(text) if is_hidden(name, fields) => {
                            if could_be_random(text) {
                                self.seek(text);
                            }
                        }
                        other => self.learn(other),
                    }
                }
            }
            _ => {}
        }
    }

    /// The same without what is nobody's business.
    pub fn scrub(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => items.iter().map(|item| self.scrub(item)).collect(),
            Value::Object(fields) => {
                let scrubbed = fields.iter().map(|(name, value)| {
                    let value = match value {
                        Value::String(text) if !text.is_empty() => {
                            Value::String(self.field(name, text, fields))
                        }
                        other => self.scrub(other),
                    };
                    // Names of fields can be hosts, as in a map of domains.
                    (self.text(name), value)
                });
                scrubbed.collect()
            }
            other => other.clone(),
        }
    }

    fn field(&mut self, name: &str, text: &str, siblings: &Map<String, Value>) -> String {
        if name == "logs" {
            return self.log(text);
        }
        if text.contains("-----BEGIN ") {
            return self.text(text);
        }
        if is_hidden(name, siblings) {
            return self.secret(text);
        }
        if name == "name" && siblings.contains_key("email") {
            return placeholder(&mut self.people, text, |number| format!("person-{number}"));
        }
        let scrubbed = self.text(text);
        if HOSTS.contains(&name) && scrubbed == text && !is_public(text) && !text.contains('/') {
            return self.host(text);
        }
        scrubbed
    }

    /// The lines of a deployment are JSON inside a text; those of a container are
    /// text.
    fn log(&mut self, text: &str) -> String {
        let Ok(Value::Array(mut lines)) = serde_json::from_str(text) else {
            return self.secret(text);
        };
        for line in &mut lines {
            *line = self.scrub(line);
        }
        Value::Array(lines).to_string()
    }

    fn text(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        for (secret, placeholder) in &self.everywhere {
            if text.contains(secret.as_str()) {
                text = text.replace(secret.as_str(), placeholder);
            }
        }
        for (host, placeholder) in &self.hosts {
            if text.contains(host.as_str()) && host.len() > 3 {
                text = text.replace(host.as_str(), placeholder);
            }
        }
        PATTERNS
            .replace_all(&text, |found: &Captures<'_>| self.pattern(found))
            .into_owned()
    }

    fn pattern(&mut self, found: &Captures<'_>) -> String {
        let whole = &found[0];
        if let Some(kind) = found.name("kind") {
            let kind = kind.as_str();
            let body = STANDARD.encode("scrubbed");
            return format!("-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n");
        }
        if found.name("token").is_some() {
            return self.secret(whole);
        }
        if found.name("login").is_some() {
            return "://scrubbed@".to_owned();
        }
        if let Some(email) = found.name("email") {
            let (user, host) = email.as_str().split_once('@').unwrap_or_default();
            // Not a person, but how git is spoken to over SSH.
            if user == "git" {
                return format!("git@{}", self.host(host));
            }
            let person = |number| format!("person-{number}@example.com");
            return placeholder(&mut self.people, whole, person);
        }
        if found.name("host").is_some() {
            return self.host(whole);
        }
        match (whole.parse::<Ipv4Addr>(), whole.parse::<Ipv6Addr>()) {
            (Ok(address), _) if !address.is_loopback() && !address.is_unspecified() => {
                let address = |number: usize| {
                    let (net, host) = (number / 254 % 2, number % 254 + 1);
                    format!("{}.{host}", ["203.0.113", "198.51.100"][net])
                };
                placeholder(&mut self.addresses, whole, address)
            }
            (_, Ok(address)) if !address.is_loopback() && !address.is_unspecified() => {
                placeholder(&mut self.addresses, whole, |number| {
                    format!("2001:db8::{number:x}")
                })
            }
            _ => whole.to_owned(),
        }
    }

    /// From now on this text is replaced wherever it stands.
    fn seek(&mut self, text: &str) {
        let placeholder = self.secret(text);
        if placeholder != text {
            self.everywhere.insert(text.to_owned(), placeholder);
        }
    }

    /// A placeholder that is also what a field in base64 may hold.
    fn secret(&mut self, text: &str) -> String {
        if self.secrets.values().any(|placeholder| placeholder == text) {
            return text.to_owned();
        }
        let make = |number| STANDARD.encode(format!("scrubbed {number}"));
        placeholder(&mut self.secrets, text, make)
    }

    fn host(&mut self, text: &str) -> String {
        let ending = text.rsplit('.').next().unwrap_or_default().to_lowercase();
        if is_public(text) || FILES.contains(&ending.as_str()) {
            return text.to_owned();
        }
        placeholder(&mut self.hosts, text, |number| {
            format!("host-{number}.example.com")
        })
    }
}

fn placeholder(
    known: &mut BTreeMap<String, String>,
    text: &str,
    make: impl FnOnce(usize) -> String,
) -> String {
    let number = known.len() + 1;
    known
        .entry(text.to_owned())
        .or_insert_with(|| make(number))
        .clone()
}

/// Whether a field's text is replaced whole.
fn is_hidden(name: &str, siblings: &Map<String, Value>) -> bool {
    let has = |name: &str| siblings.contains_key(name);
    match name {
        // Of a variable.
        "value" | "real_value" => has("key"),
        // Of an S3 storage; a variable's key is its name.
        "key" => has("bucket") || has("secret"),
        // What a command has put out; everywhere else the server's own words.
        "message" => has("status") && has("finished_at"),
        _ => HIDDEN.contains(&name) || HIDDEN_ENDINGS.iter().any(|end| name.ends_with(end)),
    }
}

/// Whether a text is nothing that also stands elsewhere by chance.
fn could_be_random(text: &str) -> bool {
    let has = |what: fn(&char) -> bool| text.chars().any(|letter| what(&letter));
    text.len() >= 8 && has(char::is_ascii_digit) && has(char::is_ascii_alphabetic)
}

fn is_public(host: &str) -> bool {
    let host = host.to_lowercase();
    host == "localhost"
        || PUBLIC.iter().any(|known| {
            host.strip_suffix(known)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Scrubber;

    fn scrubbed(value: &Value) -> Value {
        let mut scrubber = Scrubber::new("3|abcdefghij0123456789", "https://panel.acme.dev:8000");
        scrubber.learn(value);
        scrubber.scrub(value)
    }

    #[test]
    fn secrets_are_replaced_wherever_they_stand() {
        let value = scrubbed(&json!([
            {"postgres_password": "hunter2hunter2", "private_key": "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n"},
            {"internal_db_url": "postgres://app:hunter2hunter2@db5:5432/app", "start_command": "x"},
            {"key": "API", "value": "plain", "real_value": "'plain'"},
            {"note": "Bearer 3|abcdefghij0123456789 with hunter2hunter2"},
            {"logs": r#"[{"output": "password is plain", "hidden": false}]"#},
        ]));
        let text = value.to_string();
        for secret in ["hunter2", "plain", "abcdefghij", "abc\\n"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert_eq!(value[2]["key"], "API");
        assert!(
            value[0]["private_key"]
                .as_str()
                .unwrap()
                .starts_with("-----BEGIN RSA")
        );
        assert_eq!(
            value[1]["internal_db_url"],
            "postgres://scrubbed@db5:5432/app"
        );
    }

    #[test]
    fn hosts_addresses_and_people_get_placeholders() {
        let value = scrubbed(&json!({
            "fqdn": "https://shop.acme.dev:3000,http://k7x.198.51.7.9.sslip.io",
            "ip": "prod-one",
            "again": "see https://shop.acme.dev and panel.acme.dev",
            "address": "10.1.2.3/32 and 2a01:4f8::1",
            "user": {"name": "Ada", "email": "ada@acme.dev"},
            "git_repository": "git@github.com:acme/private.git",
        }));
        let text = value.to_string();
        for name in [
            "acme.dev",
            "sslip",
            "198.51.7.9",
            "prod-one",
            "10.1.2.3",
            "2a01",
            "Ada",
            "ada@",
        ] {
            assert!(!text.contains(name), "{name} in {text}");
        }
        assert_eq!(value["git_repository"], "git@github.com:acme/private.git");
        let fqdn = value["fqdn"].as_str().unwrap();
        let shop = fqdn.split([':', '/']).nth(3).unwrap();
        assert!(value["again"].as_str().unwrap().contains(shop), "{value}");
    }

    #[test]
    fn what_is_nobodys_secret_stays() {
        let value = json!({
            "uuid": "khzsv5nucvscskrm5gez3p8v",
            "status": "running:healthy",
            "created_at": "2026-11-22T00:23:08.000000Z",
            "at": "2026-11-22 00:23:08",
            "docker_compose_location": "/docker-compose.yml",
            "static_image": "nginx:alpine",
            "image": "ghcr.io/acme/web:1.2.3",
            "destination_type": "App\\Models\\StandaloneDocker",
            "version": "4.3.11",
            "message": "Application not found.",
            "count": 3,
            "frequency": "0 2 * * *",
            "nothing": null,
            "docker_compose_raw": "",
        });
        assert_eq!(scrubbed(&value), value);
    }
}
