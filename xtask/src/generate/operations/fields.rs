//! `spec/request-fields.yaml`: the fields of requests that not every version takes.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use proc_macro2::TokenStream;
use quote::quote;
use serde::Deserialize;
use serde_json::Value;

use super::versions::Span;
use crate::document;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    operations: Vec<String>,
    fields: BTreeMap<String, Bounds>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bounds {
    /// Without it, the field is as old as the operation.
    since: Option<String>,
    after: Option<String>,
    until: Option<String>,
    gone: Option<String>,
}

/// A field of an operation's body or query.
pub(super) struct RequestField {
    pub(super) name: String,
    pub(super) versions: Span,
}

/// The fields by operation.
pub(super) struct RequestFields(BTreeMap<String, BTreeMap<String, Bounds>>);

impl RequestFields {
    pub(super) fn load(root: &Path) -> Result<Self> {
        let file = document::read(&root.join("spec/request-fields.yaml"))?;
        let groups: Vec<Group> =
            serde_json::from_value(file).context("spec/request-fields.yaml")?;
        let mut all: BTreeMap<String, BTreeMap<String, Bounds>> = BTreeMap::new();
        for group in groups {
            for operation in &group.operations {
                let fields = all.entry(operation.clone()).or_default();
                for (field, bounds) in &group.fields {
                    ensure!(
                        fields.insert(field.clone(), bounds.clone()).is_none(),
                        "spec/request-fields.yaml: {operation}: `{field}` stands twice"
                    );
                }
            }
        }
        Ok(Self(all))
    }

    /// Removes and returns the fields of an operation, which has to have them.
    pub(super) fn take(
        &mut self,
        id: &str,
        since: &str,
        operation: &Value,
        document: &Value,
    ) -> Result<Vec<RequestField>> {
        let fields = self.0.remove(id).unwrap_or_default();
        if fields.is_empty() {
            return Ok(Vec::new());
        }
        let taken = names(operation, document);
        let fields = fields.into_iter().map(|(name, bounds)| {
            ensure!(
                taken.contains(&&*name),
                "spec/request-fields.yaml: {id} has no `{name}`"
            );
            let versions = Span {
                since: bounds.since.unwrap_or_else(|| since.to_owned()),
                after: bounds.after,
                until: bounds.until,
                gone: bounds.gone,
            };
            Ok(RequestField { name, versions })
        });
        fields.collect()
    }

    /// Returns an operation that was not taken.
    pub(super) fn left(&self) -> Option<&str> {
        self.0.keys().next().map(String::as_str)
    }
}

impl RequestField {
    pub(super) fn code(&self) -> Result<TokenStream> {
        let name = &self.name;
        let versions = self.versions.code().with_context(|| name.clone())?;
        Ok(quote! { RequestField { name: #name, versions: #versions } })
    }
}

/// Returns the names of an operation's query parameters and of the fields of its
/// body, on the first level.
pub(super) fn names<'a>(operation: &'a Value, document: &'a Value) -> Vec<&'a str> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let query = parameters.filter(|it| it["in"] == "query");
    let mut names: Vec<&str> = query.filter_map(|it| it["name"].as_str()).collect();
    let content = operation["requestBody"]["content"].as_object();
    for (_, media) in content.into_iter().flatten() {
        of_schema(&media["schema"], document, &mut names);
    }
    names
}

fn of_schema<'a>(schema: &'a Value, document: &'a Value, names: &mut Vec<&'a str>) {
    let component = schema["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
    let schema = component
        .and_then(|path| document.pointer(path))
        .unwrap_or(schema);
    let properties = schema["properties"].as_object().into_iter().flatten();
    names.extend(properties.map(|(name, _)| name.as_str()));
    for word in ["anyOf", "oneOf", "allOf"] {
        for part in schema[word].as_array().into_iter().flatten() {
            of_schema(part, document, names);
        }
    }
}
