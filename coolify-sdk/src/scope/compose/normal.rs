//! The normal form of a compose file: only blocks, text in double quotes, and no
//! aliases.
//!
//! A plain word without quotes stays without quotes, so that Coolify reads a
//! number as a number.

use std::fmt::Write as _;

use crate::compose::{Node, Scalar};

pub(super) fn write(file: &Node) -> String {
    let mut text = String::new();
    block(&mut text, file, 0);
    text
}

/// Writes a node on its own lines.
fn block(out: &mut String, node: &Node, depth: usize) {
    let indent = "  ".repeat(depth);
    match node {
        Node::Map(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                out.push_str(&indent);
                quote(out, key);
                out.push(':');
                after(out, value, depth);
            }
        }
        Node::List(items) if !items.is_empty() => {
            for item in items {
                out.push_str(&indent);
                out.push('-');
                after(out, item, depth);
            }
        }
        node => {
            out.push_str(&indent);
            inline(out, node);
            out.push('\n');
        }
    }
}

/// Writes a node after a key or a dash.
fn after(out: &mut String, node: &Node, depth: usize) {
    match node {
        Node::Map(entries) if !entries.is_empty() => {
            out.push('\n');
            block(out, node, depth + 1);
        }
        Node::List(items) if !items.is_empty() => {
            out.push('\n');
            block(out, node, depth + 1);
        }
        node => {
            out.push(' ');
            inline(out, node);
            out.push('\n');
        }
    }
}

fn inline(out: &mut String, node: &Node) {
    match node {
        Node::Map(_) => out.push_str("{}"),
        Node::List(_) => out.push_str("[]"),
        node if node.is_null() => out.push_str("null"),
        Node::Scalar(Scalar { text, is_plain }) if *is_plain && is_word(text) => out.push_str(text),
        Node::Scalar(scalar) => quote(out, &scalar.text),
    }
}

/// Returns whether every YAML parser reads the text in the same way without
/// quotes.
fn is_word(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let starts = digits.starts_with(|it: char| it.is_ascii_alphanumeric());
    let is_text = text.starts_with(|it: char| it.is_ascii_alphabetic());
    let fits =
        |it: char| it.is_ascii_alphanumeric() || "._-+".contains(it) || (is_text && it == '/');
    starts && digits.chars().all(fits)
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for it in text.chars() {
        match it {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            it if it.is_control() || matches!(it, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(it));
            }
            it => out.push(it),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::parse;

    #[test]
    fn it_says_the_same_in_one_way() {
        let file = "\
x-all: &all {a: 1, 'b': [1.10, yes, ~, '', \"te\\x61m\", no thing]}
services:
  web: # a comment
    <<: *all
    command: >-
      one
      two
    list:
    - - deep
    - {}
    - k: |
        one
        \"two\" \\
    empty: []
    image: nginx:1.25
    on: 2024-01-01
    n: -1
    dash: '-'
    odd: \"\\e\\u2028\"
";
        let read = parse(file).expect("readable");
        let text = write(&read);
        let again = parse(&text).expect("readable");
        assert_eq!(write(&again), text);
        let services = text.split("\"services\":").nth(1).expect("services");
        let wanted = "
  \"web\":
    \"a\": 1
    \"b\":
      - 1.10
      - yes
      - null
      - \"\"
      - \"team\"
      - \"no thing\"
    \"command\": \"one two\"
    \"list\":
      -
        - deep
      - {}
      -
        \"k\": \"one\\n\\\"two\\\" \\\\\\n\"
    \"empty\": []
    \"image\": \"nginx:1.25\"
    \"on\": 2024-01-01
    \"n\": -1
    \"dash\": \"-\"
    \"odd\": \"\\u001b\\u2028\"
";
        assert_eq!(services, wanted);
    }
}
