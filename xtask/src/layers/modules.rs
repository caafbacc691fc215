//! The modules of the library and the items that their names refer to.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use syn::{Attribute, Item, Meta, UseTree, punctuated::Punctuated, token::Comma};

/// A module: its file and the names in it.
#[derive(Default)]
pub struct Module {
    /// The file, relative to the root of the library.
    pub file: String,
    pub items: Vec<Item>,
    children: BTreeSet<String>,
    /// The names that the module defines.
    defines: BTreeSet<String>,
    /// The names that it imports, and their full paths.
    takes: BTreeMap<String, Vec<String>>,
    /// The modules from which it imports all names.
    globs: Vec<Vec<String>>,
}

/// All modules by their paths; the path of the root is empty. Test modules are left
/// out.
#[derive(Default)]
pub struct Modules {
    all: BTreeMap<Vec<String>, Module>,
    /// The exported macros and the modules that define them.
    macros: BTreeMap<String, Vec<String>>,
}

impl Modules {
    pub fn read(root: &Path) -> Result<Self> {
        let mut modules = Self::default();
        modules.read_file(root, "lib.rs", Vec::new())?;
        Ok(modules)
    }

    fn read_file(&mut self, root: &Path, file: &str, path: Vec<String>) -> Result<()> {
        let text = fs::read_to_string(root.join(file))
            .with_context(|| format!("cannot read {file} of the library"))?;
        let parsed = syn::parse_file(&text).with_context(|| format!("{file} is not valid Rust"))?;
        self.add(root, file, path, parsed.items)
    }

    fn add(&mut self, root: &Path, file: &str, path: Vec<String>, items: Vec<Item>) -> Result<()> {
        let mut module = Module {
            file: file.to_owned(),
            ..Module::default()
        };
        let items = items
            .into_iter()
            .filter(|item| !attributes(item).is_some_and(is_for_tests));
        let mut inside = Vec::new();
        for item in items {
            match item {
                Item::Mod(it) => {
                    module.children.insert(it.ident.to_string());
                    inside.push(it);
                }
                item => {
                    self.note(&mut module, &path, &item);
                    module.items.push(item);
                }
            }
        }
        for child in inside {
            let name = child.ident.to_string();
            let mut below = path.clone();
            below.push(name.clone());
            if let Some((_, items)) = child.content {
                self.add(root, file, below, items)?;
            } else {
                let file = find_file(root, file, &path, &name)?;
                self.read_file(root, &file, below)?;
            }
        }
        self.all.insert(path, module);
        Ok(())
    }

    fn note(&mut self, module: &mut Module, path: &[String], item: &Item) {
        match item {
            Item::Use(it) => {
                let mut leaves = Vec::new();
                flatten(&it.tree, &mut Vec::new(), &mut leaves);
                for leaf in leaves {
                    match leaf.name {
                        Some(name) => {
                            module.takes.insert(name, leaf.path);
                        }
                        None => module.globs.push(leaf.path),
                    }
                }
            }
            Item::Macro(it) => {
                if let Some(name) = &it.ident {
                    let exported = it.attrs.iter().any(|it| it.path().is_ident("macro_export"));
                    if exported {
                        self.macros.insert(name.to_string(), path.to_vec());
                    }
                    module.defines.insert(name.to_string());
                }
            }
            item => {
                module.defines.extend(name(item));
            }
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Vec<String>, &Module)> {
        self.all.iter()
    }

    pub fn has(&self, path: &str) -> bool {
        let path: Vec<String> = path.split("::").map(str::to_owned).collect();
        self.all.contains_key(&path)
    }

    /// Returns the modules below the root, except those that contain only
    /// documentation.
    pub fn rooms(&self) -> impl Iterator<Item = &str> {
        let below = self
            .all
            .iter()
            .filter_map(|(path, module)| match &path[..] {
                [room] => Some((room.as_str(), module)),
                _ => None,
            });
        let holds = |module: &Module| !module.items.is_empty() || !module.children.is_empty();
        below.filter_map(move |(room, module)| holds(module).then_some(room))
    }

    /// Returns the path from the root for a path in a module, or `None` if it leads
    /// out of the library.
    pub fn absolute(&self, module: &[String], path: &[String]) -> Option<Vec<String>> {
        let mut base = match path.first()?.as_str() {
            "crate" => Vec::new(),
            "self" | "super" => module.to_vec(),
            name => {
                let here = self.all.get(module)?;
                if !here.children.contains(name) {
                    return None;
                }
                let mut base = module.to_vec();
                base.push(name.to_owned());
                base
            }
        };
        let roots = path.iter().take_while(|it| is_root(it)).count();
        for _ in path[..roots].iter().filter(|it| *it == "super") {
            base.pop();
        }
        base.extend_from_slice(&path[roots.max(1)..]);
        Some(base)
    }

    /// Returns the module that a path from the root leads to, following names that
    /// the root or a room re-exports from its own parts.
    pub fn home(&self, path: &[String]) -> Vec<String> {
        self.home_within(path, 0)
    }

    fn home_within(&self, path: &[String], depth: usize) -> Vec<String> {
        let length = (0..=path.len())
            .rev()
            .find(|length| self.all.contains_key(&path[..*length]))
            .unwrap_or(0);
        let module = path[..length].to_vec();
        let Some(name) = path.get(length).filter(|_| depth < MOST_STEPS) else {
            return module;
        };
        let Some(here) = self.all.get(&module) else {
            return module;
        };
        if here.defines.contains(name) {
            return module;
        }
        if let (true, Some(home)) = (module.is_empty(), self.macros.get(name)) {
            return home.clone();
        }
        let named = here.takes.get(name).cloned().into_iter();
        let any = here.globs.iter().filter_map(|glob| {
            let mut path = self.absolute(&module, glob)?;
            let there = self.all.get(&path)?;
            let known = there.defines.contains(name) || there.takes.contains_key(name);
            path.push(name.clone());
            known.then_some(path)
        });
        for taken in named.chain(any) {
            let Some(taken) = self.absolute(&module, &taken).or_else(|| {
                let is_absolute = self.all.contains_key(&taken[..1.min(taken.len())]);
                is_absolute.then(|| taken.clone())
            }) else {
                continue;
            };
            let home = self.home_within(&taken, depth + 1);
            if module.is_empty() || home.first() == module.first() {
                return home;
            }
        }
        module
    }
}

/// Returns whether a path that starts with this name starts at a known module.
pub fn is_root(name: &str) -> bool {
    matches!(name, "crate" | "self" | "super")
}

/// Maximum number of re-exports to follow for one name.
const MOST_STEPS: usize = 8;

/// A name of a `use`; `None` for all names of a module.
struct Leaf {
    name: Option<String>,
    path: Vec<String>,
}

fn flatten(tree: &UseTree, before: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
    match tree {
        UseTree::Path(it) => {
            before.push(it.ident.to_string());
            flatten(&it.tree, before, leaves);
            before.pop();
        }
        UseTree::Group(it) => {
            for tree in &it.items {
                flatten(tree, before, leaves);
            }
        }
        UseTree::Glob(_) => leaves.push(Leaf {
            name: None,
            path: before.clone(),
        }),
        UseTree::Name(it) => {
            let name = it.ident.to_string();
            let mut path = before.clone();
            let name = if name == "self" {
                before.last().cloned().unwrap_or_default()
            } else {
                path.push(name.clone());
                name
            };
            leaves.push(Leaf {
                name: Some(name),
                path,
            });
        }
        UseTree::Rename(it) => {
            let mut path = before.clone();
            if it.ident != "self" {
                path.push(it.ident.to_string());
            }
            leaves.push(Leaf {
                name: Some(it.rename.to_string()),
                path,
            });
        }
    }
}

/// Returns the paths of a `use`.
pub fn paths(tree: &UseTree) -> Vec<Vec<String>> {
    let mut leaves = Vec::new();
    flatten(tree, &mut Vec::new(), &mut leaves);
    leaves.into_iter().map(|leaf| leaf.path).collect()
}

fn find_file(root: &Path, parent: &str, path: &[String], name: &str) -> Result<String> {
    let mut folder = path.join("/");
    if !folder.is_empty() {
        folder.push('/');
    }
    for file in [
        format!("{folder}{name}.rs"),
        format!("{folder}{name}/mod.rs"),
    ] {
        if root.join(&file).is_file() {
            return Ok(file);
        }
    }
    bail!("{parent} names the module `{name}`, which has no file")
}

fn name(item: &Item) -> Option<String> {
    Some(match item {
        Item::Const(it) => it.ident.to_string(),
        Item::Enum(it) => it.ident.to_string(),
        Item::Fn(it) => it.sig.ident.to_string(),
        Item::Static(it) => it.ident.to_string(),
        Item::Struct(it) => it.ident.to_string(),
        Item::Trait(it) => it.ident.to_string(),
        Item::Type(it) => it.ident.to_string(),
        Item::Union(it) => it.ident.to_string(),
        _ => return None,
    })
}

pub fn attributes(item: &Item) -> Option<&[Attribute]> {
    Some(match item {
        Item::Const(it) => &it.attrs,
        Item::Enum(it) => &it.attrs,
        Item::ExternCrate(it) => &it.attrs,
        Item::Fn(it) => &it.attrs,
        Item::Impl(it) => &it.attrs,
        Item::Macro(it) => &it.attrs,
        Item::Mod(it) => &it.attrs,
        Item::Static(it) => &it.attrs,
        Item::Struct(it) => &it.attrs,
        Item::Trait(it) => &it.attrs,
        Item::Type(it) => &it.attrs,
        Item::Union(it) => &it.attrs,
        Item::Use(it) => &it.attrs,
        _ => return None,
    })
}

/// Returns whether an item with these attributes is only compiled for tests.
pub fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|it| {
        it.path().is_ident("test")
            || it.path().is_ident("cfg")
                && it
                    .parse_args::<Meta>()
                    .is_ok_and(|predicate| needs_test(&predicate))
    })
}

fn needs_test(predicate: &Meta) -> bool {
    match predicate {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => list
            .parse_args_with(Punctuated::<Meta, Comma>::parse_terminated)
            .is_ok_and(|parts| parts.iter().any(needs_test)),
        _ => false,
    }
}
