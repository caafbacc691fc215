//! Converts the patched document (`OpenAPI` 3.1, as Coolify uses it) to a document
//! that progenitor accepts and translates without losses.
//!
//! Each step is a small function that returns how often it acted. The task prints
//! these counts, so that a review notices changed habits of Coolify's document.

mod alike;
mod calls;
mod names;
mod schemas;
mod shapes;
mod visit;

pub use names::pascal;
pub use visit::{METHODS, Role, component_name, operations, request_components, schemas_mut};

use anyhow::{Context, Result};
use serde_json::Value;

use super::enums::OpenEnum;
use super::operations::Operation;
use super::requests::RequestBody;

/// The result of the steps.
pub struct Normalized {
    pub document: Value,
    /// Enums that are removed from the document, because the library's enums stay
    /// open.
    pub enums: Vec<OpenEnum>,
    /// Facts for the setters of request bodies that `OpenAPI` 3.0 cannot express.
    pub requests: Vec<RequestBody>,
    /// Components that only replies use.
    pub replies: Vec<String>,
    /// Name of each step and how often it acted.
    pub counts: Vec<(&'static str, usize)>,
}

/// Runs all steps in their order.
pub fn run(mut document: Value, table: &[Operation]) -> Result<Normalized> {
    let mut counts = Vec::new();
    let mut step = |name, document: &mut Value, act: fn(&mut Value) -> Result<usize>| {
        act(document)
            .with_context(|| format!("while: {name}"))
            .map(|hits| counts.push((name, hits)))
    };
    let doc = &mut document;

    step("operations without a tag tagged", doc, calls::tags)?;
    step("declared error replies removed", doc, calls::errors)?;
    step("success statuses merged into 2XX", doc, calls::success)?;
    step(
        "bodies that repeat the query removed",
        doc,
        calls::repeated_bodies,
    )?;
    step("bodies and parameters made required", doc, calls::required)?;
    step("bodies split into alternatives", doc, shapes::bodies)?;
    step("inline objects named and hoisted", doc, names::hoist)?;

    step("equal bodies merged", doc, alike::merge)?;

    let requests = super::requests::collect(doc)?;
    let replies = visit::reply_components(doc)?;

    step("fields grouped into parts", doc, shapes::parts)?;
    step(
        "defaults, examples, bounds and formats dropped",
        doc,
        schemas::keywords,
    )?;
    step(
        "reply fields that may be null made optional",
        doc,
        schemas::reply_nulls,
    )?;
    step(
        "request fields that can be cleared",
        doc,
        schemas::clearable,
    )?;
    let enums = super::enums::take(doc)?;
    step("schemas replaced with SDK types", doc, schemas::sdk_types)?;
    step("mixed types as raw JSON", doc, schemas::mixed_types)?;
    step(
        "objects without fields as raw JSON",
        doc,
        schemas::bare_objects,
    )?;
    step(
        "optional lists kept distinct from empty ones",
        doc,
        schemas::optional_lists,
    )?;
    step(
        "references that keep their description",
        doc,
        schemas::described_references,
    )?;

    document["openapi"] = "3.0.3".into();
    super::operations::annotate(&mut document, table)?;
    Ok(Normalized {
        document,
        enums,
        requests,
        replies,
        counts,
    })
}
