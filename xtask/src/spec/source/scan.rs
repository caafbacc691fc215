//! Walks over the methods of a class, statement by statement, and keeps track of the values
//! of variables and of the branch.

use super::eval::{Env, Program};
use super::php::{Ast, Source};
use super::value::Value;

/// The place that a scan has reached.
pub struct Place<'a, 's> {
    pub program: &'a Program<'s>,
    pub class: &'s str,
    pub method: &'s str,
    /// The value that selects this branch, such as a type of database.
    pub when: Option<String>,
    pub env: Env,
}

impl<'s> Place<'_, 's> {
    pub fn value(&self, ast: Ast<'s>) -> Value {
        self.program.value(ast, &self.env, self.class)
    }

    /// Returns the action, such as `ThingsController@update`.
    pub fn action(&self) -> String {
        format!("{}@{}", self.class, self.method)
    }
}

/// Receives what a scan finds.
pub trait Watch<'s> {
    /// Called before a value is assigned to a variable.
    fn assigned(&mut self, place: &Place<'_, 's>, left: Ast<'s>, right: Ast<'s>) {
        let _ = (place, left, right);
    }

    /// Called for each call and each `new`.
    fn called(&mut self, place: &Place<'_, 's>, call: Ast<'s>) {
        let _ = (place, call);
    }
}

/// Scans all methods of all classes and traits of a file, and its functions.
pub fn scan<'s>(source: &'s Source, program: &Program<'s>, watch: &mut impl Watch<'s>) {
    let root = source.root();
    for kind in ["class_declaration", "trait_declaration"] {
        for class in root.all(kind) {
            let name = class.field("name").map_or("", Ast::text);
            for method in class.all("method_declaration") {
                scan_body(program, name, method, watch);
            }
        }
    }
    for function in root.all("function_definition") {
        scan_body(program, "", function, watch);
    }
}

fn scan_body<'s>(
    program: &Program<'s>,
    class: &'s str,
    function: Ast<'s>,
    watch: &mut impl Watch<'s>,
) {
    let (Some(name), Some(body)) = (function.field("name"), function.field("body")) else {
        return;
    };
    let mut place = Place {
        program,
        class,
        method: name.text(),
        when: None,
        env: Env::new(),
    };
    let parameters = function
        .field("parameters")
        .into_iter()
        .flat_map(Ast::children);
    for parameter in parameters {
        if let (Some(name), Some(default)) = (
            parameter.field("name").and_then(Ast::variable),
            parameter.field("default_value"),
        ) {
            let value = place.value(default);
            place.env.insert(name.to_owned(), value);
        }
    }
    visit(&mut place, body, watch);
}

fn visit<'s>(place: &mut Place<'_, 's>, ast: Ast<'s>, watch: &mut impl Watch<'s>) {
    match ast.kind() {
        "assignment_expression" => {
            if let (Some(left), Some(right)) = (ast.field("left"), ast.field("right")) {
                visit(place, right, watch);
                watch.assigned(place, left, right);
            }
            place.program.assign(ast, &mut place.env, place.class);
        }
        "if_statement" | "else_if_clause" => {
            let condition = ast.field("condition");
            if let Some(condition) = condition {
                visit(place, condition, watch);
            }
            let when = condition.and_then(|it| equals(place, it));
            for child in ast.children() {
                if Some(child.text()) == condition.map(Ast::text) {
                    continue;
                }
                let branch = matches!(child.kind(), "else_clause" | "else_if_clause");
                on_branch(place, when.clone().filter(|_| !branch), child, watch);
            }
        }
        "case_statement" => {
            let label = ast.field("value");
            let when = label.and_then(|it| place.value(it).shown());
            for child in ast.children() {
                if Some(child.text()) != label.map(Ast::text) {
                    on_branch(place, when.clone(), child, watch);
                }
            }
        }
        kind => {
            if matches!(
                kind,
                "function_call_expression"
                    | "member_call_expression"
                    | "nullsafe_member_call_expression"
                    | "scoped_call_expression"
                    | "object_creation_expression"
            ) {
                watch.called(place, ast);
            }
            for child in ast.children() {
                visit(place, child, watch);
            }
        }
    }
}

fn on_branch<'s>(
    place: &mut Place<'_, 's>,
    when: Option<String>,
    ast: Ast<'s>,
    watch: &mut impl Watch<'s>,
) {
    let outside = place.when.clone();
    if when.is_some() {
        place.when = when;
    }
    visit(place, ast, watch);
    place.when = outside;
}

/// Returns the value that the condition compares a variable with.
fn equals<'s>(place: &Place<'_, 's>, condition: Ast<'s>) -> Option<String> {
    let comparison = if condition.is("parenthesized_expression") {
        condition.first()?
    } else {
        condition
    };
    let operator = comparison.field("operator")?.text();
    let (left, right) = (comparison.field("left")?, comparison.field("right")?);
    let compares = comparison.is("binary_expression") && matches!(operator, "===" | "==");
    (compares && left.variable().is_some())
        .then(|| place.value(right).shown())
        .flatten()
}
