//! `cargo xtask spec fields`: derives from the replies of real servers which call
//! returns which field. It writes `spec/fields.yaml`, which the generator reads, so
//! that the generated code does not depend on where the recordings are.

mod facts;
mod sightings;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use self::facts::Fact;
use self::sightings::Sightings;
use crate::{conformance, generate, overlay};

/// Facts by the name of the schema and of its field.
pub type Facts = BTreeMap<String, BTreeMap<String, Fact>>;

const FILE: &str = "spec/fields.yaml";

const HEAD: &str = "\
# Facts about the fields of replies, written by `cargo xtask spec fields` from the recordings.
# A field is missing here if they do not contain enough of its objects.
#
#   in           The replies that always contain it: `lists`, `get`, `lists and get`, or the
#                reply to a `write`. The others never contain it.
#   needs        Tokens without this ability never receive it.
#   absent_until This version and older ones do not have it.
#   null         It may be null.
";

/// Options for the file.
#[derive(clap::Args)]
pub struct Args {
    /// Write nothing; fail if the file does not match the recordings.
    #[arg(long)]
    check: bool,
}

pub fn run(root: &Path, args: &Args) -> Result<ExitCode> {
    let document = overlay::patched(root)?;
    let recordings = conformance::recordings(root)?;
    let facts = facts::of(&Sightings::new(&document, &recordings), &document)?;
    let text = render(&facts);
    let path = root.join(FILE);
    if !args.check {
        fs::write(&path, &text)?;
        let fields: usize = facts.values().map(BTreeMap::len).sum();
        println!("{FILE}: {fields} fields of {} schemas", facts.len());
        return Ok(ExitCode::SUCCESS);
    }
    let committed = fs::read_to_string(&path).with_context(|| format!("cannot read {FILE}"))?;
    if committed == text {
        println!("{FILE} matches the recordings");
        return Ok(ExitCode::SUCCESS);
    }
    generate::print_diff(&committed, &text, FILE);
    Ok(ExitCode::FAILURE)
}

/// Reads the committed file.
pub fn load(root: &Path) -> Result<Facts> {
    let text =
        fs::read_to_string(root.join(FILE)).with_context(|| format!("cannot read {FILE}"))?;
    yaml_serde::from_str(&text).with_context(|| format!("{FILE} is invalid"))
}

fn render(facts: &Facts) -> String {
    let mut text = HEAD.to_owned();
    for (schema, fields) in facts {
        let _ = writeln!(text, "\n{schema}:");
        for (field, fact) in fields {
            let _ = writeln!(text, "  {field}: {{ {fact} }}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::conformance::Recording;
    use crate::document;

    const DOCUMENT: &str = "
paths:
  /things:
    get:
      operationId: list-things
      responses:
        '200':
          content:
            application/json:
              schema: { type: array, items: { $ref: '#/components/schemas/Thing' } }
  /things/{uuid}:
    get:
      operationId: get-thing
      responses:
        '200':
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Thing' }
components:
  schemas:
    Thing:
      type: object
      required: [uuid]
      properties:
        uuid: { type: string }
        mood: { type: [string, 'null'] }
        secret: { type: string }
        parts: { type: array, items: { $ref: '#/components/schemas/Part' } }
        odd: { type: string }
    Part:
      type: object
      properties:
        size: { type: integer }
";

    fn recording(version: &str, operation: &str, case: &str, reply: &Value) -> Recording {
        let path = if operation == "get-thing" {
            "/things/{uuid}"
        } else {
            "/things"
        };
        serde_json::from_value(json!({
            "operation": operation, "case": case, "coolify": version,
            "request": { "method": "GET", "path": path },
            "response": { "status": 200, "json": reply },
        }))
        .unwrap()
    }

    fn say(recordings: &[Recording]) -> String {
        let document = document::parse(DOCUMENT).unwrap();
        let sightings = Sightings::new(&document, recordings);
        let text = render(&facts::of(&sightings, &document).unwrap());
        text.strip_prefix(HEAD).unwrap().to_owned()
    }

    #[test]
    fn a_field_is_where_it_always_was() {
        let row = json!({ "uuid": "a", "mood": null });
        let whole = json!({ "uuid": "a", "mood": "good", "parts": [{ "size": 1 }], "secret": "s" });
        let shown = json!({ "uuid": "a", "mood": "good", "parts": [{ "size": 1 }] });
        let rows = json!([row, row, row]);
        let said = say(&[
            recording("4.1.0", "list-things", "ok", &rows),
            recording("4.1.0", "get-thing", "ok", &whole),
            recording("4.1.0", "get-thing", "other", &whole),
            recording("4.1.0", "get-thing", "read-token", &shown),
            recording("4.1.0", "get-thing", "other-read-token", &shown),
        ]);
        assert_eq!(
            said,
            "\nThing:\n  mood: { in: lists and get, null: true }\n  parts: { in: get }\n  \
             secret: { in: get, needs: read:sensitive }\n"
        );
    }

    #[test]
    fn an_older_version_without_a_field_is_named() {
        let old = json!([{ "uuid": "a" }, { "uuid": "b" }]);
        let new = json!([{ "uuid": "a", "mood": "m" }, { "uuid": "b", "mood": "m" }]);
        let said = say(&[
            recording("4.1.0", "list-things", "ok", &old),
            recording("4.2.0", "list-things", "ok", &old),
            recording("4.10.0", "list-things", "ok", &new),
        ]);
        assert_eq!(said, "\nThing:\n  mood: { absent_until: 4.2.0 }\n");
    }

    #[test]
    fn too_little_evidence_says_nothing() {
        let said = say(&[
            recording("4.1.0", "list-things", "ok", &json!([{ "uuid": "a" }])),
            recording(
                "4.2.0",
                "get-thing",
                "ok",
                &json!({ "uuid": "a", "odd": "o", "secret": "s" }),
            ),
            recording(
                "4.2.0",
                "get-thing",
                "bare",
                &json!({ "uuid": "a", "secret": "s" }),
            ),
            recording("4.2.0", "get-thing", "read-token", &json!({ "uuid": "a" })),
        ]);
        assert_eq!(said, "");
    }
}
