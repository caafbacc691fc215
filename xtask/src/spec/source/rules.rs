//! Extracts the validation rules: required fields, types, lengths, patterns, ranges.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::eval::Program;
use super::php::{Ast, Source};
use super::scan::{Place, Watch, scan};
use super::value::Value;

/// Returns the rules of each action by field, in the order of the code.
pub fn read<'s>(
    sources: impl Iterator<Item = &'s Source>,
    program: &Program<'s>,
) -> BTreeMap<String, Vec<Json>> {
    let mut rules = Rules::default();
    for source in sources {
        scan(source, program, &mut rules);
    }
    rules.0
}

#[derive(Default)]
struct Rules(BTreeMap<String, Vec<Json>>);

/// Returns the argument with the rules, if the call validates something.
fn rules_of(call: Ast<'_>) -> Option<Ast<'_>> {
    let name = call.field("name").or_else(|| call.field("function"))?;
    let arguments = call.arguments();
    let at = match (name.text(), call.kind()) {
        ("customApiValidator", _) => 1,
        ("make", "scoped_call_expression") => {
            let scope = call.field("scope")?;
            (scope.base_name() == "Validator").then_some(1)?
        }
        ("validate", "member_call_expression") => {
            usize::from(call.field("object")?.text() == "$this")
        }
        _ => return None,
    };
    arguments.get(at).map(|it| it.value)
}

impl<'s> Watch<'s> for Rules {
    fn called(&mut self, place: &Place<'_, 's>, call: Ast<'s>) {
        let Some(rules) = rules_of(call) else {
            return;
        };
        let fields = match place.value(rules) {
            Value::Map(fields) => Json::Object(
                fields
                    .iter()
                    .map(|(field, rules)| (field.clone(), split(rules)))
                    .collect::<Map<_, _>>(),
            ),
            Value::List(rows) if rows.is_empty() => json!({}),
            _ => Json::Null,
        };
        let list = self.0.entry(place.action()).or_default();
        list.push(json!({ "when": place.when, "fields": fields }));
    }
}

/// Splits rules at `|`, but not inside a pattern.
fn split(rules: &Value) -> Json {
    match rules {
        Value::Text(text) => {
            let mut rest = text.as_str();
            let mut rules = Vec::new();
            while !rest.is_empty() {
                let is_pattern = rest.starts_with("regex:") || rest.starts_with("not_regex:");
                let end = if is_pattern {
                    pattern_end(rest)
                } else {
                    rest.find('|').unwrap_or(rest.len())
                };
                rules.push(rest[..end].to_owned());
                rest = rest[end..].trim_start_matches('|');
            }
            json!(rules)
        }
        Value::List(items) => {
            let items = items
                .iter()
                .map(|it| it.shown().unwrap_or_else(|| "{}".to_owned()));
            json!(items.collect::<Vec<_>>())
        }
        _ => json!(["{}"]),
    }
}

/// Returns the end of a `regex:` rule: after the closing delimiter and its flags.
fn pattern_end(rule: &str) -> usize {
    let start = rule.find(':').map_or(0, |it| it + 1);
    let Some(mark) = rule[start..].chars().next() else {
        return rule.len();
    };
    let inside = &rule[start + mark.len_utf8()..];
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        if !escaped && c == mark {
            let behind = start + mark.len_utf8() + at + mark.len_utf8();
            let rest = &rule[behind..];
            return behind + rest.find('|').unwrap_or(rest.len());
        }
        escaped = c == '\\' && !escaped;
    }
    rule.len()
}

#[cfg(test)]
mod tests {
    use super::super::php::snippet;
    use super::*;

    #[test]
    fn rules_are_taken_apart_wherever_they_are_given() {
        let sources = [snippet(
            "function shared() { return ['name' => 'string|max:9', 'old' => 'string']; }
             class Things {
                 function store($request) {
                     $rules = ['name' => 'required|string', 'port' => ['integer', 'min:'.MIN]];
                     $rules = array_merge(shared(), $rules);
                     $validator = customApiValidator($request->all(), $rules);
                     if ($kind === 'x') {
                         Validator::make($all, ['p' => 'regex:/^(a|b)$/|nullable', 'q' => Rule::enum(Kind::class)]);
                     }
                     $request->validate(['z' => new Odd, 'y' => 'numeric']);
                     $this->validate($request, unknown());
                 }
             }",
        )];
        let program = Program::new(&sources);
        assert_eq!(
            json!(read(sources.iter(), &program)),
            json!({ "Things@store": [
                { "when": null, "fields": {
                    "name": ["required", "string"], "old": ["string"], "port": ["integer", "min:{}"],
                } },
                { "when": "x", "fields": { "p": ["regex:/^(a|b)$/", "nullable"], "q": ["enum:Kind"] } },
                { "when": null, "fields": { "z": ["Odd"], "y": ["numeric"] } },
                { "when": null, "fields": null },
            ] })
        );
    }
}
