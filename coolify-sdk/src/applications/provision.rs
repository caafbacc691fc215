//! Creates an application, sets its environment variables and deploys it.

use std::fmt;

use serde::Serialize;

use super::{
    ApplicationHandle, CreateDockerImage, CreateDockerfile, CreatePrivateDeployKey,
    CreatePrivateGithubApp, CreatePublic, CreatedApplication,
};
use crate::deployments::Deployment;
use crate::envs::BulkApplicationVariable;
use crate::error::Result;
use crate::request::{BoxFuture, awaitable};
use crate::wait::{Patience, waits};
use crate::{Coolify, Uuid};

macro_rules! provisions {
    ($($create:ident),* $(,)?) => { $(
        impl $create {
            /// Creates the application, sets its environment variables, deploys it, and
            /// waits for the end of the deployment. See [`ProvisionApplication`].
            pub fn provision(mut self) -> ProvisionApplication {
                // An instant deployment would have no uuid to follow, and no variables yet.
                self.0.body.instant_deploy = Some(false);
                ProvisionApplication {
                    coolify: self.0.coolify().clone(),
                    create: Box::pin(self.0.send()),
                    variables: Vec::new(),
                    patience: Patience::default(),
                }
            }
        }
    )* };
}

provisions!(
    CreatePublic,
    CreatePrivateGithubApp,
    CreatePrivateDeployKey,
    CreateDockerfile,
    CreateDockerImage,
);

/// Creates an application, sets its environment variables, deploys it, and waits
/// for the end of the deployment: `provision()` of a request that creates an
/// application, such as [`CreatePublic::provision`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, place: coolify_sdk::Placement) -> coolify_sdk::Result<()> {
/// use coolify_sdk::envs::BulkApplicationVariable;
///
/// let web = coolify
///     .applications()
///     .create_docker_image(place, "nginx")
///     .ports_exposes(["80"])
///     .provision()
///     .variables([BulkApplicationVariable::new("GREETING").value("hello")])
///     .await?;
/// println!("{} at {:?}", web.uuid, web.domains);
/// # Ok(()) }
/// ```
#[must_use = "nothing is created before `.send()` or `.await`"]
pub struct ProvisionApplication {
    coolify: Coolify,
    create: BoxFuture<Result<CreatedApplication>>,
    variables: Vec<BulkApplicationVariable>,
    patience: Patience,
}

/// An application that was created and deployed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ProvisionedApplication {
    /// The application's uuid.
    pub uuid: Uuid,
    /// Its domains, as full URLs, separated by commas.
    pub domains: Option<String>,
    /// Its first deployment, which has finished.
    pub deployment: Deployment,
}

waits!(ProvisionApplication, "an hour");

impl ProvisionApplication {
    /// Sets environment variables, which exist from the first deployment on.
    pub fn variables(
        mut self,
        variables: impl IntoIterator<Item = BulkApplicationVariable>,
    ) -> Self {
        self.variables.extend(variables);
        self
    }

    /// Creates the application, deploys it, and waits for the end of the
    /// deployment.
    ///
    /// Needs the `read`, `write` and `deploy` abilities. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// The errors of creating an application; after that, the errors of setting
    /// the variables and of deploying, with the application in
    /// [`Error::left_behind`](crate::Error::left_behind).
    pub async fn send(self) -> Result<ProvisionedApplication> {
        let created = self.create.await?;
        let application = self.coolify.application(&created.uuid);
        let deployed = deploy(&application, self.variables, self.patience).await;
        Ok(ProvisionedApplication {
            deployment: deployed.map_err(|error| error.leaving("application", &created.uuid))?,
            uuid: created.uuid,
            domains: created.domains,
        })
    }
}

/// The steps after the application was created.
async fn deploy(
    application: &ApplicationHandle,
    variables: Vec<BulkApplicationVariable>,
    patience: Patience,
) -> Result<Deployment> {
    if !variables.is_empty() {
        application.envs().bulk(variables).await?;
    }
    let run = application.deploy().send().await?;
    run.with(patience).wait().await
}

impl fmt::Debug for ProvisionApplication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProvisionApplication")
            .field("variables", &self.variables)
            .finish_non_exhaustive()
    }
}

awaitable!(ProvisionApplication, send -> ProvisionedApplication);
