//! The arguments.

use coolify_sdk::domains::Domain;
use coolify_sdk::resource::Volumes;
use coolify_sdk_examples::{Arguments, Misuse, Result};

pub const USAGE: &str = "\
Runs a one-click service and removes it again.

usage: one_click_service [options] [TYPE]

  TYPE                 the type of the service [actualbudget]
  --find WORD          list the types with WORD in their names, and stop
  --unlisted           ask the server for a type that the SDK does not know
  --url CONTAINER=URL  the URL of a container, instead of a generated one
  --env KEY=VALUE      an environment variable, set before the service starts
  --keep               do not remove the project and the service
  --keep-volumes       remove the service, but not the volumes with its data

--url and --env may be repeated. If COOLIFY_URL and COOLIFY_TOKEN are set, it works
on that server. If neither is set, it starts an embedded server.";

pub struct Options {
    pub kind: String,
    pub find: Option<String>,
    pub unlisted: bool,
    pub urls: Vec<Domain>,
    pub variables: Vec<(String, String)>,
    pub keep: bool,
    pub volumes: Volumes,
}

impl Options {
    pub fn parse(mut arguments: Arguments) -> Result<Self, Misuse> {
        let mut options = Self {
            kind: String::new(),
            find: None,
            unlisted: false,
            urls: Vec::new(),
            variables: Vec::new(),
            keep: false,
            volumes: Volumes::Delete,
        };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--find" => options.find = Some(arguments.value(&argument)?),
                "--unlisted" => options.unlisted = true,
                "--url" => {
                    let (container, url) = pair(&mut arguments, &argument)?;
                    options.urls.push(Domain::of(container, url));
                }
                "--env" => options.variables.push(pair(&mut arguments, &argument)?),
                "--keep" => options.keep = true,
                "--keep-volumes" => options.volumes = Volumes::Keep,
                kind if !kind.starts_with('-') && options.kind.is_empty() => {
                    kind.clone_into(&mut options.kind);
                }
                other => return Err(Misuse::unknown(other)),
            }
        }
        if options.kind.is_empty() {
            "actualbudget".clone_into(&mut options.kind);
        }
        Ok(options)
    }
}

/// Returns both sides of the first `=` of a value. The value may be a secret, so it is
/// not repeated in an error.
fn pair(arguments: &mut Arguments, option: &str) -> Result<(String, String), Misuse> {
    let text: String = arguments.value(option)?;
    let (name, value) = text
        .split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .ok_or_else(|| Misuse::new(format!("{option} needs a name, `=` and a value")))?;
    Ok((name.to_owned(), value.to_owned()))
}
