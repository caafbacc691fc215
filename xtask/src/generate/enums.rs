//! Enums that stay open: an unknown value is kept and is not an error.

use anyhow::{Context, Result};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::normalize::{Role, pascal, schemas_mut};

/// A named set of strings that Coolify uses.
pub struct OpenEnum {
    pub name: String,
    doc: Option<String>,
    values: Vec<String>,
}

/// Moves the enums out of the document; fields refer to the library's enums
/// instead. If two places list different values under one name, the enum has all of
/// them.
pub fn take(document: &mut Value) -> Result<Vec<OpenEnum>> {
    let mut enums: Vec<OpenEnum> = Vec::new();
    schemas_mut(document, &mut |schema, role| {
        let Some(values) = schema.remove("enum") else {
            return Ok(());
        };
        if role == Role::Parameter {
            return Ok(());
        }
        let name = schema
            .remove("x-sdk-name")
            .and_then(|name| name.as_str().map(str::to_owned))
            .with_context(|| format!("an enum has no name: {values}"))?;
        let doc = schema
            .get("description")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let found = enums.iter().position(|known| known.name == name);
        let index = found.unwrap_or_else(|| {
            enums.push(OpenEnum {
                name: name.clone(),
                doc: None,
                values: Vec::new(),
            });
            enums.len() - 1
        });
        let known = &mut enums[index];
        known.doc = known.doc.take().or(doc);
        for value in values
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            if !known.values.iter().any(|v| v == value) {
                known.values.push(value.to_owned());
            }
        }
        schema.remove("type");
        schema.insert(
            "x-rust-type".into(),
            serde_json::json!({
                "crate": "coolify-sdk",
                "version": "*",
                "path": format!("coolify_sdk::raw::types::{name}"),
            }),
        );
        Ok(())
    })?;
    for one in &mut enums {
        one.values.sort();
    }
    enums.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(enums)
}

impl OpenEnum {
    /// Renders the enum for the generated code with the library's `open_enum!`.
    pub fn render(&self) -> TokenStream {
        let name = format_ident!("{}", self.name);
        let doc = self
            .doc
            .clone()
            .unwrap_or_else(|| format!("Values of `{}`; unknown values are kept.", self.name));
        let variants = self.values.iter().map(|value| {
            let variant = format_ident!("{}", variant_name(value));
            let doc = format!("`{value}`");
            quote! { #[doc = #doc] #variant = #value, }
        });
        quote! {
            crate::open_enum! {
                #[doc = #doc]
                pub enum #name { #(#variants)* }
            }
        }
    }
}

fn variant_name(value: &str) -> String {
    // Words that the value runs together, and methods of HTTP in capitals.
    let name = match value {
        "digitalocean" => "DigitalOcean".to_owned(),
        "dockercompose" => "DockerCompose".to_owned(),
        "dockerimage" => "DockerImage".to_owned(),
        "GET" | "HEAD" | "OPTIONS" | "POST" => pascal(&value.to_ascii_lowercase()),
        _ => pascal(value),
    };
    match name.chars().next() {
        None => "Empty".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("V{name}"),
        Some(_) => name,
    }
}
