//! Rejects YAML that Coolify's parser reads differently from other parsers.
//!
//! Each rule is for something that both parsers accept and read differently.

use saphyr_parser::{Event, ScalarStyle, Span};

use super::{Step, UNKNOWN_TAG, Unreadable};

const INVISIBLE: &str = "there is an invisible character outside of quotes";

/// The text of a file, which the rules need in addition to the events of the
/// parser.
pub(super) struct Source<'a> {
    lines: Vec<&'a str>,
    letters: Vec<char>,
}

/// Where an event is.
#[derive(Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they do not exclude each other"
)]
pub(super) struct Place<'a> {
    pub(super) is_key: bool,
    pub(super) in_list: bool,
    /// Whether it is within `{…}` or `[…]`.
    pub(super) in_flow: bool,
    /// The key whose value it is.
    pub(super) key: Option<&'a str>,
    pub(super) is_root: bool,
}

impl<'a> Source<'a> {
    #[allow(
        dead_code,
        reason = "for the scope, which checks what the server resolves"
    )]
    pub(super) fn new(text: &'a str) -> Result<Self, Unreadable> {
        let refused = |at: usize, what| Unreadable {
            line: text[..at].matches('\n').count() + 1,
            what,
        };
        let is_odd = |letter: char| {
            letter == '\u{feff}' || (letter.is_control() && !matches!(letter, '\t' | '\n' | '\r'))
        };
        if let Some(at) = text.find(is_odd) {
            return Err(refused(at, INVISIBLE));
        }
        // After a quoted key, Coolify does not accept the tab before the colon.
        for (at, _) in text.match_indices('\t') {
            if text[at..].trim_start_matches(['\t', ' ']).starts_with(':') {
                return Err(refused(at, "there is a tab before a colon"));
            }
        }
        Ok(Self {
            lines: text.split('\n').collect(),
            letters: text.chars().collect(),
        })
    }

    /// Returns whether a bracket begins here.
    pub(super) fn opens_flow(&self, span: &Span) -> bool {
        let last = span.end.index().checked_sub(1).filter(|_| !span.is_empty());
        let last = last.and_then(|at| self.letters.get(at));
        matches!(last, Some('{' | '['))
    }

    pub(super) fn check(&self, event: &Event<'_>, span: &Span, place: Place<'_>) -> Step<()> {
        let (anchor, tag) = match event {
            Event::Scalar(_, _, anchor, tag)
            | Event::SequenceStart(anchor, tag)
            | Event::MappingStart(anchor, tag) => (*anchor, tag),
            _ => return Ok(()),
        };
        if tag.is_some() {
            return Err(UNKNOWN_TAG);
        }
        if anchor > 0 && !self.is_plain_anchor(span, place) {
            return Err("the anchor is at a place where Coolify does not see it");
        }
        let is_map = matches!(event, Event::MappingStart(..));
        if is_map && place.is_root && span.start.col() > 0 {
            return Err("the file is indented");
        }
        if is_map && place.in_flow && !self.opens_flow(span) {
            return Err("a pair within brackets needs braces");
        }
        if let Event::Scalar(text, style, ..) = event {
            let is_folded = span.start.line() != span.end.line();
            return scalar(text, *style, is_folded, place);
        }
        Ok(())
    }

    /// Returns whether an anchor is the first thing after the key or the dash of
    /// its line.
    fn is_plain_anchor(&self, span: &Span, place: Place<'_>) -> bool {
        if place.is_key || place.in_flow || place.key == Some("<<") {
            return false;
        }
        let line = span.start.line().checked_sub(1);
        let line = line.and_then(|line| self.lines.get(line));
        let mut letters = line.map_or("".chars(), |line| line.chars());
        let before: String = letters.by_ref().take(span.start.col()).collect();
        let name = letters.as_str().strip_prefix('&').unwrap_or_default();
        let is_name = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
        let after = name.trim_start_matches(is_name);
        before.ends_with([' ', '\t'])
            && before.trim_end().ends_with([':', '-'])
            && after.len() < name.len()
            && (after.trim().is_empty() || after.starts_with(' '))
    }
}

fn scalar(text: &str, style: ScalarStyle, is_folded: bool, place: Place<'_>) -> Step<()> {
    let is_plain = style == ScalarStyle::Plain;
    if is_plain && text.contains(|it: char| it.is_whitespace() && !it.is_ascii()) {
        return Err(INVISIBLE);
    }
    if is_folded && matches!(style, ScalarStyle::Plain | ScalarStyle::SingleQuoted) {
        return Err("a text of several lines needs double quotes, `|` or `>`");
    }
    if is_plain && place.is_key && (text.is_empty() || text.contains(is_special)) {
        return Err("the key needs quotes");
    }
    if is_plain && place.in_list && text.is_empty() {
        return Err("the item is empty");
    }
    Ok(())
}

fn is_special(letter: char) -> bool {
    letter.is_whitespace() || "'\"[]{}#&*!|>%@`\\,?".contains(letter)
}
