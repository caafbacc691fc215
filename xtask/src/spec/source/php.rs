//! Parses PHP, and walks over its syntax tree.

use anyhow::{Context, Result};
use tree_sitter::{Node, Parser, Tree};

use super::checkout::File;

/// A parsed file.
pub struct Source {
    pub path: String,
    text: String,
    tree: Tree,
}

impl Source {
    pub fn parse(file: File) -> Result<Self> {
        let mut parser = Parser::new();
        parser.set_language(&tree_sitter_php::LANGUAGE_PHP.into())?;
        let tree = parser.parse(&file.text, None);
        Ok(Self {
            tree: tree.with_context(|| format!("{} cannot be parsed", file.path))?,
            path: file.path,
            text: file.text,
        })
    }

    pub fn root(&self) -> Ast<'_> {
        Ast {
            node: self.tree.root_node(),
            source: &self.text,
        }
    }
}

/// A node of the syntax tree, with the text of its file.
#[derive(Clone, Copy)]
pub struct Ast<'s> {
    node: Node<'s>,
    source: &'s str,
}

impl<'s> Ast<'s> {
    fn of(self, node: Node<'s>) -> Self {
        Self { node, ..self }
    }

    pub fn kind(self) -> &'static str {
        self.node.kind()
    }

    pub fn is(self, kind: &str) -> bool {
        self.kind() == kind
    }

    pub fn text(self) -> &'s str {
        &self.source[self.node.byte_range()]
    }

    pub fn field(self, name: &str) -> Option<Self> {
        self.node.child_by_field_name(name).map(|it| self.of(it))
    }

    /// Returns the named child nodes, without comments.
    pub fn children(self) -> Vec<Self> {
        let mut cursor = self.node.walk();
        let children = self.node.named_children(&mut cursor);
        children
            .filter(|it| it.kind() != "comment")
            .map(|it| self.of(it))
            .collect()
    }

    pub fn first(self) -> Option<Self> {
        self.children().into_iter().next()
    }

    pub fn last(self) -> Option<Self> {
        self.children().into_iter().next_back()
    }

    /// Returns the outermost nodes of this kind below this node, in their order.
    pub fn all(self, kind: &str) -> Vec<Self> {
        let mut found = Vec::new();
        self.collect(kind, &mut found);
        found
    }

    fn collect(self, kind: &str, found: &mut Vec<Self>) {
        for child in self.children() {
            if child.is(kind) {
                found.push(child);
            } else {
                child.collect(kind, found);
            }
        }
    }

    /// Returns the name of a variable without the dollar sign.
    pub fn variable(self) -> Option<&'s str> {
        self.is("variable_name")
            .then(|| self.text().trim_start_matches('$'))
    }

    /// Returns a name without its namespace.
    pub fn base_name(self) -> &'s str {
        let text = self.text();
        text.rsplit('\\').next().unwrap_or(text)
    }

    /// Returns the arguments of a call.
    pub fn arguments(self) -> Vec<Argument<'s>> {
        let arguments = self.field("arguments").or_else(|| {
            let mut children = self.children().into_iter();
            children.find(|it| it.is("arguments"))
        });
        let arguments = arguments.into_iter().flat_map(Self::children);
        arguments
            .filter(|it| it.is("argument"))
            .filter_map(|it| {
                Some(Argument {
                    name: it.field("name").map(Self::text),
                    value: it.last()?,
                })
            })
            .collect()
    }

    /// Returns the calls of a chain in their order: `b` and `c` of `A::b(1)->c(2)`.
    pub fn chain(self) -> Vec<Link<'s>> {
        let mut links = Vec::new();
        let mut at = self;
        loop {
            let before = match at.kind() {
                "member_call_expression" | "nullsafe_member_call_expression" => at.field("object"),
                "scoped_call_expression" => at.field("scope"),
                _ => break,
            };
            let (Some(before), Some(name)) = (before, at.field("name")) else {
                break;
            };
            links.push(Link {
                on: before,
                name: name.text(),
                call: at,
            });
            at = before;
        }
        links.reverse();
        links
    }
}

#[derive(Clone, Copy)]
pub struct Argument<'s> {
    pub name: Option<&'s str>,
    pub value: Ast<'s>,
}

/// A call in a chain.
#[derive(Clone, Copy)]
pub struct Link<'s> {
    pub on: Ast<'s>,
    pub name: &'s str,
    pub call: Ast<'s>,
}

impl<'s> Link<'s> {
    /// The value of an argument.
    pub fn argument(&self, index: usize) -> Option<Ast<'s>> {
        self.call.arguments().get(index).map(|it| it.value)
    }
}

/// A parsed text, for tests.
#[cfg(test)]
pub fn snippet(code: &str) -> Source {
    Source::parse(File {
        path: "app/Http/Controllers/Api/ThingsController.php".to_owned(),
        text: format!("<?php\n{code}"),
    })
    .unwrap()
}
