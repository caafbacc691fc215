//! `cargo xtask public-api`: writes the library's public API to a text file.
//!
//! The file is committed, so every change of the API is visible in a diff, and a
//! reviewer sees whether it breaks programs.

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

/// Paths of names that every program can use without a path.
const PRELUDE: [&str; 7] = [
    "alloc::boxed::",
    "alloc::string::",
    "alloc::vec::",
    "core::convert::",
    "core::iter::traits::collect::",
    "core::option::",
    "core::result::",
];

/// Write the list of public items, or check whether it is up to date.
#[derive(clap::Args)]
pub struct Args {
    /// Write nothing; fail if the committed list differs, and show the difference.
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
    // The position of an item in the source is not part of the API.
    lines.sort_by_cached_key(|item| (path(item).to_owned(), item.clone()));
    lines.dedup();
    let mut text = HEAD.to_owned();
    for line in lines {
        writeln!(text, "{line}")?;
    }
    let hidden: Vec<&str> = text.lines().filter(|line| says_raw(line)).collect();
    ensure!(
        hidden.is_empty(),
        "no room re-exports the types that these items name:\n{}",
        hidden.join("\n")
    );
    settle(root, &text, args.check)
}

/// Path prefix of the generated types where they are used.
const TYPES: &str = "coolify_sdk::raw::types::";

/// Maps each type of the generated layer to the path under which users find it: the
/// first room, in alphabetical order, that re-exports it.
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

/// Returns an item with its types under the paths that users know.
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

/// Returns whether the item still names a type of the generated layer that no room
/// re-exports.
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
            "the public API changed: run `cargo xtask public-api`, and describe the change in CHANGELOG.md"
        );
        return Ok(ExitCode::FAILURE);
    }
    fs::write(&path, text).with_context(|| format!("writing {FILE}"))?;
    eprintln!("written: {FILE}");
    Ok(ExitCode::SUCCESS)
}

/// Returns the path of rustdoc's JSON for the library. Only rustdoc gets permission
/// for an unstable option: build scripts that see the permission would rebuild
/// everything.
fn rustdoc_json(root: &Path) -> Result<PathBuf> {
    let target = root.join("target");
    let status = cargo::command(root)
        .env("RUSTDOC", root.join(".ci/rustdoc"))
        .args(["rustdoc", "--quiet", "--locked", "--package", "coolify-sdk"])
        .args(["--lib", "--all-features", "--target-dir"])
        .arg(&target)
        .args(["--", "-Zunstable-options", "--output-format=json"])
        // Includes the generated layer, so that its models are listed under the
        // rooms.
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

/// Returns whether an item belongs to the generated layer. Items that a room
/// re-exports are also listed under the room.
fn is_raw(item: &str) -> bool {
    let path = path(item);
    path == "raw" || path.starts_with("raw::")
}

/// Returns the path of an item in the library; for an implementation, the path of
/// its type.
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
