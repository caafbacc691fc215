//! Changes settings of an application, and reads them back.

use coolify_sdk::verify::UpdateReport;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::app::App;
use super::placing::hold;
use super::registry::{Tools, sets};
use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::settings::Settings;

pub fn register(tools: &mut Tools) {
    tools.add(
        sets(
            "apps_update",
            "Change settings",
            "Changes settings of an application and reads them back: `applied`, `ignored` and \
             `rejected` by Coolify, and `rerouted`, which were not sent because another tool does \
             that. Most take effect with the next deployment.",
        ),
        update,
    );
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Update {
    /// The application's uuid.
    app: String,
    /// The settings to change. An application made of a compose file has only a name and a
    /// description.
    #[serde(default)]
    set: Settings,
    /// The new text of the compose file, for an application that is made of one.
    compose: Option<String>,
}

#[derive(Default, Serialize, JsonSchema)]
struct Updated {
    /// Whether everything was applied.
    complete: bool,
    /// The settings that have the new value.
    applied: Vec<String>,
    /// The settings that Coolify accepted without an effect.
    ignored: Vec<Setting>,
    /// The settings that Coolify refused.
    rejected: Vec<Setting>,
    /// The settings that another tool changes, with the name of that tool.
    rerouted: Vec<Setting>,
    /// The settings that cannot be read back.
    unseen: Vec<Setting>,
}

#[derive(Serialize, JsonSchema)]
struct Setting {
    setting: String,
    reason: Option<String>,
}

impl Setting {
    fn new(setting: impl Into<String>, reason: Option<String>) -> Self {
        let setting = setting.into();
        Self { setting, reason }
    }
}

impl Updated {
    fn add(&mut self, report: &UpdateReport) {
        self.applied
            .extend(report.applied.iter().map(ToString::to_string));
        let ignored = report.ignored.iter();
        self.ignored.extend(
            ignored.map(|it| {
                Setting::new(it.field.clone(), it.reason.map(|reason| reason.to_string()))
            }),
        );
        let rejected = report.rejected.iter();
        self.rejected.extend(rejected.map(|it| {
            Setting::new(
                it.field().unwrap_or_default(),
                Some(it.message().to_owned()),
            )
        }));
        let rerouted = report.rerouted.iter();
        self.rerouted.extend(
            rerouted
                .map(|it| Setting::new(it.field.clone(), Some(format!("was sent as {}", it.to)))),
        );
        let unseen = report.unseen.iter();
        self.unseen
            .extend(unseen.map(|it| Setting::new(it.field.clone(), Some(it.reason.to_string()))));
        self.complete &= report.is_complete();
    }
}

async fn update(call: Call, it: Update) -> Outcome<Updated> {
    let rerouted = it.set.rerouted().iter();
    let rerouted = rerouted.map(|(name, instead)| Setting::new(*name, Some((*instead).to_owned())));
    let mut updated = Updated {
        rerouted: rerouted.collect(),
        ..Updated::default()
    };
    updated.complete = updated.rerouted.is_empty();
    let app = App::find(&call, &it.app).await?;
    if it.set.is_empty() && it.compose.is_none() {
        return Ok(updated);
    }
    let report = match (&app, it.compose) {
        (App::Application(handle, _), None) => {
            let request = handle.update().fields(it.set.into_fields())?;
            request.verified().await?
        }
        (App::Compose(handle, _), compose) => {
            let request = handle.update().fields(it.set.into_fields())?;
            let request = match compose {
                Some(text) => request.docker_compose_raw(text),
                None => request,
            };
            let report = request.verified().await?;
            hold(&call, handle).await?;
            report
        }
        (App::Application(..), Some(_)) => {
            let message = "the application is not made of a compose file of its own";
            return Err(Failure::fix("invalid_request", message));
        }
    };
    updated.add(&report);
    Ok(updated)
}
