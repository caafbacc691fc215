//! The documentation names the abilities and versions of the table.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use coolify_sdk::Version;
use coolify_sdk::operations::{Operation, operations};
use serde::Deserialize;
use syn::visit::{self, Visit};

use crate::generated::{docs, files, methods, parse, source};

/// The facts that the documentation repeats; the generator reads the others.
#[derive(Deserialize)]
struct Fact {
    call: String,
    needs: Option<Needs>,
    since: String,
    until: Option<String>,
    get_until: Option<String>,
    #[serde(default)]
    undocumented: bool,
}

/// One ability, or one for each version from which on it is needed.
#[derive(Deserialize)]
#[serde(untagged)]
enum Needs {
    Always(String),
    ByVersion(BTreeMap<String, String>),
}

impl Needs {
    fn all(&self, since: &str) -> BTreeMap<String, String> {
        match self {
            Self::Always(ability) => [(since.to_owned(), ability.clone())].into(),
            Self::ByVersion(by_version) => by_version.clone(),
        }
    }
}

/// What `spec/operations.yaml` says, by operation id, with the tag.
fn facts() -> BTreeMap<String, (String, Fact)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/operations.yaml");
    let text = fs::read_to_string(path).expect("spec/operations.yaml");
    let tags: BTreeMap<String, BTreeMap<String, Fact>> =
        yaml_serde::from_str(&text).expect("tags of operations");
    let facts = tags.into_iter().flat_map(|(tag, operations)| {
        operations
            .into_iter()
            .map(move |(id, fact)| (id, (tag.clone(), fact)))
    });
    facts.collect()
}

#[test]
fn the_table_says_what_is_known() {
    let facts = facts();
    assert_eq!(facts.len(), operations().len());
    for operation in operations() {
        let id = operation.id;
        let (tag, fact) = &facts[id];
        let call = format!("{} {}", operation.method, operation.path);
        assert_eq!((operation.tag, call), (tag.as_str(), fact.call.clone()));
        let needs = operation.abilities.iter();
        let needs: BTreeMap<_, _> = needs
            .map(|(since, ability)| (since.to_string(), ability.to_string()))
            .collect();
        let known = fact.needs.as_ref().map(|it| it.all(&fact.since));
        assert_eq!(needs, known.unwrap_or_default(), "{id}");
        let versions = &operation.versions;
        assert_eq!(versions.since.to_string(), fact.since, "{id}");
        assert_eq!(
            versions.until.as_ref().map(Version::to_string),
            fact.until,
            "{id}"
        );
        let get_until = operation.get_until.as_ref().map(Version::to_string);
        assert_eq!(get_until, fact.get_until, "{id}");
        assert_eq!(operation.documented, !fact.undocumented, "{id}");
    }
}

#[test]
fn three_operations_were_get_only() {
    let get_only: Vec<_> = operations()
        .iter()
        .filter(|operation| operation.get_until.is_some())
        .map(|operation| (operation.id, operation.method.as_str()))
        .collect();
    let known = ["disable-api", "enable-api", "validate-server-by-uuid"];
    assert_eq!(get_only, known.map(|id| (id, "POST")));
}

#[test]
fn generated_methods_name_ability_and_version() {
    for method in methods() {
        let note = note(method.operation);
        assert!(method.docs.contains(&note), "{}: {note}", method.name);
    }
}

fn note(operation: &Operation) -> String {
    let versions = &operation.versions;
    let until = versions.until.as_ref();
    let until = until.map_or_else(String::new, |until| format!(", until {until}"));
    let since = format!("Since Coolify {}{until}.", versions.since);
    match operation.abilities {
        [] => since,
        [(_, ability)] => format!("Needs the `{ability}` ability. {since}"),
        [.., (_, older), (from, ability)] => {
            format!("Needs the `{ability}` ability since Coolify {from}, `{older}` before. {since}")
        }
    }
}

/// The calls of the overlay's public methods, with their documentation.
#[derive(Default)]
struct Overlay {
    methods: Vec<Caller>,
    public: bool,
    /// The documentation of the builders, by name.
    builders: BTreeMap<String, String>,
}

struct Caller {
    docs: String,
    /// The type that it returns, if that is a plain name.
    returns: String,
    calls: Vec<String>,
}

impl<'ast> Visit<'ast> for Overlay {
    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        if item.attrs.iter().any(|it| it.path().is_ident("builder")) {
            let name = item.ident.to_string();
            self.builders.insert(name, docs(&item.attrs));
        }
    }

    fn visit_impl_item_fn(&mut self, method: &'ast syn::ImplItemFn) {
        let returns = match &method.sig.output {
            syn::ReturnType::Type(_, ty) => match &**ty {
                syn::Type::Path(path) => path.path.get_ident().map(ToString::to_string),
                _ => None,
            },
            syn::ReturnType::Default => None,
        };
        self.methods.push(Caller {
            docs: docs(&method.attrs),
            returns: returns.unwrap_or_default(),
            calls: Vec::new(),
        });
        self.public = matches!(method.vis, syn::Visibility::Public(_));
        visit::visit_impl_item_fn(self, method);
        self.public = false;
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if self.public
            && let Some(method) = self.methods.last_mut()
        {
            method.calls.push(call.method.to_string());
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// For older servers, the overlay falls back to an older route.
const HAS_AN_OLDER_NAME: [&str; 2] = ["get-token-team", "get-token-team-members"];

#[test]
fn the_overlay_names_ability_and_version() {
    let methods = methods();
    let source = source();
    let mut complaints = Vec::new();
    let mut builders = 0;
    for path in files(&source) {
        if path.starts_with(source.join("raw")) || path.starts_with(source.join("testing")) {
            continue;
        }
        let mut overlay = Overlay::default();
        overlay.visit_file(&parse(&path));
        for caller in &overlay.methods {
            let builder = overlay.builders.get(&caller.returns);
            builders += usize::from(builder.is_some());
            let called = |name: &&crate::generated::Method| caller.calls.contains(&name.name);
            for method in methods.iter().filter(called) {
                let operation = method.operation;
                let versions = &operation.versions;
                let abilities = operation.abilities.iter().map(|(_, ability)| ability);
                let also = operation.also_needs.iter().map(|it| &it.ability);
                let words: Vec<_> = abilities
                    .chain(also)
                    .map(|ability| format!("`{ability}`"))
                    .chain([format!("Since Coolify {}", versions.since)])
                    .chain(versions.until.as_ref().map(|it| format!("until {it}")))
                    .collect();
                let says = |docs: &String| words.iter().all(|word| docs.contains(word));
                let said = says(&caller.docs) && builder.is_none_or(says);
                if !said && !HAS_AN_OLDER_NAME.contains(&operation.id) {
                    let place = path.strip_prefix(&source).unwrap_or(&path).display();
                    complaints.push(format!("{place}: {}: {}", operation.id, note(operation)));
                }
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(builders > 50, "{builders} builders were looked at");
}

#[test]
fn every_builder_has_an_example_and_says_since_when_it_works() {
    let source = source();
    let mut builders = BTreeMap::new();
    for path in files(&source) {
        let mut overlay = Overlay::default();
        overlay.visit_file(&parse(&path));
        let place = path.strip_prefix(&source).unwrap_or(&path).to_owned();
        let found = overlay.builders.into_iter();
        builders.extend(found.map(|(name, docs)| ((place.clone(), name), docs)));
    }
    assert!(builders.len() > 60, "{} builders", builders.len());
    for ((place, name), docs) in builders {
        let complete = docs.contains("```") && docs.contains("Since Coolify ");
        assert!(complete, "{}: {name}", place.display());
    }
}
