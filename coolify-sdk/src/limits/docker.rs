//! Parses amounts as Docker and Coolify do.
//!
//! Coolify passes memory to Docker as a text. It converts the number of
//! processors to a number first; PHP uses as many leading characters as look like
//! one.

/// Docker counts processors in billionths.
const NANO: f64 = 1e9;
/// The first number that is too large for Docker.
const MOST: f64 = 9_223_372_036_854_775_808.0;

/// Returns the number of bytes, or 0 for no limit; `None` for an invalid amount,
/// and for less than a byte.
pub(super) fn bytes(text: &str) -> Option<u64> {
    // Docker's value for unlimited swap space.
    if text == "-1" {
        return Some(0);
    }
    let (number, unit) = match text.split_once(' ') {
        Some(parts) => parts,
        None => text.split_at(text.rfind(|c: char| c.is_ascii_digit() || c == '.')? + 1),
    };
    // Docker drops fractions of a byte.
    whole(decimal(number)? * factor(unit)?, f64::floor)
}

/// Returns the number of bytes, or 0 for no limit, of an amount that Coolify has
/// stored. Coolify accepts any text; a text that Docker does not understand sets
/// no limit.
pub(super) fn stored_bytes(text: &str) -> u64 {
    bytes(text).unwrap_or(0)
}

/// Returns the number of billionths of a processor, or 0 for no limit; `None` for
/// an invalid number, and for less than a billionth.
pub(super) fn nanos(text: &str) -> Option<u64> {
    // A float can differ slightly from the number in the text.
    whole(decimal(text)? * NANO, f64::round)
}

/// Returns the number of billionths of a processor, or 0 for no limit, that
/// Coolify reads from any text.
pub(super) fn stored_nanos(text: &str) -> u64 {
    nanos(leading_number(text)).unwrap_or(0)
}

/// Returns the number of bytes of a unit: a letter, optionally followed by `b` or
/// `ib`.
fn factor(unit: &str) -> Option<f64> {
    let unit = unit.to_ascii_lowercase();
    let letter = match unit.as_str() {
        "" | "b" => return Some(1.0),
        unit => unit
            .strip_suffix("ib")
            .or(unit.strip_suffix('b'))
            .unwrap_or(unit),
    };
    let exponent = ["k", "m", "g", "t", "p"]
        .iter()
        .zip(1..)
        .find(|(it, _)| **it == letter)?
        .1;
    Some(1024_f64.powi(exponent))
}

fn decimal(text: &str) -> Option<f64> {
    let is_decimal = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    text.chars().all(is_decimal).then_some(text)?.parse().ok()
}

/// Returns the amount as a whole number, or `None` if it is out of range.
fn whole(amount: f64, rounded: fn(f64) -> f64) -> Option<u64> {
    // An amount that rounds to zero does not mean no limit.
    let is_countable = amount == 0.0 || (1.0..MOST).contains(&amount);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It is in the range.
    is_countable.then(|| rounded(amount) as u64)
}

/// Returns the leading characters that look like a decimal number.
fn leading_number(text: &str) -> &str {
    let prefixes = text.char_indices().filter_map(|(end, _)| text.get(..end));
    prefixes
        .chain([text])
        .rfind(|it| it.ends_with(|c: char| c.is_ascii_digit()) && decimal(it).is_some())
        .unwrap_or("0")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * KIB;
    const GIB: u64 = 1024 * MIB;

    /// The values come from the tests of Docker's own parser of sizes.
    #[test]
    fn sizes_are_what_docker_reads() {
        for (text, wanted) in [
            ("0", 0),
            ("0.", 0),
            ("0 b", 0),
            ("-0", 0),
            ("-0 B", 0),
            ("0M", 0),
            ("-1", 0),
            ("7", 7),
            ("7b", 7),
            ("7.", 7),
            ("7. B", 7),
            ("7.9", 7),
            ("1048576", MIB),
            ("64k", 64 * KIB),
            ("64Kib", 64 * KIB),
            ("64 KIB", 64 * KIB),
            (".5k", 512),
            ("0.3 K", 307),
            ("+.5g", GIB / 2),
            ("512M", 512 * MIB),
            ("512 MiB", 512 * MIB),
            ("512mB", 512 * MIB),
            ("32.3 mb", 33_869_004),
            ("1.5G", 3 * GIB / 2),
            ("1e3", 1000),
            ("1.5E1kb", 15 * KIB),
            ("2t", 2048 * GIB),
            ("3P", 3 * 1024 * 1024 * GIB),
        ] {
            assert_eq!(bytes(text), Some(wanted), "{text}");
            assert_eq!(stored_bytes(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_docker_does_not_read_is_no_size() {
        for bad in [
            "",
            ".",
            ". ",
            " ",
            "M",
            "k",
            "half",
            "-2",
            "-32 b",
            "1,5G",
            "1.2.3",
            "5x",
            "5ib",
            "5kk",
            "5bk",
            "5kib.",
            "5k b",
            "5  k",
            " 5",
            "5k ",
            "5e",
            "5ekb",
            "0x10",
            "1_000",
            "inf",
            "nan",
            "5e",
            "1/2",
            "8192p",
            "99999999999t",
            "\u{0665}k",
        ] {
            assert_eq!(bytes(bad), None, "{bad:?}");
            assert_eq!(stored_bytes(bad), 0, "{bad:?}");
        }
    }

    #[test]
    fn less_than_one_is_not_taken_for_no_limit() {
        for tiny in ["0.5", ".9b", "1e-9k"] {
            assert_eq!(bytes(tiny), None, "{tiny}");
        }
        assert_eq!(bytes("1e-3k"), Some(1));
        assert_eq!(nanos("1e-10"), None);
        assert_eq!(nanos("1e-9"), Some(1));
    }

    #[test]
    fn processors_are_decimal_numbers() {
        for (text, millis) in [
            ("0", 0),
            ("0.000", 0),
            ("2", 2000),
            ("2.", 2000),
            (".5", 500),
            ("+0.5", 500),
            ("0.50", 500),
            ("5e-1", 500),
            ("1.250", 1250),
            ("0.29", 290),
            ("1E1", 10_000),
        ] {
            assert_eq!(nanos(text), Some(millis * 1_000_000), "{text}");
            assert_eq!(stored_nanos(text), millis * 1_000_000, "{text}");
        }
        for bad in [
            "", ".", "-1", "1 core", "1,5", "1/2", "0x2", "half", "inf", "1e10",
        ] {
            assert_eq!(nanos(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn of_any_text_coolify_reads_the_number_at_its_beginning() {
        for (text, millis) in [
            ("1.5 cores", 1500),
            ("1/2", 1000),
            ("2e", 2000),
            ("3e1x", 30_000),
            ("1_000", 1000),
            ("0x10", 0),
            ("half", 0),
            ("", 0),
            ("-1", 0),
            ("\u{00bd}", 0),
            ("2\u{00bd}", 2000),
        ] {
            assert_eq!(stored_nanos(text), millis * 1_000_000, "{text:?}");
        }
    }
}
