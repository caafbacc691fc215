//! Registers tools.

use std::pin::Pin;
use std::sync::Arc;

use rmcp::model::{JsonObject, Tool as ToolSpec, ToolAnnotations};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::call::Call;
use crate::failure::{Failure, Outcome};

type Answer = Pin<Box<dyn Future<Output = Outcome<Value>> + Send>>;

/// A tool: its description for the client, and its function.
pub struct Tool {
    spec: ToolSpec,
    call: Box<dyn Fn(Call, Value) -> Answer + Send + Sync>,
    ends_itself: bool,
}

/// All tools of the agent.
#[derive(Default)]
pub struct Tools(Vec<Tool>);

/// The arguments of a tool that takes none.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// The name, the description and the annotations of a tool.
pub struct About {
    name: &'static str,
    title: &'static str,
    what: String,
    hints: ToolAnnotations,
    ends_itself: bool,
}

impl About {
    fn new(
        name: &'static str,
        title: &'static str,
        what: impl Into<String>,
        hints: ToolAnnotations,
    ) -> Self {
        Self {
            name,
            title,
            what: what.into(),
            hints: hints.open_world(false),
            ends_itself: false,
        }
    }

    /// Marks a tool that reaches systems outside of the project, such as repositories and
    /// registries.
    pub fn open_world(mut self) -> Self {
        self.hints = self.hints.open_world(true);
        self
    }

    /// It finishes by itself when the call is cancelled.
    pub fn ends_itself(mut self) -> Self {
        self.ends_itself = true;
        self
    }
}

/// A tool that changes nothing.
pub fn reads(name: &'static str, title: &'static str, what: impl Into<String>) -> About {
    let hints = ToolAnnotations::new().read_only(true);
    About::new(name, title, what, hints.destructive(false).idempotent(true))
}

/// A tool that adds or starts something with each call.
pub fn adds(name: &'static str, title: &'static str, what: impl Into<String>) -> About {
    let hints = ToolAnnotations::new().read_only(false);
    About::new(
        name,
        title,
        what,
        hints.destructive(false).idempotent(false),
    )
}

/// An idempotent tool: repeated calls have the effect of one.
pub fn sets(name: &'static str, title: &'static str, what: impl Into<String>) -> About {
    let hints = ToolAnnotations::new().read_only(false);
    About::new(name, title, what, hints.destructive(false).idempotent(true))
}

/// A tool that stops, replaces or deletes something.
pub fn destroys(name: &'static str, title: &'static str, what: impl Into<String>) -> About {
    let hints = ToolAnnotations::new().read_only(false);
    About::new(name, title, what, hints.destructive(true).idempotent(true))
}

impl Tool {
    pub fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    pub fn ends_itself(&self) -> bool {
        self.ends_itself
    }

    pub async fn call(&self, call: Call, arguments: Value) -> Outcome<Value> {
        (self.call)(call, arguments).await
    }
}

impl Tools {
    /// Adds a tool. The client sees the schemas of the types of its arguments and its
    /// result; unknown arguments are refused (`deny_unknown_fields`).
    pub fn add<A, R, F>(
        &mut self,
        about: About,
        run: impl Fn(Call, A) -> F + Copy + Send + Sync + 'static,
    ) where
        A: DeserializeOwned + JsonSchema + Send,
        R: Serialize + JsonSchema,
        F: Future<Output = Outcome<R>> + Send,
    {
        let function = move |call, arguments| -> Answer {
            Box::pin(async move { Ok(json!(run(call, read(arguments)?).await?)) })
        };
        let takes = schema::<A>(SchemaSettings::draft2020_12());
        let returns = schema::<R>(SchemaSettings::draft2020_12().for_serialize());
        self.0.push(Tool {
            spec: ToolSpec::new(about.name, about.what, takes)
                .with_title(about.title)
                .with_raw_output_schema(returns)
                .with_annotations(about.hints),
            call: Box::new(function),
            ends_itself: about.ends_itself,
        });
    }

    pub fn get(&self, name: &str) -> Option<&Tool> {
        self.0.iter().find(|tool| tool.spec.name == name)
    }

    pub fn list(&self) -> Vec<ToolSpec> {
        self.0.iter().map(|tool| tool.spec.clone()).collect()
    }
}

fn read<A: DeserializeOwned>(arguments: Value) -> Outcome<A> {
    serde_path_to_error::deserialize(arguments).map_err(|error| {
        let path = error.path().to_string();
        let failure = Failure::malformed("invalid_arguments", error.inner());
        let failure = failure.hint("the schema of the tool says what it takes");
        // The message already names the missing or unknown argument.
        if path == "." {
            failure
        } else {
            failure.at(&path)
        }
    })
}

/// Returns the schema without the name of the Rust type.
fn schema<A: JsonSchema>(settings: SchemaSettings) -> Arc<JsonObject> {
    let mut schema: Schema = settings.into_generator().into_root_schema_for::<A>();
    for name in ["$schema", "title", "description"] {
        schema.remove(name);
    }
    Arc::new(schema.as_object().cloned().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Clients require a plain name, and objects as arguments and results.
    #[test]
    fn every_tool_is_well_formed() {
        let tools = Tools::all().list();
        assert!(tools.len() > 40, "{}", tools.len());
        for tool in &tools {
            let name = &tool.name;
            let fits = |it: char| it.is_ascii_lowercase() || it == '_';
            assert!(name.len() <= 64 && name.chars().all(fits), "{name}");
            assert!(
                tool.title.as_ref().is_some_and(|it| !it.is_empty()),
                "{name}"
            );
            let what = tool.description.as_deref().unwrap_or_default();
            assert!(what.ends_with('.'), "{name}: {what}");
            assert_eq!(tool.input_schema["type"], "object", "{name}");
            assert_eq!(tool.input_schema["additionalProperties"], false, "{name}");
            let output = tool.output_schema.as_ref().expect("one for each");
            assert_eq!(output["type"], "object", "{name}");
            let hints = tool.annotations.as_ref().expect("one for each");
            assert!(
                hints.read_only_hint.is_some() && hints.open_world_hint.is_some(),
                "{name}"
            );
        }
        let mut names: Vec<_> = tools.iter().map(|tool| &tool.name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), tools.len());
    }

    #[test]
    fn deleting_is_destructive_and_listing_is_not() {
        for tool in Tools::all().list() {
            let hints = tool.annotations.expect("one for each");
            if tool.name.ends_with("_delete") {
                assert!(hints.is_destructive(), "{}", tool.name);
            }
            if tool.name.ends_with("_list") || tool.name.ends_with("_get") {
                assert_eq!(hints.read_only_hint, Some(true), "{}", tool.name);
            }
        }
    }
}
