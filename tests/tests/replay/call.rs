//! Provides the arguments of a call from a recorded exchange.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Debug;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use coolify_sdk::resource::StatusWatch;
use coolify_sdk::{Coolify, EnvironmentRef, Error, Exposed, Fields, Placement};
use coolify_sdk_tests::Recording;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The result of a call.
pub enum Said {
    /// The whole reply.
    Whole(Value),
    /// A part of the reply.
    Part(Value),
    /// A run that can be followed, made from the reply.
    Made,
}

/// Why a call has no result.
pub enum Stop {
    /// The typed API cannot express the request.
    Unsayable(&'static str),
    /// A type of a part of the body has no such field.
    NoField(String),
    /// The SDK returned an error.
    Failed(Error),
}

pub type Answer = Result<Said, Stop>;

/// The answer of a family of calls: `None` if the operation belongs to another
/// family.
pub type Tried = Result<Option<Said>, Stop>;

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

pub const MISSING: &str = "a required field is missing";
pub const OTHER_TYPE: &str = "a field of another type";
pub const NO_ARGUMENT: &str = "a field or a query parameter that the method has no argument for";
pub const NO_METHOD: &str = "a combination that no method stands for";

pub fn whole(result: coolify_sdk::Result<impl Serialize>) -> Answer {
    let reply = serde_json::to_value(Exposed(result?)).expect("what was read can be written");
    Ok(Said::Whole(reply))
}

pub fn part(result: coolify_sdk::Result<impl Serialize>) -> Answer {
    let part = serde_json::to_value(Exposed(result?)).expect("what was read can be written");
    Ok(Said::Part(part))
}

/// Returns the message about a start or a stop.
pub fn watched(result: coolify_sdk::Result<StatusWatch>) -> Answer {
    part(result.map(|watch| watch.message().map(str::to_owned)))
}

pub fn made<T>(result: coolify_sdk::Result<T>) -> Answer {
    result?;
    Ok(Said::Made)
}

/// A client, and the request of the recording.
pub struct Call<'a> {
    pub coolify: Coolify,
    recording: &'a Recording,
    body: Map<String, Value>,
    read: RefCell<BTreeSet<String>>,
    shown: RefCell<String>,
}

impl<'a> Call<'a> {
    pub fn new(coolify: Coolify, recording: &'a Recording) -> Self {
        let body = recording.request.body.as_ref().and_then(Value::as_object);
        Self {
            coolify,
            recording,
            body: body.cloned().unwrap_or_default(),
            read: RefCell::default(),
            shown: RefCell::default(),
        }
    }

    /// Returns the operation's id.
    pub fn operation(&self) -> &'a str {
        &self.recording.operation
    }

    /// Returns the fields and query parameters that were not used as an argument.
    pub fn unread(&self) -> Vec<&str> {
        let read = self.read.borrow();
        let names = self.body.keys().chain(self.recording.request.query.keys());
        names
            .map(String::as_str)
            .filter(|it| !read.contains(*it))
            .collect()
    }

    /// Returns the `Debug` output of a request with setters.
    pub fn shown(&self) -> String {
        self.shown.borrow().clone()
    }

    /// Returns the `uuid` in the path.
    pub fn uuid(&self) -> String {
        self.param("uuid")
    }

    /// Returns a parameter of the path.
    pub fn param(&self, name: &str) -> String {
        let value = self
            .recording
            .request
            .params
            .get(name)
            .unwrap_or(&Value::Null);
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    }

    /// Returns a numeric parameter of the path.
    pub fn id(&self, name: &str) -> Result<i64, Stop> {
        self.param(name)
            .parse()
            .map_err(|_| Stop::Unsayable(OTHER_TYPE))
    }

    /// Returns a query parameter.
    pub fn query<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Stop> {
        self.read.borrow_mut().insert(name.to_owned());
        typed(self.recording.request.query.get(name))
    }

    /// Returns a boolean query parameter.
    pub fn switch(&self, name: &str) -> Result<Option<bool>, Stop> {
        self.query(name)
    }

    /// Returns a required field of the body.
    pub fn required<T: DeserializeOwned>(&self, name: &str) -> Result<T, Stop> {
        self.optional(name)?.ok_or(Stop::Unsayable(MISSING))
    }

    /// Returns a field of the body.
    pub fn optional<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Stop> {
        self.read.borrow_mut().insert(name.to_owned());
        typed(self.body.get(name))
    }

    /// Returns a required text.
    pub fn text(&self, name: &str) -> Result<String, Stop> {
        self.required(name)
    }

    /// Returns a required text that is sent as base64, decoded for an argument.
    pub fn plain(&self, name: &str) -> Result<Vec<u8>, Stop> {
        let plain = STANDARD.decode(self.text(name)?);
        plain.map_err(|_| Stop::Unsayable("base64 that is none"))
    }

    /// Returns the place of a new resource.
    pub fn place(&self) -> Result<Placement, Stop> {
        let environment = match self.optional::<String>("environment_name")? {
            Some(name) => EnvironmentRef::name(name),
            None => EnvironmentRef::uuid(self.text("environment_uuid")?),
        };
        let (project, server) = (self.text("project_uuid")?, self.text("server_uuid")?);
        Ok(Placement::new(project, environment, server))
    }

    /// Sets the fields that were not used as an argument.
    pub fn fill<R: Fields + Debug>(&self, request: R) -> Result<R, Stop> {
        let mut body = self.body.clone();
        let mut read = self.read.borrow_mut();
        body.retain(|name, _| read.insert(name.clone()));
        let request = request.fields(body)?;
        self.shown.replace(format!("{request:?}"));
        Ok(request)
    }
}

fn typed<T: DeserializeOwned>(value: Option<&Value>) -> Result<Option<T>, Stop> {
    let typed = value
        .map(|value| serde_json::from_value(value.clone()))
        .transpose();
    typed.map_err(|error| {
        let error = error.to_string();
        match error.split('`').nth(1) {
            Some(field) if error.starts_with("unknown field") => Stop::NoField(field.to_owned()),
            Some(_) if error.starts_with("missing field") => Stop::Unsayable(MISSING),
            _ => Stop::Unsayable(OTHER_TYPE),
        }
    })
}
