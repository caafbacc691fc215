//! The types of columns: how a written value is read back, and which values the
//! database rejects with an error page.

use serde_json::Value;

use crate::testing::http::{
    Reply,
    php::{is_truthy, number, text, whole, without_tags},
};

/// The default maximum length of a text.
const SHORT: usize = 255;

/// The maximum number of bytes of a text whose encrypted form has to fit into 255
/// characters: two blocks of the cipher, less one byte of padding.
const ENCRYPTED: usize = 31;

/// The columns of a table that are not nullable texts of 255 characters.
pub(in crate::testing) struct Columns {
    /// Texts of any length.
    pub(in crate::testing) long: &'static [&'static str],
    /// Texts of 255 characters once they are encrypted.
    pub(in crate::testing) encrypted: &'static [&'static str],
    /// Texts without HTML tags; null becomes an empty text.
    pub(in crate::testing) plain: &'static [&'static str],
    /// Whole numbers.
    pub(in crate::testing) whole: &'static [&'static str],
    /// Numbers with at most ten digits before the decimal point.
    pub(in crate::testing) decimal: &'static [&'static str],
    /// True or false.
    pub(in crate::testing) switch: &'static [&'static str],
    /// JSON values.
    pub(in crate::testing) json: &'static [&'static str],
    /// Columns that are never null.
    pub(in crate::testing) filled: &'static [&'static str],
}

impl Columns {
    /// A table with only short, nullable texts.
    pub(in crate::testing) const PLAIN: Self = Self {
        long: &[],
        encrypted: &[],
        plain: &[],
        whole: &[],
        decimal: &[],
        switch: &[],
        json: &[],
        filled: &[],
    };

    /// Returns a value as the column stores it.
    pub(in crate::testing) fn kept(&self, field: &str, value: &Value) -> Result<Value, Reply> {
        let is = |columns: &[&str]| columns.contains(&field);
        if is(self.json) {
            return Ok(value.clone());
        }
        let value = if is(self.plain) {
            without_tags(&text(value)).into()
        } else {
            value.clone()
        };
        if value.is_null() {
            return if is(self.filled) {
                Err(Reply::server_error())
            } else {
                Ok(value)
            };
        }
        let kept = if is(self.switch) {
            Some(is_truthy(&value).into())
        } else if is(self.whole) {
            integer(&value)
        } else if is(self.decimal) {
            decimal(&value)
        } else {
            let text = text(&value);
            let fits = if is(self.encrypted) {
                text.len() <= ENCRYPTED
            } else {
                is(self.long) || text.chars().count() <= SHORT
            };
            fits.then(|| text.into())
        };
        kept.ok_or_else(Reply::server_error)
    }

    /// Writes a field of a row.
    pub(in crate::testing) fn write(
        &self,
        row: &mut Value,
        field: &str,
        value: &Value,
    ) -> Result<(), Reply> {
        row[field] = self.kept(field, value)?;
        Ok(())
    }
}

/// Converts a value to a number with a fraction.
fn decimal(value: &Value) -> Option<Value> {
    let number = number(value).filter(|it| it.abs() < 1e10)?;
    let whole = whole(value).filter(|_| number.fract() == 0.0);
    Some(whole.map_or_else(|| number.into(), Value::from))
}

/// Converts a value to a number of 32 bits.
fn integer(value: &Value) -> Option<Value> {
    let plain = match value {
        Value::String(text) => text.trim().parse().ok(),
        other => whole(other),
    };
    let fits = plain.and_then(|it: i64| i32::try_from(it).ok());
    fits.map(Value::from)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const COLUMNS: Columns = Columns {
        encrypted: &["password"],
        plain: &["name"],
        whole: &["port"],
        decimal: &["size"],
        switch: &["on"],
        filled: &["port"],
        ..Columns::PLAIN
    };

    #[test]
    fn values_read_back_as_their_column_has_them() {
        let cases = [
            ("name", json!("<b>a</b>"), json!("a")),
            ("name", json!(null), json!("")),
            ("port", json!("080"), json!(80)),
            ("port", json!(8.0), json!(8)),
            ("size", json!("0.5"), json!(0.5)),
            ("on", json!("0"), json!(false)),
            ("password", json!("x".repeat(31)), json!("x".repeat(31))),
            ("note", json!(3001), json!("3001")),
            ("note", json!(null), json!(null)),
        ];
        for (field, sent, kept) in cases {
            assert_eq!(
                COLUMNS.kept(field, &sent).ok(),
                Some(kept),
                "{field} {sent}"
            );
        }
        let refused = [
            ("port", json!(null)),
            ("port", json!("1.5")),
            ("port", json!(2_147_483_648_u32)),
            ("size", json!("a")),
            ("note", json!("x".repeat(256))),
            ("password", json!("x".repeat(32))),
            ("password", json!("ü".repeat(16))),
        ];
        for (field, sent) in refused {
            assert!(COLUMNS.kept(field, &sent).is_err(), "{field} {sent}");
        }
    }
}
