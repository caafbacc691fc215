//! Checks formats that matter to a decoder.

use serde_json::Value;

/// Returns whether the value has the format. Formats that do not matter always
/// match.
pub fn fits(format: &str, value: &Value) -> bool {
    match (format, value) {
        ("date-time", Value::String(text)) => is_date_time(text),
        ("date", Value::String(text)) => is_like(text, "0000-00-00"),
        ("uuid", Value::String(text)) => is_like(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
        ("int32", Value::Number(number)) => number
            .as_i64()
            .is_some_and(|number| i32::try_from(number).is_ok()),
        ("int64", Value::Number(number)) => number.as_i64().is_some(),
        _ => true,
    }
}

/// Returns whether a text looks like RFC 3339: 2026-01-31T12:00:00, optionally a
/// fraction, and a zone.
fn is_date_time(text: &str) -> bool {
    let form = "0000-00-00T00:00:00";
    let Some((moment, rest)) = text.split_at_checked(form.len()) else {
        return false;
    };
    let zone = rest.strip_prefix('.').map_or(rest, |fraction| {
        fraction.trim_start_matches(|digit: char| digit.is_ascii_digit())
    });
    is_like(moment, form) && (zone == "Z" || is_like(zone, "+00:00") || is_like(zone, "-00:00"))
}

/// Compares a text with a form in which `0` is any digit and `x` any hexadecimal
/// digit.
fn is_like(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text
            .bytes()
            .zip(form.bytes())
            .all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                b'x' => byte.is_ascii_hexdigit(),
                _ => byte == form,
            })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn date_times_are_those_of_rfc_3339() {
        for good in [
            "2026-01-31T12:00:00Z",
            "2026-01-31T12:00:00.000000Z",
            "2026-01-31T12:00:00+02:00",
        ] {
            assert!(fits("date-time", &json!(good)), "{good}");
        }
        for bad in [
            "2026-01-31 12:00:00",
            "2026-01-31T12:00:00",
            "2026-01-31",
            "",
            "yesterday, at noon!",
        ] {
            assert!(!fits("date-time", &json!(bad)), "{bad}");
        }
    }

    #[test]
    fn coolify_ids_are_no_uuids() {
        assert!(fits("uuid", &json!("67e55044-10b1-426f-9247-bb680e5fe0c8")));
        assert!(!fits("uuid", &json!("gwgmpnq6u26xpsihsouontfu")));
    }

    #[test]
    fn integers_have_a_size() {
        assert!(fits("int32", &json!(-5)));
        assert!(!fits("int32", &json!(3_000_000_000_i64)));
        assert!(fits("int64", &json!(3_000_000_000_i64)));
    }

    #[test]
    fn other_formats_are_words() {
        assert!(fits("private-key", &json!("anything")));
        assert!(fits("date-time", &json!(null)));
    }
}
