//! Runs progenitor over the normalised document.

use anyhow::{Context, Result};
use openapiv3::OpenAPI;
use progenitor_impl::{CrateVers, GenerationSettings, Generator, InterfaceStyle, TagStyle};
use serde_json::Value;

/// Returns the generated client as a syntax tree.
pub fn run(document: &Value) -> Result<syn::File> {
    let document: OpenAPI = serde_json::from_value(document.clone())
        .context("the normalised document is not OpenAPI 3.0")?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_map_type("::std::collections::BTreeMap")
        .with_derive("PartialEq")
        .with_crate("coolify-sdk", CrateVers::Any, None)
        .with_crate("serde_json", CrateVers::Any, None);
    let tokens = Generator::new(&settings)
        .generate_tokens(&document)
        .context("progenitor rejects the normalised document")?;
    Ok(syn::parse2(tokens)?)
}
