//! Extracts the models: hidden, appended, fillable and cast fields.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::eval::{Env, Program};
use super::php::{Ast, Source};
use super::value::Value;

/// The names of the facts, and of the properties that contain them.
const PROPERTIES: [(&str, &str); 5] = [
    ("appended", "appends"),
    ("fillable", "fillable"),
    ("guarded", "guarded"),
    ("hidden", "hidden"),
    ("table", "table"),
];

/// Returns the facts of each model by the name of its class.
pub fn read<'s>(
    sources: impl Iterator<Item = &'s Source>,
    program: &Program<'s>,
) -> BTreeMap<String, Json> {
    let classes = sources.flat_map(|it| it.root().all("class_declaration"));
    let models = classes.filter_map(|class| {
        let name = class.field("name")?.text();
        let facts = model(class, program, name);
        (!facts.is_empty()).then(|| (name.to_owned(), Json::Object(facts)))
    });
    models.collect()
}

fn model<'s>(class: Ast<'s>, program: &Program<'s>, name: &str) -> Map<String, Json> {
    let mut facts = Map::new();
    let mut casts = Value::List(Vec::new());
    for property in class.all("property_element") {
        let (Some(variable), Some(value)) = (
            property.field("name").and_then(Ast::variable),
            property.field("default_value"),
        ) else {
            continue;
        };
        let value = program.value(value, &Env::new(), name);
        if variable == "casts" {
            casts = casts.merged(value);
        } else if let Some((fact, _)) = PROPERTIES.iter().find(|(_, it)| *it == variable) {
            facts.insert((*fact).to_owned(), value.json());
        }
    }
    for method in class.all("method_declaration") {
        if method.field("name").is_some_and(|it| it.text() == "casts")
            && let Some(returned) = method.all("return_statement").first()
            && let Some(value) = returned.first()
        {
            casts = casts.merged(program.value(value, &Env::new(), name));
        }
    }
    if !casts.entries().is_empty() {
        facts.insert("cast".to_owned(), sorted(&casts));
    }
    facts.sort_keys();
    facts
}

fn sorted(map: &Value) -> Json {
    let entries = map.entries().iter();
    let entries: BTreeMap<_, _> = entries.map(|(key, value)| (key, value.json())).collect();
    json!(entries)
}

#[cfg(test)]
mod tests {
    use super::super::php::snippet;
    use super::*;

    #[test]
    fn what_a_model_hides_adds_and_casts() {
        let sources = [snippet(
            "class Thing extends Model {
                 protected $hidden = ['secret', self::ALSO];
                 const ALSO = 'key';
                 protected $appends = ['size'];
                 protected $casts = ['b' => 'boolean'];
                 protected function casts(): array { return ['a' => 'encrypted', 'c' => Kind::class]; }
                 public $other = 1;
             }
             class Plain {}",
        )];
        let program = Program::new(&sources);
        assert_eq!(
            json!(read(sources.iter(), &program)),
            json!({ "Thing": {
                "appended": ["size"],
                "cast": { "a": "encrypted", "b": "boolean", "c": "Kind" },
                "hidden": ["secret", "key"],
            } })
        );
    }
}
