//! Scrubs compose files line by line, and keeps their services readable.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use regex::Regex;

use super::{forms, words::Words};

/// A line with a key and perhaps a value, or an item of a list.
#[expect(clippy::expect_used, reason = "the pattern is a constant")]
static LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) ^ (?P<lead> \s* (?: -\s+ )* )
        (?: (?P<key> [A-Za-z0-9_.-]+ ) (?P<colon> : (?: \s+ | $ ) ) )?
        (?P<value> .*? ) (?P<end> \s* ) $",
    )
    .expect("it is one")
});

/// The words that a compose file has for values.
const WORDS: [&str; 12] = [
    "",
    "true",
    "false",
    "null",
    "no",
    "yes",
    "always",
    "unless-stopped",
    "on-failure",
    "|",
    "|-",
    ">",
];

/// Returns whether a field has a compose file as its value.
pub(super) fn is_compose(name: &str, text: &str) -> bool {
    name.contains("compose") && text.lines().any(|line| line.starts_with("services:"))
}

/// Returns the text that a field has in base64, as requests do.
pub(in crate::testing) fn decoded(text: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(text).ok()?).ok()
}

pub(super) fn encoded(text: &str) -> String {
    STANDARD.encode(text)
}

/// Returns a compose file without its values.
pub(super) fn scrub(words: &mut Words, text: &str) -> String {
    let lines = text.split('\n').map(|line| scrub_line(words, line));
    lines.collect::<Vec<_>>().join("\n")
}

fn scrub_line(words: &mut Words, line: &str) -> String {
    let Some(found) = LINE.captures(line).filter(|_| !words.holds_hidden(line)) else {
        return words.secret(line);
    };
    let group = |name| found.name(name).map_or("", |it| it.as_str());
    let (key, value) = (group("key"), group("value"));
    let is_open = forms::is_key(key) || forms::is_variable(key);
    let name = match key {
        "" => String::new(),
        _ if is_open && !words.holds_secret(key) => key.to_owned(),
        _ => words.secret(key),
    };
    let value = scrub_value(words, key, value);
    format!(
        "{}{name}{}{value}{}",
        group("lead"),
        group("colon"),
        group("end")
    )
}

/// Scrubs a value in its quotes. Of a variable in a list, its name stays.
fn scrub_value(words: &mut Words, key: &str, value: &str) -> String {
    let is_open = WORDS.contains(&value)
        || key == "image" && forms::is_harmless(key, value)
        || forms::is_harmless("ports", value);
    if is_open {
        return value.to_owned();
    }
    for quote in ['"', '\''] {
        let inside = value.strip_prefix(quote);
        if let Some(inside) = inside.and_then(|inside| inside.strip_suffix(quote)) {
            return format!("{quote}{}{quote}", scrub_value(words, key, inside));
        }
    }
    match value.split_once('=') {
        Some((name, value)) if key.is_empty() && forms::is_variable(name) => {
            format!("{name}={}", scrub_value(words, key, value))
        }
        _ if key.is_empty() && forms::is_variable(value) && value.contains('_') => value.to_owned(),
        _ => words.secret(value),
    }
}
