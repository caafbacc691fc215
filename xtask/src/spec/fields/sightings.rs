//! Collects the objects in recorded replies by the schemas that describe them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::conformance::{Api, Located, Operation, Pointer, Recording, judge_value};

const COMPONENTS: &str = "#/components/schemas/";

/// The abilities of a recording's token, by the name of its case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Token {
    /// All abilities.
    Root,
    /// Only `read`, which hides secrets.
    Read,
}

impl Token {
    fn of(case: &str) -> Option<Self> {
        if case.ends_with("read-token") {
            Some(Self::Read)
        } else {
            (!case.contains("token")).then_some(Self::Root)
        }
    }
}

/// The place of an object in a reply.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// An entry of a reply that is a list.
    List,
    /// The reply to a GET.
    Get,
    /// The reply to another method.
    Write,
    /// Inside a field of the reply, at this pointer.
    Inside(String),
}

/// An operation on one version with one kind of token.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    pub operation: String,
    pub place: Place,
    pub version: String,
    pub token: Token,
}

/// The fields of a schema's objects in the replies to one call.
#[derive(Default)]
pub struct Seen {
    /// Number of objects.
    pub objects: usize,
    /// Number of objects with each field.
    pub with: BTreeMap<String, usize>,
    /// Number of objects in which each field is null.
    pub null: BTreeMap<String, usize>,
}

/// The sightings of each schema of the document.
pub struct Sightings(pub BTreeMap<String, BTreeMap<Call, Seen>>);

impl Sightings {
    pub fn new(document: &Value, recordings: &[Recording]) -> Self {
        let api = Api::new(document);
        let mut found = BTreeMap::new();
        for recording in recordings {
            let Some(token) = Token::of(&recording.case) else {
                continue;
            };
            let Some(operation) = api.find(&recording.request.method, &recording.request.path)
            else {
                continue;
            };
            let response = &recording.response;
            let (true, Some(value)) = (response.is_success(), &response.json) else {
                continue;
            };
            let Some(schema) = reply_schema(&api, operation, response.status) else {
                continue;
            };
            let mut walk = Walk {
                api: &api,
                found: &mut found,
                call: Call {
                    operation: operation.id.to_owned(),
                    place: Place::Get,
                    version: recording.coolify.clone(),
                    token,
                },
            };
            let whole = match operation.method.as_str() {
                "GET" => Place::Get,
                _ => Place::Write,
            };
            walk.value(&schema, value, &whole, &Pointer::new(""));
        }
        Self(found)
    }
}

fn reply_schema<'d>(api: &Api<'d>, operation: &Operation<'d>, status: u16) -> Option<Located<'d>> {
    operation
        .response(api, status)?
        .get("content")?
        .get("application/json")?
        .get("schema")
}

struct Walk<'a, 'd> {
    api: &'a Api<'d>,
    found: &'a mut BTreeMap<String, BTreeMap<Call, Seen>>,
    call: Call,
}

impl<'d> Walk<'_, 'd> {
    fn value(&mut self, schema: &Located<'d>, value: &Value, place: &Place, at: &Pointer) {
        let reference = schema.text("$ref");
        if let (Some(reference), Value::Object(object)) = (reference, value)
            && let Some(name) = reference.strip_prefix(COMPONENTS)
        {
            self.note(name, object, place);
        }
        let Some(schema) = self.api.resolve(schema.clone()) else {
            return;
        };
        for part in schema.get("allOf").iter().flat_map(Located::items) {
            self.value(&part, value, place, at);
        }
        for choice in ["oneOf", "anyOf"] {
            let Some(choice) = schema.get(choice) else {
                continue;
            };
            let differences = |it: &Located<'d>| judge_value(self.api, it, value, at).len();
            if let Some(nearest) = choice.items().min_by_key(differences) {
                self.value(&nearest, value, place, at);
            }
        }
        match value {
            Value::Array(rows) => {
                if let Some(items) = schema.get("items") {
                    let place = inside(place, at);
                    for row in rows {
                        self.value(&items, row, &place, &at.entry("0"));
                    }
                }
            }
            Value::Object(object) => {
                let listed = schema.get("properties");
                let any = schema.get("additionalProperties");
                for (name, value) in object {
                    if let Some(field) = listed.as_ref().and_then(|it| it.get(name)) {
                        let at = at.field(name);
                        let place = Place::Inside(at.family().to_owned());
                        self.value(&field, value, &place, &at);
                    } else if let Some(any) = &any {
                        self.value(any, value, &inside(place, at), &at.entry(name));
                    }
                }
            }
            _ => {}
        }
    }

    fn note(&mut self, name: &str, object: &Map<String, Value>, place: &Place) {
        let call = Call {
            place: place.clone(),
            ..self.call.clone()
        };
        let calls = self.found.entry(name.to_owned()).or_default();
        let seen = calls.entry(call).or_default();
        seen.objects += 1;
        for (field, value) in object {
            *seen.with.entry(field.clone()).or_default() += 1;
            if value.is_null() {
                *seen.null.entry(field.clone()).or_default() += 1;
            }
        }
    }
}

/// Returns the place of the entries of a value: `List` if the value is the whole
/// reply.
fn inside(place: &Place, at: &Pointer) -> Place {
    match place {
        Place::Get if at.family().is_empty() => Place::List,
        _ => Place::Inside(at.entry("0").family().to_owned()),
    }
}
