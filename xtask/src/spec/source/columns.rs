//! Extracts the columns of each table: applies the migrations in their order, as far as
//! they call `Schema`.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::eval::{Env, Program};
use super::php::{Ast, Link, Source};
use super::value::Value;

type Columns = BTreeMap<String, Column>;

struct Column {
    kind: String,
    nullable: bool,
    default: Option<Json>,
}

/// Returns the columns by table and name.
pub fn read<'s>(sources: &'s [Source], program: &Program<'s>) -> Json {
    let mut schema = Schema {
        program,
        tables: BTreeMap::new(),
    };
    for source in sources {
        for method in source.root().all("method_declaration") {
            if method.field("name").is_some_and(|it| it.text() == "up")
                && let Some(body) = method.field("body")
            {
                schema.visit(body, &mut Env::new());
            }
        }
    }
    json!(
        schema
            .tables
            .iter()
            .map(|(name, columns)| (name, facts(columns)))
            .collect::<BTreeMap<_, _>>()
    )
}

fn facts(columns: &Columns) -> Json {
    let fact = |column: &Column| {
        let mut fact = Map::new();
        fact.insert("type".to_owned(), column.kind.clone().into());
        fact.insert("nullable".to_owned(), column.nullable.into());
        if let Some(default) = &column.default {
            fact.insert("default".to_owned(), default.clone());
        }
        Json::Object(fact)
    };
    json!(
        columns
            .iter()
            .map(|(name, column)| (name, fact(column)))
            .collect::<BTreeMap<_, _>>()
    )
}

struct Schema<'a, 's> {
    program: &'a Program<'s>,
    tables: BTreeMap<String, Columns>,
}

impl<'s> Schema<'_, 's> {
    fn text(&self, ast: Option<Ast<'s>>, env: &Env) -> Option<String> {
        self.program.value(ast?, env, "").shown()
    }

    fn visit(&mut self, ast: Ast<'s>, env: &mut Env) {
        match ast.kind() {
            "assignment_expression" => self.program.assign(ast, env, ""),
            "foreach_statement" => self.each(ast, env),
            "scoped_call_expression" | "member_call_expression" => {
                let links = ast.chain();
                match links.first() {
                    Some(first) if first.on.base_name() == "Schema" => {
                        for link in &links {
                            self.change(link, env);
                        }
                    }
                    _ => {
                        for child in ast.children() {
                            self.visit(child, env);
                        }
                    }
                }
            }
            _ => {
                for child in ast.children() {
                    self.visit(child, env);
                }
            }
        }
    }

    /// Repeats the body of a loop for each row of a known list.
    fn each(&mut self, ast: Ast<'s>, env: &mut Env) {
        let (Some(over), Some(body)) = (ast.first(), ast.field("body")) else {
            return;
        };
        let children = ast.children();
        let variable = children.get(1).and_then(|it| match it.kind() {
            "pair" => it.last().and_then(Ast::variable),
            _ => it.variable(),
        });
        let (Some(variable), Value::List(rows)) = (variable, self.program.value(over, env, ""))
        else {
            self.visit(body, env);
            return;
        };
        for row in rows {
            env.insert(variable.to_owned(), row);
            self.visit(body, env);
        }
    }

    fn change(&mut self, link: &Link<'s>, env: &mut Env) {
        let Some(table) = self.text(link.argument(0), env) else {
            return;
        };
        match link.name {
            "create" | "table" => {
                if link.name == "create" {
                    self.tables.insert(table.clone(), Columns::new());
                }
                let body = link.argument(1).and_then(|it| it.field("body"));
                if let Some(body) = body {
                    self.blueprint(&table, body, env);
                }
            }
            "rename" => {
                if let (Some(to), Some(columns)) =
                    (self.text(link.argument(1), env), self.tables.remove(&table))
                {
                    self.tables.insert(to, columns);
                }
            }
            "drop" | "dropIfExists" => {
                self.tables.remove(&table);
            }
            "dropColumns" => {
                let dropped = link
                    .argument(1)
                    .map(|it| self.program.value(it, env, "").texts());
                let columns = self.tables.entry(table).or_default();
                columns.retain(|name, _| !dropped.iter().flatten().any(|it| it == name));
            }
            _ => {}
        }
    }

    fn blueprint(&mut self, table: &str, ast: Ast<'s>, env: &mut Env) {
        match ast.kind() {
            "expression_statement" => {
                let Some(call) = ast.first() else { return };
                if call.is("assignment_expression") {
                    self.program.assign(call, env, "");
                }
                let links = call.chain();
                if links.first().is_some_and(|it| it.on.variable().is_some()) {
                    self.column(table, &links, env);
                }
            }
            "foreach_statement" => {
                let (Some(over), Some(body)) = (ast.first(), ast.field("body")) else {
                    return;
                };
                let variable = ast.children().get(1).and_then(|it| it.variable());
                let rows = self.program.value(over, env, "");
                if let (Some(variable), Value::List(rows)) = (variable, rows) {
                    for row in rows {
                        env.insert(variable.to_owned(), row);
                        self.blueprint(table, body, env);
                    }
                }
            }
            _ => {
                for child in ast.children() {
                    self.blueprint(table, child, env);
                }
            }
        }
    }

    fn column(&mut self, table: &str, links: &[Link<'s>], env: &Env) {
        let first = links[0];
        let name = self.text(first.argument(0), env);
        let names = first
            .argument(0)
            .map(|it| self.program.value(it, env, "").texts());
        let columns = self.tables.entry(table.to_owned()).or_default();
        let mut add = |name: &str, kind: &str, nullable: bool| {
            let column = Column {
                kind: kind.to_owned(),
                nullable,
                default: None,
            };
            columns.insert(name.to_owned(), column);
        };
        match (first.name, name) {
            ("id", None) => add("id", "bigIncrements", false),
            ("uuid", None) => add("uuid", "uuid", false),
            ("timestamps" | "timestampsTz" | "nullableTimestamps", _) => {
                add("created_at", "timestamp", true);
                add("updated_at", "timestamp", true);
            }
            ("softDeletes" | "softDeletesTz", name) => {
                add(name.as_deref().unwrap_or("deleted_at"), "timestamp", true);
            }
            ("rememberToken", _) => add("remember_token", "string", true),
            (kind @ ("morphs" | "nullableMorphs" | "uuidMorphs"), Some(name)) => {
                let nullable = kind == "nullableMorphs";
                add(&format!("{name}_type"), "string", nullable);
                let id = if kind == "uuidMorphs" {
                    "uuid"
                } else {
                    "unsignedBigInteger"
                };
                add(&format!("{name}_id"), id, nullable);
            }
            ("renameColumn", Some(name)) => {
                let to = first.argument(1).map(|it| self.program.value(it, env, ""));
                if let (Some(Value::Text(to)), Some(column)) = (to, columns.remove(&name)) {
                    columns.insert(to, column);
                }
            }
            ("dropColumn", _) => {
                let more = first.call.arguments();
                let more = more
                    .iter()
                    .flat_map(|it| self.program.value(it.value, env, "").texts());
                let dropped: Vec<String> = names.into_iter().flatten().chain(more).collect();
                columns.retain(|name, _| !dropped.contains(name));
            }
            ("dropSoftDeletes", _) => {
                columns.remove("deleted_at");
            }
            ("dropTimestamps", _) => {
                columns.retain(|name, _| name != "created_at" && name != "updated_at");
            }
            (kind, Some(name)) if !is_no_column(kind) => self.typed(table, kind, name, links, env),
            _ => {}
        }
    }

    fn typed(&mut self, table: &str, kind: &str, name: String, links: &[Link<'s>], env: &Env) {
        let value = |link: &Link<'s>| link.argument(0).map(|it| self.program.value(it, env, ""));
        let modifier = |name: &str| links.iter().find(|it| it.name == name);
        let nullable = modifier("nullable").map(|it| value(it) != Some(Value::Bool(false)));
        let default = modifier("default").and_then(value).map(|it| it.json());
        let changes = modifier("change").is_some();
        let columns = self.tables.entry(table.to_owned()).or_default();
        let before = columns.remove(&name).filter(|_| changes);
        let column = Column {
            kind: kind.to_owned(),
            // A change keeps the attributes that it does not mention.
            nullable: nullable.unwrap_or(before.as_ref().is_some_and(|it| it.nullable)),
            default: default.or(before.and_then(|it| it.default)),
        };
        columns.insert(name, column);
    }
}

/// Whether a call on a table defines no column.
fn is_no_column(name: &str) -> bool {
    name.starts_with("drop")
        || name.starts_with("rename")
        || matches!(
            name,
            "index"
                | "unique"
                | "primary"
                | "foreign"
                | "fullText"
                | "spatialIndex"
                | "comment"
                | "engine"
                | "charset"
                | "collation"
                | "rawIndex"
                | "after"
                | "temporary"
        )
}

#[cfg(test)]
mod tests {
    use super::super::php::snippet;
    use super::*;

    #[test]
    fn migrations_are_carried_out_in_order() {
        let sources = [
            snippet(
                "return new class extends Migration {
                    public function up(): void {
                        Schema::create('things', function (Blueprint $table) {
                            $table->id();
                            $table->string('name')->unique();
                            $table->integer('size')->default(3);
                            $table->text('gone')->nullable();
                            $table->foreignId('team_id')->nullable()->constrained();
                            $table->morphs('owner');
                            $table->timestamps();
                            $table->unique(['name', 'team_id']);
                        });
                        Schema::create('old', function (Blueprint $table) { $table->id(); });
                    }
                    public function down(): void { Schema::dropIfExists('things'); }
                 };",
            ),
            snippet(
                "return new class extends Migration {
                    public function up(): void {
                        foreach (['things'] as $name) {
                            if (! Schema::hasColumn($name, 'mood')) {
                                Schema::table($name, function (Blueprint $table) {
                                    $table->string('mood')->nullable()->default('good');
                                    $table->dropColumn('gone');
                                    $table->text('name')->nullable()->change();
                                    $table->renameColumn('size', 'width');
                                });
                            }
                        }
                        Schema::drop('old');
                    }
                 };",
            ),
        ];
        let program = Program::new(&sources);
        let column = |kind: &str, nullable: bool| json!({ "type": kind, "nullable": nullable });
        assert_eq!(
            read(&sources, &program),
            json!({ "things": {
                "created_at": column("timestamp", true),
                "id": column("bigIncrements", false),
                "mood": { "type": "string", "nullable": true, "default": "good" },
                "name": column("text", true),
                "owner_id": column("unsignedBigInteger", false),
                "owner_type": column("string", false),
                "team_id": column("foreignId", true),
                "updated_at": column("timestamp", true),
                "width": { "type": "integer", "nullable": false, "default": 3 },
            } })
        );
    }
}
