//! Words and their placeholders.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use regex::{Captures, Regex};

use super::{forms, sought::Sought};

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
#[expect(clippy::expect_used, reason = "the pattern is a constant")]
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

/// How a secret is replaced.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::testing) enum Style {
    /// By base64, as a whole. Fields that have to be base64 stay valid.
    #[default]
    Base64,
    /// By `scrubbed-1`, line by line. Nothing else of the text changes, so that it can
    /// be restored.
    Numbered,
}

/// The placeholders of [`Style::Numbered`] in a text.
#[expect(clippy::expect_used, reason = "the pattern is a constant")]
pub(in crate::testing) static PLACEHOLDERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) \b (?: scrubbed-\d+ | host-\d+\.example\.com | person-\d+@example\.com | part-\d+
        | 203\.0\.113\.\d+ | 198\.51\.100\.\d+ | 2001:db8::[0-9a-f]+ ) \b",
    )
    .expect("it is one")
});

/// The placeholders so far.
#[derive(Default)]
pub(in crate::testing) struct Words {
    style: Style,
    /// Texts that the user wants to keep, the longest first.
    kept: Vec<String>,
    /// Texts that must be replaced, however short they are.
    hidden: Vec<String>,
    secrets: BTreeMap<String, String>,
    hosts: BTreeMap<String, String>,
    addresses: BTreeMap<String, String>,
    people: BTreeMap<String, String>,
    parts: BTreeMap<String, String>,
    sought: Sought,
    /// Plain words that the user has sent, which are replaced as whole words only.
    sent: BTreeSet<String>,
    ids: BTreeSet<String>,
}

impl Words {
    pub(in crate::testing) fn numbered() -> Self {
        Self {
            style: Style::Numbered,
            ..Self::default()
        }
    }

    pub(in crate::testing) fn is_numbered(&self) -> bool {
        self.style == Style::Numbered
    }

    /// Registers a text that stays, in secrets too.
    pub(in crate::testing) fn keep(&mut self, text: &str) {
        self.kept.push(text.to_owned());
        self.kept.sort_by_key(|text| usize::MAX - text.len());
    }

    /// Registers a text that is replaced everywhere, however short or plain it is.
    pub(in crate::testing) fn hide(&mut self, text: &str) {
        for text in [text.to_owned(), STANDARD.encode(text)] {
            self.sought.add(&text);
            self.hidden.push(text);
        }
    }

    /// Returns whether the user wants a whole text to stay.
    pub(in crate::testing) fn is_kept(&self, text: &str) -> bool {
        self.kept.iter().any(|kept| kept == text) && !self.holds_hidden(text)
    }

    /// Returns whether a text contains one that must be replaced.
    pub(in crate::testing) fn holds_hidden(&self, text: &str) -> bool {
        let mut hidden = self.hidden.iter();
        hidden.any(|hidden| text.contains(hidden.as_str()))
    }

    /// Registers a secret, which is searched for in all texts from now on.
    pub(in crate::testing) fn learn(&mut self, secret: &str) {
        // The name of an image in a compose file is that of a field elsewhere.
        let words = secret
            .split_whitespace()
            .filter(|word| *word == secret || !forms::is_image(word));
        for text in words.chain([secret]) {
            let plain = text.bytes().all(|letter| letter.is_ascii_lowercase());
            if text.len() < SHORTEST || (plain && text.len() < 12) || forms::is_figure(text) {
                continue;
            }
            self.sought.add(text);
        }
    }

    /// Registers a text that was sent, which the server may repeat in a message.
    pub(in crate::testing) fn learn_whole(&mut self, text: &str) {
        if text.len() < SHORTEST || forms::is_figure(text) {
            return;
        }
        if text.len() < 12 && text.bytes().all(|it| it.is_ascii_lowercase()) {
            self.sent.insert(text.to_owned());
        } else {
            self.sought.add(text);
        }
    }

    /// Removes ids from the secrets: logs and labels contain them.
    pub(in crate::testing) fn settle(&mut self) {
        let Self {
            sought,
            ids,
            hidden,
            ..
        } = self;
        sought.retain(|text| !ids.contains(text) || hidden.iter().any(|it| it == text));
    }

    pub(in crate::testing) fn learn_host(&mut self, host: &str) {
        if !host.is_empty() && host.parse::<Ipv4Addr>().is_err() {
            self.host(host);
        }
    }

    pub(in crate::testing) fn learn_id(&mut self, id: &str) {
        self.ids.insert(id.to_owned());
    }

    pub(in crate::testing) fn holds_secret(&self, text: &str) -> bool {
        self.sought.is_any_in(text)
    }

    /// Returns a secret with placeholders, except for texts that the user keeps.
    pub(in crate::testing) fn secret(&mut self, text: &str) -> String {
        if self.style == Style::Base64 {
            return self.whole_secret(text);
        }
        let is_block = text.starts_with("-----BEGIN ");
        if !is_block && text.trim_end().contains('\n') {
            let lines = text.split('\n').map(|line| self.secret_line(line));
            return lines.collect::<Vec<_>>().join("\n");
        }
        self.secret_line(text)
    }

    /// Replaces a line of a secret. White space around it stays, and the time of a line
    /// of a log.
    fn secret_line(&mut self, line: &str) -> String {
        let core = line.trim();
        if core.is_empty() || self.is_kept(core) {
            return line.to_owned();
        }
        let (before, after) = line.split_once(core).unwrap_or_default();
        let inside = match core.split_once(' ') {
            Some((time, rest)) if forms::is_time(time) => {
                format!("{time} {}", self.secret_line(rest))
            }
            _ => self.secret_piece(core),
        };
        format!("{before}{inside}{after}")
    }

    /// Replaces a piece of a line, except for what the user wants to keep.
    fn secret_piece(&mut self, piece: &str) -> String {
        let Some((before, kept, after)) = self.around_kept(piece) else {
            return self.whole_secret(piece);
        };
        format!(
            "{}{kept}{}",
            self.secret_line(before),
            self.secret_line(after)
        )
    }

    /// Returns what is before and after a text that is kept, and the text with the
    /// punctuation around it. A part of a word is not kept: its placeholder would run into
    /// the rest.
    fn around_kept<'a>(&self, piece: &'a str) -> Option<(&'a str, &'a str, &'a str)> {
        let is_mark = |letter: char| !letter.is_alphanumeric();
        let kept = self.kept.iter().filter(|kept| !self.holds_hidden(kept));
        let mut found = kept.flat_map(|kept| piece.match_indices(kept.as_str()));
        found.find_map(|(at, kept)| {
            let (before, after) = (&piece[..at], &piece[at + kept.len()..]);
            let (before, after) = (
                before.trim_end_matches(is_mark),
                after.trim_start_matches(is_mark),
            );
            let (start, end) = (before.len(), piece.len() - after.len());
            let is_apart =
                (start < at || start == 0) && (end > at + kept.len() || after.is_empty());
            is_apart.then(|| (before, &piece[start..end], after))
        })
    }

    /// Returns the placeholder of a secret, which a field in base64 may hold too.
    fn whole_secret(&mut self, text: &str) -> String {
        if self.style == Style::Numbered {
            if is_numbered(text) {
                return text.to_owned();
            }
            return placeholder(&mut self.secrets, text, |number| {
                format!("scrubbed-{number}")
            });
        }
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
    pub(in crate::testing) fn unknown(&mut self, text: &str) -> String {
        if self.is_kept(text) {
            return text.to_owned();
        }
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
            let entries: Vec<_> = text.split(',').map(|entry| self.said(entry)).collect();
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
    pub(in crate::testing) fn said(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in self.sought.in_text(&text) {
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
        if let Some(block) = group("pem") {
            return match self.style {
                Style::Base64 => pem(group("kind").unwrap_or_default()),
                Style::Numbered => self.secret(block),
            };
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
        if self.sent.contains(word) && !self.is_kept(word) {
            return self.secret(word) + end;
        }
        let is_known = self.is_kept(word)
            || is_word(word)
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
        let (rest, query) = match rest.find(['?', '#']) {
            Some(at) if self.style == Style::Numbered => {
                let (mark, query) = rest[at..].split_at(1);
                (
                    &rest[..at],
                    format!("{mark}{}", self.whole_or_nothing(query)),
                )
            }
            Some(at) => (&rest[..at], "?scrubbed".to_owned()),
            None => (rest, String::new()),
        };
        let (place, path) = rest
            .split_once('/')
            .map_or((rest, None), |(place, path)| (place, Some(path)));
        let (login, place) = match place.rsplit_once('@') {
            Some((login, place)) if self.style == Style::Numbered => {
                (format!("{}@", self.whole_or_nothing(login)), place)
            }
            Some((_, place)) => ("scrubbed@".to_owned(), place),
            None => (String::new(), place),
        };
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

    fn whole_or_nothing(&mut self, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        self.whole_secret(text)
    }

    fn path(&mut self, path: &str) -> String {
        let parts = path.split('/').map(|part| {
            let is_open = PATHS.contains(&part) || self.ids.contains(part) || self.is_kept(part);
            if is_open || is_placeholder(part) {
                return part.to_owned();
            }
            placeholder(&mut self.parts, part, |number| format!("part-{number}"))
        });
        parts.collect::<Vec<_>>().join("/")
    }

    fn address(&mut self, text: &str) -> String {
        let (address, net) =
            text.split_once('/')
                .map_or((text, String::new()), |(address, net)| {
                    let is_net = net.len() < 4 && net.bytes().all(|it| it.is_ascii_digit());
                    let net = if is_net { net } else { "24" };
                    (address, format!("/{net}"))
                });
        let known = match (address.parse::<Ipv4Addr>(), address.parse::<Ipv6Addr>()) {
            (Ok(four), _) if four.is_loopback() || four.is_unspecified() => return text.to_owned(),
            (_, Ok(six)) if six.is_loopback() || six.is_unspecified() => return text.to_owned(),
            (Ok(_), _) => |number: usize| {
                let (net, host) = (number / 254 % 2, number % 254 + 1);
                format!("{}.{host}", ["203.0.113", "198.51.100"][net])
            },
            _ => |number| format!("2001:db8::{number:x}"),
        };
        placeholder(&mut self.addresses, address, known) + &net
    }

    fn host(&mut self, text: &str) -> String {
        let host = text.to_lowercase();
        let is_public = PUBLIC.iter().any(|known| {
            host.strip_suffix(known)
                .is_some_and(|rest| rest.is_empty() || is_placeholder(rest.trim_end_matches('.')))
        });
        if (is_public || self.is_kept(text)) && !self.holds_hidden(text) {
            return text.to_owned();
        }
        placeholder(&mut self.hosts, &host, |number| {
            format!("host-{number}.example.com")
        })
    }
}

/// Returns whether a text consists of one placeholder.
fn is_numbered(text: &str) -> bool {
    let number = text.strip_prefix("scrubbed-");
    number.is_some_and(|number| number.bytes().all(|it| it.is_ascii_digit()))
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
