//! `cargo xtask spec follow`: drafts the support of a release from its source.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::Value;

use super::checkout::Checkout;
use super::compare::{self, Differences, Named, plain, rows};
use super::measure::Score;
use super::{fields, measure};
use crate::document;
use crate::spec::import;

/// Which releases to compare.
#[derive(clap::Args)]
pub struct Args {
    /// A git directory with the sources of Coolify.
    #[arg(long, value_name = "CHECKOUT")]
    from: PathBuf,
    /// The tag of the new release, such as v4.4.0.
    #[arg(long)]
    tag: String,
    /// The tag of the supported release; by default that of `spec/coolify.lock`.
    #[arg(long)]
    since: Option<String>,
    /// The version of the new release, if the tag does not name it.
    #[arg(long)]
    version: Option<String>,
    /// Prints instead how much of the draft agrees with the tables in `spec`.
    #[arg(long)]
    check: bool,
}

/// Prints the draft in Markdown and writes no files.
pub fn run(root: &Path, args: &Args) -> Result<()> {
    let since = match &args.since {
        Some(since) => since.clone(),
        None => format!("v{}", import::newest(root)?),
    };
    let table = document::read(&root.join("spec/operations.yaml"))?;
    let new = Checkout::open(&args.from, Some(&args.tag))?;
    let old = Checkout::open(&args.from, Some(&since))?;
    let published = document::parse(&new.file("openapi.yaml")?)?;
    let draft = Draft {
        version: args
            .version
            .as_deref()
            .unwrap_or(args.tag.trim_start_matches('v')),
        since: &since,
        ids: ids(&table, &published),
        old: super::read(&old)?.into_iter().collect(),
        new: super::read(&new)?.into_iter().collect(),
    };
    if args.check {
        let fields = document::read(&root.join("spec/request-fields.yaml"))?;
        print!("{}", draft.check(&table, &fields));
    } else {
        print!("{}", draft.text());
    }
    Ok(())
}

/// Returns a path without the names of its placeholders.
pub fn shape(call: &str) -> String {
    let parts = call
        .split('/')
        .map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Returns operation ids and tags by call, first from the table and then from the
/// new document.
fn ids(table: &Value, published: &Value) -> BTreeMap<String, (String, String)> {
    let mut ids = BTreeMap::new();
    for (path, item) in published["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if let Some(id) = operation["operationId"].as_str() {
                let tag = operation["tags"][0].as_str().unwrap_or("Instance");
                let call = format!("{} {}", method.to_uppercase(), shape(path));
                ids.insert(call, (tag.to_owned(), id.to_owned()));
            }
        }
    }
    for (tag, operations) in table.as_object().into_iter().flatten() {
        for (id, fact) in operations.as_object().into_iter().flatten() {
            let call = fact["call"].as_str().unwrap_or_default();
            ids.insert(shape(call), (tag.clone(), id.clone()));
        }
    }
    ids
}

/// Returns the ability of a route: the last middleware decides.
fn ability(fact: &Value) -> Option<&str> {
    fact["abilities"].as_array()?.last()?.as_str()
}

/// Returns whether a route is part of the API of users, and not of the servers' own.
fn is_public(call: &str) -> bool {
    !call.contains(" /internal/")
}

struct Draft<'a> {
    version: &'a str,
    since: &'a str,
    ids: BTreeMap<String, (String, String)>,
    old: BTreeMap<&'static str, Value>,
    new: BTreeMap<&'static str, Value>,
}

impl Draft<'_> {
    fn differences(&self, kind: &str, named: fn(&Value) -> Named) -> Differences {
        Differences::new(named(&self.old[kind]), named(&self.new[kind]))
    }

    fn text(&self) -> String {
        let mut text = format!(
            "# Coolify {}, compared with {}\n\n",
            self.version, self.since
        );
        let _ = writeln!(
            text,
            "1. `cargo xtask spec import --tag v{}`, `cargo xtask spec patched`\n\
             2. The entries below, and the decisions.\n\
             3. `cargo xtask generate`\n",
            self.version
        );
        let routes = self.differences("routes", compare::routes);
        self.operations(&mut text, &routes);
        self.fields(&mut text);
        text.push_str("## To decide\n\n");
        let before = text.len();
        self.decisions(&mut text, &routes);
        if text.len() == before {
            text.push_str("Nothing.\n");
        }
        let _ = writeln!(
            text,
            "\n## CHANGELOG.md\n\n- Coolify {}: {} new operations, {} removed.",
            self.version,
            routes.added.len(),
            routes.removed.len(),
        );
        text
    }

    /// Returns the release before the new one.
    fn before(&self) -> &str {
        self.since.trim_start_matches('v')
    }

    fn id(&self, call: &str) -> Option<&(String, String)> {
        self.ids.get(&shape(call))
    }

    /// Returns the operations of each action.
    fn actions(&self) -> BTreeMap<String, Vec<fields::Operation>> {
        let mut actions: BTreeMap<String, Vec<fields::Operation>> = BTreeMap::new();
        for (call, fact) in compare::routes(&self.new["routes"]) {
            if let (Some((_, id)), Some(action)) = (self.id(&call), fact["action"].as_str()) {
                let operation = (id.clone(), call.clone());
                actions
                    .entry(action.to_owned())
                    .or_default()
                    .push(operation);
            }
        }
        actions
    }

    fn rows(&self) -> BTreeSet<fields::Row> {
        let [old, new] = [&self.old, &self.new].map(|it| compare::allowlists(&it["allowlists"]));
        fields::rows(&old, &new, &self.actions())
    }

    /// Drafts the rows of `spec/request-fields.yaml`, and a patch with the new fields.
    fn fields(&self, text: &mut String) {
        let rows = self.rows();
        if rows.is_empty() {
            return;
        }
        let entries = fields::entries(&rows, self.version, self.before());
        let _ = writeln!(
            text,
            "## spec/request-fields.yaml\n\n```yaml\n{entries}```\n"
        );
        if rows.iter().any(|row| row.is_new) {
            let rules = compare::rules(&self.new["rules"]);
            let patch = fields::patch(&rows, &rules, &self.actions(), self.version);
            let _ = writeln!(
                text,
                "## patches, if the document lacks them\n\n```yaml\n{patch}```\n"
            );
        }
    }

    /// Compares the draft with the tables, and names what is not the same.
    fn check(&self, table: &Value, request_fields: &Value) -> String {
        let routes = self.differences("routes", compare::routes);
        let known = |call: &String| self.id(call).map(|(_, id)| id.clone());
        let added = routes.added.iter().filter(|(call, _)| is_public(call));
        let added = added.map(|(call, fact)| {
            let id = known(call).unwrap_or_default();
            measure::operation(&id, call, ability(fact))
        });
        let removed = routes.removed.iter().filter(|(call, _)| is_public(call));
        let changed = routes.changed.iter().filter_map(|(call, old, new)| {
            let changed = ability(old) != ability(new);
            let ability = ability(new).unwrap_or_default();
            changed.then(|| Some(format!("{} {ability}", known(call)?)))?
        });
        let rows = self.rows();
        let fields = rows.iter().map(|row| {
            let sign = if row.is_new { '+' } else { '-' };
            format!("{} {sign}{}", row.operation, row.field)
        });
        let (version, before) = (self.version, self.before());
        let scores = [
            (
                "operations added",
                Score::new(&measure::added(table, version), &added.collect()),
            ),
            (
                "operations removed",
                Score::new(
                    &measure::removed(table, before),
                    &removed.filter_map(|(call, _)| known(call)).collect(),
                ),
            ),
            (
                "abilities changed",
                Score::new(&measure::abilities(table, version), &changed.collect()),
            ),
            (
                "fields of requests",
                Score::new(
                    &measure::fields(request_fields, version, before),
                    &fields.collect(),
                ),
            ),
        ];
        let mut text = format!("# Coolify {version}, compared with {}\n\n", self.since);
        for (what, score) in &scores {
            let _ = writeln!(text, "{what}: {score}");
            for missed in &score.missed {
                let _ = writeln!(text, "  missed {missed}");
            }
            for wrong in &score.wrong {
                let _ = writeln!(text, "  only drafted {wrong}");
            }
        }
        text
    }

    /// Drafts the entries for `spec/operations.yaml`.
    fn operations(&self, text: &mut String, routes: &Differences) {
        let mut entries: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (call, fact) in &routes.added {
            let (tag, id) = match self.ids.get(&shape(call)) {
                Some((tag, id)) => (tag.as_str(), id.clone()),
                None => (
                    "(no tag)",
                    format!("undocumented-{}", plain(&fact["action"])),
                ),
            };
            let needs = ability(fact).map(|it| format!(", needs: {it}"));
            let needs = needs.unwrap_or_default();
            let version = self.version;
            let entry = format!("  {id}: {{ call: '{call}'{needs}, since: {version} }}");
            entries.entry(tag).or_default().push(entry);
        }
        for (call, fact) in &routes.removed {
            self.entry(&mut entries, call, |id| {
                let needs = ability(fact).unwrap_or_default();
                format!(
                    "  {id}: {{ call: '{call}', needs: {needs}, until: {} }}",
                    self.before()
                )
            });
        }
        for (call, old, new) in &routes.changed {
            let (Some(old), Some(new)) = (ability(old), ability(new)) else {
                continue;
            };
            if old != new {
                self.entry(&mut entries, call, |id| {
                    let (before, version) = (self.before(), self.version);
                    let needs = format!("{{ {before}: '{old}', {version}: '{new}' }}");
                    format!("  {id}: {{ call: '{call}', needs: {needs} }}")
                });
            }
        }
        text.push_str("## spec/operations.yaml\n\n");
        if entries.is_empty() {
            text.push_str("Nothing.\n\n");
            return;
        }
        text.push_str("```yaml\n");
        for (tag, mut entries) in entries {
            entries.sort();
            let _ = writeln!(text, "{tag}:\n{}", entries.join("\n"));
        }
        text.push_str("```\n\n");
    }

    /// Adds the entry of an operation that the table has.
    fn entry<'e>(
        &'e self,
        entries: &mut BTreeMap<&'e str, Vec<String>>,
        call: &str,
        line: impl Fn(&str) -> String,
    ) {
        if let Some((tag, id)) = self.id(call) {
            entries.entry(tag).or_default().push(line(id));
        }
    }

    fn decisions(&self, text: &mut String, routes: &Differences) {
        let mut ask = |what: String| {
            let _ = writeln!(text, "- [ ] {what}");
        };
        for (call, _) in &routes.added {
            ask(format!(
                "`{call}`: what may a client that is bound to a project do with it?"
            ));
        }
        for (call, fact) in &routes.removed {
            ask(format!("`{call}` is gone ({})", plain(&fact["action"])));
        }
        for (call, old, new) in &routes.changed {
            ask(format!("`{call}`: {} became {}", plain(old), plain(new)));
        }
        let lists = self.differences("allowlists", compare::allowlists);
        for (action, fields) in &lists.added {
            ask(format!("{action} accepts {}", plain(fields)));
        }
        for (action, _) in &lists.removed {
            ask(format!("{action} no longer has an allow-list"));
        }
        for (action, old, new) in &lists.changed {
            ask(format!("{action} accepts other fields: {}", rows(old, new)));
        }
        let checks = self.differences("rules", compare::rules);
        for (field, old, new) in &checks.changed {
            ask(format!("{field} has other rules: {}", rows(old, new)));
        }
        let columns = self.differences("columns", compare::pairs);
        for (column, fact) in &columns.added {
            ask(format!(
                "new column {column}: {}. Is it in replies?",
                plain(fact)
            ));
        }
        for (column, _) in &columns.removed {
            ask(format!("column {column} is gone"));
        }
        for (column, old, new) in &columns.changed {
            ask(format!(
                "column {column}: {} became {}",
                plain(old),
                plain(new)
            ));
        }
        let models = self.differences("models", compare::pairs);
        for (fact, value) in &models.added {
            ask(format!("model {fact}: {}", plain(value)));
        }
        for (fact, old, new) in &models.changed {
            let change = match (old, new) {
                (Value::Array(_), Value::Array(_)) => rows(old, new),
                _ => format!("{} became {}", plain(old), plain(new)),
            };
            ask(format!("model {fact}: {change}"));
        }
        let messages = self.differences("messages", compare::refusals);
        for (message, actions) in &messages.added {
            ask(format!("new message {message}: {}", plain(actions)));
        }
        for (message, _) in &messages.removed {
            ask(format!("message {message} is gone"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn facts(routes: &Value, lists: &Value, messages: &Value) -> BTreeMap<&'static str, Value> {
        let none = json!({});
        BTreeMap::from([
            ("routes", routes.clone()),
            ("allowlists", lists.clone()),
            ("rules", none.clone()),
            ("columns", none.clone()),
            ("models", none),
            ("messages", messages.clone()),
        ])
    }

    #[test]
    fn a_draft_has_entries_and_questions() {
        let route = |path: &str, ability: &str| json!({ "method": "POST", "path": path, "action": "A@b", "abilities": [ability] });
        let published = json!({ "paths": { "/new/{id}": { "post": {
            "operationId": "make-new", "tags": ["News"],
        } } } });
        let draft = Draft {
            version: "4.4.0",
            since: "v4.3.0",
            ids: ids(&json!({}), &published),
            old: facts(
                &json!([route("/v1/kept", "write"), route("/v1/gone", "read")]),
                &json!({ "A@b": [{ "when": null, "fields": ["x"] }] }),
                &json!({}),
            ),
            new: facts(
                &json!([
                    route("/v1/kept", "deploy"),
                    route("/v1/new/{uuid}", "write")
                ]),
                &json!({ "A@b": [{ "when": null, "fields": ["x", "y"] }] }),
                &json!({ "No.": { "404": ["A@b"] }, "Yes.": { "200": ["A@b"] } }),
            ),
        };
        let text = draft.text();
        for line in [
            "News:\n  make-new: { call: 'POST /new/{uuid}', needs: write, since: 4.4.0 }",
            "- [ ] `POST /gone` is gone (A@b)",
            "- [ ] `POST /kept`: abilities write, action A@b became abilities deploy, action A@b",
            "- [ ] A@b accepts other fields: added y",
            "- [ ] new message \"No.\" (404): A@b",
            "- Coolify 4.4.0: 1 new operations, 1 removed.",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!(!text.contains("Yes."));
    }
}
