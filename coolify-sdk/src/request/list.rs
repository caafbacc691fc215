//! Lists that the API expects as one text with commas.

use std::fmt::Display;

use crate::error::{Error, ErrorKind, Result};

/// A list for a setter, such as
/// [`ports_exposes`](crate::applications::CreatePublic::ports_exposes) or
/// [`domains`](crate::applications::Update::domains).
///
/// A list is one text with commas, one number, or the items: an array, a `Vec` or
/// any other iterator over values that can be displayed. These are equal:
///
/// ```no_run
/// # use coolify_sdk::{Coolify, applications::Update};
/// # fn example(update: fn() -> Update) {
/// update().ports_exposes("3000, 8080");
/// update().ports_exposes(["3000", "8080"]);
/// update().ports_exposes([3000, 8080]);
/// # }
/// ```
///
/// Sending the request returns an
/// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if an item is
/// empty; nothing is sent then. Coolify checks the items themselves.
///
/// `Form` distinguishes texts, numbers and iterators. The compiler infers it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list",
    label = "expected a text with commas, a number, or an array or iterator of items"
)]
pub trait IntoList<Form> {
    /// Returns one text with commas.
    #[doc(hidden)]
    fn into_list(self) -> String;
}

/// A text with commas.
pub struct Text;
/// One number.
pub struct Number;
/// Items.
pub struct Items;

impl IntoList<Text> for &str {
    fn into_list(self) -> String {
        comma_list(self.split(',').map(str::trim))
    }
}

impl IntoList<Text> for String {
    fn into_list(self) -> String {
        self.as_str().into_list()
    }
}

impl IntoList<Text> for &String {
    fn into_list(self) -> String {
        self.as_str().into_list()
    }
}

impl IntoList<Number> for i32 {
    fn into_list(self) -> String {
        self.to_string()
    }
}

impl IntoList<Number> for i64 {
    fn into_list(self) -> String {
        self.to_string()
    }
}

impl IntoList<Number> for u16 {
    fn into_list(self) -> String {
        self.to_string()
    }
}

impl<I: IntoIterator<Item: Display>> IntoList<Items> for I {
    fn into_list(self) -> String {
        comma_list(self.into_iter().map(|item| item.to_string()))
    }
}

/// Returns a list as the API expects it: one text with commas.
pub(crate) fn comma_list(items: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut text = String::new();
    for item in items {
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(item.as_ref());
    }
    text
}

/// Rejects a list with an empty item. An empty list and a comma at the end are valid.
pub(crate) fn check_list(field: &str, text: &str) -> Result<()> {
    let text = text.trim();
    let items = text.strip_suffix(',').unwrap_or(text).split(',');
    if text.is_empty() || items.map(str::trim).all(|item| !item.is_empty()) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::InvalidRequest,
        format!("`{field}` is not a list: {text:?} has an empty item"),
    )
    .with_hint("separate the items by one comma each"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list<F>(list: impl IntoList<F>) -> String {
        list.into_list()
    }

    #[test]
    fn lists_become_one_text() {
        assert_eq!(
            comma_list(["https://a.example", "https://b.example"]),
            "https://a.example,https://b.example"
        );
        assert_eq!(comma_list(Vec::<String>::new()), "");
    }

    #[test]
    fn what_one_tries_first_is_a_list() {
        for one in [list("3000"), list(3000), list([3000]), list(3000_u16)] {
            assert_eq!(one, "3000");
        }
        let owned = "3000, 8080".to_owned();
        let vec = vec!["3000".to_owned(), "8080".to_owned()];
        for two in [
            list("3000,8080"),
            list(&owned),
            list(owned),
            list([3000, 8080]),
            list(["3000", "8080"]),
            list(&vec),
            list(vec.iter().map(String::as_str)),
            list(vec),
        ] {
            assert_eq!(two, "3000,8080");
        }
        assert_eq!(list(""), "");
    }

    #[test]
    fn what_is_no_item_is_refused() {
        for valid in [
            "",
            "80",
            "80, 443",
            "80,",
            "my app,db",
            "https://a.example:80/x",
        ] {
            check_list("ports_exposes", valid).unwrap();
        }
        for invalid in [",", ",80", "80,,443", "80, ,443"] {
            let error = check_list("ports_exposes", invalid).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{invalid}");
        }
    }
}
