//! The operations of an `OpenAPI` document, found by method and path.

use serde_json::Value;

use super::pointer::escape;

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

/// Maximum number of references to follow; no document needs more.
const MAX_REFERENCES: usize = 16;

/// A part of the document together with its location.
#[derive(Debug, Clone)]
pub struct Located<'d> {
    pub value: &'d Value,
    /// A URI fragment, such as `#/components/schemas/Team`.
    pub at: String,
}

impl<'d> Located<'d> {
    /// Returns the member with this name.
    pub fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key)?;
        Some(Self {
            value,
            at: format!("{}/{}", self.at, escape(key)),
        })
    }

    /// Returns the entries of a list.
    pub fn items(&self) -> impl Iterator<Item = Self> + use<'_, 'd> {
        self.value
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
            .map(|(index, value)| Self {
                value,
                at: format!("{}/{index}", self.at),
            })
    }

    /// Returns the string of the member with this name.
    pub fn text(&self, key: &str) -> Option<&'d str> {
        self.value.get(key)?.as_str()
    }
}

/// One operation of the document.
#[derive(Debug)]
pub struct Operation<'d> {
    pub id: &'d str,
    pub tag: &'d str,
    pub method: String,
    pub path: &'d str,
    /// The operation's own parameters and those of its path.
    parameters: Vec<Located<'d>>,
    definition: Located<'d>,
}

impl<'d> Operation<'d> {
    /// Returns the declared parameter with this name, in the `path` or in the
    /// `query`.
    pub fn parameter(&self, place: &str, name: &str) -> Option<&Located<'d>> {
        self.parameters.iter().find(|parameter| {
            parameter.text("in") == Some(place) && parameter.text("name") == Some(name)
        })
    }

    /// Returns the required parameters.
    pub fn required(&self, place: &str) -> impl Iterator<Item = &Located<'d>> {
        let required = |parameter: &&Located<'d>| parameter.value["required"] == Value::Bool(true);
        let here = move |parameter: &&Located<'d>| parameter.text("in") == Some(place);
        self.parameters.iter().filter(required).filter(here)
    }

    /// Returns the location of the operation in the document.
    pub fn at(&self) -> &str {
        &self.definition.at
    }

    /// Returns the declared schema of a JSON request body.
    pub fn request_schema(&self, api: &Api<'d>) -> Option<Located<'d>> {
        let body = api.resolve(self.definition.get("requestBody")?)?;
        body.get("content")?.get("application/json")?.get("schema")
    }

    /// Returns the declared reply for a status or its class.
    pub fn response(&self, api: &Api<'d>, status: u16) -> Option<Located<'d>> {
        let responses = self.definition.get("responses")?;
        let class = format!("{}XX", status / 100);
        let declared = responses
            .get(&status.to_string())
            .or_else(|| responses.get(&class))
            .or_else(|| responses.get(&class.to_lowercase()))?;
        api.resolve(declared)
    }

    /// Returns the success statuses that the document declares.
    pub fn successes(&self) -> Vec<&'d str> {
        let declared = self
            .definition
            .value
            .get("responses")
            .and_then(Value::as_object);
        let statuses = declared
            .into_iter()
            .flatten()
            .map(|(status, _)| status.as_str());
        statuses.filter(|status| status.starts_with('2')).collect()
    }

    /// Returns the only declared success reply, if there is exactly one.
    pub fn only_success(&self, api: &Api<'d>) -> Option<Located<'d>> {
        match self.successes()[..] {
            [status] => api.resolve(self.definition.get("responses")?.get(status)?),
            _ => None,
        }
    }
}

/// The document, indexed.
#[derive(Debug)]
pub struct Api<'d> {
    document: &'d Value,
    operations: Vec<Operation<'d>>,
}

impl<'d> Api<'d> {
    /// Reads the operations of a document.
    pub fn new(document: &'d Value) -> Self {
        let mut api = Self {
            document,
            operations: Vec::new(),
        };
        let paths = document.get("paths").and_then(Value::as_object);
        for (path, item) in paths.into_iter().flatten() {
            let item = Located {
                value: item,
                at: format!("#/paths/{}", escape(path)),
            };
            for method in METHODS {
                if let Some(definition) = item.get(method) {
                    let operation = api.operation(path, method, &item, definition);
                    api.operations.push(operation);
                }
            }
        }
        api
    }

    fn operation(
        &self,
        path: &'d str,
        method: &str,
        item: &Located<'d>,
        definition: Located<'d>,
    ) -> Operation<'d> {
        let lists = [definition.get("parameters"), item.get("parameters")];
        let parameters = lists.iter().flatten().flat_map(Located::items);
        Operation {
            id: definition.text("operationId").unwrap_or(path),
            tag: definition
                .value
                .pointer("/tags/0")
                .and_then(Value::as_str)
                .unwrap_or("(no tag)"),
            method: method.to_uppercase(),
            path,
            parameters: parameters
                .filter_map(|parameter| self.resolve(parameter))
                .collect(),
            definition,
        }
    }

    /// Returns every operation, in the order of the document.
    pub fn operations(&self) -> &[Operation<'d>] {
        &self.operations
    }

    /// Returns the operation of a route; the names of its placeholders do not
    /// matter.
    pub fn find(&self, method: &str, path: &str) -> Option<&Operation<'d>> {
        self.at_path(path)
            .find(|operation| operation.method.eq_ignore_ascii_case(method))
    }

    /// Returns the operations at a path.
    pub fn at_path(&self, path: &str) -> impl Iterator<Item = &Operation<'d>> {
        self.operations
            .iter()
            .filter(move |operation| same_path(operation.path, path))
    }

    /// Follows references to their target. Returns `None` if they lead nowhere or
    /// in a circle.
    pub fn resolve(&self, mut located: Located<'d>) -> Option<Located<'d>> {
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = located.text("$ref") else {
                return Some(located);
            };
            let value = self.document.pointer(reference.strip_prefix('#')?)?;
            let at = reference.to_owned();
            located = Located { value, at };
        }
        None
    }
}

/// Returns the names of a path's placeholders, in order.
pub fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(placeholder)
}

fn placeholder(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

fn same_path(one: &str, other: &str) -> bool {
    let shape = |path| str::split(path, '/').map(|part| placeholder(part).map_or(part, |_| "{}"));
    shape(one).eq(shape(other))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        json!({"paths": {
            "/teams/{id}": {
                "parameters": [{"$ref": "#/components/parameters/Id"}],
                "get": {"operationId": "get-team", "tags": ["Teams"],
                        "responses": {"2XX": {"description": "any"}}},
            },
            "/teams/current": {"get": {"operationId": "current-team"}},
        }, "components": {"parameters": {"Id": {"name": "id", "in": "path"}}}})
    }

    #[test]
    fn placeholders_match_by_place_and_never_a_literal() {
        let document = document();
        let api = Api::new(&document);
        assert_eq!(api.find("GET", "/teams/{team_id}").unwrap().id, "get-team");
        assert_eq!(
            api.find("GET", "/teams/current").unwrap().id,
            "current-team"
        );
        assert!(api.find("POST", "/teams/{id}").is_none());
        assert!(api.find("GET", "/teams/{id}/members").is_none());
    }

    #[test]
    fn parameters_of_the_path_belong_to_each_operation() {
        let document = document();
        let api = Api::new(&document);
        let operation = api.find("GET", "/teams/{id}").unwrap();
        assert!(operation.parameter("path", "id").is_some());
        assert!(operation.parameter("query", "id").is_none());
    }

    #[test]
    fn a_status_may_be_declared_by_its_class() {
        let document = document();
        let api = Api::new(&document);
        let operation = api.find("GET", "/teams/{id}").unwrap();
        assert!(operation.response(&api, 201).is_some());
        assert!(operation.response(&api, 302).is_none());
    }
}
