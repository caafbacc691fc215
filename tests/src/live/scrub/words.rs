//! Words and their placeholders.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use regex::{Captures, Regex};

use super::forms;

/// Well-known hosts.
const PUBLIC: &[&str] = &[
    "bitbucket.org",
    "coolify.io",
    "docker.io",
    "example.com",
    "ghcr.io",
    "github.com",
    "gitlab.com",
    "host.docker.internal",
    "localhost",
    "quay.io",
];

/// Parts of the paths of public APIs.
const PATHS: &[&str] = &["", "api", "v1", "v4", "docs"];

/// Words that may follow the word for a secret in a sentence.
const PROSE: &[&str] = &[
    "a",
    "already",
    "an",
    "being",
    "currently",
    "expired",
    "in",
    "invalid",
    "missing",
    "no",
    "not",
    "of",
    "required",
    "the",
    "too",
    "used",
    "wrong",
];

/// The minimum length of a text that is searched for in others; shorter texts are
/// common words.
const SHORTEST: usize = 6;

/// Parts of a text with a form of their own.
static SHAPES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        (?P<pem> -----BEGIN\ (?P<kind>[A-Z\ ]+)----- [\s\S]*? (?: -----END\ [A-Z\ ]+-----\n? | \z ) )
      | (?P<url> [a-z][a-z0-9+.-]* :// [^\s"'`<>]+ )
      | (?P<ssh> \b git@ [^\s"'`<>]+ )
      | (?P<email> [A-Za-z0-9._%+-]+ @ [A-Za-z0-9-]+ (?: \.[A-Za-z0-9-]+ )+ )
      | (?i: \b (?P<word> [a-z0-9_-]* (?: pass(?:word|wd|phrase)? | pwd | secret | token | key | authorization ) )
            (?P<is> \s* (?: => | = | : ) \s* (?: (?: basic | bearer ) \s+ )? | \s+ is \s+ ) (?P<told> [^\s,;]+ ) )
      | (?i: \b (?P<scheme> basic | bearer ) (?P<gap> \s+ ) (?P<credentials> [^\s,;]+ ) )
      | (?P<v6> \b [0-9A-Fa-f]{1,4} (?: :{1,2} [0-9A-Fa-f]{1,4} ){2,7} (?: :: )? (?: /\d+ )? )
      | (?P<bare> [^\s"'`(),;<>\[\]{}]+ )
        "#,
    )
    .expect("it is one")
});

/// The placeholders so far.
#[derive(Default)]
pub(super) struct Words {
    secrets: BTreeMap<String, String>,
    hosts: BTreeMap<String, String>,
    addresses: BTreeMap<String, String>,
    people: BTreeMap<String, String>,
    parts: BTreeMap<String, String>,
    /// The longest first: one secret can begin with another.
    sought: Vec<String>,
    ids: BTreeSet<String>,
}

impl Words {
    /// Registers a secret, which is searched for in all texts from now on.
    pub(super) fn learn(&mut self, secret: &str) {
        // The name of an image in a compose file is that of a field elsewhere.
        let words = secret
            .split_whitespace()
            .filter(|word| *word == secret || !forms::is_image(word));
        for text in words.chain([secret]) {
            let plain = text.bytes().all(|letter| letter.is_ascii_lowercase());
            if text.len() < SHORTEST || (plain && text.len() < 12) || forms::is_figure(text) {
                continue;
            }
            if !self.sought.iter().any(|known| known == text) {
                self.sought.push(text.to_owned());
            }
        }
        self.sought.sort_by_key(|text| usize::MAX - text.len());
    }

    pub(super) fn learn_host(&mut self, host: &str) {
        if !host.is_empty() && host.parse::<Ipv4Addr>().is_err() {
            self.host(host);
        }
    }

    pub(super) fn learn_id(&mut self, id: &str) {
        self.ids.insert(id.to_owned());
    }

    pub(super) fn holds_secret(&self, text: &str) -> bool {
        self.sought
            .iter()
            .any(|secret| text.contains(secret.as_str()))
    }

    /// Returns the placeholder of a secret, which a field in base64 may hold too.
    pub(super) fn secret(&mut self, text: &str) -> String {
        if let Some(kind) = text.strip_prefix("-----BEGIN ") {
            return pem(kind
                .split_once("-----")
                .map_or("PRIVATE KEY", |(kind, _)| kind));
        }
        if self.secrets.values().any(|placeholder| placeholder == text) {
            return text.to_owned();
        }
        let make = |number| STANDARD.encode(format!("scrubbed {number}"));
        placeholder(&mut self.secrets, text, make)
    }

    /// Returns what stands for a text of no known form: addresses keep theirs.
    pub(super) fn unknown(&mut self, text: &str) -> String {
        let entries = text.split(',').map(str::trim);
        let is_address = |entry: &str| {
            entry.contains("://")
                || entry.starts_with("git@")
                || entry.parse::<Ipv4Addr>().is_ok()
                || entry.parse::<Ipv6Addr>().is_ok()
                || is_host(entry)
        };
        if entries
            .clone()
            .all(|entry| is_address(entry) && !entry.contains(char::is_whitespace))
        {
            let entries: Vec<_> = entries.map(|entry| self.said(entry)).collect();
            return entries.join(",");
        }
        match text.split_once('@') {
            Some((_, host)) if is_host(host) && !text.contains(char::is_whitespace) => {
                self.said(text)
            }
            _ => self.secret(text),
        }
    }

    /// Returns what a server says without the words that are not plain English.
    pub(super) fn said(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in self.sought.clone() {
            if text.contains(&secret) {
                let placeholder = self.secret(&secret);
                text = text.replace(&secret, &placeholder);
            }
        }
        SHAPES
            .replace_all(&text, |found: &Captures<'_>| self.shape(found))
            .into_owned()
    }

    fn shape(&mut self, found: &Captures<'_>) -> String {
        let group = |name| found.name(name).map(|it| it.as_str());
        if group("pem").is_some() {
            return pem(group("kind").unwrap_or_default());
        }
        if let Some(url) = group("url") {
            return self.url(url);
        }
        if let Some(ssh) = group("ssh") {
            let (host, path) = ssh[4..].split_once(':').unwrap_or((&ssh[4..], ""));
            let (host, path) = (self.host(host), self.path(path));
            return format!("git@{host}:{path}");
        }
        if let Some(email) = group("email") {
            let person = |number| format!("person-{number}@example.com");
            return placeholder(&mut self.people, email, person);
        }
        if let (Some(word), Some(is), Some(told)) = (group("word"), group("is"), group("told")) {
            let prose = told.trim_end_matches(['.', '!']).to_lowercase();
            let told = if PROSE.contains(&&*prose) {
                told.to_owned()
            } else {
                self.secret(told)
            };
            return format!("{}{is}{told}", self.word(word));
        }
        if let (Some(scheme), Some(gap), Some(told)) =
            (group("scheme"), group("gap"), group("credentials"))
        {
            let is_word = told.bytes().all(|it| it.is_ascii_lowercase()) && told.len() < SHORTEST;
            let told = if is_word {
                told.to_owned()
            } else {
                self.secret(told)
            };
            return format!("{scheme}{gap}{told}");
        }
        if let Some(address) = group("v6") {
            return self.address(address);
        }
        self.word(&found[0])
    }

    /// Returns a word unchanged if it is a plain one, or if it is the name of a
    /// field, a number or something with an id.
    fn word(&mut self, whole: &str) -> String {
        let word = whole.trim_end_matches(['.', ':', '!', '?']);
        let end = &whole[word.len()..];
        let is_word = |text: &str| {
            text.len() <= 24
                && text
                    .bytes()
                    .all(|it| it.is_ascii_alphabetic() || b"-_/\\".contains(&it))
                && !forms::has_long_mix(text)
        };
        let is_known = is_word(word)
            || forms::is_figure(word)
            || forms::is_key(word)
            || word.bytes().all(|it| it.is_ascii_punctuation())
            || self.ids.contains(word)
            || self.secrets.values().any(|known| known == word);
        if is_known {
            return whole.to_owned();
        }
        let bare = word.split_once('/').map_or(word, |(address, _)| address);
        let kept = match bare.parse::<Ipv4Addr>() {
            Ok(_) => self.address(word),
            Err(_) if is_host(word) => self.host(word),
            Err(_) => self.secret(word),
        };
        kept + end
    }

    fn url(&mut self, url: &str) -> String {
        let (scheme, rest) = url.split_once("://").unwrap_or_default();
        let (rest, query) = rest
            .split_once(['?', '#'])
            .map_or((rest, ""), |(rest, _)| (rest, "?scrubbed"));
        let (place, path) = rest
            .split_once('/')
            .map_or((rest, None), |(place, path)| (place, Some(path)));
        let (login, place) = place
            .rsplit_once('@')
            .map_or(("", place), |(_, place)| ("scrubbed@", place));
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|it| it.is_ascii_digit()) => {
                (host, format!(":{port}"))
            }
            _ => (place, String::new()),
        };
        let host = match host.parse::<Ipv4Addr>() {
            Ok(_) => self.address(host),
            Err(_) => self.host(host),
        };
        let path = path.map(|path| format!("/{}", self.path(path)));
        format!(
            "{scheme}://{login}{host}{port}{}{query}",
            path.unwrap_or_default()
        )
    }

    fn path(&mut self, path: &str) -> String {
        let parts = path.split('/').map(|part| {
            if PATHS.contains(&part) || self.ids.contains(part) || is_placeholder(part) {
                return part.to_owned();
            }
            placeholder(&mut self.parts, part, |number| format!("part-{number}"))
        });
        parts.collect::<Vec<_>>().join("/")
    }

    fn address(&mut self, text: &str) -> String {
        let (address, net) = text
            .split_once('/')
            .map_or((text, ""), |(address, _)| (address, "/24"));
        let known = match (address.parse::<Ipv4Addr>(), address.parse::<Ipv6Addr>()) {
            (Ok(four), _) if four.is_loopback() || four.is_unspecified() => return text.to_owned(),
            (_, Ok(six)) if six.is_loopback() || six.is_unspecified() => return text.to_owned(),
            (Ok(_), _) => |number: usize| {
                let (net, host) = (number / 254 % 2, number % 254 + 1);
                format!("{}.{host}", ["203.0.113", "198.51.100"][net])
            },
            _ => |number| format!("2001:db8::{number:x}"),
        };
        placeholder(&mut self.addresses, address, known) + net
    }

    fn host(&mut self, text: &str) -> String {
        let host = text.to_lowercase();
        let is_public = PUBLIC.iter().any(|known| {
            host.strip_suffix(known)
                .is_some_and(|rest| rest.is_empty() || is_placeholder(rest.trim_end_matches('.')))
        });
        if is_public {
            return text.to_owned();
        }
        placeholder(&mut self.hosts, &host, |number| {
            format!("host-{number}.example.com")
        })
    }
}

fn pem(kind: &str) -> String {
    let body = STANDARD.encode("scrubbed");
    format!("-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n")
}

/// Returns whether a word has dots as the name of a host has.
fn is_host(text: &str) -> bool {
    let labels = || text.split('.');
    labels().count() > 1
        && labels().all(|label| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|it| it.is_ascii_alphanumeric() || b"-_*".contains(&it))
        })
}

/// Returns whether a part of a name is one of ours, or a word that was told from
/// none.
fn is_placeholder(part: &str) -> bool {
    let number = part
        .strip_prefix("host-")
        .or_else(|| part.strip_prefix("part-"));
    number.is_some_and(|number| number.bytes().all(|it| it.is_ascii_digit()))
        || matches!(part, "www" | "api" | "app" | "hooks")
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
