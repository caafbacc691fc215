//! Arranges progenitor's output by tag: each tag's calls, and the types that only
//! they use, are in a file behind the tag's feature. Types that several tags use
//! are available with any of these tags' features.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::visit_mut::VisitMut;
use syn::{ImplItem, ImplItemFn, Item};

use super::dress::{Paths, dress};
use super::files::Output;
use super::lean::lean;
use super::normalize::Normalized;
use super::operations::{Operation, UNTAGGED};
use super::print::print;
use super::replies;

/// Returns the files of the raw layer.
pub fn run(code: syn::File, document: &Normalized, table: &[Operation]) -> Result<Output> {
    let mut parts = Parts::take(code, table)?;
    for one in &document.enums {
        parts.types.insert(one.name.clone(), one.render());
        parts.words.insert(one.name.clone());
    }
    for (name, tokens) in &mut parts.types {
        *tokens = dress(name, tokens.clone(), document)?;
    }
    let owners = parts.owners();

    let mut files = BTreeMap::new();
    for (tag, methods) in &parts.methods {
        let methods = methods.iter().map(|method| &method.code);
        let file = syn::parse2(quote! {
            use super::{Call, Client, types};

            impl Client { #(#methods)* }
        })?;
        files.insert(format!("{}.rs", module(tag)), print(&file));
    }

    let mut rooms: BTreeMap<String, TokenStream> = BTreeMap::new();
    for (name, tokens) in &parts.types {
        let tags = owners.get(name).cloned().unwrap_or_default();
        let mut tags: Vec<_> = tags.into_iter().collect();
        let always = tags.iter().any(|tag| tag == UNTAGGED);
        let room = match &mut tags[..] {
            [] => {
                eprintln!("left out: no operation uses {name}");
                continue;
            }
            [only] => module(only),
            _ => "shared".to_owned(),
        };
        let gate = (room == "shared" && !always).then(|| gate(&tags));
        let items = syn::parse2::<syn::File>(tokens.clone())?.items;
        rooms
            .entry(room)
            .or_default()
            .extend(quote! { #(#gate #items)* });
    }
    for (room, tokens) in &rooms {
        let file = syn::parse2(quote! {
            #[allow(unused_imports)]
            use super::*;
            #tokens
        })?;
        files.insert(format!("types/{room}.rs"), print(&file));
    }
    files.insert("mod.rs".into(), root(&parts)?);
    files.insert("replies.rs".into(), replies::render(&parts.methods)?);
    files.insert("types/mod.rs".into(), types_root(&rooms, &parts)?);
    Ok(files)
}

/// progenitor's output, taken apart.
struct Parts {
    /// Calls by tag.
    methods: BTreeMap<String, Vec<Method>>,
    /// Each type with its impls, by name.
    types: BTreeMap<String, TokenStream>,
    /// The open enums.
    words: BTreeSet<String>,
}

/// A method of the client with its operation.
pub struct Method {
    pub operation: String,
    pub code: ImplItemFn,
}

impl Parts {
    fn take(code: syn::File, table: &[Operation]) -> Result<Self> {
        let by_name: BTreeMap<String, &Operation> =
            table.iter().map(|op| (letters(&op.id), op)).collect();
        let mut parts = Self {
            methods: BTreeMap::new(),
            types: BTreeMap::new(),
            words: BTreeSet::new(),
        };
        for item in code.items {
            match item {
                Item::Mod(module) if module.ident == "types" => {
                    for item in module.content.map(|(_, items)| items).unwrap_or_default() {
                        parts.add_type(&item);
                    }
                }
                Item::Impl(block) if block.trait_.is_none() => {
                    for item in block.items {
                        if let ImplItem::Fn(method) = item
                            && method.sig.asyncness.is_some()
                        {
                            parts.add_method(method, &by_name)?;
                        }
                    }
                }
                // The transport defines the client.
                _ => {}
            }
        }
        Ok(parts)
    }

    fn add_type(&mut self, item: &Item) {
        let name = match item {
            Item::Struct(item) => item.ident.to_string(),
            Item::Enum(item) => item.ident.to_string(),
            Item::Impl(item) => match &*item.self_ty {
                syn::Type::Path(path) => path
                    .path
                    .segments
                    .last()
                    .map_or_else(String::new, |s| s.ident.to_string()),
                _ => return,
            },
            // Conversion errors and defaults, which the library does not use.
            _ => return,
        };
        item.to_tokens(self.types.entry(name).or_default());
    }

    fn add_method(
        &mut self,
        mut method: ImplItemFn,
        by_name: &BTreeMap<String, &Operation>,
    ) -> Result<()> {
        let name = method.sig.ident.to_string();
        let operation = by_name
            .get(&letters(&name))
            .with_context(|| format!("{name} is not an operation of the document"))?;
        lean(&mut method, operation)?;
        Paths.visit_impl_item_fn_mut(&mut method);
        self.methods
            .entry(operation.tag.clone())
            .or_default()
            .push(Method {
                operation: operation.id.clone(),
                code: method,
            });
        Ok(())
    }

    /// Returns the tags whose calls use each type.
    fn owners(&self) -> BTreeMap<String, BTreeSet<String>> {
        let names: BTreeSet<&str> = self.types.keys().map(String::as_str).collect();
        let inner: BTreeMap<&str, BTreeSet<String>> = self
            .types
            .iter()
            .map(|(name, tokens)| {
                // A variant of an open enum may have the name of a type.
                let inner = if self.words.contains(name) {
                    BTreeSet::new()
                } else {
                    mentioned(tokens, &names)
                };
                (name.as_str(), inner)
            })
            .collect();
        let mut owners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (tag, methods) in &self.methods {
            let mut open: Vec<String> = methods
                .iter()
                .flat_map(|method| mentioned(&method.code.sig.to_token_stream(), &names))
                .collect();
            let mut seen = BTreeSet::new();
            while let Some(name) = open.pop() {
                if seen.insert(name.clone()) {
                    open.extend(inner[name.as_str()].iter().cloned());
                    owners.entry(name).or_default().insert(tag.clone());
                }
            }
        }
        owners
    }
}

/// Returns the common form of an operation's id and its method's name: Coolify's
/// document writes both `list-projects` and `deleteGithubApp`.
fn letters(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// Returns the `names` that occur in the tokens.
fn mentioned(tokens: &TokenStream, names: &BTreeSet<&str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![tokens.clone()];
    while let Some(stream) = open.pop() {
        for tree in stream {
            match tree {
                TokenTree::Group(group) => open.push(group.stream()),
                TokenTree::Ident(ident) => {
                    let ident = ident.to_string();
                    if names.contains(ident.as_str()) {
                        found.insert(ident);
                    }
                }
                _ => {}
            }
        }
    }
    found
}

fn root(parts: &Parts) -> Result<String> {
    let modules = parts.methods.keys().map(|tag| {
        let module = format_ident!("{}", module(tag));
        let gate = (tag != UNTAGGED).then(|| gate(std::slice::from_ref(tag)));
        quote! { #gate mod #module; }
    });
    let file = syn::parse2(quote! {
        //! One method for each operation and one type for each schema of the
        //! patched document.
        #![allow(clippy::all, clippy::pedantic, missing_docs, unused_imports, rust_2018_idioms)]

        #(#modules)*
        pub(crate) mod operations;
        #[cfg(feature = "testing")]
        pub(crate) mod replies;
        #[cfg(feature = "services")]
        pub(crate) mod service_types;
        pub mod types;

        pub use crate::transport::{Call, Client};
    })?;
    Ok(print(&file))
}

fn types_root(rooms: &BTreeMap<String, TokenStream>, parts: &Parts) -> Result<String> {
    let tags: BTreeMap<String, &String> = parts.methods.keys().map(|t| (module(t), t)).collect();
    let modules = rooms.keys().map(|room| {
        let ident = format_ident!("{room}");
        let gate = tags
            .get(room)
            .filter(|tag| **tag != UNTAGGED)
            .map(|tag| gate(std::slice::from_ref(*tag)));
        quote! { #gate mod #ident; #gate pub use #ident::*; }
    });
    let file = syn::parse2(quote! {
        //! Types of requests and replies.
        #(#modules)*
    })?;
    Ok(print(&file))
}

pub fn gate(tags: &[String]) -> TokenStream {
    let features: BTreeSet<String> = tags.iter().map(|tag| feature(tag)).collect();
    let features: Vec<_> = features.iter().collect();
    if let [only] = features[..] {
        quote! { #[cfg(feature = #only)] }
    } else {
        quote! { #[cfg(any(#(feature = #features),*))] }
    }
}

/// Returns the cargo feature of a tag. A service's applications and databases
/// belong to the feature of services.
pub fn feature(tag: &str) -> String {
    if tag.starts_with("Service ") {
        return "services".to_owned();
    }
    tag.to_lowercase().replace(' ', "-")
}

fn module(tag: &str) -> String {
    tag.to_lowercase().replace([' ', '-'], "_")
}
