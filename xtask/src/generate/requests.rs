//! What the request bodies' setters must know: which texts travel as base64,
//! which lists travel comma-separated, how long a text may be.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::normalize::{component_name, operations, request_components};

/// Bodies that the rooms fill: a storage is one of several kinds, a tag is a name.
const FILLED: [&str; 3] = ["CreateStorageBy", "UpdateStorageBy", "CreateTagBy"];

/// A component that requests use.
pub struct RequestBody {
    pub name: String,
    /// Whether it is only a part of other bodies.
    pub nested: bool,
    /// Whether a method of the library fills it, so that nobody sets its fields.
    pub bare: bool,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    base64: bool,
    comma_list: bool,
    max_len: Option<u64>,
}

/// Reads the marks of all request components.
pub fn collect(document: &Value) -> Vec<RequestBody> {
    let schemas = &document["components"]["schemas"];
    let whole = whole_bodies(document);
    let bodies = request_components(document).into_iter().map(|name| {
        let properties = schemas[&name]["properties"]
            .as_object()
            .into_iter()
            .flatten();
        let fields = properties
            .map(|(field, schema)| Field {
                name: field.clone(),
                base64: schema["x-sdk-base64"] == true,
                comma_list: schema["x-sdk-list"] == "comma",
                max_len: schema["maxLength"].as_u64(),
            })
            .collect();
        let nested = !whole.contains(&name);
        let bare = FILLED.iter().any(|prefix| name.starts_with(prefix));
        RequestBody {
            name,
            nested,
            bare,
            fields,
        }
    });
    bodies.collect()
}

/// The components that are a request's body as they stand, or one of those that
/// it can be.
fn whole_bodies(document: &Value) -> BTreeSet<String> {
    let contents = operations(document)
        .filter_map(|(_, _, operation)| operation["requestBody"]["content"].as_object())
        .flatten();
    let schemas = contents.flat_map(|(_, media)| {
        let schema = &media["schema"];
        let alternatives = schema["anyOf"].as_array().into_iter().flatten();
        alternatives.chain([schema])
    });
    schemas
        .filter_map(|schema| component_name(&schema["$ref"]))
        .map(str::to_owned)
        .collect()
}

impl RequestBody {
    /// The `#[request(..)]` attribute of a field, if it needs one.
    pub fn attribute(&self, field: &str) -> Option<TokenStream> {
        let field = self.fields.iter().find(|f| f.name == field)?;
        let base64 = field.base64.then(|| quote! { base64 });
        let list = field.comma_list.then(|| quote! { comma_list });
        let max = field.max_len.map(|n| {
            let n = Literal::u64_unsuffixed(n);
            quote! { max_len = #n }
        });
        let marks: Vec<_> = [base64, list, max].into_iter().flatten().collect();
        (!marks.is_empty()).then(|| quote! { #[request(#(#marks),*)] })
    }
}
