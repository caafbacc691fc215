//! Extracts the allow-lists: the fields that a controller accepts in a request.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::eval::Program;
use super::php::{Ast, Source};
use super::scan::{Place, Watch, scan};
use super::value::Value;

/// Returns the lists of each action in the order of the code.
pub fn read<'s>(
    sources: impl Iterator<Item = &'s Source>,
    program: &Program<'s>,
) -> BTreeMap<String, Vec<Json>> {
    let mut lists = Lists::default();
    for source in sources {
        scan(source, program, &mut lists);
    }
    lists.0
}

#[derive(Default)]
struct Lists(BTreeMap<String, Vec<Json>>);

impl Lists {
    fn add(&mut self, place: &Place<'_, '_>, fields: &Value, extends: bool) {
        let known = !matches!(fields, Value::Unknown);
        let list = json!({
            "when": place.when,
            "extends_previous": extends,
            "fields": known.then(|| fields.texts()),
        });
        let lists = self.0.entry(place.action()).or_default();
        if !lists.contains(&list) {
            lists.push(list);
        }
    }
}

fn is_list(name: &str) -> bool {
    name.to_lowercase().ends_with("allowedfields")
}

impl<'s> Watch<'s> for Lists {
    fn assigned(&mut self, place: &Place<'_, 's>, left: Ast<'s>, right: Ast<'s>) {
        if left.is("subscript_expression") {
            let name = left.first().and_then(Ast::variable);
            if name.is_some_and(is_list) {
                let field = Value::List(vec![place.value(right)]);
                self.add(place, &field, true);
            }
            return;
        }
        let Some(name) = left.variable().filter(|it| is_list(it)) else {
            return;
        };
        let merges = right
            .field("function")
            .is_some_and(|it| it.text() == "array_merge");
        let arguments = right.arguments();
        if merges
            && let [first, more @ ..] = &arguments[..]
            && first.value.variable() == Some(name)
        {
            let more = more.iter().map(|it| place.value(it.value));
            let more = more.fold(Value::List(Vec::new()), Value::merged);
            self.add(place, &more, true);
            return;
        }
        let value = place.value(right);
        self.add(place, &value, false);
    }

    /// Finds lists that are written inside `array_diff(array_keys($request->all()), LIST)`,
    /// or come from a parameter.
    fn called(&mut self, place: &Place<'_, 's>, call: Ast<'s>) {
        let is_difference = call
            .field("function")
            .is_some_and(|it| it.text() == "array_diff");
        let arguments = call.arguments();
        let (true, [sent, lists @ ..]) = (is_difference, &arguments[..]) else {
            return;
        };
        let of_request = sent.value.text();
        if !of_request.contains("request") && !of_request.contains("body") {
            return;
        }
        let values = lists.iter().map(|it| place.value(it.value));
        let fields = values.fold(Value::List(Vec::new()), Value::merged);
        let has_list = self.0.contains_key(&place.action());
        let variable = lists
            .iter()
            .all(|it| it.value.variable().is_some_and(is_list));
        if !(variable && has_list) {
            self.add(place, &fields, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::php::snippet;
    use super::*;

    fn lists(code: &str) -> Json {
        let sources = [snippet(code)];
        let program = Program::new(&sources);
        json!(read(sources.iter(), &program))
    }

    #[test]
    fn a_list_has_its_branch_and_what_is_added() {
        let found = lists(
            "class Things {
                 function update($request) {
                     $allowedFields = ['name'];
                     switch ($kind) { case 'big': $allowedFields = ['name', 'size']; break; }
                     if ($kind === Kind::SMALL) { $allowedFields = ['id']; }
                     $allowedFields = array_merge($allowedFields, ['more']);
                     $allowedFields[] = 'last';
                     $extra = array_diff(array_keys($request->all()), $allowedFields);
                 }
             }",
        );
        assert_eq!(
            found,
            json!({ "Things@update": [
                { "when": null, "extends_previous": false, "fields": ["name"] },
                { "when": "big", "extends_previous": false, "fields": ["name", "size"] },
                { "when": "Kind::SMALL", "extends_previous": false, "fields": ["id"] },
                { "when": null, "extends_previous": true, "fields": ["more"] },
                { "when": null, "extends_previous": true, "fields": ["last"] },
            ] })
        );
    }

    #[test]
    fn a_list_without_a_variable_is_found_where_it_is_used() {
        let found = lists(
            "class Things {
                 function tag($request, array $allowedFields = ['tag']) {
                     return array_diff(array_keys($request->all()), $allowedFields);
                 }
                 function move($request) {
                     $extra = array_diff(array_keys($request->all()), ['to'], ['from']);
                     $other = array_diff($a, ['b']);
                 }
                 function unknown($request) { $allowedFields = $this->ask(); }
             }",
        );
        assert_eq!(
            found,
            json!({
                "Things@move": [{ "when": null, "extends_previous": false, "fields": ["to", "from"] }],
                "Things@tag": [{ "when": null, "extends_previous": false, "fields": ["tag"] }],
                "Things@unknown": [{ "when": null, "extends_previous": false, "fields": null }],
            })
        );
    }
}
