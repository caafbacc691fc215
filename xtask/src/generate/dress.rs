//! Adds to generated types what the document cannot express.

use anyhow::{Result, bail};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::parse::Parser;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Item, parse_quote};

use super::normalize::Normalized;
use super::requests::RequestBody;

/// Adds to a type what the document cannot express: paths into this crate, setters
/// for requests, and `#[non_exhaustive]` for replies.
pub fn dress(name: &str, tokens: TokenStream, document: &Normalized) -> Result<TokenStream> {
    let mut file: syn::File = syn::parse2(tokens)?;
    Paths.visit_file_mut(&mut file);
    let request = document.requests.iter().find(|r| r.name == name);
    let reply = document.replies.iter().any(|r| r == name);
    for item in &mut file.items {
        let item = match item {
            Item::Struct(item) => item,
            // A choice of request bodies. Replies have no such enums.
            Item::Enum(choice) => {
                without(&mut choice.attrs, &["Deserialize"])?;
                continue;
            }
            _ => continue,
        };
        for field in &mut item.fields {
            loosen(field)?;
        }
        if reply {
            item.attrs.push(parse_quote! { #[non_exhaustive] });
        }
        if let Some(request) = request {
            lighten(
                item,
                &parse_quote! { #[derive(coolify_sdk_macros::Request, coolify_sdk_macros::Serialize)] },
            )?;
            let place = match &request.builder {
                _ if request.nested => quote! { #[request(nested)] },
                Some(builder) => builder.attribute()?,
                None => quote! { #[request(bare)] },
            };
            item.attrs.extend(Attribute::parse_outer.parse2(place)?);
            readable_on_request(item);
            mark(item, request);
        } else if item.fields.iter().any(|field| says(field, "flatten")) {
            // Only serde's own derive supports `flatten`.
            for field in &mut item.fields {
                read_by_serde(field);
            }
        } else {
            lighten(
                item,
                &parse_quote! { #[derive(coolify_sdk_macros::Deserialize, coolify_sdk_macros::Serialize)] },
            )?;
        }
    }
    Ok(file.into_token_stream())
}

/// Replaces serde's derives with the library's, which share their code instead of
/// repeating it for each type.
fn lighten(item: &mut syn::ItemStruct, derives: &Attribute) -> Result<()> {
    without(&mut item.attrs, &["Deserialize", "Serialize"])?;
    item.attrs.push(derives.clone());
    for field in &mut item.fields {
        let name = serde_rename(&field.attrs);
        field
            .attrs
            .retain(|attribute| !attribute.path().is_ident("serde"));
        if let Some(name) = name {
            field.attrs.push(parse_quote! { #[serde(rename = #name)] });
        }
    }
    Ok(())
}

fn says(field: &syn::Field, word: &str) -> bool {
    let serde = |a: &&Attribute| a.path().is_ident("serde");
    let mut attributes = field.attrs.iter().filter(serde);
    attributes.any(|attribute| attribute.to_token_stream().to_string().contains(word))
}

/// Removes derives from the attributes.
fn without(attributes: &mut [Attribute], names: &[&str]) -> Result<()> {
    for attribute in attributes
        .iter_mut()
        .filter(|a| a.path().is_ident("derive"))
    {
        let derives = attribute.parse_args_with(
            syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated,
        )?;
        let kept = derives.iter().filter(|path| {
            let last = path.segments.last();
            last.is_none_or(|last| !names.iter().any(|name| last.ident == name))
        });
        *attribute = parse_quote! { #[derive(#(#kept),*)] };
    }
    Ok(())
}

/// With the feature `request-json`, `Fields::fields` also reads a body from JSON.
/// Without the feature, programs do not pay for compiling these readers.
fn readable_on_request(item: &mut syn::ItemStruct) {
    let denies = |a: &Attribute| {
        a.to_token_stream()
            .to_string()
            .contains("deny_unknown_fields")
    };
    item.attrs.retain(|attribute| !denies(attribute));
    item.attrs.push(parse_quote! {
        #[cfg_attr(feature = "request-json", derive(::serde::Deserialize), serde(deny_unknown_fields))]
    });
    for field in &mut item.fields {
        if field.ty.to_token_stream().to_string().contains("Clearable") {
            // By default, serde does not distinguish null from an absent field.
            field.attrs.push(parse_quote! {
                #[cfg_attr(feature = "request-json", serde(default, deserialize_with = "crate::Clearable::named"))]
            });
        }
    }
}

/// Replaces types that accept several spellings of a number with plain numbers; the
/// derive macro reads these spellings.
fn loosen(field: &mut syn::Field) -> Result<()> {
    let text = field.ty.to_token_stream().to_string().replace(' ', "");
    field.ty = match text.as_str() {
        "crate::Integer" => parse_quote! { i64 },
        "Option<crate::Integer>" => parse_quote! { Option<i64> },
        "Option<crate::Decimal>" => parse_quote! { Option<f64> },
        // A part whose fields are fields of the surrounding object.
        "crate::databases::Engine" => {
            field.attrs.push(parse_quote! { #[serde(flatten)] });
            return Ok(());
        }
        other if other.contains("crate::Integer") || other.contains("crate::Decimal") => {
            bail!("{text}: the library has no reader for this type")
        }
        _ => return Ok(()),
    };
    field.attrs.push(parse_quote! { #[wire(number)] });
    Ok(())
}

fn read_by_serde(field: &mut syn::Field) {
    for attribute in &mut field.attrs {
        if attribute.path().is_ident("wire") {
            *attribute = parse_quote! {
                #[serde(default, deserialize_with = "crate::scalar::tolerant::optional")]
            };
        }
    }
}

fn mark(item: &mut syn::ItemStruct, request: &RequestBody) {
    for field in &mut item.fields {
        let Some(ident) = &field.ident else { continue };
        let ident = ident.to_string();
        let ident = ident.strip_prefix("r#").unwrap_or(&ident);
        let wire = serde_rename(&field.attrs).unwrap_or_else(|| ident.to_owned());
        if let Some(attribute) = request.attribute(&wire) {
            field.attrs.push(parse_quote! { #attribute });
        }
    }
}

fn serde_rename(attributes: &[Attribute]) -> Option<String> {
    let mut name = None;
    for attribute in attributes.iter().filter(|a| a.path().is_ident("serde")) {
        // Other serde arguments are ignored.
        let _ = attribute.parse_nested_meta(|meta| {
            if let Ok(value) = meta
                .value()
                .and_then(syn::parse::ParseBuffer::parse::<syn::LitStr>)
                && meta.path.is_ident("rename")
            {
                name = Some(value.value());
            }
            Ok(())
        });
    }
    name
}

/// Rewrites paths: `::coolify_sdk::X` is this crate, and types of the prelude need
/// no path.
pub struct Paths;

impl VisitMut for Paths {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        if path.leading_colon.is_none() {
            return;
        }
        let names: Vec<_> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        match names[..] {
            // The files of the generated types import each other.
            ["coolify_sdk", "raw", "types", _] => {
                path.segments = path.segments.iter().skip(3).cloned().collect();
                path.leading_colon = None;
            }
            ["std", "string", "String"]
            | ["std", "option", "Option"]
            | ["std", "vec", "Vec"]
            | ["std", "boxed", "Box"] => {
                path.segments = path.segments.iter().skip(2).cloned().collect();
                path.leading_colon = None;
            }
            ["coolify_sdk", ..] => {
                path.segments[0].ident = format_ident!("crate");
                path.leading_colon = None;
            }
            ["serde" | "serde_json", ..] => path.leading_colon = None,
            _ => {}
        }
    }
}
