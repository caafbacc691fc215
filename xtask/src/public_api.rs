//! `cargo xtask public-api`: what the library promises its users, as text.
//!
//! A change of it is a change of a committed file: nobody makes one without
//! seeing it, and a reviewer sees whether it breaks programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use public_api::Builder;

use crate::{cargo, generate};

const FILE: &str = "coolify-sdk/public-api.txt";

const HEAD: &str = "\
# What coolify-sdk promises, with all features. Written by `cargo xtask public-api`.
# Left out are the items of `coolify_sdk::raw`, which is generated and shows each
# change by itself, and implementations that are derived, automatic or blanket.
";

/// Where names are from that every program has without a path.
const PRELUDE: [&str; 7] = [
    "alloc::boxed::",
    "alloc::string::",
    "alloc::vec::",
    "core::convert::",
    "core::iter::traits::collect::",
    "core::option::",
    "core::result::",
];

/// Write the list of public items, or see whether it is up to date.
#[derive(clap::Args)]
pub struct Args {
    /// Write nothing; fail when the committed list differs, and show how.
    #[arg(long)]
    check: bool,
}

pub fn run(root: &Path, args: &Args) -> Result<ExitCode> {
    let api = Builder::from_rustdoc_json(rustdoc_json(root)?)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()
        .context("rustdoc's JSON is not of the format that `public-api` in Cargo.toml reads")?;
    let items: Vec<String> = api.items().map(|item| short(item.to_string())).collect();
    let rooms = rooms(&items);
    let items = items.iter().filter(|item| !is_raw(item));
    let mut lines: Vec<String> = items.map(|item| named(item, &rooms)).collect();
    // Where in the source an item stands is no change of the API.
    lines.sort_by_cached_key(|item| (path(item).to_owned(), item.clone()));
    lines.dedup();
    let mut text = HEAD.to_owned();
    for line in lines {
        writeln!(text, "{line}")?;
    }
    let hidden: Vec<&str> = text.lines().filter(|line| says_raw(line)).collect();
    ensure!(
        hidden.is_empty(),
        "no room re-exports what these items name:\n{}",
        hidden.join("\n")
    );
    settle(root, &text, args.check)
}

/// How types of the generated layer are written where they are used.
const TYPES: &str = "coolify_sdk::raw::types::";

/// Under which path a user finds each type of the generated layer: that of the
/// first room, in the order of the alphabet, which re-exports it.
fn rooms(items: &[String]) -> BTreeMap<String, String> {
    let mut rooms = BTreeMap::new();
    let kinds = ["pub struct ", "pub enum "];
    let declared = items
        .iter()
        .filter_map(|item| kinds.iter().find_map(|kind| Some(item.split_once(kind)?.1)));
    for path in declared {
        let path = path.split(['<', '(', ' ']).next().unwrap_or(path);
        let Some((room, name)) = path.rsplit_once("::") else {
            continue;
        };
        if room.contains("::") && !path.starts_with(TYPES) {
            let known: &mut String = rooms.entry(name.into()).or_insert_with(|| path.into());
            if path < known.as_str() {
                *known = path.into();
            }
        }
    }
    rooms
}

/// An item with its types under the paths that users know.
fn named(item: &str, rooms: &BTreeMap<String, String>) -> String {
    let mut parts = item.split(TYPES);
    let mut named = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_alphanumeric() && c != '_');
        let (name, rest) = part.split_at(end.unwrap_or(part.len()));
        match rooms.get(name) {
            Some(path) => named.push_str(path),
            None => named.extend([TYPES, name]),
        }
        named.push_str(rest);
    }
    named
}

/// Whether a type of the generated layer is left that no room has.
fn says_raw(item: &str) -> bool {
    item.contains(TYPES)
}

fn settle(root: &Path, text: &str, check: bool) -> Result<ExitCode> {
    let path = root.join(FILE);
    let old = fs::read_to_string(&path).unwrap_or_default();
    if old == text {
        eprintln!("{FILE} is up to date");
        return Ok(ExitCode::SUCCESS);
    }
    if check {
        generate::print_diff(&old, text, FILE);
        eprintln!(
            "the public API changed: run `cargo xtask public-api`, and say it in CHANGELOG.md"
        );
        return Ok(ExitCode::FAILURE);
    }
    fs::write(&path, text).with_context(|| format!("writing {FILE}"))?;
    eprintln!("written: {FILE}");
    Ok(ExitCode::SUCCESS)
}

/// What rustdoc knows of the library. Only rustdoc is told to take an unstable
/// option: build scripts that see the permission build everything anew.
fn rustdoc_json(root: &Path) -> Result<PathBuf> {
    let target = root.join("target");
    let status = cargo::command(root)
        .env("RUSTDOC", root.join(".ci/rustdoc"))
        .args(["rustdoc", "--quiet", "--locked", "--package", "coolify-sdk"])
        .args(["--lib", "--all-features", "--target-dir"])
        .arg(&target)
        .args(["--", "-Zunstable-options", "--output-format=json"])
        // Shows the generated layer, so that its models are listed with the rooms.
        .args(["--cfg", "public_api"])
        .status()
        .context("running cargo")?;
    ensure!(status.success(), "rustdoc failed");
    Ok(target.join("doc/coolify_sdk.json"))
}

fn short(item: String) -> String {
    PRELUDE
        .iter()
        .fold(item, |item, module| item.replace(module, ""))
}

/// Whether an item belongs to the generated layer. What of it a room gives out
/// again is there once more under the room's name.
fn is_raw(item: &str) -> bool {
    let path = path(item);
    path == "raw" || path.starts_with("raw::")
}

/// Where an item is in the library; of an implementation, what it is for.
fn path(item: &str) -> &str {
    let implemented_for = item.starts_with("impl").then(|| item.rsplit_once(" for "));
    let subject = implemented_for.flatten().map_or(item, |(_, it)| it);
    subject
        .split_once("coolify_sdk::")
        .map_or("", |(_, path)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_prelude_stand_without_a_path() {
        let item = "pub a: core::option::Option<alloc::vec::Vec<core::time::Duration>>";
        assert_eq!(
            short(item.into()),
            "pub a: Option<Vec<core::time::Duration>>"
        );
    }

    #[test]
    fn models_have_the_path_of_the_room_that_re_exports_them() {
        let items = [
            "pub struct coolify_sdk::raw::types::Tag",
            "#[non_exhaustive] pub struct coolify_sdk::tags::Tag",
            "pub struct coolify_sdk::raw::types::Lost",
        ];
        let rooms = rooms(&items.map(str::to_owned));
        let item = "pub fn coolify_sdk::tags::Tags::list() -> Vec<coolify_sdk::raw::types::Tag>";
        assert_eq!(
            named(item, &rooms),
            "pub fn coolify_sdk::tags::Tags::list() -> Vec<coolify_sdk::tags::Tag>"
        );
        let item = "pub fn coolify_sdk::a::lost() -> Vec<coolify_sdk::raw::types::Lost>";
        assert_eq!(named(item, &rooms), item);
        assert!(says_raw(item));
    }

    #[test]
    fn an_item_is_raw_by_its_own_path() {
        assert!(is_raw("pub mod coolify_sdk::raw"));
        assert!(is_raw("pub fn coolify_sdk::raw::types::Tag::new() -> Self"));
        assert!(is_raw(
            "impl coolify_sdk::Body for coolify_sdk::raw::types::Tag"
        ));
        assert!(!is_raw(
            "impl core::convert::TryFrom<&coolify_sdk::raw::types::Tag> for coolify_sdk::tags::Tag"
        ));
        assert!(!is_raw(
            "pub fn coolify_sdk::tags::Tags::list() -> coolify_sdk::raw::types::Tag"
        ));
    }
}
