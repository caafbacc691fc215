//! Reads a configuration file, in every form that the official command line has written.
//!
//! It writes `default` as true, as false or not at all, and the names of the fields in any
//! case: its writers differ in that, and its reader ignores the case.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};

use super::{Context, ContextProblem, Contexts};
use crate::Result;

/// The maximum size of a file in bytes, which no configuration reaches.
const MAX_SIZE: u64 = 1024 * 1024;

pub(super) fn read(path: &Path) -> Result<Contexts> {
    let text = text(path)?;
    contexts(path, &text).map_err(Into::into)
}

fn text(path: &Path) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    let read = File::open(path).and_then(|file| {
        if is_open_to_others(&file) {
            tracing::warn!(
                "other users can read the tokens in the file of the contexts: run `chmod 600` on it"
            );
        }
        file.take(MAX_SIZE + 1).read_to_end(&mut text)
    });
    match read {
        Ok(_) if text.len() as u64 > MAX_SIZE => {
            Err(ContextProblem::malformed(path, "it is larger than 1 MiB").into())
        }
        Ok(_) => Ok(text),
        Err(error) => Err(ContextProblem::unreadable(path, error)),
    }
}

/// Returns whether other users of the computer can read the file.
#[cfg(unix)]
pub(super) fn is_open_to_others(file: &File) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = file.metadata().map(|it| it.permissions().mode());
    mode.is_ok_and(|mode| mode & 0o044 != 0)
}

#[cfg(not(unix))]
pub(super) fn is_open_to_others(_: &File) -> bool {
    false
}

fn contexts(path: &Path, text: &[u8]) -> Result<Contexts, ContextProblem> {
    // Editors on Windows begin a file with a byte order mark.
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let malformed = |what: String| ContextProblem::malformed(path, what);
    // This error has the position only. Reading into types would repeat the values.
    let file: Value = serde_json::from_slice(text)
        .map_err(|error| malformed(format!("it is not JSON ({error})")))?;
    let Value::Object(mut file) = file else {
        return Err(malformed("it is not a JSON object".to_owned()));
    };
    let instances = match take(&mut file, "instances") {
        Some(Value::Array(instances)) => instances,
        None | Some(Value::Null) => Vec::new(),
        Some(_) => return Err(malformed("`instances` is not a list".to_owned())),
    };
    let contexts = instances.into_iter().enumerate().map(|(index, instance)| {
        context(instance).map_err(|what| malformed(format!("`instances[{index}]` {what}")))
    });
    Ok(Contexts {
        path: PathBuf::from(path),
        contexts: contexts.collect::<Result<_, _>>()?,
    })
}

fn context(instance: Value) -> Result<Context, &'static str> {
    let Value::Object(mut instance) = instance else {
        return Err("is not an object");
    };
    let mut text = |field, problem| match take(&mut instance, field) {
        Some(Value::String(text)) => Ok(text),
        None | Some(Value::Null) => Ok(String::new()),
        Some(_) => Err(problem),
    };
    let name = text("name", "has a name that is not text")?;
    if name.is_empty() {
        return Err("has no name");
    }
    let url = text("fqdn", "has a URL, `fqdn`, that is not text")?;
    let token = text("token", "has a token that is not text")?;
    let is_default = match take(&mut instance, "default") {
        Some(Value::Bool(is_default)) => is_default,
        None | Some(Value::Null) => false,
        Some(_) => return Err("has a `default` that is neither true nor false"),
    };
    Ok(Context::new(name, url, token, is_default))
}

/// Removes a field and returns its value. If several spellings of its name are there, the
/// exact one counts.
fn take(object: &mut Map<String, Value>, field: &str) -> Option<Value> {
    object.remove(field).or_else(|| {
        let spelling = object.keys().find(|it| it.eq_ignore_ascii_case(field));
        let spelling = spelling.cloned()?;
        object.remove(&spelling)
    })
}
