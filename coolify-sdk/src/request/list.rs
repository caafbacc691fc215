//! Lists for setters and calls, in the forms in which users write them.

use std::fmt::Display;

use crate::Uuid;
use crate::error::{Error, ErrorKind, Result};

/// A list for a setter or a call, such as
/// [`ports_exposes`](crate::applications::CreatePublic::ports_exposes),
/// [`tags`](crate::applications::CreatePublic::tags) or
/// [`rollout`](crate::deployments::Deployments::rollout).
///
/// A list is one text with commas, one number, one item of another type, or the items:
/// an array, a `Vec` or any other iterator. These are equal:
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
/// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if a text in the list is
/// empty; nothing is sent then. Coolify checks the items themselves.
///
/// `Form` distinguishes texts, numbers, single items and iterators. The compiler infers it.
/// `Item` is the type of the items.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of `{Item}`",
    label = "expected one item, or an array or iterator of items; texts may also be one text with \
             commas"
)]
pub trait IntoList<Form, Item = String> {
    /// Returns the items.
    #[doc(hidden)]
    fn into_items(self) -> Vec<Item>;
}

/// A text with commas.
pub struct Text;
/// One number.
pub struct Number;
/// One item that is neither.
pub struct One;
/// Items.
pub struct Items;

/// An item that a text with commas can list.
pub trait TextItem: From<String> {}

impl TextItem for String {}
impl TextItem for Uuid {}

/// An item that is not a text.
pub trait TypedItem {}

impl TypedItem for i64 {}
impl TypedItem for Uuid {}

impl<T: TextItem> IntoList<Text, T> for &str {
    fn into_items(self) -> Vec<T> {
        let mut items: Vec<_> = self.split(',').map(str::trim).collect();
        // A comma at the end, but not the second of two.
        if let [.., last, ""] = items.as_slice()
            && !last.is_empty()
        {
            items.pop();
        }
        items
            .into_iter()
            .map(|item| item.to_owned().into())
            .collect()
    }
}

impl<T: TextItem> IntoList<Text, T> for String {
    fn into_items(self) -> Vec<T> {
        self.as_str().into_items()
    }
}

impl<T: TextItem> IntoList<Text, T> for &String {
    fn into_items(self) -> Vec<T> {
        self.as_str().into_items()
    }
}

impl IntoList<Number> for i32 {
    fn into_items(self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl IntoList<Number> for i64 {
    fn into_items(self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl IntoList<Number> for u16 {
    fn into_items(self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl IntoList<Number, i64> for i32 {
    fn into_items(self) -> Vec<i64> {
        vec![self.into()]
    }
}

impl<T: TypedItem> IntoList<One, T> for T {
    fn into_items(self) -> Vec<T> {
        vec![self]
    }
}

impl<T: TypedItem + Clone> IntoList<One, T> for &T {
    fn into_items(self) -> Vec<T> {
        vec![self.clone()]
    }
}

impl<I: IntoIterator<Item: Display>> IntoList<Items> for I {
    fn into_items(self) -> Vec<String> {
        self.into_iter().map(|item| item.to_string()).collect()
    }
}

impl<T: TypedItem, I: IntoIterator<Item: Into<T>>> IntoList<Items, T> for I {
    fn into_items(self) -> Vec<T> {
        self.into_iter().map(Into::into).collect()
    }
}

/// Returns a list as the API expects it in a text field: one text with commas.
pub(crate) fn comma_list(items: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut text = String::new();
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(item.as_ref());
    }
    text
}

/// Rejects a list in a text field with an empty item. An empty list and a comma at the end
/// are valid.
pub(crate) fn check_list(field: &str, text: &str) -> Result<()> {
    let text = text.trim();
    let items = text.strip_suffix(',').unwrap_or(text).split(',');
    if text.is_empty() || items.map(str::trim).all(|item| !item.is_empty()) {
        return Ok(());
    }
    let problem = format!("is not a list: {text:?} has an empty item");
    Err(
        Error::new(ErrorKind::InvalidRequest, format!("`{field}` {problem}"))
            .with_field_error(field, problem)
            .with_hint("separate the items by one comma each"),
    )
}

/// Rejects a list of texts with an empty item.
pub(crate) fn check_items(field: &str, items: &[String]) -> Result<()> {
    let Some(index) = items.iter().position(|item| item.trim().is_empty()) else {
        return Ok(());
    };
    Err(Error::new(
        ErrorKind::InvalidRequest,
        format!("item {} of `{field}` is empty", index + 1),
    )
    .with_field_error(field, format!("item {} is empty", index + 1))
    .with_hint("leave it out"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list<F>(list: impl IntoList<F>) -> String {
        comma_list(list.into_items())
    }

    fn items<F, T>(list: impl IntoList<F, T>) -> Vec<T> {
        list.into_items()
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
        for one in [
            list("3000"),
            list("3000,"),
            list(3000),
            list([3000]),
            list(3000_u16),
        ] {
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
    fn one_item_of_any_type_is_a_list() {
        assert_eq!(items::<_, i64>(7), [7]);
        assert_eq!(items::<_, i64>(7_i64), [7]);
        assert_eq!(items::<_, i64>([7, 8]), [7, 8]);
        let uuid = Uuid::from("a");
        assert_eq!(items::<_, Uuid>(&uuid), ["a"]);
        assert_eq!(items::<_, Uuid>([&uuid]), ["a"]);
        assert_eq!(items::<_, Uuid>("a, b"), ["a", "b"]);
        assert_eq!(items::<_, Uuid>(["a", "b"]), ["a", "b"]);
        assert_eq!(items::<_, Uuid>(uuid), ["a"]);
        // Not an empty list: `domains().set("")` must not remove all domains.
        assert_eq!(items::<_, Uuid>(" "), [""]);
    }

    #[test]
    fn an_empty_item_stays_to_be_refused() {
        check_items("tags", &items::<_, String>("")).unwrap_err();
        for text in [",", ",80", "80,,443", "80,,"] {
            check_list("ports_exposes", &list(text)).unwrap_err();
            check_items("tags", &items::<_, String>(text)).unwrap_err();
        }
        check_items("tags", &items::<_, String>("web, shop,")).unwrap();
        let error = check_items("tags", &["web".to_owned(), " ".to_owned()]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(error.to_string(), "item 2 of `tags` is empty");
        assert_eq!(error.hint(), Some("leave it out"));
        let named = &error.field_errors()[0];
        assert_eq!(
            (named.field(), named.message()),
            (Some("tags"), "item 2 is empty")
        );
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
