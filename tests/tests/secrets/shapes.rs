//! Reads the generated types from their source, to make a value of each.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use syn::{Fields, GenericArgument, Item, LitStr, PathArguments, Type};

/// The value of every secret field.
pub const MARKER: &str = "zq9marker000";

/// The maximum depth, because types can contain each other in circles.
const DEEPEST: usize = 4;

pub struct Field {
    pub name: String,
    pub of: Type,
    flat: bool,
}

/// All structs with named fields of some files.
pub struct Shapes(pub BTreeMap<String, Vec<Field>>);

/// One database engine: its tag, and its secret fields with their type.
#[derive(Default)]
pub struct Engine {
    pub tag: String,
    pub secrets: Vec<(String, String)>,
}

pub fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../coolify-sdk/src")
}

/// Returns all Rust files below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of the source");
    let paths = entries.map(|it| it.expect("an entry").path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .filter(|it| it.extension().is_some_and(|it| it == "rs"))
        .collect()
}

impl Shapes {
    pub fn read(files: &[PathBuf]) -> Self {
        let mut shapes = BTreeMap::new();
        for path in files {
            let text = fs::read_to_string(path).expect("a file of the source");
            let file = syn::parse_file(&text).expect("Rust");
            for item in file.items {
                let Item::Struct(item) = item else { continue };
                let Fields::Named(fields) = item.fields else {
                    continue;
                };
                let fields = fields.named.iter().map(field);
                let of: &mut Vec<_> = shapes.entry(item.ident.to_string()).or_default();
                of.extend(fields);
            }
        }
        Self(shapes)
    }

    /// Returns a value of a type, with every field and the marker in every
    /// secret.
    pub fn value(&self, of: &Type, engine: &Engine) -> Value {
        self.within(of, engine, 0).expect("not too deep yet")
    }

    fn within(&self, of: &Type, engine: &Engine, depth: usize) -> Option<Value> {
        let (name, inner) = parts(of);
        Some(match (&*name, inner) {
            ("Option" | "Clearable" | "Box", Some(inner)) => {
                return self.within(inner, engine, depth);
            }
            ("Vec" | "List", Some(inner)) => {
                let item = self.within(inner, engine, depth);
                Value::Array(item.into_iter().collect())
            }
            ("Secret", _) => json!(MARKER),
            ("SecretJson", _) => json!({ "any": MARKER }),
            ("bool", _) => json!(true),
            ("i64" | "f64" | "Id", _) => json!(7),
            ("Value", _) => json!({"any": 1}),
            (name, _) => match self.0.get(name) {
                Some(_) if depth == DEEPEST => return None,
                Some(fields) => Value::Object(self.object(fields, engine, depth + 1)),
                // Texts, and enums, which take any.
                None => json!("word"),
            },
        })
    }

    fn object(&self, fields: &[Field], engine: &Engine, depth: usize) -> Map<String, Value> {
        let mut object = Map::new();
        for field in fields {
            if field.flat {
                object.insert("database_type".to_owned(), json!(engine.tag));
                for (name, of) in &engine.secrets {
                    let of = syn::parse_str(of).expect("a type");
                    object.extend(self.within(&of, engine, depth).map(|it| (name.clone(), it)));
                }
            } else if let Some(value) = self.within(&field.of, engine, depth) {
                object.insert(field.name.clone(), value);
            }
        }
        object
    }
}

/// Returns the engines as their table says.
pub fn engines() -> Vec<Engine> {
    let text = fs::read_to_string(source().join("databases/engine.rs")).expect("the engines");
    let (_, table) = text.split_once("\nengines! {").expect("their table");
    let mut engines: Vec<Engine> = Vec::new();
    for line in table.lines().map(str::trim) {
        let Some((before, wire)) = line.split_once(" = \"") else {
            continue;
        };
        let Some((wire, end)) = wire.split_once('"') else {
            continue;
        };
        if end == " {" {
            engines.push(Engine {
                tag: wire.to_owned(),
                secrets: Vec::new(),
            });
        } else if let (Some((_, of)), Some(engine)) = (before.split_once(": "), engines.last_mut())
            && of.starts_with("Secret")
        {
            engine.secrets.push((wire.to_owned(), of.to_owned()));
        }
    }
    engines
}

/// Which type reads the reply of which operation.
pub fn replies() -> BTreeMap<String, Type> {
    let text = fs::read_to_string(source().join("raw/replies.rs")).expect("the table");
    let text: String = text.split_whitespace().collect();
    let mut replies = BTreeMap::new();
    let mut parts = text.split("visit::<");
    let mut before = parts.next().unwrap_or_default();
    for part in parts {
        let Some((of, _)) = part.split_once(">()") else {
            continue;
        };
        let id = before.rsplit('"').nth(1).expect("an operation");
        replies.insert(id.to_owned(), syn::parse_str(of).expect("a type"));
        before = part;
    }
    replies
}

fn field(field: &syn::Field) -> Field {
    let mut name = field.ident.as_ref().expect("a named field").to_string();
    let mut flat = false;
    for attribute in field.attrs.iter().filter(|it| it.path().is_ident("serde")) {
        let read = attribute.parse_nested_meta(|meta| {
            flat |= meta.path.is_ident("flatten");
            if meta.path.is_ident("rename") {
                name = meta.value()?.parse::<LitStr>()?.value();
            } else if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<syn::Expr>()?;
            }
            Ok(())
        });
        read.expect("an attribute of serde");
    }
    let of = field.ty.clone();
    Field { name, of, flat }
}

/// Returns a type's name, and its first argument.
pub fn parts(of: &Type) -> (String, Option<&Type>) {
    let Type::Path(path) = of else {
        return (String::new(), None);
    };
    let Some(last) = path.path.segments.last() else {
        return (String::new(), None);
    };
    let inner = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
            Some(GenericArgument::Type(inner)) => Some(inner),
            _ => None,
        },
        _ => None,
    };
    (last.ident.to_string(), inner)
}
