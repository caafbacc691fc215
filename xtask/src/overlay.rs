//! Applies `patches/` to the imported document.

use std::path::Path;

use anyhow::Result;
use serde_json::Value;

/// The imported document with every patch applied, in order.
pub fn patched(_root: &Path) -> Result<Value> {
    anyhow::bail!("the overlay engine is being written")
}
