//! The imports of each module, by `use` and by paths in its code.
//!
//! Attributes are not read: `#[request(builder = …)]` in the generated layer names
//! the builder of a room, whose setters it generates.

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemUse, Macro, Path, spanned::Spanned};

use super::modules::{self, Modules};
use super::tokens;

/// A path that leads from one module to another.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    /// The file, relative to the root of the library.
    pub file: String,
    pub line: usize,
    /// The importing module.
    pub from: Vec<String>,
    /// The imported module.
    pub to: Vec<String>,
    /// The path as it is written in the source.
    pub text: String,
}

/// Returns all imports of the library, in the order of its modules.
pub fn all(modules: &Modules) -> Vec<Import> {
    let mut imports = Vec::new();
    for (path, module) in modules.iter() {
        // The root only re-exports the contents of the crate.
        if path.is_empty() {
            continue;
        }
        let mut reader = Reader {
            modules,
            file: &module.file,
            module: path,
            found: BTreeSet::new(),
        };
        for item in &module.items {
            reader.visit_item(item);
        }
        imports.extend(reader.found);
    }
    imports
}

struct Reader<'a> {
    modules: &'a Modules,
    file: &'a str,
    module: &'a [String],
    found: BTreeSet<Import>,
}

impl Reader<'_> {
    fn note(&mut self, path: &[String], span: Span) {
        let Some(absolute) = self.modules.absolute(self.module, path) else {
            return;
        };
        let to = self.modules.home(&absolute);
        if !to.is_empty() {
            self.found.insert(Import {
                file: self.file.to_owned(),
                line: span.start().line,
                from: self.module.to_vec(),
                to,
                text: path.join("::"),
            });
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !modules::attributes(item).is_some_and(modules::is_for_tests) {
            visit::visit_item(self, item);
        }
    }

    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        for path in modules::paths(&item.tree) {
            self.note(&path, item.span());
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|it| it.ident.to_string())
            .collect();
        if names.len() > 1 && path.leading_colon.is_none() {
            self.note(&names, path.span());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        self.visit_path(&item.path);
        for (path, span) in tokens::paths(item.tokens.clone()) {
            self.note(&path, span);
        }
    }
}
