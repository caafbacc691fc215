//! The table of layers: `layers.toml`.

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
    /// A part that is of another room than its folder.
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

/// What is there today and should not be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowed {
    /// `file -> part`.
    pub up: BTreeSet<String>,
    /// The parts of a circle in the order of the alphabet, with blanks between.
    pub circles: BTreeSet<String>,
}

/// A module that has a place of its own in the table, with what is below it.
pub struct Part {
    /// As in `applications::provision`.
    pub path: String,
    /// Counted from the ground.
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
        Self::parse(&text).with_context(|| format!("{} is no table of layers", path.display()))
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

    /// The part that a module belongs to: the longest path that leads to it.
    pub fn part_of(&self, module: &[String]) -> Option<usize> {
        (1..=module.len()).rev().find_map(|length| {
            let path = module[..length].join("::");
            let path = self.belongs.get(&path).unwrap_or(&path);
            self.parts.iter().position(|part| part.path == *path)
        })
    }

    /// The room of a part: what a room does inside is its own affair.
    pub fn room(&self, part: usize) -> &str {
        let path = &self.parts[part].path;
        path.split_once("::").map_or(path, |(room, _)| room)
    }

    /// Names of the table that lead to no module, and rooms without a layer.
    pub fn check_names(&self, modules: &Modules) -> Vec<String> {
        let named = self.parts.iter().map(|part| &part.path);
        let mut findings: Vec<String> = named
            .chain(self.belongs.keys())
            .filter(|path| !modules.has(path))
            .map(|path| format!("`{path}` is in the table, and no module"))
            .collect();
        let rooms = modules.rooms();
        let homeless = rooms.filter(|room| self.part_of(&[(*room).to_owned()]).is_none());
        findings.extend(homeless.map(|room| format!("`{room}` is in no layer")));
        findings
    }
}
