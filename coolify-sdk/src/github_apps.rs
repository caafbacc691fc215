//! GitHub apps, with which Coolify reads repositories at GitHub and learns about
//! pushes.

use coolify_sdk_macros::builder;

use crate::Call;
use crate::raw::types::{CreateGithubAppBody, UpdateGithubAppBody};
use crate::request::Request;
use crate::{Coolify, Id, Secret, Uuid};

pub use crate::raw::types::{
    Branch, BranchCommit, GithubApp, Repository, RepositoryOwner, RepositoryPermissions,
};

/// A handle for the GitHub apps of the team: [`Coolify::github_apps`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// for app in coolify.github_apps().list().await? {
///     for repository in coolify.github_app(app.id).repositories().await? {
///         println!("{}", repository.full_name);
///     }
/// }
/// # Ok(()) }
/// ```
#[doc(alias("Sources", "Git Sources"))]
#[derive(Clone, Debug)]
pub struct GithubApps {
    pub(crate) coolify: Coolify,
}

/// A handle for one GitHub app: [`Coolify::github_app`].
#[derive(Clone, Debug)]
pub struct GithubAppHandle {
    coolify: Coolify,
    id: Id,
}

/// The data of an app that was created at GitHub.
///
/// ```
/// # let (client_secret, webhook_secret) = ("s", "w");
/// use coolify_sdk::github_apps::GithubAppCredentials;
///
/// let credentials = GithubAppCredentials {
///     app_id: 4711,
///     installation_id: 815,
///     client_id: "Iv1.8a61f9b3a7aba766".into(),
///     client_secret: client_secret.into(),
///     webhook_secret: webhook_secret.into(),
///     private_key: "woedfnl0dp27x9bpqn8mh87p".into(),
/// };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GithubAppCredentials {
    /// The app's id at GitHub.
    pub app_id: i64,
    /// The id of its installation in an account or organization.
    pub installation_id: i64,
    /// The client id of its OAuth application.
    pub client_id: String,
    /// The secret of its OAuth application.
    pub client_secret: Secret,
    /// The secret that GitHub signs webhooks with.
    pub webhook_secret: Secret,
    /// The uuid of the app's private key in Coolify; see
    /// `private_keys().create(..)`.
    pub private_key: Uuid,
}

impl Coolify {
    /// Returns a handle for the GitHub apps of the team.
    #[must_use]
    pub fn github_apps(&self) -> GithubApps {
        GithubApps {
            coolify: self.clone(),
        }
    }

    /// Returns a handle for one GitHub app, by its numeric id in Coolify.
    #[must_use]
    pub fn github_app(&self, id: impl Into<Id>) -> GithubAppHandle {
        GithubAppHandle {
            coolify: self.clone(),
            id: id.into(),
        }
    }
}

/// Adds a GitHub app that was created at GitHub by hand, and returns it:
/// [`GithubApps::create`].
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) if the team has no such
/// private key.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, credentials: coolify_sdk::github_apps::GithubAppCredentials) -> coolify_sdk::Result<()> {
/// let app = coolify
///     .github_apps()
///     .create("acme", "https://github.com", credentials)
///     .organization("acme".to_owned())
///     .await?;
/// println!("{}", app.id);
/// # Ok(()) }
/// ```
#[builder]
pub struct Create(Request<CreateGithubAppBody, GithubApp>);

impl GithubApps {
    /// Returns all apps of the team, and those that the whole instance may use.
    ///
    /// Needs the `read` ability; the secrets need `read:sensitive` and are
    /// absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails; see [`Error`](crate::Error).
    #[inline]
    pub fn list(&self) -> Call<Vec<GithubApp>> {
        self.coolify.raw().list_github_apps()
    }

    /// Adds a GitHub app that was created at GitHub by hand, and returns it. See
    /// [`Create`].
    ///
    /// `html_url` is `https://github.com`, or the address of a GitHub Enterprise
    /// Server, whose `api_url` has to be set too.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn create(
        &self,
        name: impl Into<String>,
        html_url: impl Into<String>,
        credentials: GithubAppCredentials,
    ) -> Create {
        let body = CreateGithubAppBody::new(
            credentials.app_id,
            credentials.client_id,
            credentials.client_secret,
            html_url,
            credentials.installation_id,
            name,
            credentials.private_key,
            credentials.webhook_secret,
        );
        Create(Request::new(&self.coolify, body, |raw, body| {
            raw.create_github_app(&body)
        }))
    }
}

/// Changes a GitHub app in Coolify, and returns it: [`GithubAppHandle::update`].
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// coolify.github_app(3).update().name("acme").await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct Update(Request<UpdateGithubAppBody, GithubApp>);

impl GithubAppHandle {
    /// Returns the app's id in Coolify.
    #[must_use]
    pub fn id(&self) -> Id {
        self.id
    }

    /// Changes a GitHub app in Coolify, and returns it. See [`Update`].
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn update(&self) -> Update {
        let id = self.id.get();
        let body = UpdateGithubAppBody::default();
        Update(Request::new(&self.coolify, body, move |raw, body| {
            raw.update_github_app(id, &body).map(|reply| reply.data)
        }))
    }

    /// Removes the app from Coolify, and returns Coolify's message. The app is
    /// not removed at GitHub.
    ///
    /// Coolify deletes the app's private key as well, unless a server, an application or
    /// another app uses it.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`](crate::Error::is_conflict) if an application uses
    /// the app.
    #[inline]
    pub fn delete(&self) -> Call<String> {
        let raw = self.coolify.raw();
        raw.delete_github_app(self.id.get()).message()
    }

    /// Returns the repositories that the app may read, as GitHub describes them.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the app does not
    /// exist. Coolify answers with a bare 500 if GitHub cannot be reached, or does not
    /// accept the app.
    pub fn repositories(&self) -> Call<Vec<Repository>> {
        let raw = self.coolify.raw();
        raw.load_repositories(self.id.get())
            .map(|reply| reply.repositories)
    }

    /// Returns the branches of a repository, as GitHub describes them.
    ///
    /// Coolify reads only the first page of them, which has up to 30. A branch that is
    /// missing here can be deployed all the same.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the app or
    /// repository does not exist. Coolify answers with a bare 500 if GitHub
    /// cannot be reached, or does not accept the app.
    pub fn branches(&self, owner: &str, repository: &str) -> Call<Vec<Branch>> {
        let raw = self.coolify.raw();
        raw.load_branches(self.id.get(), owner, repository)
            .map(|reply| reply.branches)
    }
}
