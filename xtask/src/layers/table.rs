//! The table of layers in `layers.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::modules::Modules;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    layer: Vec<Layer>,
    /// Parts that belong to another room than their folder.
    #[serde(default)]
    belongs: BTreeMap<String, String>,
    allowed: Allowed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Layer {
    name: String,
    parts: Vec<String>,
}

/// Existing imports that should disappear.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowed {
    /// `file -> part`.
    pub up: BTreeSet<String>,
    /// The parts of a cycle in alphabetical order, separated by spaces.
    pub circles: BTreeSet<String>,
}

/// A module with its own place in the table, including its submodules.
pub struct Part {
    /// The path, such as `applications::provision`.
    pub path: String,
    /// The number of the layer, counted from the bottom.
    pub layer: usize,
}

pub struct Table {
    pub layers: Vec<String>,
    pub parts: Vec<Part>,
    pub allowed: Allowed,
    belongs: BTreeMap<String, String>,
}

impl Table {
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path)?;
        Self::parse(&text).with_context(|| format!("{} is not a table of layers", path.display()))
    }

    pub fn parse(text: &str) -> Result<Self> {
        let file: File = toml::from_str(text)?;
        let mut parts: Vec<Part> = Vec::new();
        let mut layers = Vec::new();
        for (index, layer) in file.layer.into_iter().enumerate() {
            for path in layer.parts {
                if parts.iter().any(|part| part.path == path) {
                    bail!("`{path}` is in two layers");
                }
                parts.push(Part { path, layer: index });
            }
            layers.push(layer.name);
        }
        Ok(Self {
            layers,
            parts,
            allowed: file.allowed,
            belongs: file.belongs,
        })
    }

    /// Returns the part that a module belongs to: the one with the longest matching
    /// path.
    pub fn part_of(&self, module: &[String]) -> Option<usize> {
        (1..=module.len()).rev().find_map(|length| {
            let path = module[..length].join("::");
            let path = self.belongs.get(&path).unwrap_or(&path);
            self.parts.iter().position(|part| part.path == *path)
        })
    }

    /// Returns the room of a part. Imports within a room are not checked.
    pub fn room(&self, part: usize) -> &str {
        let path = &self.parts[part].path;
        path.split_once("::").map_or(path, |(room, _)| room)
    }

    /// Returns names of the table that are not modules, and rooms without a layer.
    pub fn check_names(&self, modules: &Modules) -> Vec<String> {
        let named = self.parts.iter().map(|part| &part.path);
        let mut findings: Vec<String> = named
            .chain(self.belongs.keys())
            .filter(|path| !modules.has(path))
            .map(|path| format!("the table lists `{path}`, which is not a module"))
            .collect();
        let rooms = modules.rooms();
        let homeless = rooms.filter(|room| self.part_of(&[(*room).to_owned()]).is_none());
        findings.extend(homeless.map(|room| format!("`{room}` is in no layer")));
        findings
    }
}
