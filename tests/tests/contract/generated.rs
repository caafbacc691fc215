//! Reads the source of the generated layer.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use coolify_sdk::operations::{Operation, operations};
use syn::{Attribute, Fields, FnArg, ImplItem, Item, Meta, Type, Visibility};

/// Where the library's source is.
pub fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../coolify-sdk/src")
}

/// Returns all Rust files below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of the source") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

pub fn parse(path: &Path) -> syn::File {
    let text = fs::read_to_string(path).expect("a file of the source");
    syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// One method of the generated client.
pub struct Method {
    pub name: String,
    pub operation: &'static Operation,
    pub docs: String,
    /// The type of its body.
    pub body: Option<String>,
}

/// Returns one method for each operation.
pub fn methods() -> Vec<Method> {
    let of_operations: Vec<_> = files(&source().join("raw"))
        .iter()
        .filter(|path| !path.components().any(|it| it.as_os_str() == "types"))
        .flat_map(|path| parse(path).items)
        .filter_map(|item| match item {
            Item::Impl(block) => Some(block.items),
            _ => None,
        })
        .flatten()
        .filter_map(|item| match item {
            ImplItem::Fn(method) if matches!(method.vis, Visibility::Public(_)) => Some(method),
            _ => None,
        })
        .map(|method| {
            let name = method.sig.ident.to_string();
            let same = |it: &&Operation| plain(it.id) == plain(&name);
            Method {
                operation: operations()
                    .iter()
                    .find(same)
                    .unwrap_or_else(|| panic!("{name} is no operation")),
                docs: docs(&method.attrs),
                body: method.sig.inputs.iter().find_map(body_type),
                name,
            }
        })
        .collect();
    assert_eq!(of_operations.len(), operations().len());
    of_operations
}

/// Normalises ids, which are written with hyphens, in camel case, and as names of
/// methods.
fn plain(id: &str) -> String {
    id.replace(['-', '_'], "").to_lowercase()
}

fn body_type(argument: &FnArg) -> Option<String> {
    let FnArg::Typed(argument) = argument else {
        return None;
    };
    let syn::Pat::Ident(name) = &*argument.pat else {
        return None;
    };
    (name.ident == "body")
        .then(|| type_name(&argument.ty))
        .flatten()
}

/// Returns the documentation as text.
pub fn docs(attributes: &[Attribute]) -> String {
    let lines = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
                syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(text),
                    ..
                }) => Some(text.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        });
    lines.collect::<Vec<_>>().join(" ")
}

/// The fields of each generated type, by their names in the API.
pub struct Types(BTreeMap<String, Shape>);

enum Shape {
    Fields(BTreeSet<String>),
    /// One of these.
    Bodies(Vec<String>),
}

impl Types {
    pub fn read() -> Self {
        let items = files(&source().join("raw/types"))
            .into_iter()
            .flat_map(|path| parse(&path).items);
        Self(items.filter_map(|item| shape(&item)).collect())
    }

    /// Returns the fields of a body; none where it is one of several.
    pub fn fields(&self, name: &str) -> Option<&BTreeSet<String>> {
        match self.0.get(name) {
            Some(Shape::Fields(fields)) => Some(fields),
            _ => None,
        }
    }

    /// Returns the alternatives of a body: itself, or one of several.
    pub fn bodies(&self, name: &str) -> Vec<String> {
        match self.0.get(name) {
            Some(Shape::Bodies(bodies)) => bodies.clone(),
            _ => vec![name.to_owned()],
        }
    }
}

fn shape(item: &Item) -> Option<(String, Shape)> {
    match item {
        Item::Struct(item) => {
            let Fields::Named(fields) = &item.fields else {
                return None;
            };
            let names = fields.named.iter().map(wire_name).collect();
            Some((item.ident.to_string(), Shape::Fields(names)))
        }
        Item::Enum(item) => {
            let of_variant = |variant: &syn::Variant| match &variant.fields {
                Fields::Unnamed(fields) => type_name(&fields.unnamed.first()?.ty),
                _ => None,
            };
            let bodies: Option<Vec<_>> = item.variants.iter().map(of_variant).collect();
            Some((item.ident.to_string(), Shape::Bodies(bodies?)))
        }
        _ => None,
    }
}

fn wire_name(field: &syn::Field) -> String {
    let mut name = field.ident.as_ref().expect("a named field").to_string();
    for attribute in field.attrs.iter().filter(|it| it.path().is_ident("serde")) {
        attribute
            .parse_nested_meta(|meta| {
                if meta.path.is_ident("rename") {
                    name = meta.value()?.parse::<syn::LitStr>()?.value();
                } else if meta.input.peek(syn::Token![=]) {
                    meta.value()?.parse::<syn::Expr>()?;
                }
                Ok(())
            })
            .expect("attributes of serde");
    }
    name
}

fn type_name(of: &Type) -> Option<String> {
    match of {
        Type::Reference(reference) => type_name(&reference.elem),
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}
