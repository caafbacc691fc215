//! The tools, one file per family, and the one way to register them.

mod apps;
mod auth;
mod backups;
mod commands;
mod create;
mod databases;
mod deployments;
mod domains;
mod envs;
mod lifecycle;

use std::future::Future;
use std::pin::Pin;

use schemars::{JsonSchema, Schema, schema_for};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::failure::{Failure, Outcome};
use crate::workspace::Workspace;

type Answer = Pin<Box<dyn Future<Output = Outcome<Value>> + Send>>;

struct Tool {
    name: &'static str,
    what: &'static str,
    arguments: Schema,
    call: Box<dyn Fn(Workspace, Value) -> Answer + Send + Sync>,
}

/// All tools of the agent.
#[derive(Default)]
pub struct Tools(Vec<Tool>);

/// The arguments of a tool that takes none.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl Tools {
    pub fn all() -> Self {
        let mut tools = Self::default();
        apps::register(&mut tools);
        create::register(&mut tools);
        deployments::register(&mut tools);
        commands::register(&mut tools);
        domains::register(&mut tools);
        envs::register(&mut tools);
        databases::register(&mut tools);
        backups::register(&mut tools);
        auth::register(&mut tools);
        tools
    }

    /// Adds a tool with its name, a sentence for the agent, and its function. The
    /// type of the arguments is read strictly (`deny_unknown_fields`), and its
    /// schema is the one that the agent sees.
    pub fn add<A, R, F>(
        &mut self,
        name: &'static str,
        what: &'static str,
        run: impl Fn(Workspace, A) -> F + Copy + Send + Sync + 'static,
    ) where
        A: DeserializeOwned + JsonSchema + Send,
        R: Serialize,
        F: Future<Output = Outcome<R>> + Send,
    {
        let call = move |workspace, arguments| -> Answer {
            Box::pin(async move { Ok(json!(run(workspace, read(arguments)?).await?)) })
        };
        self.0.push(Tool {
            name,
            what,
            arguments: schema::<A>(),
            call: Box::new(call),
        });
    }

    pub async fn call(
        &self,
        workspace: &Workspace,
        name: &str,
        arguments: Value,
    ) -> Outcome<Value> {
        let arguments = match arguments {
            Value::Null => Value::Object(Map::new()),
            given => given,
        };
        if name == "tools.list" {
            return self.list(arguments);
        }
        let Some(tool) = self.0.iter().find(|tool| tool.name == name) else {
            let failure = Failure::new("unknown_tool", format!("there is no tool {name:?}"));
            return Err(failure.hint("`tools.list` lists all tools"));
        };
        let outcome = (tool.call)(workspace.clone(), arguments).await;
        outcome.map_err(|failure| failure.veiled(&workspace.veil))
    }

    fn list(&self, arguments: Value) -> Outcome<Value> {
        read::<Nothing>(arguments)?;
        let tools = self.0.iter().map(|tool| {
            json!({ "name": tool.name, "description": tool.what, "arguments": tool.arguments })
        });
        Ok(tools.collect())
    }
}

fn read<A: DeserializeOwned>(arguments: Value) -> Outcome<A> {
    serde_path_to_error::deserialize(arguments).map_err(|error| {
        let path = error.path().to_string();
        let failure = Failure::malformed("invalid_arguments", error.inner());
        // The message already names the missing or unknown argument.
        if path == "." {
            failure
        } else {
            failure.at(&path)
        }
    })
}

/// Returns the schema without the name of the Rust type.
fn schema<A: JsonSchema>() -> Schema {
    let mut schema = schema_for!(A);
    for name in ["$schema", "title", "description"] {
        schema.remove(name);
    }
    schema
}
