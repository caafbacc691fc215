//! Extracts the routes: method, path, action, abilities and middleware.

use serde_json::{Value as Json, json};

use super::eval::{Env, Program};
use super::php::{Ast, Link, Source};
use super::value::Value;

/// The prefix and the middleware that routes inherit from their group.
#[derive(Clone, Default)]
struct Group {
    prefix: String,
    middleware: Vec<String>,
}

const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "options", "any"];

/// Returns the routes in the order of the file, in which Coolify matches them.
pub fn read<'s>(source: &'s Source, program: &Program<'s>) -> Vec<Json> {
    let mut reader = Reader {
        program,
        routes: Vec::new(),
    };
    reader.block(source.root(), &Group::default());
    reader.routes
}

struct Reader<'a, 's> {
    program: &'a Program<'s>,
    routes: Vec<Json>,
}

impl<'s> Reader<'_, 's> {
    fn value(&self, ast: Ast<'s>) -> Value {
        self.program.value(ast, &Env::new(), "")
    }

    fn block(&mut self, block: Ast<'s>, group: &Group) {
        for statement in block.children() {
            match statement.first() {
                Some(call) if statement.is("expression_statement") => {
                    let links = call.chain();
                    if links.first().is_some_and(|it| it.on.base_name() == "Route") {
                        self.chain(&links, group);
                    }
                }
                // Routes that only some installations have.
                _ if statement.is("if_statement") => {
                    if let Some(body) = statement.field("body") {
                        self.block(body, group);
                    }
                }
                _ => {}
            }
        }
    }

    fn chain(&mut self, links: &[Link<'s>], group: &Group) {
        let mut own = group.clone();
        let mut route = None;
        let mut inside = None;
        for link in links {
            match link.name {
                "prefix" => {
                    if let Some(prefix) = link.argument(0).map(|it| self.value(it)) {
                        own.prefix = joined(&own.prefix, prefix.as_text().unwrap_or_default());
                    }
                }
                "middleware" => {
                    for argument in link.call.arguments() {
                        own.middleware.extend(self.value(argument.value).texts());
                    }
                }
                "withoutMiddleware" => {
                    let left_out = link.argument(0).map(|it| self.value(it).texts());
                    let left_out = left_out.unwrap_or_default();
                    own.middleware.retain(|it| !left_out.contains(it));
                }
                "group" => {
                    for argument in link.call.arguments() {
                        if argument.value.is("array_creation_expression") {
                            self.attributes(argument.value, &mut own);
                        } else {
                            inside = argument.value.field("body");
                        }
                    }
                }
                "match" => {
                    let methods = link.argument(0).map(|it| self.value(it).texts());
                    route = Some((
                        methods.unwrap_or_default(),
                        link.argument(1),
                        link.argument(2),
                    ));
                }
                method if METHODS.contains(&method) => {
                    let methods = vec![method.to_owned()];
                    route = Some((methods, link.argument(0), link.argument(1)));
                }
                _ => {}
            }
        }
        if let Some(inside) = inside {
            self.block(inside, &own);
        }
        if let Some((methods, Some(path), action)) = route {
            let path = self.value(path).shown().unwrap_or_default();
            let action = action.map_or(Value::Unknown, |it| self.value(it));
            for method in methods {
                self.add(
                    &method,
                    &joined(&own.prefix, &path),
                    &action,
                    &own.middleware,
                );
            }
        }
    }

    fn attributes(&self, ast: Ast<'s>, group: &mut Group) {
        let attributes = self.value(ast);
        if let Some(Value::Text(prefix)) = attributes.get("prefix") {
            group.prefix = joined(&group.prefix, prefix);
        }
        if let Some(middleware) = attributes.get("middleware") {
            group.middleware.extend(middleware.texts());
        }
    }

    fn add(&mut self, method: &str, path: &str, action: &Value, middleware: &[String]) {
        const ABILITY: &str = "api.ability:";
        let action = match action {
            Value::List(parts) => match &parts[..] {
                [Value::Text(class), Value::Text(method)] => format!("{class}@{method}"),
                _ => "{}".to_owned(),
            },
            other => other.shown().unwrap_or_else(|| "{}".to_owned()),
        };
        let (abilities, middleware): (Vec<_>, Vec<_>) =
            middleware.iter().partition(|it| it.starts_with(ABILITY));
        let abilities = abilities
            .iter()
            .flat_map(|it| it[ABILITY.len()..].split(','));
        self.routes.push(json!({
            "method": method.to_uppercase(),
            "path": path,
            "action": action,
            "abilities": abilities.collect::<Vec<_>>(),
            "middleware": middleware,
        }));
    }
}

fn joined(prefix: &str, path: &str) -> String {
    let parts = prefix.split('/').chain(path.split('/'));
    let parts: Vec<&str> = parts.filter(|it| !it.is_empty()).collect();
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::super::php::snippet;
    use super::*;

    #[test]
    fn groups_give_their_prefix_and_their_middleware() {
        let sources = [snippet(
            "Route::get('/up', [Plain::class, 'up']);
             Route::group(['prefix' => 'v1', 'middleware' => ['auth', 'api.ability:write']], function () {
                 Route::post('/things/{id}', [Things::class, 'store'])->middleware(['api.ability:deploy', 'slow']);
                 Route::middleware('m')->prefix('deep')->group(function () {
                     Route::match(['get', 'post'], 'x', fn () => 1);
                 });
             });",
        )];
        let program = Program::new(&sources);
        assert_eq!(
            read(&sources[0], &program),
            [
                json!({ "method": "GET", "path": "/up", "action": "Plain@up", "abilities": [], "middleware": [] }),
                json!({ "method": "POST", "path": "/v1/things/{id}", "action": "Things@store",
                    "abilities": ["write", "deploy"], "middleware": ["auth", "slow"] }),
                json!({ "method": "GET", "path": "/v1/deep/x", "action": "{}", "abilities": ["write"], "middleware": ["auth", "m"] }),
                json!({ "method": "POST", "path": "/v1/deep/x", "action": "{}", "abilities": ["write"], "middleware": ["auth", "m"] }),
            ]
        );
    }
}
