//! An application that is created, gets its variables and is deployed, in one
//! flow.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use super::{
    ApplicationHandle, CreateDockerfileApplicationBody, CreateDockerimageApplicationBody,
    CreatePrivateDeployKeyApplicationBody, CreatePrivateGithubAppApplicationBody,
    CreatePublicApplicationBody, CreatedApplication,
};
use crate::Uuid;
use crate::deployments::Deployment;
use crate::envs::BulkApplicationVariable;
use crate::error::Result;
use crate::request::{Body, Request};

/// A new application from some origin.
///
/// It is implemented by the bodies of the five creates and by nothing else.
pub trait NewApplication: Body + sealed::Sealed + Send + 'static {
    /// Leaves it undeployed: what `instant_deploy` starts has no uuid to follow,
    /// and does not have the variables yet.
    #[doc(hidden)]
    fn hold(&mut self);
}

mod sealed {
    /// Keeps [`NewApplication`](super::NewApplication) to this crate.
    pub trait Sealed {}
}

macro_rules! new_application {
    ($($body:ident),* $(,)?) => { $(
        impl sealed::Sealed for $body {}

        impl NewApplication for $body {
            fn hold(&mut self) {
                self.instant_deploy = Some(false);
            }
        }
    )* };
}

new_application!(
    CreatePublicApplicationBody,
    CreatePrivateGithubAppApplicationBody,
    CreatePrivateDeployKeyApplicationBody,
    CreateDockerfileApplicationBody,
    CreateDockerimageApplicationBody,
);

impl<B: NewApplication> Request<B, CreatedApplication> {
    /// Makes a flow of it: the application is created, gets its variables, is
    /// deployed with them, and the deployment is followed to its end.
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
    pub fn provision(self) -> ProvisionApplication<B> {
        ProvisionApplication {
            request: self,
            variables: Vec::new(),
            poll_every: None,
            max_wait: None,
        }
    }
}

/// An application that is about to be created and deployed: made by
/// [`provision`](Request::provision) of its create, sent by `.await`.
#[derive(Debug)]
#[must_use = "nothing is created before `.send()` or `.await`"]
pub struct ProvisionApplication<B> {
    request: Request<B, CreatedApplication>,
    variables: Vec<BulkApplicationVariable>,
    poll_every: Option<Duration>,
    max_wait: Option<Duration>,
}

/// An application that is out.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ProvisionedApplication {
    /// The application's uuid.
    pub uuid: Uuid,
    /// Its addresses as full URLs, separated by commas.
    pub domains: Option<String>,
    /// Its first deployment, which has finished.
    pub deployment: Deployment,
}

impl<B: NewApplication> ProvisionApplication<B> {
    /// Variables that are there from the first deployment on.
    pub fn variables(
        mut self,
        variables: impl IntoIterator<Item = BulkApplicationVariable>,
    ) -> Self {
        self.variables.extend(variables);
        self
    }

    /// How often the server is asked about the deployment; see
    /// [`DeploymentRun::poll_every`](crate::deployments::DeploymentRun::poll_every).
    pub fn poll_every(mut self, interval: Duration) -> Self {
        self.poll_every = Some(interval);
        self
    }

    /// How long to wait for the deployment at the most; see
    /// [`DeploymentRun::max_wait`](crate::deployments::DeploymentRun::max_wait).
    pub fn max_wait(mut self, longest: Duration) -> Self {
        self.max_wait = Some(longest);
        self
    }

    /// Creates it, deploys it, and waits for the end of the deployment.
    ///
    /// Needs the `read`, `write` and `deploy` abilities. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// What creating gives; after that, what setting the variables and
    /// deploying give, with the application in
    /// [`Error::left_behind`](crate::Error::left_behind).
    pub async fn send(mut self) -> Result<ProvisionedApplication> {
        self.request.body.hold();
        let coolify = self.request.coolify().clone();
        let created = self.request.send().await?;
        let later = Later {
            variables: self.variables,
            poll_every: self.poll_every,
            max_wait: self.max_wait,
        };
        let deployed = later.deploy(&coolify.application(&created.uuid)).await;
        Ok(ProvisionedApplication {
            deployment: deployed.map_err(|error| error.leaving("application", &created.uuid))?,
            uuid: created.uuid,
            domains: created.domains,
        })
    }
}

/// What is left to do when the application is created.
struct Later {
    variables: Vec<BulkApplicationVariable>,
    poll_every: Option<Duration>,
    max_wait: Option<Duration>,
}

impl Later {
    async fn deploy(self, application: &ApplicationHandle) -> Result<Deployment> {
        if !self.variables.is_empty() {
            application.envs().bulk(self.variables).await?;
        }
        let mut run = application.deploy().send().await?;
        if let Some(interval) = self.poll_every {
            run = run.poll_every(interval);
        }
        if let Some(longest) = self.max_wait {
            run = run.max_wait(longest);
        }
        run.wait().await
    }
}

impl<B: NewApplication> IntoFuture for ProvisionApplication<B> {
    type Output = Result<ProvisionedApplication>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
