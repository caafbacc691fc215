//! `cargo xtask layers`: checks that each module of the library imports only from
//! its own layer and from lower ones, and that the rooms of one layer do not import
//! each other in a cycle.
//!
//! `layers.toml` contains the table. Its list of allowed imports from higher layers
//! may only shrink: an entry that is no longer needed is an error, too.

mod circles;
mod imports;
mod modules;
mod table;
mod tokens;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use self::imports::Import;
use self::modules::Modules;
use self::table::Table;

const LIBRARY: &str = "coolify-sdk/src";
const TABLE: &str = "xtask/layers.toml";

/// An import from one part of the table to another.
struct Arrow {
    from: usize,
    to: usize,
    import: Import,
}

pub fn run(root: &Path) -> Result<ExitCode> {
    let table = Table::read(&root.join(TABLE))?;
    let modules = Modules::read(&root.join(LIBRARY))?;
    let mut findings = table.check_names(&modules);
    let arrows = arrows(&table, &modules);
    findings.extend(running_up(&table, &arrows));
    findings.extend(circles(&table, &arrows));
    if findings.is_empty() {
        println!(
            "{} imports between {} parts; {} imports from higher layers and {} cycles are allowed",
            arrows.len(),
            table.parts.len(),
            table.allowed.up.len(),
            table.allowed.circles.len(),
        );
        return Ok(ExitCode::SUCCESS);
    }
    for finding in &findings {
        println!("{finding}");
    }
    println!("\n{} findings; see {TABLE} for the layers", findings.len());
    Ok(ExitCode::FAILURE)
}

fn arrows(table: &Table, modules: &Modules) -> Vec<Arrow> {
    let arrow = |import: Import| {
        let from = table.part_of(&import.from)?;
        let to = table.part_of(&import.to)?;
        (table.room(from) != table.room(to)).then_some(Arrow { from, to, import })
    };
    imports::all(modules)
        .into_iter()
        .filter_map(arrow)
        .collect()
}

/// Returns the imports from a higher layer that are not allowed, and the allowed
/// ones that no longer exist.
fn running_up(table: &Table, arrows: &[Arrow]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut used = BTreeSet::new();
    for arrow in arrows {
        let (from, to) = (&table.parts[arrow.from], &table.parts[arrow.to]);
        if to.layer <= from.layer {
            continue;
        }
        let entry = format!("{} -> {}", arrow.import.file, to.path);
        if table.allowed.up.contains(&entry) {
            used.insert(entry);
            continue;
        }
        findings.push(format!(
            "{}:{}: {} ({}) imports {} ({}): {}",
            arrow.import.file,
            arrow.import.line,
            from.path,
            table.layers[from.layer],
            to.path,
            table.layers[to.layer],
            arrow.import.text,
        ));
    }
    let stale = table.allowed.up.iter().filter(|it| !used.contains(*it));
    findings.extend(stale.map(|it| format!("allowed, but it no longer exists: {it}")));
    findings
}

/// Returns the cycles among the parts of one layer. A cycle that includes an import
/// from a higher layer is reported as that import.
fn circles(table: &Table, arrows: &[Arrow]) -> Vec<String> {
    let level: Vec<(usize, usize)> = arrows
        .iter()
        .filter(|arrow| table.parts[arrow.from].layer == table.parts[arrow.to].layer)
        .map(|arrow| (arrow.from, arrow.to))
        .collect();
    let mut findings = Vec::new();
    let mut used = BTreeSet::new();
    for circle in circles::find(table.parts.len(), &level) {
        let mut names: Vec<&str> = circle.iter().map(|it| &*table.parts[*it].path).collect();
        names.sort_unstable();
        let entry = names.join(" ");
        if table.allowed.circles.contains(&entry) {
            used.insert(entry);
            continue;
        }
        findings.push(format!("a cycle: {entry}"));
        let inside = arrows
            .iter()
            .filter(|arrow| circle.contains(&arrow.from) && circle.contains(&arrow.to));
        findings.extend(inside.map(|arrow| {
            format!(
                "  {}:{}: {} -> {}",
                arrow.import.file,
                arrow.import.line,
                table.parts[arrow.from].path,
                table.parts[arrow.to].path,
            )
        }));
    }
    let stale = table
        .allowed
        .circles
        .iter()
        .filter(|it| !used.contains(*it));
    findings.extend(stale.map(|it| format!("an allowed cycle no longer exists: {it}")));
    findings
}

#[cfg(test)]
mod tests {
    use super::{arrows, circles, modules::Modules, running_up, table::Table};

    /// Returns the findings for a library of these files with this table.
    fn judge(table: &str, files: &[(&str, &str)]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let table = Table::parse(table).unwrap();
        let modules = Modules::read(folder.path()).unwrap();
        let mut findings = table.check_names(&modules);
        let arrows = arrows(&table, &modules);
        findings.extend(running_up(&table, &arrows));
        findings.extend(circles(&table, &arrows));
        findings
    }

    const LAYERS: &str = r#"
        [[layer]]
        name = "ground"
        parts = ["low", "high::floor"]
        [[layer]]
        name = "top"
        parts = ["high", "peak"]
        [allowed]
        up = []
        circles = []
    "#;

    const LIB: (&str, &str) = (
        "lib.rs",
        "mod low; mod high; mod peak; pub use self::high::Thing;",
    );

    #[test]
    fn an_import_that_runs_up_is_named_with_its_place() {
        let found = judge(
            LAYERS,
            &[
                LIB,
                ("low.rs", "\nuse crate::{high::{self, Other}, low::Mine};"),
                (
                    "high.rs",
                    "mod floor {} use crate::low::Mine; pub struct Thing;",
                ),
                ("peak.rs", ""),
            ],
        );
        assert_eq!(
            found,
            [
                "low.rs:2: low (ground) imports high (top): crate::high",
                "low.rs:2: low (ground) imports high (top): crate::high::Other",
            ]
        );
    }

    #[test]
    fn imports_are_seen_in_code_in_macros_and_behind_a_name_of_the_root() {
        let found = judge(
            LAYERS,
            &[
                LIB,
                (
                    "low/mod.rs",
                    "mod deep;\nfn a() -> crate::Thing { super::high::make() }\n\
                     macro_rules! m { () => { $crate::peak::touch() } }\n\
                     fn b() { println!(\"{}\", crate::high::NAME); }",
                ),
                ("low/deep.rs", "use super::super::peak;"),
                ("high.rs", "mod floor {} pub struct Thing;"),
                ("peak.rs", ""),
            ],
        );
        assert_eq!(
            found,
            [
                "low/mod.rs:2: low (ground) imports high (top): crate::Thing",
                "low/mod.rs:2: low (ground) imports high (top): super::high::make",
                "low/mod.rs:3: low (ground) imports peak (top): crate::peak::touch",
                "low/mod.rs:4: low (ground) imports high (top): crate::high::NAME",
                "low/deep.rs:1: low (ground) imports peak (top): super::super::peak",
            ]
        );
    }

    #[test]
    fn tests_and_what_a_room_does_inside_do_not_count() {
        let found = judge(
            LAYERS,
            &[
                LIB,
                (
                    "low.rs",
                    "#[cfg(test)] mod tests { use crate::high::Thing; }\n\
                     #[cfg(all(test, feature = \"a\"))] use crate::peak;\n\
                     use crate::high::floor::Base;",
                ),
                (
                    "high/mod.rs",
                    "pub mod floor; pub use floor::Base; pub struct Thing;",
                ),
                ("high/floor.rs", "use super::Thing; pub struct Base;"),
                ("peak.rs", ""),
            ],
        );
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn a_name_that_a_room_takes_from_its_part_counts_for_the_part() {
        let found = judge(
            LAYERS,
            &[
                LIB,
                ("low.rs", "use crate::high::{Base, Thing};"),
                (
                    "high/mod.rs",
                    "pub mod floor; pub use floor::*; pub struct Thing;",
                ),
                ("high/floor.rs", "pub struct Base;"),
                ("peak.rs", ""),
            ],
        );
        assert_eq!(
            found,
            ["low.rs:1: low (ground) imports high (top): crate::high::Thing"]
        );
    }

    #[test]
    fn circles_are_told_with_their_arrows() {
        let found = judge(
            LAYERS,
            &[
                LIB,
                ("low.rs", ""),
                (
                    "high.rs",
                    "mod floor {} use crate::peak::Snow; pub struct Thing;",
                ),
                ("peak.rs", "use crate::high::Thing; pub struct Snow;"),
            ],
        );
        assert_eq!(
            found,
            [
                "a cycle: high peak",
                "  high.rs:1: high -> peak",
                "  peak.rs:1: peak -> high",
            ]
        );
    }

    #[test]
    fn the_list_of_what_is_allowed_gets_shorter_only() {
        let table = LAYERS
            .replace("up = []", "up = [\"low.rs -> high\", \"low.rs -> peak\"]")
            .replace("circles = []", "circles = [\"high peak\"]");
        let found = judge(
            &table,
            &[
                LIB,
                ("low.rs", "use crate::high;"),
                ("high.rs", "mod floor {} pub struct Thing;"),
                ("peak.rs", ""),
            ],
        );
        assert_eq!(
            found,
            [
                "allowed, but it no longer exists: low.rs -> peak",
                "an allowed cycle no longer exists: high peak",
            ]
        );
    }

    #[test]
    fn a_room_without_a_layer_and_a_layer_without_a_room_are_named() {
        let found = judge(
            LAYERS,
            &[
                (
                    "lib.rs",
                    "mod low; mod high; mod stray; /// Words.\nmod words {}",
                ),
                ("low.rs", ""),
                ("high.rs", "mod floor {} pub struct Thing;"),
                ("stray.rs", "struct Dog;"),
            ],
        );
        assert_eq!(
            found,
            [
                "the table lists `peak`, which is not a module",
                "`stray` is in no layer",
            ]
        );
    }
}
