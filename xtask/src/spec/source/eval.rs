//! Evaluates PHP expressions without running Coolify: literals, constants, and
//! functions that only build arrays and strings.

use std::collections::HashMap;

use super::php::{Argument, Ast, Source};
use super::value::Value;

/// The variables whose values are known.
pub type Env = HashMap<String, Value>;

/// Maximum length of a chain of calls and constants to follow.
const DEEPEST: usize = 12;

/// The constants, enum cases and functions of all sources by name; those of a class are
/// named `Class::name`.
#[derive(Default)]
pub struct Program<'s> {
    constants: HashMap<String, Ast<'s>>,
    cases: HashMap<String, Ast<'s>>,
    functions: HashMap<String, Ast<'s>>,
}

impl<'s> Program<'s> {
    pub fn new(sources: &'s [Source]) -> Self {
        let mut program = Self::default();
        for source in sources {
            program.read(source.root());
        }
        program
    }

    fn read(&mut self, root: Ast<'s>) {
        for kind in ["class_declaration", "enum_declaration", "trait_declaration"] {
            for class in root.all(kind) {
                self.read_class(class);
            }
        }
        for function in root.all("function_definition") {
            if let Some(name) = function.field("name") {
                self.functions.insert(name.text().to_owned(), function);
            }
        }
        for constant in root.all("const_declaration") {
            self.read_constants(constant, "");
        }
        for call in root.all("function_call_expression") {
            let defines = call
                .field("function")
                .is_some_and(|it| it.text() == "define");
            if let (true, [name, value]) = (defines, &call.arguments()[..])
                && let Value::Text(name) = self.literal(name.value)
            {
                self.constants.insert(name, value.value);
            }
        }
    }

    fn read_class(&mut self, class: Ast<'s>) {
        let Some(name) = class.field("name") else {
            return;
        };
        let prefix = format!("{}::", name.text());
        for constant in class.all("const_declaration") {
            self.read_constants(constant, &prefix);
        }
        for case in class.all("enum_case") {
            if let (Some(name), Some(value)) = (case.field("name"), case.field("value")) {
                self.cases.insert(format!("{prefix}{}", name.text()), value);
            }
        }
        for method in class.all("method_declaration") {
            if let Some(name) = method.field("name") {
                self.functions
                    .insert(format!("{prefix}{}", name.text()), method);
            }
        }
    }

    fn read_constants(&mut self, declaration: Ast<'s>, prefix: &str) {
        for element in declaration.all("const_element") {
            if let [name, value] = element.children()[..] {
                let name = format!("{prefix}{}", name.text());
                self.constants.entry(name).or_insert(value);
            }
        }
    }

    fn literal(&self, ast: Ast<'s>) -> Value {
        self.value(ast, &Env::new(), "")
    }

    /// Returns the value of an expression in a class.
    pub fn value(&self, ast: Ast<'s>, env: &Env, class: &str) -> Value {
        Eval {
            program: self,
            class,
            depth: 0,
        }
        .value(ast, env)
    }

    /// Executes an assignment.
    pub fn assign(&self, ast: Ast<'s>, env: &mut Env, class: &str) {
        let eval = Eval {
            program: self,
            class,
            depth: 0,
        };
        eval.assign(ast, env);
    }
}

struct Eval<'a, 's> {
    program: &'a Program<'s>,
    class: &'a str,
    depth: usize,
}

impl<'s> Eval<'_, 's> {
    fn value(&self, ast: Ast<'s>, env: &Env) -> Value {
        match ast.kind() {
            "string" => Value::Text(unescaped(ast)),
            "encapsed_string" | "heredoc_body" => self.interpolated(ast, env),
            "integer" => ast
                .text()
                .replace('_', "")
                .parse()
                .map_or(Value::Unknown, Value::Int),
            "boolean" => Value::Bool(ast.text().eq_ignore_ascii_case("true")),
            "null" => Value::Null,
            "variable_name" => {
                let name = ast.variable().unwrap_or_default();
                env.get(name).cloned().unwrap_or(Value::Unknown)
            }
            "name" => self.constant(ast.text()),
            "parenthesized_expression" => {
                ast.first().map_or(Value::Unknown, |it| self.value(it, env))
            }
            "array_creation_expression" => self.array(ast, env),
            "binary_expression" => self.binary(ast, env),
            "unary_op_expression" => match ast.field("argument").map(|it| self.value(it, env)) {
                Some(Value::Bool(bool)) if ast.text().starts_with('!') => Value::Bool(!bool),
                _ => Value::Unknown,
            },
            "class_constant_access_expression" => self.class_constant(ast),
            // The value of a case of an enum.
            "member_access_expression" => match (ast.field("object"), ast.field("name")) {
                (Some(case), Some(name)) if name.text() == "value" => self.value(case, env),
                _ => Value::Unknown,
            },
            "object_creation_expression" => self.rule_object(ast, env),
            "function_call_expression" => self.function_call(ast, env),
            "scoped_call_expression" => self.scoped_call(ast, env),
            "member_call_expression" => match (ast.field("object"), ast.field("name")) {
                (Some(object), Some(name)) if object.text() == "$this" => {
                    self.call(&format!("{}::{}", self.class, name.text()), ast, env)
                }
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    fn deeper(&self) -> Option<Self> {
        (self.depth < DEEPEST).then_some(Self {
            depth: self.depth + 1,
            ..*self
        })
    }

    fn constant(&self, name: &str) -> Value {
        match (self.program.constants.get(name), self.deeper()) {
            (Some(value), Some(deeper)) => deeper.value(*value, &Env::new()),
            _ => Value::Unknown,
        }
    }

    fn class_constant(&self, ast: Ast<'s>) -> Value {
        let [class, name] = ast.children()[..] else {
            return Value::Unknown;
        };
        let class = match class.text() {
            "self" | "static" => self.class,
            _ => class.base_name(),
        };
        if name.text() == "class" {
            return Value::text(class);
        }
        let name = format!("{class}::{}", name.text());
        let known = self
            .program
            .cases
            .get(&name)
            .or_else(|| self.program.constants.get(&name));
        match (known, self.depth < DEEPEST) {
            (Some(value), true) => Eval {
                class,
                depth: self.depth + 1,
                program: self.program,
            }
            .value(*value, &Env::new()),
            _ => Value::Text(name),
        }
    }

    fn interpolated(&self, ast: Ast<'s>, env: &Env) -> Value {
        let mut text = String::new();
        for part in ast.children() {
            match part.kind() {
                "string_content" => text.push_str(part.text()),
                "escape_sequence" => text.push_str(match part.text() {
                    "\\n" => "\n",
                    "\\t" => "\t",
                    "\\r" => "\r",
                    other => other.trim_start_matches('\\'),
                }),
                _ => match (self.value(part, env).shown(), part.variable()) {
                    (Some(known), _) => text.push_str(&known),
                    (None, Some(name)) => text.extend(["{", name, "}"]),
                    (None, None) => text.push_str("{}"),
                },
            }
        }
        Value::Text(text)
    }

    fn array(&self, ast: Ast<'s>, env: &Env) -> Value {
        let mut array = Value::List(Vec::new());
        for element in ast.children() {
            match element.children()[..] {
                [spread] if spread.is("variadic_unpacking") => {
                    if let Some(inner) = spread.first() {
                        array = array.merged(self.value(inner, env));
                    }
                }
                [value] => {
                    let value = self.value(value, env);
                    array.put(None, value);
                }
                [key, value] => {
                    let key = self.value(key, env).shown();
                    let value = self.value(value, env);
                    array.put(Some(key.unwrap_or_else(|| "{}".to_owned())), value);
                }
                _ => {}
            }
        }
        array
    }

    fn binary(&self, ast: Ast<'s>, env: &Env) -> Value {
        let (Some(left), Some(right)) = (ast.field("left"), ast.field("right")) else {
            return Value::Unknown;
        };
        let operator = ast.field("operator").map_or("", Ast::text);
        let (left, right) = (self.value(left, env), self.value(right, env));
        match operator {
            "." => {
                let part = |value: Value| value.shown().unwrap_or_else(|| "{}".to_owned());
                Value::Text(part(left) + &part(right))
            }
            "??" if left == Value::Unknown => right,
            "??" => left,
            _ => Value::Unknown,
        }
    }

    /// Describes a rule that is an object by its class and arguments.
    fn rule_object(&self, ast: Ast<'s>, env: &Env) -> Value {
        let Some(class) = ast.first() else {
            return Value::Unknown;
        };
        let arguments = ast.arguments();
        let shown = arguments
            .iter()
            .filter_map(|it| self.value(it.value, env).shown());
        let shown: Vec<String> = shown.collect();
        Value::Text(if shown.is_empty() {
            class.base_name().to_owned()
        } else {
            format!("{}({})", class.base_name(), shown.join(","))
        })
    }

    fn function_call(&self, ast: Ast<'s>, env: &Env) -> Value {
        let name = ast.field("function").map_or("", Ast::base_name);
        let arguments = ast.arguments();
        let mut values = arguments.iter().map(|it| self.value(it.value, env));
        match name {
            "array_merge" => values.fold(Value::List(Vec::new()), Value::merged),
            "array_values" | "array_unique" => values.next().unwrap_or(Value::Unknown),
            "array_keys" => match values.next() {
                Some(Value::Map(entries)) => Value::List(
                    entries
                        .into_iter()
                        .map(|(key, _)| Value::Text(key))
                        .collect(),
                ),
                _ => Value::Unknown,
            },
            "implode" | "join" => match (values.next(), values.next()) {
                (Some(Value::Text(glue)), Some(list @ Value::List(_))) => {
                    Value::Text(list.texts().join(&glue))
                }
                _ => Value::Unknown,
            },
            _ => self.call(name, ast, env),
        }
    }

    fn scoped_call(&self, ast: Ast<'s>, env: &Env) -> Value {
        let (Some(scope), Some(name)) = (ast.field("scope"), ast.field("name")) else {
            return Value::Unknown;
        };
        let class = match scope.text() {
            "self" | "static" => self.class,
            _ => scope.base_name(),
        };
        if class == "Rule" {
            let first = ast.arguments().first().map(|it| self.value(it.value, env));
            return Value::Text(match (name.text(), first) {
                (rule @ ("in" | "notIn"), Some(list)) => {
                    format!("{rule}:{}", list.texts().join(","))
                }
                (rule, Some(Value::Text(of))) => format!("{rule}:{of}"),
                (rule, _) => rule.to_owned(),
            });
        }
        self.call(&format!("{class}::{}", name.text()), ast, env)
    }

    /// Runs a known function with the arguments of this call.
    fn call(&self, name: &str, call: Ast<'s>, env: &Env) -> Value {
        let (Some(function), true) = (self.program.functions.get(name), self.depth < DEEPEST)
        else {
            return Value::Unknown;
        };
        let inside = Eval {
            program: self.program,
            class: name.split_once("::").map_or("", |(class, _)| class),
            depth: self.depth + 1,
        };
        let mut known = inside.parameters(*function, &call.arguments(), |ast| self.value(ast, env));
        let body = function.field("body");
        body.and_then(|body| inside.run(body, &mut known))
            .unwrap_or(Value::Unknown)
    }

    fn parameters(
        &self,
        function: Ast<'s>,
        arguments: &[Argument<'s>],
        value: impl Fn(Ast<'s>) -> Value,
    ) -> Env {
        let mut env = Env::new();
        let parameters = function
            .field("parameters")
            .into_iter()
            .flat_map(Ast::children);
        for (index, parameter) in parameters.enumerate() {
            let Some(name) = parameter.field("name").and_then(Ast::variable) else {
                continue;
            };
            let named = arguments.iter().find(|it| it.name == Some(name));
            let placed = arguments.get(index).filter(|it| it.name.is_none());
            let known = match (named.or(placed), parameter.field("default_value")) {
                (Some(argument), _) => value(argument.value),
                (None, Some(default)) => self.value(default, &Env::new()),
                (None, None) => Value::Unknown,
            };
            env.insert(name.to_owned(), known);
        }
        env
    }

    /// Executes statements up to the first `return`, and returns its value.
    fn run(&self, block: Ast<'s>, env: &mut Env) -> Option<Value> {
        for statement in block.children() {
            match statement.kind() {
                "return_statement" => {
                    return Some(
                        statement
                            .first()
                            .map_or(Value::Null, |it| self.value(it, env)),
                    );
                }
                "expression_statement" => self.assign(statement, env),
                "if_statement" => {
                    let condition = statement.field("condition")?;
                    let branch = match self.value(condition, env) {
                        Value::Bool(true) => statement.field("body"),
                        Value::Bool(false) => statement
                            .field("alternative")
                            .filter(|it| it.is("else_clause"))
                            .and_then(|it| it.field("body")),
                        // The branch depends on something unknown, and so does the value.
                        _ => return None,
                    };
                    let returned = branch.and_then(|it| self.run(it, env));
                    if returned.is_some() {
                        return returned;
                    }
                }
                _ => {}
            }
        }
        None
    }

    fn assign(&self, statement: Ast<'s>, env: &mut Env) {
        let assignment = if statement.is("assignment_expression") {
            Some(statement)
        } else {
            statement
                .first()
                .filter(|it| it.is("assignment_expression"))
        };
        let Some((left, right)) =
            assignment.and_then(|it| Some((it.field("left")?, it.field("right")?)))
        else {
            return;
        };
        let value = self.value(right, env);
        if let Some(name) = left.variable() {
            env.insert(name.to_owned(), value);
        } else if left.is("subscript_expression")
            && let [array, index @ ..] = &left.children()[..]
            && let Some(name) = array.variable()
        {
            let key = index.first().map(|it| self.value(*it, env).shown());
            // An unknown key may be any key.
            if let Some(None) = key {
                return;
            }
            let array = env.entry(name.to_owned()).or_insert(Value::Unknown);
            array.put(key.flatten(), value);
        }
    }
}

/// Returns the text of a literal in single quotes, where only `\\` and `\'` are
/// escapes.
fn unescaped(ast: Ast<'_>) -> String {
    let text = ast.text();
    let inner = text
        .get(1..text.len().saturating_sub(1))
        .unwrap_or_default();
    inner
        .replace("\\\\", "\u{0}")
        .replace("\\'", "'")
        .replace('\u{0}', "\\")
}

#[cfg(test)]
mod tests {
    use super::super::php::snippet;
    use super::*;

    /// The value of the last constant of a text.
    fn last(code: &str) -> Value {
        let sources = [snippet(code)];
        let program = Program::new(&sources);
        let constant = sources[0].root().all("const_element");
        let value = constant.last().unwrap().children()[1];
        program.value(value, &Env::new(), "Here")
    }

    #[test]
    fn literals_and_constants_are_read() {
        let found = last(
            "class A { const B = 'it\\'s'; }
             enum E: string { case One = 'one'; }
             define('MOST', 5);
             const X = [A::B, 'max:'.MOST, E::One->value, Other::class, 'k' => true, ...['z']];",
        );
        assert_eq!(
            found,
            Value::Unknown,
            "rows and keys at once are nothing for a list"
        );
        let found = last(
            "class A { const B = 'it\\'s'; }
             enum E: string { case One = 'one'; }
             define('MOST', 5);
             const X = [A::B, 'max:'.MOST, E::One->value, Other::class, ...['z']];",
        );
        assert_eq!(found.texts(), ["it's", "max:5", "one", "Other", "z"]);
    }

    #[test]
    fn functions_that_put_arrays_together_are_run() {
        let found = last(
            "class P {
                 const FORM = '/^a$/';
                 static function rules(bool $required = true, int $most = 9) {
                     $rules = [];
                     if ($required) { $rules[] = 'required'; } else { $rules[] = 'nullable'; }
                     $rules[] = \"max:$most\";
                     $rules[] = 'regex:'.self::FORM;
                     return $rules;
                 }
             }
             function shared() { return ['a' => P::rules(required: false), 'b' => 'string']; }
             const X = array_merge(shared(), ['b' => ['integer', new Odd(3)], 'c' => Rule::in(['x', 'y'])]);",
        );
        assert_eq!(
            found.get("a").unwrap().texts(),
            ["nullable", "max:9", "regex:/^a$/"]
        );
        assert_eq!(found.get("b").unwrap().texts(), ["integer", "Odd(3)"]);
        assert_eq!(found.get("c"), Some(&Value::text("in:x,y")));
    }
}
