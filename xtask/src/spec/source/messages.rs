//! Extracts the messages of replies, with their statuses.

use std::collections::{BTreeMap, BTreeSet};

use super::eval::Program;
use super::php::{Ast, Source};
use super::scan::{Place, Watch, scan};
use super::value::Value;

/// The actions that send a message, by message and status.
pub type Messages = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

pub fn read<'s>(sources: impl Iterator<Item = &'s Source>, program: &Program<'s>) -> Messages {
    let mut said = Said::default();
    for source in sources {
        scan(source, program, &mut said);
    }
    said.0
}

#[derive(Default)]
struct Said(Messages);

impl<'s> Watch<'s> for Said {
    /// Records `response()->json([...], status)`.
    fn called(&mut self, place: &Place<'_, 's>, call: Ast<'s>) {
        let is_json = call.is("member_call_expression")
            && call.field("name").is_some_and(|it| it.text() == "json")
            && call
                .field("object")
                .is_some_and(|it| it.text().starts_with("response("));
        let arguments = call.arguments();
        let (true, Some(body)) = (is_json, arguments.first()) else {
            return;
        };
        let body = place.value(body.value);
        let status = match arguments.get(1).map(|it| place.value(it.value)) {
            None => "200".to_owned(),
            Some(status) => status.shown().unwrap_or_else(|| "{}".to_owned()),
        };
        for field in ["message", "error"] {
            if let Some(Value::Text(text)) = body.get(field) {
                let statuses = self.0.entry(text.clone()).or_default();
                statuses
                    .entry(status.clone())
                    .or_default()
                    .insert(place.action());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::php::snippet;
    use super::*;

    #[test]
    fn messages_are_found_with_their_status() {
        let sources = [snippet(
            "class Things {
                 function show() {
                     if (! $a) { return response()->json(['message' => 'No such thing.'], 404); }
                     return response()->json(['message' => \"Made {$it->name} for $who.\"]);
                 }
                 function other() { return response()->json($rows); }
             }",
        )];
        let program = Program::new(&sources);
        assert_eq!(
            json!(read(sources.iter(), &program)),
            json!({
                "Made {} for {who}.": { "200": ["Things@show"] },
                "No such thing.": { "404": ["Things@show"] },
            })
        );
    }
}
