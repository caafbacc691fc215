//! The texts that are searched for in others. A log of a deployment adds thousands.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};

/// The longest text of which each part is looked up. In longer ones, each secret is
/// searched for.
const SHORT: usize = 64;

/// Texts to search for, the longest first: one secret can begin with another.
#[derive(Default)]
pub(super) struct Sought {
    by_length: BTreeSet<(Reverse<usize>, String)>,
    all: HashSet<String>,
}

impl Sought {
    pub(super) fn add(&mut self, text: &str) {
        if self.all.insert(text.to_owned()) {
            self.by_length
                .insert((Reverse(text.len()), text.to_owned()));
        }
    }

    pub(super) fn retain(&mut self, keeps: impl Fn(&str) -> bool) {
        self.all.retain(|text| keeps(text));
        self.by_length.retain(|(_, text)| keeps(text));
    }

    /// Returns whether a text contains one of them.
    pub(super) fn is_any_in(&self, text: &str) -> bool {
        if text.len() > SHORT {
            return self.fitting(text).any(|secret| text.contains(secret));
        }
        let starts = 0..text.len();
        starts.into_iter().any(|start| {
            let mut ends = start + 1..=text.len();
            ends.any(|end| {
                text.get(start..end)
                    .is_some_and(|part| self.all.contains(part))
            })
        })
    }

    /// Returns those that a text contains, the longest first.
    pub(super) fn in_text(&self, text: &str) -> Vec<String> {
        let fitting = self.fitting(text);
        fitting
            .filter(|secret| text.contains(*secret))
            .map(str::to_owned)
            .collect()
    }

    /// Returns those that are not longer than a text.
    fn fitting(&self, text: &str) -> impl Iterator<Item = &str> {
        let longest = (Reverse(text.len()), String::new());
        self.by_length
            .range(longest..)
            .map(|(_, secret)| secret.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_in_short_and_in_long_texts() {
        let mut sought = Sought::default();
        for text in ["opensesame", "open", "süß-geheim"] {
            sought.add(text);
        }
        let long = "-".repeat(SHORT);
        for (text, is_found) in [
            ("open", true),
            ("opn", false),
            ("", false),
            ("reopening", true),
            ("sü", false),
            ("ein süß-geheimes Wort", true),
            ("ope n", false),
        ] {
            assert_eq!(sought.is_any_in(text), is_found, "{text}");
            assert_eq!(
                sought.is_any_in(&format!("{long}{text}")),
                is_found,
                "{text}"
            );
        }
        assert_eq!(sought.in_text("an opensesame"), ["opensesame", "open"]);
        sought.retain(|text| text != "opensesame");
        assert_eq!(sought.in_text("opensesame"), ["open"]);
        assert!(!sought.is_any_in("sesame"));
    }
}
