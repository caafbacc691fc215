//! One recorded exchange as arguments of a call.

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

/// What a call gave.
pub enum Said {
    /// The whole reply.
    Whole(Value),
    /// A part of the reply.
    Part(Value),
    /// What came of the reply, as a run that can be followed.
    Made,
}

/// Why a call gave nothing.
pub enum Stop {
    /// The typed API has no words for the request.
    Unsayable(&'static str),
    /// A type of a part of the body has no such field.
    NoField(String),
    /// The SDK says so.
    Failed(Error),
}

pub type Answer = Result<Said, Stop>;

/// What a family of calls answers: nothing when the operation is none of its own.
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

/// What was said when something was asked to start or stop.
pub fn watched(result: coolify_sdk::Result<StatusWatch>) -> Answer {
    part(result.map(|watch| watch.message().map(str::to_owned)))
}

pub fn made<T>(result: coolify_sdk::Result<T>) -> Answer {
    result?;
    Ok(Said::Made)
}

/// A client, and what the recording gives it to say.
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

    /// The operation's id.
    pub fn operation(&self) -> &'a str {
        &self.recording.operation
    }

    /// Fields and query parameters that no argument was made of.
    pub fn unread(&self) -> Vec<&str> {
        let read = self.read.borrow();
        let names = self.body.keys().chain(self.recording.request.query.keys());
        names
            .map(String::as_str)
            .filter(|it| !read.contains(*it))
            .collect()
    }

    /// What `Debug` showed of the request, where it is one with setters.
    pub fn shown(&self) -> String {
        self.shown.borrow().clone()
    }

    /// The `uuid` in the path.
    pub fn uuid(&self) -> String {
        self.param("uuid")
    }

    /// A parameter of the path.
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

    /// A numeric parameter of the path.
    pub fn id(&self, name: &str) -> Result<i64, Stop> {
        self.param(name)
            .parse()
            .map_err(|_| Stop::Unsayable(OTHER_TYPE))
    }

    /// A query parameter.
    pub fn query<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Stop> {
        self.read.borrow_mut().insert(name.to_owned());
        typed(self.recording.request.query.get(name))
    }

    /// A query parameter that is on or off.
    pub fn switch(&self, name: &str) -> Result<Option<bool>, Stop> {
        self.query(name)
    }

    /// A field of the body that the call asks for.
    pub fn required<T: DeserializeOwned>(&self, name: &str) -> Result<T, Stop> {
        self.optional(name)?.ok_or(Stop::Unsayable(MISSING))
    }

    /// A field of the body.
    pub fn optional<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Stop> {
        self.read.borrow_mut().insert(name.to_owned());
        typed(self.body.get(name))
    }

    /// A required text.
    pub fn text(&self, name: &str) -> Result<String, Stop> {
        self.required(name)
    }

    /// A required text that travels as base64, as an argument has it.
    pub fn plain(&self, name: &str) -> Result<Vec<u8>, Stop> {
        let plain = STANDARD.decode(self.text(name)?);
        plain.map_err(|_| Stop::Unsayable("base64 that is none"))
    }

    /// The place of a new resource.
    pub fn place(&self) -> Result<Placement, Stop> {
        let environment = match self.optional::<String>("environment_name")? {
            Some(name) => EnvironmentRef::name(name),
            None => EnvironmentRef::uuid(self.text("environment_uuid")?),
        };
        let (project, server) = (self.text("project_uuid")?, self.text("server_uuid")?);
        Ok(Placement::new(project, environment, server))
    }

    /// Sets the fields that no argument was made of.
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
