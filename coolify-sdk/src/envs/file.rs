//! Files of environment variables.
//!
//! What Docker Compose reads is read here, but for one thing: nothing is ever
//! put in for a `$VARIABLE`, least of all from the environment of this process.
//! Coolify does that, when it deploys.

use std::path::Path;
use std::str::FromStr;

use super::sync::check_key;
use crate::Secret;
use crate::error::{Error, ErrorKind, Result};

/// The variables of a `.env` file, in its order.
///
/// - Empty lines and lines that begin with `#` are passed over, and so is
///   `export` before a key.
/// - A value without quotes ends with its line or before a ` #`, and is trimmed.
/// - A value in `'…'` is taken as it stands (`\'` is a quote); one in `"…"`
///   knows `\n`, `\r`, `\t`, `\\`, `\"` and `\$`. Both can have several lines.
/// - `KEY=` is an empty value; a line with only `KEY` says that there is such a
///   variable and nothing about its value, which a sync then leaves as it is.
/// - The last line of a key counts.
///
/// A `$` in quotes that keep it, `'…$…'` and `"…\$…"`, makes the variable
/// [literal](EnvEntry::is_literal), since Coolify would otherwise put something
/// in for it; a value of several lines makes it a multi-line one.
///
/// ```
/// use coolify_sdk::envs::EnvFile;
///
/// let file = EnvFile::parse("export PORT=3000 # of the container\nGREETING='hello, world'\n")?;
/// let greeting = &file.entries()[1];
/// assert_eq!(greeting.key, "GREETING");
/// assert_eq!(greeting.value.as_ref().unwrap().expose(), "hello, world");
/// # Ok::<(), coolify_sdk::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvFile {
    entries: Vec<EnvEntry>,
}

/// One variable of an [`EnvFile`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EnvEntry {
    /// The variable's name.
    pub key: String,
    /// Its value; `None` where the file has only the key.
    pub value: Option<Secret>,
    /// Whether there is a `$` in the value that stands for itself.
    pub is_literal: bool,
}

impl EnvEntry {
    /// Whether the value has several lines.
    #[must_use]
    pub fn is_multiline(&self) -> bool {
        let value = self.value.as_ref().map_or("", Secret::expose);
        value.trim().contains('\n')
    }
}

impl EnvFile {
    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] with the number of the line that is wrong,
    /// and nothing of what it says.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let text = text.replace("\r\n", "\n");
        let mut parser = Parser {
            rest: &text,
            line: 1,
        };
        let mut entries: Vec<EnvEntry> = Vec::new();
        while !parser.rest.is_empty() {
            let start = parser.line;
            let entry = parser.entry().map_err(|what| {
                let summary = format!("line {start} of the file: {what}");
                Error::new(ErrorKind::InvalidRequest, summary)
            })?;
            let Some(entry) = entry else { continue };
            entries.retain(|earlier| earlier.key != entry.key);
            entries.push(entry);
        }
        Ok(Self { entries })
    }

    /// Reads a file from the disk.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] when there is no such file, it is not
    /// UTF-8, or a line of it is wrong.
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|cause| {
            let summary = format!("the file `{}` could not be read", path.display());
            Error::new(ErrorKind::InvalidRequest, summary).with_source(cause)
        })?;
        Self::parse(&text)
    }

    /// The variables.
    #[must_use]
    pub fn entries(&self) -> &[EnvEntry] {
        &self.entries
    }
}

impl FromStr for EnvFile {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

impl IntoIterator for EnvFile {
    type Item = EnvEntry;
    type IntoIter = std::vec::IntoIter<EnvEntry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

type Parsed<T> = Result<T, &'static str>;

const NO_KEY: &str = "a key has letters, digits, `_` and `.`, and begins with a letter or `_`";

struct Parser<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Parser<'a> {
    /// What the next line or lines say; `None` for an empty one and a comment.
    fn entry(&mut self) -> Parsed<Option<EnvEntry>> {
        let line = self.rest.split('\n').next().unwrap_or_default();
        let start = line.trim_start();
        if start.is_empty() || start.starts_with('#') {
            self.end_of_line();
            return Ok(None);
        }
        let Some(equals) = line.find('=') else {
            let key = key(without_comment(self.end_of_line()))?;
            return Ok(Some(EnvEntry {
                key,
                value: None,
                is_literal: false,
            }));
        };
        let key = key(&line[..equals])?;
        self.rest = &self.rest[equals + 1..];
        let (value, is_literal) = self.value()?;
        Ok(Some(EnvEntry {
            key,
            value: Some(value.into()),
            is_literal,
        }))
    }

    /// A value, and whether it has a `$` that stands for itself.
    fn value(&mut self) -> Parsed<(String, bool)> {
        let start = self.rest.trim_start_matches([' ', '\t']);
        let Some(quote @ ('\'' | '"')) = start.chars().next() else {
            return Ok((without_comment(self.end_of_line()).trim().to_owned(), false));
        };
        self.rest = &start[1..];
        let value = self.quoted(quote)?;
        let after = self.end_of_line().trim_start();
        if !after.is_empty() && !after.starts_with('#') {
            return Err("there is something after the closing quote");
        }
        Ok(value)
    }

    /// All up to the closing quote.
    fn quoted(&mut self, quote: char) -> Parsed<(String, bool)> {
        let mut value = String::new();
        let (mut kept, mut open) = (false, false);
        let mut letters = self.rest.char_indices();
        while let Some((at, letter)) = letters.next() {
            let after = self.rest[at + letter.len_utf8()..].chars().next();
            match (letter, after) {
                _ if letter == quote => {
                    self.line += self.rest[..at].matches('\n').count();
                    self.rest = &self.rest[at + 1..];
                    if kept && open {
                        return Err("Coolify puts something in for all `$` of a value or for \
                                    none, so `\\$` cannot stand beside `$`");
                    }
                    return Ok((value, kept));
                }
                ('\\', Some(escaped)) if escaped == quote => {
                    value.push(escaped);
                    letters.next();
                }
                ('\\', Some(escaped @ ('n' | 'r' | 't' | '\\' | '$'))) if quote == '"' => {
                    kept |= escaped == '$';
                    value.push(match escaped {
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        other => other,
                    });
                    letters.next();
                }
                _ => {
                    kept |= letter == '$' && quote == '\'';
                    open |= letter == '$' && quote == '"';
                    value.push(letter);
                }
            }
        }
        Err("the closing quote is missing")
    }

    /// The rest of the line, which is left behind.
    fn end_of_line(&mut self) -> &'a str {
        let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
        self.rest = rest;
        self.line += 1;
        line
    }
}

fn key(text: &str) -> Parsed<String> {
    let text = text.trim();
    let key = match text.strip_prefix("export") {
        Some(rest) if rest.starts_with([' ', '\t']) => rest.trim_start(),
        _ => text,
    };
    if check_key(key) {
        Ok(key.to_owned())
    } else {
        Err(NO_KEY)
    }
}

/// A comment begins with a `#` after a blank.
fn without_comment(text: &str) -> &str {
    let mut before = None;
    for (at, letter) in text.char_indices() {
        if letter == '#' && before.is_some_and(char::is_whitespace) {
            return &text[..at];
        }
        before = Some(letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{EnvEntry, EnvFile};

    fn only(text: &str) -> EnvEntry {
        let mut file = EnvFile::parse(text).unwrap().into_iter();
        let entry = file.next().unwrap();
        assert_eq!(file.next(), None);
        entry
    }

    fn value(text: &str) -> String {
        only(text).value.unwrap().expose().to_owned()
    }

    #[test]
    fn values_are_read_as_docker_compose_reads_them() {
        let cases = [
            ("A=1", "1"),
            ("A=1\r\n", "1"),
            ("\u{feff}A=1", "1"),
            ("  export A = 1  ", "1"),
            ("A=", ""),
            ("A= # nothing", ""),
            ("A=#1", "#1"),
            ("A=1#2 # 3", "1#2"),
            ("A=b c", "b c"),
            ("A=b=c", "b=c"),
            ("A=it's", "it's"),
            ("A=\\n", "\\n"),
            ("A=$HOME", "$HOME"),
            ("A='  b # c  ' # d", "  b # c  "),
            ("A='b\\nc'", "b\\nc"),
            ("A='it\\'s'", "it's"),
            ("A=\"b\\nc\\t\\\"d\\\" \\\\ \\x\"", "b\nc\t\"d\" \\ \\x"),
            ("A=\"b\nc\n\" # d\n", "b\nc\n"),
            ("A='b\n# c'", "b\n# c"),
            ("A=ä€", "ä€"),
            ("A=\"ä€\"#", "ä€"),
        ];
        for (text, expected) in cases {
            assert_eq!(value(text), expected, "{text:?}");
        }
    }

    #[test]
    fn nothing_is_put_in_for_a_dollar() {
        for (text, expected, is_literal) in [
            ("A=$PATH", "$PATH", false),
            ("A=\"${PATH}\"", "${PATH}", false),
            ("A='pa$$word'", "pa$$word", true),
            ("A=\"pa\\$word\"", "pa$word", true),
            ("A='plain'", "plain", false),
        ] {
            let entry = only(text);
            assert_eq!(entry.value.unwrap().expose(), expected);
            assert_eq!(entry.is_literal, is_literal, "{text}");
        }
        assert!(EnvFile::parse("A=\"\\$1 $HOME\"").is_err());
    }

    #[test]
    fn a_key_alone_says_nothing_about_the_value() {
        for text in ["A", "export A", "A # to be set by hand"] {
            assert_eq!((only(text).key.as_str(), only(text).value), ("A", None));
        }
    }

    #[test]
    fn several_lines_are_noticed() {
        assert!(only("A=\"-----BEGIN\\n-----END\"").is_multiline());
        assert!(only("A='b\nc'").is_multiline());
        assert!(!only("A='b\n'").is_multiline());
    }

    #[test]
    fn the_last_of_a_key_counts() {
        let file = EnvFile::parse("# all\n\nA=1\nB=2\nA=3\n").unwrap();
        let keys: Vec<_> = file.entries().iter().map(|e| e.key.as_str()).collect();
        assert_eq!(keys, ["B", "A"]);
        assert_eq!(file.entries()[1].value, Some("3".into()));
    }

    #[test]
    fn a_wrong_line_is_named_and_not_shown() {
        for text in [
            "A=1\nB='s3cret\n",
            "A=\"1\n2\"\n=s3cret",
            "\nmy s3cret",
            "#\n1A=s3cret",
            "\nA='b' s3cret",
            "\nA-B=s3cret",
        ] {
            let error = EnvFile::parse(text).unwrap_err();
            let line = if text.contains("\n2") { 3 } else { 2 };
            let shown = format!("{error} {error:?}");
            assert!(shown.contains(&format!("line {line} ")), "{shown}");
            assert!(error.is_invalid_request() && !shown.contains("s3cret"));
        }
    }
}
