//! One-off commands in the containers of an application.

use coolify_sdk::scheduled_tasks::TaskOutput;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::app::App;
use super::registry::{Tools, adds};
use crate::call::Call;
use crate::failure::{Failure, Outcome};

/// How many characters of the output an agent gets, from its beginning and its end.
const MOST_OUTPUT: usize = 20_000;

pub fn register(tools: &mut Tools) {
    tools.add(
        adds(
            "apps_run",
            "Run a command",
            "Runs one shell command in a running container of an application and returns its \
             output. Values of its variables are hidden. It is not a way to keep something running.",
        )
        .open_world(),
        run,
    );
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Run {
    /// The application's uuid.
    app: String,
    /// A shell command of at most 255 characters.
    command: String,
    /// The service, if the application is made of a compose file.
    service: Option<String>,
    /// How many seconds the command may take, at most 3600. The default is 300.
    timeout_seconds: Option<u16>,
}

#[derive(Serialize, JsonSchema)]
struct Ran {
    /// Whether the command succeeded.
    success: bool,
    status: String,
    output: String,
    /// Whether the middle of the output was left out.
    shortened: bool,
    /// The name of a temporary task that could not be removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    leftover: Option<String>,
}

async fn run(call: Call, it: Run) -> Outcome<Ran> {
    let timeout = i64::from(it.timeout_seconds.unwrap_or(300).clamp(1, 3600));
    let output: TaskOutput = match App::find(&call, &it.app).await? {
        App::Application(handle, application) => {
            call.learn_values(&handle.envs()).await?;
            let is_compose =
                application.build_pack == Some(coolify_sdk::applications::BuildPack::DockerCompose);
            if it.service.is_some() && !is_compose {
                let message = "the application has a single container, and no services";
                return Err(Failure::fix("invalid_request", message).hint("leave `service` out"));
            }
            let run = handle.scheduled_tasks().run_command(it.command);
            let run = match it.service {
                Some(service) => run.container(service),
                None => run,
            };
            run.timeout(timeout).await?
        }
        App::Compose(handle, service) => {
            call.learn_values(&handle.envs()).await?;
            let name = super::app::container(&service, it.service.as_deref())?;
            let run = handle.scheduled_tasks().run_command(it.command);
            run.container(name).timeout(timeout).await?
        }
    };
    let (text, shortened) = capped(&call.veil.over(&output.output));
    Ok(Ran {
        success: output.is_success(),
        status: output.status.to_string(),
        output: text,
        shortened,
        leftover: output.leftover,
    })
}

/// Leaves out the middle of a long output.
fn capped(text: &str) -> (String, bool) {
    let count = text.chars().count();
    if count <= MOST_OUTPUT {
        return (text.to_owned(), false);
    }
    let half = MOST_OUTPUT / 2;
    let begin: String = text.chars().take(half).collect();
    let end: String = text.chars().skip(count - half).collect();
    let left_out = count - 2 * half;
    (
        format!("{begin}\n[{left_out} characters left out]\n{end}"),
        true,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_output_keeps_its_beginning_and_its_end() {
        assert_eq!(capped("short"), ("short".to_owned(), false));
        let long = format!("begin{}end", "ö".repeat(MOST_OUTPUT));
        let (text, shortened) = capped(&long);
        assert!(shortened && text.starts_with("begin") && text.ends_with("end"));
        assert!(
            text.contains("\n[8 characters left out]\n"),
            "{}",
            text.len()
        );
    }
}
