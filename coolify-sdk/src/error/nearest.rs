//! Suggestions for a name that does not exist.

use super::{Detail, Error};

/// The number of names that are suggested.
const MOST: usize = 3;

/// From 0 (nothing in common) to 1 (equal): less similar names are not suggested.
const SIMILAR: f64 = 0.5;

/// A shorter part that two names have in common is not suggested.
const SHORTEST_PART: usize = 3;

/// The suggestions, as a detail of an error.
struct Suggestions(Vec<String>);

impl Detail for Suggestions {}

impl Error {
    /// Adds the names that are most similar to the wanted one, and mentions them in the
    /// hint.
    pub(crate) fn suggesting<'a>(
        self,
        wanted: &str,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let nearest = nearest(wanted, names);
        if nearest.is_empty() {
            return self;
        }
        let quoted: Vec<_> = nearest.iter().map(|name| format!("{name:?}")).collect();
        self.and_hint(format_args!("similar names are {}", quoted.join(", ")))
            .with_detail(Suggestions(nearest))
    }

    /// Returns the existing names that are most similar to a name that does not exist,
    /// the most similar one first.
    #[must_use]
    pub fn suggestions(&self) -> &[String] {
        self.detail::<Suggestions>().map_or(&[], |it| &it.0)
    }
}

/// Returns the names that are most similar, each once.
pub(crate) fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let wanted = wanted.to_lowercase();
    let rated = names.into_iter().filter_map(|name| {
        let lower = name.to_lowercase();
        let shorter = wanted.len().min(lower.len());
        let is_part = lower.contains(&wanted) || wanted.contains(&lower);
        let is_part = is_part && shorter >= SHORTEST_PART;
        let likeness = strsim::normalized_damerau_levenshtein(&wanted, &lower);
        let likeness = if is_part {
            likeness.max(SIMILAR)
        } else {
            likeness
        };
        (likeness >= SIMILAR).then_some((likeness, name))
    });
    let mut rated: Vec<_> = rated.collect();
    rated.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    rated.dedup_by_key(|it| it.1);
    rated
        .into_iter()
        .take(MOST)
        .map(|it| it.1.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn similar_names_come_first() {
        let names = ["shop-api", "shop", "blog", "shopp", "SHOP", "shop"];
        assert_eq!(nearest("shpo", names), ["SHOP", "shop", "shopp"]);
        assert_eq!(nearest("api", names), ["shop-api"]);
        assert_eq!(nearest("blog-of-mine", names), ["blog"]);
        assert_eq!(nearest("zzz", names), [""; 0]);
    }

    #[test]
    fn short_parts_are_not_similar_and_at_most_three_names_are_suggested() {
        assert_eq!(nearest("abc", ["abc-of-many-words"]), ["abc-of-many-words"]);
        assert_eq!(nearest("ab", ["ab-of-many-words"]), [""; 0]);
        assert_eq!(nearest("ab-of-many-words", ["ab"]), [""; 0]);
        assert_eq!(nearest("ab", ["ac", "xy"]), ["ac"], "half of it is equal");
        assert_eq!(nearest("abcd", ["abxyz"]), [""; 0]);
        let names = ["shop4", "shop2", "shop3", "shop1"];
        assert_eq!(nearest("SHOP", names), ["shop1", "shop2", "shop3"]);
    }
}
