//! `spec/operations.yaml`: the versions that have each operation, and the abilities it
//! needs.

mod abilities;
mod fields;
mod versions;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde::Deserialize;
use serde_json::Value;

pub use self::versions::{KnownVersions, version};
use self::{
    abilities::{AlsoNeeds, Needs},
    fields::{RequestField, RequestFields},
    versions::Span,
};
use super::normalize::METHODS;
use crate::document;

/// An operation of the patched document with the facts that the document lacks.
pub struct Operation {
    pub id: String,
    pub method: String,
    pub path: String,
    pub tag: String,
    pub documented: bool,
    /// Whether it cleans up the whole server afterwards, unless the request
    /// declines that.
    cleans_server: bool,
    facts: Facts,
    /// The fields that not every version takes.
    fields: Vec<RequestField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    call: String,
    needs: Option<Needs>,
    /// Abilities that some requests need in addition.
    #[serde(default)]
    also_needs: Vec<AlsoNeeds>,
    since: String,
    after: Option<String>,
    until: Option<String>,
    gone: Option<String>,
    /// Up to this version the route only exists for GET.
    get_until: Option<String>,
    #[serde(default)]
    undocumented: bool,
    /// Whether it builds an application.
    #[serde(default)]
    builds: bool,
    /// What a client that is bound to a project may do with the operation.
    bound: Option<String>,
}

impl Operation {
    /// Returns the sentences about the operation for the method's doc comment.
    fn note(&self) -> Result<String> {
        let facts = &self.facts;
        let mut sentences =
            abilities::sentences(facts.needs.as_ref(), &facts.also_needs, &facts.since)?;
        sentences.insert(1, facts.versions().sentence());
        if !self.documented {
            sentences.push("Not in Coolify's own document.".to_owned());
        }
        Ok(sentences.join(" "))
    }
}

impl Facts {
    fn versions(&self) -> Span {
        Span {
            since: self.since.clone(),
            after: self.after.clone(),
            until: self.until.clone(),
            gone: self.gone.clone(),
        }
    }
}

/// Returns all operations, sorted by id. Returns an error if the document and the
/// file disagree.
pub fn load(root: &Path, document: &Value) -> Result<Vec<Operation>> {
    let file = document::read(&root.join("spec/operations.yaml"))?;
    let mut facts: BTreeMap<String, Facts> = BTreeMap::new();
    for (tag, operations) in file
        .as_object()
        .context("spec/operations.yaml is not a map")?
    {
        for (id, value) in operations
            .as_object()
            .context("a tag in spec/operations.yaml is not a map")?
        {
            let entry = serde_json::from_value(value.clone())
                .with_context(|| format!("spec/operations.yaml: {tag}: {id}"))?;
            if facts.insert(id.clone(), entry).is_some() {
                bail!("spec/operations.yaml names {id} twice");
            }
        }
    }
    let mut request_fields = RequestFields::load(root)?;
    let mut operations = Vec::new();
    let paths = document["paths"]
        .as_object()
        .context("the document has no paths")?;
    for (path, item) in paths {
        for method in METHODS {
            let Some(operation) = item.get(*method) else {
                continue;
            };
            let id = operation["operationId"]
                .as_str()
                .with_context(|| format!("{method} {path} has no operationId"))?;
            let facts = facts
                .remove(id)
                .with_context(|| format!("spec/operations.yaml lacks {id}"))?;
            let method = method.to_uppercase();
            if facts.call != format!("{method} {path}") {
                bail!("spec/operations.yaml: {id} is {method} {path} in the document");
            }
            for also in &facts.also_needs {
                let fits = also.fits(&fields::names(operation, document));
                fits.with_context(|| format!("spec/operations.yaml: {id}"))?;
            }
            operations.push(Operation {
                id: id.to_owned(),
                method,
                path: path.clone(),
                tag: operation["tags"][0].as_str().unwrap_or(UNTAGGED).to_owned(),
                documented: !facts.undocumented,
                cleans_server: has_parameter(operation, "docker_cleanup"),
                fields: request_fields.take(id, &facts.since, operation, document)?,
                facts,
            });
        }
    }
    if let Some(id) = facts.keys().next() {
        bail!("spec/operations.yaml names {id}, which the patched document lacks");
    }
    if let Some(id) = request_fields.left() {
        bail!("spec/request-fields.yaml names {id}, which the patched document lacks");
    }
    operations.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(operations)
}

/// Tag for operations without one in Coolify's document.
pub const UNTAGGED: &str = "Instance";

/// Renders `raw/operations.rs`, the table behind `coolify_sdk::operations()`.
pub fn render(operations: &[Operation], known: &KnownVersions) -> Result<String> {
    let constants = known.constants()?;
    let rows = operations.iter().map(|operation| {
        let row = row(operation);
        row.with_context(|| format!("spec/operations.yaml: {}", operation.id))
    });
    let rows = rows.collect::<Result<Vec<_>>>()?;
    let file = syn::parse2(quote! {
        use crate::operations::{
            Ability, AlsoNeeds, Bound, Method, Operation, RequestField, Rows, Versions, When,
        };
        use crate::scalar::ResourceKind;
        use crate::version::Version;

        #constants

        pub(crate) static OPERATIONS: &[Operation] = &[#(#rows),*];
    })?;
    Ok(super::print::print(&file))
}

fn row(operation: &Operation) -> Result<TokenStream> {
    let Operation {
        id,
        method,
        path,
        tag,
        documented,
        cleans_server,
        facts,
        fields,
    } = operation;
    let method = format_ident!("{}", method_variant(method)?);
    let versions = facts.versions().code()?;
    let get_until = versions::optional(facts.get_until.as_deref())?;
    let abilities = abilities::code(facts.needs.as_ref(), &facts.since)?;
    let also_needs = facts.also_needs.iter().map(AlsoNeeds::code);
    let also_needs = also_needs.collect::<Result<Vec<_>>>()?;
    let fields = fields.iter().map(RequestField::code);
    let fields = fields.collect::<Result<Vec<_>>>()?;
    let bound = bound(facts.bound.as_deref())?;
    let builds = facts.builds;
    Ok(quote! {
        Operation {
            id: #id,
            method: Method::#method,
            path: #path,
            tag: #tag,
            versions: #versions,
            get_until: #get_until,
            abilities: #abilities,
            also_needs: &[#(#also_needs),*],
            fields: &[#(#fields),*],
            documented: #documented,
            bound: #bound,
            builds: #builds,
            cleans_server: #cleans_server,
        }
    })
}

fn method_variant(method: &str) -> Result<&'static str> {
    Ok(match method {
        "GET" => "Get",
        "POST" => "Post",
        "PUT" => "Put",
        "PATCH" => "Patch",
        "DELETE" => "Delete",
        other => bail!("unknown method {other}"),
    })
}

fn has_parameter(operation: &Value, name: &str) -> bool {
    let parameters = operation["parameters"].as_array();
    parameters.is_some_and(|all| all.iter().any(|parameter| parameter["name"] == name))
}

/// Parses what a client that is bound to a project may do with an operation.
/// Without a value, it may do nothing.
fn bound(text: Option<&str>) -> Result<TokenStream> {
    let Some(text) = text else {
        return Ok(quote! { Bound::Never });
    };
    let (verb, noun) = text.split_once(' ').unwrap_or((text, ""));
    Ok(match (verb, noun) {
        ("free", "") => quote! { Bound::Free },
        ("creates", "") => quote! { Bound::Create },
        ("deploys", "") => quote! { Bound::Deploy },
        ("in", "project") => quote! { Bound::Project },
        ("in", "backup") => quote! { Bound::Backup },
        ("in", "deployment") => quote! { Bound::Deployment },
        ("in", noun) => {
            let kind = kind(noun)?;
            quote! { Bound::Resource(#kind) }
        }
        ("moves", noun) => {
            let kind = kind(noun)?;
            quote! { Bound::Move(#kind) }
        }
        ("lists", nouns) => {
            let rows = rows(nouns.strip_suffix('s').unwrap_or_default())?;
            quote! { Bound::List(#rows) }
        }
        ("shows", noun) => {
            let rows = rows(noun)?;
            quote! { Bound::Shown(#rows) }
        }
        _ => bail!("`{text}` is not a valid value for `bound`"),
    })
}

fn rows(noun: &str) -> Result<TokenStream> {
    Ok(match noun {
        "project" => quote! { Rows::Project },
        "resource" => quote! { Rows::AnyResource },
        "deployment" => quote! { Rows::Deployment },
        "backup" => quote! { Rows::Backup },
        noun => {
            let kind = kind(noun)?;
            quote! { Rows::Resource(#kind) }
        }
    })
}

fn kind(noun: &str) -> Result<TokenStream> {
    Ok(match noun {
        "application" => quote! { ResourceKind::Application },
        "database" => quote! { ResourceKind::Database },
        "service" => quote! { ResourceKind::Service },
        other => bail!("`{other}` is not a kind of resource"),
    })
}

/// Writes each operation's note into the document. progenitor copies it into the
/// method's doc comment.
pub fn annotate(document: &mut Value, operations: &[Operation]) -> Result<()> {
    for operation in operations {
        let method = operation.method.to_lowercase();
        document["paths"][&operation.path][&method]["description"] = operation.note()?.into();
    }
    Ok(())
}
