//! The maximum size of a reply: in bytes, and once it is decoded.

/// Enough for the logs of several long deployments in one reply.
pub(crate) const USUAL: usize = 64 * 1024 * 1024;

/// Smaller replies are decoded without a check.
const SMALL: usize = 64 * 1024;

/// A reply of the default size may contain 65,536 objects. An application is
/// about six objects, each of which takes up to 4,400 bytes in memory.
const BYTES_AN_OBJECT: usize = 1024;

/// A reply of the default size may contain 4,194,304 values. Coolify's values
/// have 13 bytes each, and the decoded values at most a hundred.
const BYTES_A_VALUE: usize = 16;

/// The maximum size of a reply in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit(pub(crate) usize);

impl Limit {
    pub(super) fn is_exceeded_by(self, length: usize) -> bool {
        length > self.0
    }

    /// Returns whether decoding the reply would take many times as much memory as
    /// its text: in `[{},{},{},…` an object takes three bytes of text and
    /// thousands of bytes of memory.
    pub(super) fn is_exceeded_by_values(self, json: &[u8]) -> bool {
        if json.len() <= SMALL {
            return false;
        }
        // A lower limit of bytes does not lower the limit of values: a small reply
        // may contain many small objects.
        let limit = self.0.max(USUAL);
        let Count { objects, values } = count(json);
        objects > limit / BYTES_AN_OBJECT || values > limit / BYTES_A_VALUE
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Count {
    objects: usize,
    /// The number of objects and arrays, and of further members in both.
    values: usize,
}

impl Count {
    fn add(&mut self, byte: u8) {
        self.objects += usize::from(byte == b'{');
        self.values += usize::from(matches!(byte, b'{' | b'[' | b','));
    }
}

fn count(json: &[u8]) -> Count {
    let mut count = Count {
        objects: 0,
        values: 0,
    };
    let mut bytes = json.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte == b'"' {
            count_in_text(&mut bytes, &mut count);
        } else {
            count.add(byte);
        }
    }
    count
}

/// Reads to the end of a text. A text that contains an array, such as the log of
/// a deployment, will be decoded as well.
fn count_in_text(bytes: &mut impl Iterator<Item = u8>, count: &mut Count) {
    let mut is_array = None;
    let mut is_quoted = false;
    while let Some(byte) = bytes.next() {
        let is_array = *is_array.get_or_insert(byte == b'[');
        match byte {
            b'"' => return,
            b'\\' => match bytes.next() {
                // A quote in the JSON within the text.
                Some(b'"') => is_quoted = !is_quoted,
                // A character that is escaped there, and may be escaped here as well.
                Some(b'\\') if is_quoted && bytes.next() == Some(b'\\') => {
                    bytes.next();
                }
                _ => {}
            },
            // Log lines are small, so they count as values.
            b'{' | b'[' | b',' if is_array && !is_quoted => count.values += 1,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Count, Limit, USUAL, count};

    #[test]
    fn what_stands_in_a_text_is_no_value_unless_it_is_an_array() {
        let cases = [
            ("", 0, 0),
            (r#"[{"a": 1, "b": [2, 3]}, {}]"#, 2, 7),
            (r#"["{,[\"{,", "\\", {}]"#, 1, 4),
            (r#""{never closed"#, 0, 0),
            (r#""\"#, 0, 0),
            (r#"{"log": "{\"a\": [1, 2]}"}"#, 1, 1),
            (r#"{"log": "[{\"a\": 1}, 2]"}"#, 1, 4),
            (r#"["[\"{,\\\"{,\\\\\", {}]", {}]"#, 1, 6),
            // An escaped quote ends no text in the inner array.
            (r#"["[\"a\\\"{{{{,,\"]"]"#, 0, 2),
            (r#"["[\"a\\n\",\"{\\\\\",1]"]"#, 0, 4),
        ];
        for (json, objects, values) in cases {
            assert_eq!(count(json.as_bytes()), Count { objects, values }, "{json}");
        }
    }

    #[test]
    fn what_decodes_to_a_multiple_of_itself_is_too_large() {
        let limit = Limit(USUAL);
        let many = |part: &str, times| format!("[{}1]", part.repeat(times));
        for (part, times) in [("{},", 70_000), ("0,", 5_000_000), ("[],", 3_000_000)] {
            assert!(limit.is_exceeded_by_values(many(part, times).as_bytes()));
        }
        let key = r#"{"uuid": "abcdefghijklmnopqrst", "name": "a key", "is_public": false},"#;
        let text = format!("\"{}\",", "{},".repeat(5_000_000));
        let log = format!("\"[{}1]\",", "{},".repeat(2_200_000));
        assert!(limit.is_exceeded_by_values(many(&log, 1).as_bytes()));
        for (part, times) in [("{},", 20_000), (key, 60_000), (&text, 1)] {
            assert!(!limit.is_exceeded_by_values(many(part, times).as_bytes()));
        }
    }

    #[test]
    fn a_client_that_takes_less_takes_as_many() {
        let many = format!("[{}1]", r#"{"a": 1},"#.repeat(60_000));
        assert!(!Limit(1024 * 1024).is_exceeded_by_values(many.as_bytes()));
        let more = format!("[{}1]", r#"{"a": 1},"#.repeat(100_000));
        assert!(Limit(USUAL).is_exceeded_by_values(more.as_bytes()));
        assert!(!Limit(2 * USUAL).is_exceeded_by_values(more.as_bytes()));
    }
}
