//! Rules for texts.

/// A rule for a text.
pub(super) type Check = fn(&str) -> bool;

/// Writes the repetitions of a text out: `{a*63}` is 63 times `a`.
pub(super) fn written_out(text: &str) -> String {
    let repeated = regex::Regex::new(r"\{(\w+)\*(\d+)\}").unwrap();
    let write = |found: &regex::Captures<'_>| found[1].repeat(found[2].parse().unwrap());
    repeated.replace_all(text, write).into_owned()
}
