//! Which Coolify a command works on, and how it prints.

use coolify_sdk::contexts::ContextProblem;
use coolify_sdk::estate::Found;
use coolify_sdk::{Coolify, Error};
use coolify_sdk_examples::{Result, eprintln};

use crate::arguments::Global;
use crate::demo::Demo;
use crate::output::Output;
use crate::progress::Progress;

pub struct Session {
    pub coolify: Coolify,
    pub output: Output,
    /// The embedded server, which runs as long as this value exists.
    pub demo: Option<Demo>,
}

impl Session {
    pub async fn open(global: &Global) -> Result<Self> {
        let output = Output::new(global.json);
        let configured = match &global.context {
            _ if global.demo => None,
            Some(name) => Some(Coolify::from_context(name)?),
            None => match Coolify::from_default_context() {
                Err(error) if is_unconfigured(&error) => {
                    eprintln!("no Coolify is configured: this runs on an embedded server");
                    None
                }
                coolify => Some(coolify?),
            },
        };
        if let Some(coolify) = configured {
            let demo = None;
            return Ok(Self {
                coolify,
                output,
                demo,
            });
        }
        let demo = Demo::start().await?;
        Ok(Self {
            coolify: demo.client(),
            output,
            demo: Some(demo),
        })
    }

    /// Finds the only match of a name.
    pub async fn find(&self, name: &str) -> Result<Found> {
        let _progress = Progress::start(format!("looking for {name}"));
        Ok(self.coolify.find(name).await?)
    }
}

/// Returns whether nobody has configured a Coolify, so that there is none to miss.
fn is_unconfigured(error: &Error) -> bool {
    let is_named = std::env::var_os("COOLIFY_CONTEXT").is_some_and(|it| !it.is_empty());
    let problem = error.context_problem();
    !is_named
        && matches!(
            problem,
            Some(ContextProblem::FileMissing { .. } | ContextProblem::NoHome)
        )
}
