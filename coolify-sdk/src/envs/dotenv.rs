//! Parses `.env` files as Docker Compose does.

use super::sync::check_key;

/// One statement of a file.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) key: String,
    pub(super) value: Option<Value>,
}

#[derive(Debug, Default)]
pub(super) struct Value {
    pub(super) text: String,
    /// Whether it contains a literal `$`.
    pub(super) is_literal: bool,
}

/// The number of the line that cannot be parsed, and the reason.
pub(super) type Fault = (usize, &'static str);

const NO_KEY: &str =
    "Coolify accepts only keys of letters, digits, `_` and `.` that begin with a letter or `_`";
const NO_DATA: &str =
    "this looks like base64 instead of a variable; if it is a variable, put its value in quotes";
const MIXED: &str = "Coolify replaces all `$` of a value or none, so a value cannot contain both \
     an escaped `$` and a reference";

/// Iterates over the statements of a file.
pub(super) struct Statements<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Statements<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { text, rest: text }
    }

    /// Skips empty lines and comments.
    fn skip(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            if !self.rest.starts_with('#') {
                return;
            }
            self.end_of_line();
        }
    }

    /// Returns the rest of the line, and moves to the next line.
    fn end_of_line(&mut self) -> &'a str {
        let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
        self.rest = rest;
        line
    }

    fn line(&self) -> usize {
        let read = self.text.len() - self.rest.len();
        let newlines = self.text.bytes().take(read).filter(|byte| *byte == b'\n');
        newlines.count() + 1
    }

    /// Parses the next statement, which can have several lines; `None` if it has
    /// no effect.
    fn statement(&mut self) -> Result<Option<Statement>, &'static str> {
        let line = self.rest.split('\n').next().unwrap_or_default();
        let named = match line.strip_prefix("export") {
            Some(rest) if rest.starts_with(is_blank) => rest.trim_start_matches(is_blank),
            _ => line,
        };
        self.rest = &self.rest[line.len() - named.len()..];
        let Some(end) = before_comment(named).find(['=', ':']) else {
            let key = before_comment(self.end_of_line()).trim();
            if key.is_empty() || is_passed_over(key) {
                return Ok(None);
            }
            return Ok(Some(Statement {
                key: checked(key)?,
                value: None,
            }));
        };
        let key = named[..end].trim();
        self.rest = self.rest[end + 1..].trim_start_matches(is_blank);
        let value = if let Some(quote @ ('\'' | '"')) = self.rest.chars().next() {
            self.rest = &self.rest[1..];
            self.quoted(quote)?
        } else {
            let text = before_comment(self.end_of_line()).trim_end();
            if is_data(key, text) {
                return Err(NO_DATA);
            }
            with_references(text)?
        };
        if is_passed_over(key) {
            return Ok(None);
        }
        Ok(Some(Statement {
            key: checked(key)?,
            value: Some(value),
        }))
    }

    /// Parses a value up to the closing quote, and the rest of that line.
    fn quoted(&mut self, quote: char) -> Result<Value, &'static str> {
        let mut text = String::new();
        let mut letters = self.rest.char_indices();
        let end = loop {
            match letters.next() {
                None => return Err("the closing quote is missing"),
                Some((at, letter)) if letter == quote => break at,
                Some((_, '\\')) => match letters.next() {
                    Some((_, escaped)) if escaped == quote => text.push(quote),
                    Some((_, other)) => text.extend(['\\', other]),
                    None => {}
                },
                Some((_, letter)) => text.push(letter),
            }
        };
        self.rest = &self.rest[end + 1..];
        let after = self.end_of_line().trim_start();
        if !after.is_empty() && !after.starts_with('#') {
            return Err("there is text after the closing quote");
        }
        if quote == '"' {
            return with_references(&unescaped(&text));
        }
        Ok(Value {
            is_literal: text.contains('$'),
            text,
        })
    }
}

impl Iterator for Statements<'_> {
    type Item = Result<Statement, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.skip();
            if self.rest.is_empty() {
                return None;
            }
            let line = self.line();
            match self.statement() {
                Ok(None) => {}
                Ok(Some(statement)) => return Some(Ok(statement)),
                Err(what) => {
                    self.rest = "";
                    return Some(Err((line, what)));
                }
            }
        }
    }
}

fn checked(key: &str) -> Result<String, &'static str> {
    if check_key(key) {
        Ok(key.to_owned())
    } else {
        Err(NO_KEY)
    }
}

/// Returns whether it is white space that does not end a line.
fn is_blank(letter: char) -> bool {
    matches!(
        letter,
        '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}'
    )
}

/// Returns the text before a comment, which begins with a `#` after a space.
fn before_comment(text: &str) -> &str {
    text.split(" #").next().unwrap_or_default()
}

/// Returns whether a key begins with a digit. Docker Compose reads such keys and
/// ignores them.
fn is_passed_over(key: &str) -> bool {
    key.starts_with(|letter: char| letter.is_ascii_digit())
        && key
            .chars()
            .all(|letter| letter.is_alphanumeric() || "_.-[]".contains(letter))
}

/// Returns whether a line is padded base64, which would be read as a key.
fn is_data(key: &str, value: &str) -> bool {
    const SHORTEST: usize = 20;
    let has = |what: fn(&char) -> bool| key.chars().any(|letter| what(&letter));
    let length = key.len() + 1 + value.len();
    matches!(value, "" | "=")
        && length >= SHORTEST
        && length.is_multiple_of(4)
        && key.chars().all(|letter| letter.is_ascii_alphanumeric())
        && has(char::is_ascii_lowercase)
        && has(char::is_ascii_uppercase)
        && has(char::is_ascii_digit)
}

/// Resolves the escapes of a value in double quotes. An escaped `$` becomes `$$`.
fn unescaped(text: &str) -> String {
    let mut value = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        value.push_str(before);
        let letter = after.chars().next().unwrap_or_default();
        rest = after.get(letter.len_utf8()..).unwrap_or_default();
        match letter {
            'a' => value.push('\u{7}'),
            'b' => value.push('\u{8}'),
            'f' => value.push('\u{c}'),
            'n' => value.push('\n'),
            'r' => value.push('\r'),
            't' => value.push('\t'),
            'v' => value.push('\u{b}'),
            '"' | '\\' => value.push(letter),
            '$' => value.push_str("$$"),
            '0' => {
                let digits = rest.bytes().take(3).take_while(u8::is_ascii_digit).count();
                let (digits, after) = rest.split_at(digits);
                rest = after;
                match u8::from_str_radix(digits, 8) {
                    Ok(byte) if digits.len() == 3 => value.push(char::from(byte)),
                    _ => {
                        value.push('\\');
                        value.push_str(digits);
                    }
                }
            }
            _ => {
                // Not an escape: the backslash is literal.
                value.push('\\');
                rest = after;
            }
        }
    }
    value + rest
}

/// Interprets the `$` of a value: `$$`, and a `$` without a name after it, are a
/// literal `$`. References are kept, because Coolify replaces them.
fn with_references(text: &str) -> Result<Value, &'static str> {
    let mut value = Value::default();
    let mut is_open = false;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        value.text.push_str(before);
        value.text.push('$');
        rest = after.strip_prefix('$').unwrap_or(after);
        let name = after.strip_prefix('{').unwrap_or(after);
        if name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_') {
            is_open = true;
        } else {
            value.is_literal = true;
        }
    }
    if is_open && value.is_literal {
        return Err(MIXED);
    }
    value.text.push_str(rest);
    Ok(value)
}

/// Returns whether each `$` of a value begins a reference.
pub(super) fn has_only_references(value: &str) -> bool {
    with_references(value).is_ok_and(|read| !read.is_literal && read.text == value)
}
