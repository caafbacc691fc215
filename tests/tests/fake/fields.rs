//! What the fake refuses of each field of each write. Its journeys send valid values, and a
//! few invalid ones; here every field has each of many values.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::journey::{Journey, steps};
use crate::replayed::JOURNEYS;

/// Fields that lead to other resources. They keep their recorded values.
const PLACE: [&str; 4] = [
    "project_uuid",
    "server_uuid",
    "environment_name",
    "destination_uuid",
];

/// After these, the next steps do not find their environment, or their destination.
const APART: [&str; 2] = ["update-environment", "create-server-destination"];

/// Writes with the fields of others.
const ALIKE: [&str; 5] = [
    "create-private-github-app-application",
    "create-database-keydb",
    "create-database-dragonfly",
    "create-database-mariadb",
    "migrate-database-by-uuid",
];

/// The values that each field has in turn.
fn menu() -> Vec<(&'static str, Value)> {
    vec![
        ("null", json!(null)),
        ("no text", json!("")),
        ("a", json!("a")),
        ("<b>", json!("<b>ab</b>$(id)")),
        ("long", json!("x".repeat(256))),
        ("url", json!("https://a.example.com:99/x")),
        ("local", json!("http://localhost")),
        ("path", json!("/a/../b")),
        ("base64", json!("c2VydmljZXM6IHt9")),
        ("cron", json!("0 0 * * *")),
        ("\"7\"", json!("7")),
        ("0", json!(0)),
        ("-1", json!(-1)),
        ("70000", json!(70_000)),
        ("1.5", json!(1.5)),
        ("true", json!(true)),
        ("[]", json!([])),
        ("[a]", json!(["a"])),
        ("{a}", json!({"a": 1})),
    ]
}

/// Returns the fields of each operation's body.
fn fields() -> BTreeMap<String, BTreeSet<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/openapi.yaml");
    let text = std::fs::read_to_string(path).expect("the document is there");
    let spec: Value = yaml_serde::from_str(&text).expect("it is YAML");
    let paths = spec["paths"].as_object().expect("paths");
    let operations = paths
        .values()
        .flat_map(|path| path.as_object().into_iter().flatten());
    let mut all = BTreeMap::new();
    for (_, operation) in operations {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let mut names = BTreeSet::new();
        collect(&spec, schema, &mut names);
        all.insert(id.to_owned(), names);
    }
    all
}

fn collect(spec: &Value, schema: &Value, names: &mut BTreeSet<String>) {
    if let Some(to) = schema["$ref"].as_str() {
        let target = spec.pointer(to.trim_start_matches('#'));
        collect(spec, target.expect("it is defined"), names);
    }
    let properties = schema["properties"].as_object().into_iter().flatten();
    names.extend(properties.map(|(name, _)| name.clone()));
    for several in ["allOf", "oneOf", "anyOf"] {
        for part in schema[several].as_array().into_iter().flatten() {
            collect(spec, part, names);
        }
    }
}

/// What was said about the fields of one operation.
#[derive(Default)]
struct Verdicts {
    /// The values with each message, by field.
    said: BTreeMap<String, BTreeMap<String, Vec<&'static str>>>,
    /// The values with each reply that is not about fields.
    whole: BTreeMap<String, Vec<&'static str>>,
}

impl Verdicts {
    /// Adds a reply, without the fields that were noted before.
    fn note(&mut self, value: &'static str, status: u16, reply: &Value, seen: &BTreeSet<String>) {
        let errors = reply["errors"].as_object();
        let Some(errors) = errors.filter(|errors| !errors.is_empty()) else {
            let message = match reply["message"].as_str() {
                Some(message) if status >= 400 => format!("{status} {message}"),
                _ => status.to_string(),
            };
            self.whole.entry(message).or_default().push(value);
            return;
        };
        let is_new = |field: &str| !seen.contains(field.split('.').next().unwrap_or(field));
        for (field, sentences) in errors.iter().filter(|(field, _)| is_new(field)) {
            let sentences: Vec<&str> = match sentences {
                Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
                one => one.as_str().into_iter().collect(),
            };
            for sentence in sentences {
                let sentence = sentence.replace(&field.replace('_', " "), "_");
                let (field, sentence) = (field.clone(), sentence.replace(field.as_str(), "_"));
                let said = self.said.entry(field).or_default();
                said.entry(sentence).or_default().push(value);
            }
        }
    }

    /// Writes a line for all fields with the same verdicts.
    fn table(&self) -> String {
        let mut alike: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        let written = |said: &BTreeMap<String, Vec<&str>>| {
            let one = |(sentence, values): (&String, &Vec<&str>)| {
                format!("\n    {sentence} {}", values.join(", "))
            };
            said.iter().map(one).collect::<String>()
        };
        for (field, said) in &self.said {
            alike.entry(written(said)).or_default().push(field);
        }
        let whole = written(&self.whole);
        let mut table = whole.trim_start_matches('\n').to_owned();
        if !table.is_empty() {
            table.push('\n');
        }
        for (said, fields) in alike {
            writeln!(table, "  {}{said}", fields.join(", ")).expect("a text");
        }
        table
    }
}

/// The beginnings of paths, by what they are about.
const FAMILIES: [(&str, &[&str]); 8] = [
    ("parts_of_applications", &["/applications/{uuid}/"]),
    ("applications", &["/applications"]),
    ("databases", &["/databases"]),
    ("services", &["/services"]),
    ("servers", &["/servers", "/destinations"]),
    ("projects_and_variables", &["/projects", "/team", "/tags"]),
    ("keys_and_clouds", &["/security", "/cloud", "/s3-storages"]),
    (
        "sources_and_settings",
        &[
            "/github-apps",
            "/gitlab-apps",
            "/notifications",
            "/settings",
        ],
    ),
];

/// Plays the journeys, and sends each write again with every value.
#[tokio::test]
async fn each_field_refuses_what_coolify_refuses() {
    let fields = fields();
    let mut journey = Journey::begin("4.3.11").await;
    let (mut tables, mut seen) = (BTreeMap::<_, String>::new(), BTreeSet::new());
    for (_, list) in JOURNEYS {
        for step in steps(list) {
            let case = step.words;
            journey.step(&step).await;
            let id = case.strip_suffix(".ok").unwrap_or_default();
            let known = fields.get(id).filter(|known| !known.is_empty());
            let known = known.filter(|_| !APART.contains(&id) && !ALIKE.contains(&id));
            if let Some(known) = known.filter(|_| seen.insert(id.to_owned())) {
                let request = journey.recorded(case).unwrap_or_default();
                let path = request["path"].as_str().unwrap_or_default();
                let is_here = |it: &&(&str, &[&str])| it.1.iter().any(|it| path.starts_with(it));
                if let Some((family, _)) = FAMILIES.iter().find(is_here) {
                    let verdicts = probe(&journey, case, &request, known).await;
                    let method = request["method"].as_str().expect("a method");
                    let table = tables.entry(*family).or_default();
                    write!(table, "{method} {path}\n{}", verdicts.table()).expect("a text");
                }
            }
        }
    }
    journey.forget_faults();
    for (family, table) in tables {
        insta::assert_snapshot!(family, table);
    }
}

async fn probe(
    journey: &Journey,
    case: &str,
    request: &Value,
    known: &BTreeSet<String>,
) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for (name, value) in menu() {
        let recorded = |field: &str| request["body"].get(field);
        let mut body = Map::new();
        for field in known {
            let is_place = PLACE.contains(&field.as_str());
            let kept = if is_place {
                recorded(field)
            } else {
                Some(&value)
            };
            body.extend(kept.map(|kept| (field.clone(), kept.clone())));
        }
        let mut seen = BTreeSet::new();
        // Some checks only follow when the others have passed: a field that was refused
        // has its recorded value the next time, or none.
        loop {
            let mut request = request.clone();
            request["body"] = body.clone().into();
            let (status, reply) = journey.sent(case, &request).await;
            verdicts.note(name, status, &reply, &seen);
            let errors = reply["errors"].as_object().into_iter().flatten();
            let fields = errors.filter_map(|(field, _)| field.split('.').next());
            let fields: BTreeSet<_> = fields.map(str::to_owned).collect();
            if fields.is_subset(&seen) {
                break;
            }
            for field in &fields {
                match recorded(field) {
                    Some(recorded) => body.insert(field.clone(), recorded.clone()),
                    None => body.remove(field),
                };
            }
            seen.extend(fields);
        }
    }
    if request["method"] != "POST" {
        // What was changed has its recorded values again.
        journey.sent(case, request).await;
    }
    verdicts
}
