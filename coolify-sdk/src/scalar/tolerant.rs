//! Reads numbers as PHP sends them: as numbers or as text.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

/// A number or a text that contains one. A whole number may be a float without a
/// fraction.
pub(crate) struct Number<T>(pub(crate) T);

impl<'de, T: Scalar> Deserialize<'de> for Number<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Loose(PhantomData)).map(Number)
    }
}

/// Reads a number for serde's own derive; `None` if it is absent or null.
pub(crate) fn optional<'de, D: Deserializer<'de>, T: Scalar>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let number = Option::<Number<T>>::deserialize(deserializer)?;
    Ok(number.map(|number| number.0))
}

/// Reads text that is turned into another type, without an intermediate `String`.
pub(crate) fn text<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    make: impl FnOnce(&str) -> T,
) -> Result<T, D::Error> {
    struct Text<F>(F);
    impl<T, F: FnOnce(&str) -> T> Visitor<'_> for Text<F> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }
        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            Ok((self.0)(text))
        }
    }
    deserializer.deserialize_str(Text(make))
}

/// A type that a loosely typed scalar can be turned into.
pub(crate) trait Scalar: Sized {
    const WHAT: &'static str;
    fn from_integer(number: i64) -> Option<Self>;
    fn from_float(number: f64) -> Option<Self>;
    fn from_text(text: &str) -> Option<Self>;
}

impl Scalar for i64 {
    const WHAT: &'static str = "a whole number, as a number or as text";

    fn from_integer(number: i64) -> Option<Self> {
        Some(number)
    }

    // Up to 2^53, a float represents every whole number exactly.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the range is checked before"
    )]
    fn from_float(number: f64) -> Option<Self> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
    }

    fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        text.parse()
            .ok()
            .or_else(|| Self::from_float(text.parse().ok()?))
    }
}

impl Scalar for f64 {
    const WHAT: &'static str = "a number, or a number as text";

    #[expect(clippy::cast_precision_loss, reason = "a decimal is wanted")]
    fn from_integer(number: i64) -> Option<Self> {
        Some(number as f64)
    }

    fn from_float(number: f64) -> Option<Self> {
        Some(number)
    }

    fn from_text(text: &str) -> Option<Self> {
        text.trim().parse().ok()
    }
}

struct Loose<T>(PhantomData<T>);

impl<T: Scalar> Visitor<'_> for Loose<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::WHAT)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        T::from_integer(number).ok_or_else(|| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        i64::try_from(number)
            .ok()
            .and_then(T::from_integer)
            .ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        T::from_float(number).ok_or_else(|| E::invalid_value(Unexpected::Float(number), &self))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        // The text is not repeated, because it may be a secret.
        T::from_text(text).ok_or_else(|| E::invalid_value(Unexpected::Other("other text"), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: Scalar>(texts: &[&str]) -> Vec<Option<T>> {
        let read = |text: &&str| serde_json::from_str::<Number<T>>(text).ok();
        texts.iter().map(read).map(|it| it.map(|it| it.0)).collect()
    }

    #[test]
    fn whole_numbers_come_in_four_outlines() {
        let good = read::<i64>(&["22", "\"22\"", "22.0", "\"22.000\""]);
        assert_eq!(good, [Some(22); 4]);
        let bad = read::<i64>(&["22.5", "\"x\"", "1e300", "true", "null"]);
        assert_eq!(bad, [None; 5]);
    }

    #[test]
    fn a_float_is_a_whole_number_as_long_as_it_is_exact() {
        let most = 9_007_199_254_740_992;
        let exact = read::<i64>(&["9007199254740992.0", "\"9.007199254740992e15\""]);
        assert_eq!(exact, [Some(most); 2]);
        assert_eq!(read::<i64>(&["-9007199254740992.0"]), [Some(-most)]);
        let beyond = read::<i64>(&["9007199254740994.0", "-9007199254740994.0"]);
        assert_eq!(beyond, [None; 2]);
    }

    #[test]
    fn decimals_come_as_text_too() {
        let good = read::<f64>(&["\"1.5\"", "3"]);
        assert_eq!(good, [Some(1.5), Some(3.0)]);
    }

    #[test]
    fn an_invalid_number_is_described_without_its_text() {
        let told = |text: &str| {
            let whole = serde_json::from_str::<Number<i64>>(text).err();
            let decimal = serde_json::from_str::<Number<f64>>(text).err();
            [whole, decimal].map(|it| it.map(|it| it.to_string().replace(" at line 1 column", "")))
        };
        let what = [
            "a whole number, as a number or as text",
            "a number, or a number as text",
        ];
        let both = |found: &str, column: usize| {
            what.map(|it| Some(format!("invalid {found}, expected {it} {column}")))
        };
        assert_eq!(told("\"s3cret\""), both("value: other text", 8));
        assert_eq!(told("[]"), both("type: sequence", 2));
        assert_eq!(told("true"), both("type: boolean `true`", 4));
        let [whole, decimal] = told("1.5");
        let refused = format!(
            "invalid value: floating point `1.5`, expected {} 3",
            what[0]
        );
        assert_eq!((whole, decimal), (Some(refused), None));
        let [whole, _] = told("9223372036854775808");
        let refused = format!(
            "invalid value: integer `9223372036854775808`, expected {} 19",
            what[0]
        );
        assert_eq!(whole, Some(refused));
    }

    #[test]
    fn white_space_around_a_number_is_passed_over() {
        assert_eq!(read::<i64>(&["\" 22 \"", "\"22\\n\""]), [Some(22); 2]);
        assert_eq!(read::<f64>(&["\" 1.5\""]), [Some(1.5)]);
    }
}
