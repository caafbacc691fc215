//! Facts for the setters of request bodies: which strings are sent in base64, which
//! lists are sent comma-separated, and how long a string may be.

use std::collections::BTreeMap;

use anyhow::Result;
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::builders::Builder;
use super::normalize::{component_name, operations, request_components};

/// A component that requests use.
pub struct RequestBody {
    pub name: String,
    /// Whether it is only a part of other bodies.
    pub nested: bool,
    /// The builder that sends the body; `None` if the library fills the body
    /// itself.
    pub builder: Option<Builder>,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    base64: bool,
    comma_list: bool,
    max_len: Option<u64>,
    max_bytes: Option<u64>,
}

/// Reads the marks of all request components.
pub fn collect(document: &Value) -> Result<Vec<RequestBody>> {
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
                max_bytes: schema["x-sdk-max-bytes"].as_u64(),
            })
            .collect();
        let tags = whole.get(&name);
        let builder = match tags {
            Some(tags) => Builder::of(&name, tags)?,
            None => None,
        };
        Ok(RequestBody {
            nested: tags.is_none(),
            name,
            builder,
            fields,
        })
    });
    bodies.collect()
}

/// Returns the components that are complete request bodies, or one of several
/// alternative bodies, with the tags of the operations that take them.
fn whole_bodies(document: &Value) -> BTreeMap<String, Vec<String>> {
    let mut bodies: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (_, _, operation) in operations(document) {
        let contents = operation["requestBody"]["content"].as_object();
        let schemas = contents.into_iter().flatten().flat_map(|(_, media)| {
            let schema = &media["schema"];
            let alternatives = schema["anyOf"].as_array().into_iter().flatten();
            alternatives.chain([schema])
        });
        for name in schemas.filter_map(|schema| component_name(&schema["$ref"])) {
            let tags = bodies.entry(name.to_owned()).or_default();
            if let Some(tag) = operation["tags"][0].as_str()
                && !tags.iter().any(|it| it == tag)
            {
                tags.push(tag.to_owned());
            }
        }
    }
    bodies
}

impl RequestBody {
    /// Returns the `#[request(..)]` attribute of a field, if it needs one.
    pub fn attribute(&self, field: &str) -> Option<TokenStream> {
        let field = self.fields.iter().find(|f| f.name == field)?;
        let base64 = field.base64.then(|| quote! { base64 });
        let list = field.comma_list.then(|| quote! { comma_list });
        let max = field.max_len.map(|n| {
            let n = Literal::u64_unsuffixed(n);
            quote! { max_len = #n }
        });
        let bytes = field.max_bytes.map(|n| {
            let n = Literal::u64_unsuffixed(n);
            quote! { max_bytes = #n }
        });
        let marks: Vec<_> = [base64, list, max, bytes].into_iter().flatten().collect();
        (!marks.is_empty()).then(|| quote! { #[request(#(#marks),*)] })
    }
}
