//! Reads compose files in the way that Coolify does.
//!
//! Coolify parses a compose file with Symfony's YAML component. Everything that
//! this component rejects is an error here too: tags other than those of text,
//! several documents, keys that are not scalars, duplicate keys. The strict
//! parser also rejects what the component reads differently from other parsers.

mod strict;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use self::strict::{Place, Source};

/// The maximum nesting depth. Compose files need less than ten levels.
const DEPTH: usize = 64;
/// The maximum size of a file once its aliases are replaced, in bytes of text
/// plus a surcharge for each node.
const SIZE: usize = 8 << 20;
const NODE: usize = 64;

const TOO_LARGE: &str = "the file is too large";
const UNKNOWN_TAG: &str = "Coolify does not know the tag";

/// A part of a file, with aliases and merge keys resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Scalar(Scalar),
    List(Vec<Node>),
    /// Keys and values, in the order of the file.
    Map(Vec<(Arc<str>, Node)>),
}

/// A single value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scalar {
    /// The text, with escapes decoded. A number keeps its form.
    pub(crate) text: Arc<str>,
    /// Whether it has no quotes, so that `null`, `true` and numbers are not text.
    pub(crate) is_plain: bool,
}

#[allow(
    dead_code,
    reason = "for the scope, which checks what the server resolves"
)]
/// Parses a file that Coolify and other parsers read in the same way.
///
/// # Errors
///
/// The reason why Coolify cannot read the file, or reads it differently from
/// other parsers. The error does not repeat any text of the file.
pub(crate) fn parse(text: &str) -> Result<Node, Unreadable> {
    let file = parse_yaml(text)?;
    if matches!(file, Node::Map(_)) || file.is_null() {
        return Ok(file);
    }
    Err(Unreadable {
        line: 1,
        what: "a compose file is a map",
    })
}

/// Parses any YAML that Coolify can read, including a single scalar.
///
/// # Errors
///
/// The reason why Coolify cannot read it.
pub(crate) fn parse_yaml(text: &str) -> Result<Node, Unreadable> {
    let builder = Builder {
        source: Some(Source::new(text)?),
        ..Builder::default()
    };
    builder.build(text)
}

/// Parses a file that Coolify can read.
///
/// # Errors
///
/// The reason why Coolify cannot read the file.
pub(crate) fn parse_leniently(text: &str) -> Result<Node, Unreadable> {
    Builder::default().build(text)
}

/// Returns the names of the services in a file, in order.
///
/// # Errors
///
/// The reason why Coolify cannot read the file.
pub(crate) fn service_names(text: &str) -> Result<Vec<String>, Unreadable> {
    let file = parse_leniently(text)?;
    let services = file.get("services").map(Node::entries).unwrap_or_default();
    Ok(services.iter().map(|(name, _)| name.to_string()).collect())
}

impl Node {
    /// Returns the value of a key; `None` if the key is missing or this is not a
    /// map.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        let mut entries = self.entries().iter();
        entries.find_map(|(name, node)| (**name == *key).then_some(node))
    }

    /// Returns the entries of a map, and nothing for anything else.
    pub(crate) fn entries(&self) -> &[(Arc<str>, Node)] {
        match self {
            Self::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Returns the items of a list, and nothing for anything else.
    pub(crate) fn items(&self) -> &[Node] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// Returns the text of a scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// Returns whether this is a plain `null`, `~` or empty.
    pub(crate) fn is_null(&self) -> bool {
        match self {
            Self::Scalar(Scalar { text, is_plain }) => {
                *is_plain && (matches!(&**text, "" | "~") || text.eq_ignore_ascii_case("null"))
            }
            _ => false,
        }
    }

    #[allow(
        dead_code,
        reason = "for the scope, which checks what the server resolves"
    )]
    /// Calls a function with every key and every scalar, starting with the
    /// outermost.
    pub(crate) fn each_text<'a>(&'a self, see: &mut impl FnMut(&'a str)) {
        match self {
            Self::Scalar(scalar) => see(&scalar.text),
            Self::List(items) => items.iter().for_each(|item| item.each_text(see)),
            Self::Map(entries) => {
                for (key, value) in entries {
                    see(key);
                    value.each_text(see);
                }
            }
        }
    }
}

/// A file that Coolify cannot read, or that has more than one meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable {
    line: usize,
    what: &'static str,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

type Step<T> = Result<T, &'static str>;

/// Builds nodes from the events of the parser.
#[derive(Default)]
struct Builder<'a> {
    /// The source of the file in strict parsing, for the rules of `strict`.
    source: Option<Source<'a>>,
    root: Option<Node>,
    /// The open nodes, starting with the outermost.
    open: Vec<Open>,
    /// The complete anchors by number, with their sizes.
    anchors: Vec<Option<(Node, usize)>>,
    documents: usize,
    /// The size of all nodes so far, copies included.
    size: usize,
}

struct Open {
    anchor: usize,
    parts: Parts,
    is_flow: bool,
    size: usize,
}

enum Parts {
    List(Vec<Node>),
    Map(Entries),
}

#[derive(Default)]
struct Entries {
    list: Vec<(Arc<str>, Node)>,
    /// Where each key is.
    index: HashMap<Arc<str>, usize>,
    /// The key whose value comes next.
    key: Option<Arc<str>>,
    /// Whether there was a merge key, after which keys may be repeated.
    merged: bool,
}

impl Builder<'_> {
    fn build(mut self, text: &str) -> Result<Node, Unreadable> {
        for event in Parser::new_from_str(text) {
            let (event, span) = event.map_err(|error| Unreadable {
                line: error.marker().line(),
                what: "this is not valid YAML",
            })?;
            self.take(event, span).map_err(|what| Unreadable {
                line: span.start.line(),
                what,
            })?;
        }
        Ok(self.root.unwrap_or_else(null))
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Step<()> {
        let mut is_flow = false;
        if let Some(source) = &self.source {
            let place = self.place();
            source.check(&event, &span, place)?;
            is_flow = place.in_flow || source.opens_flow(&span);
        }
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err("Coolify reads files with one document only");
                }
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                let scalar = scalar(&text, style, tag.as_deref())?;
                let size = NODE + scalar.text.len();
                self.size += size;
                self.complete(anchor, Node::Scalar(scalar), size)
            }
            Event::SequenceStart(anchor, tag) => {
                self.start(anchor, tag.as_deref(), is_flow, Parts::List(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => self.start(
                anchor,
                tag.as_deref(),
                is_flow,
                Parts::Map(Entries::default()),
            ),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open {
                    anchor,
                    parts,
                    size,
                    ..
                }) => self.complete(anchor, parts.into(), size),
                None => Ok(()),
            },
            Event::Alias(anchor) => {
                if self.place().is_key {
                    return Err("Coolify does not accept an alias as a key");
                }
                let known = self.anchors.get(anchor).and_then(Option::as_ref);
                let (node, size) = known.ok_or("the alias refers to something that contains it")?;
                // The size is checked before the node is copied.
                self.size += size;
                if self.size > SIZE {
                    return Err(TOO_LARGE);
                }
                let (node, size) = (node.clone(), *size);
                self.complete(0, node, size)
            }
            _ => Ok(()),
        }
    }

    fn start(&mut self, anchor: usize, tag: Option<&Tag>, is_flow: bool, parts: Parts) -> Step<()> {
        if tag.is_some() {
            return Err(UNKNOWN_TAG);
        }
        if self.place().is_key {
            return Err("Coolify accepts only text as a key");
        }
        if self.open.len() >= DEPTH {
            return Err("the file nests too deep");
        }
        self.size += NODE;
        self.open.push(Open {
            anchor,
            parts,
            is_flow,
            size: NODE,
        });
        Ok(())
    }

    fn place(&self) -> Place<'_> {
        let open = self.open.last();
        let parts = open.map(|open| &open.parts);
        Place {
            is_root: open.is_none(),
            is_key: matches!(parts, Some(Parts::Map(map)) if map.key.is_none()),
            in_list: matches!(parts, Some(Parts::List(_))),
            in_flow: open.is_some_and(|open| open.is_flow),
            key: match parts {
                Some(Parts::Map(map)) => map.key.as_deref(),
                _ => None,
            },
        }
    }

    /// Adds a node to its parent.
    fn complete(&mut self, anchor: usize, node: Node, size: usize) -> Step<()> {
        if anchor > 0 {
            self.size += size;
        }
        if self.size > SIZE {
            return Err(TOO_LARGE);
        }
        if anchor > 0 {
            if self.anchors.len() <= anchor {
                self.anchors.resize(anchor + 1, None);
            }
            self.anchors[anchor] = Some((node.clone(), size));
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        open.size += size;
        match &mut open.parts {
            Parts::List(items) => items.push(node),
            Parts::Map(map) => map.take(node)?,
        }
        Ok(())
    }
}

impl Entries {
    fn take(&mut self, node: Node) -> Step<()> {
        match (self.key.take(), node) {
            (None, Node::Scalar(key)) => self.key = Some(key.text),
            (None, _) => return Err("Coolify accepts only text as a key"),
            (Some(key), node) if *key == *"<<" => {
                self.merged = true;
                self.merge(node)?;
            }
            (Some(key), node) => {
                let may_replace = self.merged;
                match self.at(&key) {
                    None => self.push(key, node),
                    Some(current) if may_replace || current.is_null() => *current = node,
                    Some(_) => return Err("the key occurs twice"),
                }
            }
        }
        Ok(())
    }

    /// Adds the entries of a merge key. Existing keys stay, including those of an
    /// earlier merge.
    fn merge(&mut self, node: Node) -> Step<()> {
        let maps = match node {
            Node::List(maps) => maps,
            node => vec![node],
        };
        for map in maps {
            let Node::Map(more) = map else {
                return Err("a merge key takes only maps");
            };
            for (key, node) in more {
                if self.at(&key).is_none() {
                    self.push(key, node);
                }
            }
        }
        Ok(())
    }

    fn at(&mut self, key: &str) -> Option<&mut Node> {
        let at = *self.index.get(key)?;
        self.list.get_mut(at).map(|(_, node)| node)
    }

    fn push(&mut self, key: Arc<str>, node: Node) {
        self.index.insert(key.clone(), self.list.len());
        self.list.push((key, node));
    }
}

impl From<Parts> for Node {
    fn from(parts: Parts) -> Self {
        match parts {
            Parts::List(items) => Self::List(items),
            Parts::Map(map) => Self::Map(map.list),
        }
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Step<Scalar> {
    let is_plain = style == ScalarStyle::Plain && tag.is_none();
    let of_text = |text: &str| Scalar {
        text: text.into(),
        is_plain,
    };
    let Some(tag) = tag else {
        return Ok(of_text(text));
    };
    match &*tag.suffix {
        "!" if tag.handle.is_empty() => Ok(of_text(text)),
        "str" | "float" if tag.is_yaml_core_schema() => Ok(of_text(text)),
        "binary" if tag.is_yaml_core_schema() => {
            let text: String = text.split_ascii_whitespace().collect();
            let bytes = BASE64.decode(text).map_err(|_| "this is not base64")?;
            let text = String::from_utf8(bytes).map_err(|_| "this is not text")?;
            Ok(of_text(&text))
        }
        _ => Err(UNKNOWN_TAG),
    }
}

fn null() -> Node {
    Node::Scalar(Scalar {
        text: "".into(),
        is_plain: true,
    })
}

#[cfg(test)]
mod tests;
