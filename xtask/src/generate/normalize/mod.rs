//! From the patched document (`OpenAPI` 3.1, as Coolify speaks) to one that
//! progenitor takes and translates without losing anything.
//!
//! Each step is one small function that returns how often it acted; the counts
//! are printed, so that a review sees when upstream changes its habits.

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

/// What the steps produce.
pub struct Normalized {
    pub document: Value,
    /// Enums leave the document: ours stay open.
    pub enums: Vec<OpenEnum>,
    /// What the request bodies' setters must know and `OpenAPI` 3.0 cannot say.
    pub requests: Vec<RequestBody>,
    /// Components that only replies use.
    pub replies: Vec<String>,
    /// Every step's name and how often it acted.
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

    step("operations without a tag get one", doc, calls::tags)?;
    step("declared error replies removed", doc, calls::errors)?;
    step("success statuses merged into 2XX", doc, calls::success)?;
    step(
        "bodies that repeat the query left out",
        doc,
        calls::repeated_bodies,
    )?;
    step("bodies and parameters made required", doc, calls::required)?;
    step("bodies split into alternatives", doc, shapes::bodies)?;
    step("inline objects named and hoisted", doc, names::hoist)?;

    step("bodies that mean the same made one", doc, alike::merge)?;

    let requests = super::requests::collect(doc)?;
    let replies = visit::reply_components(doc)?;

    step("fields gathered into parts", doc, shapes::parts)?;
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
    step("SDK types put in", doc, schemas::sdk_types)?;
    step("mixed types as raw JSON", doc, schemas::mixed_types)?;
    step(
        "objects without fields as raw JSON",
        doc,
        schemas::bare_objects,
    )?;
    step(
        "optional lists told apart from empty ones",
        doc,
        schemas::optional_lists,
    )?;
    step(
        "references that keep their description",
        doc,
        schemas::described_references,
    )?;

    document["openapi"] = "3.0.3".into();
    super::operations::annotate(&mut document, table);
    Ok(Normalized {
        document,
        enums,
        requests,
        replies,
        counts,
    })
}
