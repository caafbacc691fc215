//! GitLab apps, with which Coolify reads repositories at GitLab and learns about
//! pushes.

use coolify_sdk_macros::builder;

use crate::Call;
use crate::raw::types::{CreateGitlabAppBody, UpdateGitlabAppBody};
use crate::request::Request;
use crate::{Coolify, Id};

pub use crate::raw::types::GitlabApp;

/// A handle for the GitLab apps of the team: [`Coolify::gitlab_apps`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let app = coolify
///     .gitlab_apps()
///     .create("gitlab", "https://gitlab.com")
///     .group_name("acme")
///     .await?;
/// println!("{}", app.id);
/// # Ok(()) }
/// ```
#[doc(alias("Sources", "Git Sources"))]
#[derive(Clone, Debug)]
pub struct GitlabApps {
    pub(crate) coolify: Coolify,
}

/// A handle for one GitLab app: [`Coolify::gitlab_app`].
#[derive(Clone, Debug)]
pub struct GitlabAppHandle {
    coolify: Coolify,
    id: Id,
}

impl Coolify {
    /// Returns a handle for the GitLab apps of the team.
    #[must_use]
    pub fn gitlab_apps(&self) -> GitlabApps {
        GitlabApps {
            coolify: self.clone(),
        }
    }

    /// Returns a handle for one GitLab app, by its numeric id in Coolify.
    #[must_use]
    pub fn gitlab_app(&self, id: impl Into<Id>) -> GitlabAppHandle {
        GitlabAppHandle {
            coolify: self.clone(),
            id: id.into(),
        }
    }
}

/// Adds an application that was created at GitLab by hand, and returns it:
/// [`GitlabApps::create`].
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let app = coolify
///     .gitlab_apps()
///     .create("gitlab", "https://gitlab.com")
///     .group_name("acme")
///     .await?;
/// println!("{}", app.id);
/// # Ok(()) }
/// ```
#[builder]
pub struct Create(Request<CreateGitlabAppBody, GitlabApp>);

impl GitlabApps {
    /// Returns all apps of the team, and those that the whole instance may use.
    ///
    /// Needs the `read` ability; secrets and tokens need `read:sensitive` and
    /// are absent without it. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails; see [`Error`](crate::Error).
    #[inline]
    pub fn list(&self) -> Call<Vec<GitlabApp>> {
        self.coolify.raw().list_gitlab_apps()
    }

    /// Adds an application that was created at GitLab by hand, and returns it.
    /// See [`Create`].
    ///
    /// `html_url` is `https://gitlab.com`, or the address of another GitLab.
    /// Before the app can be used, it has to be connected to GitLab in Coolify's
    /// dashboard.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn create(&self, name: impl Into<String>, html_url: impl Into<String>) -> Create {
        let body = CreateGitlabAppBody::new(html_url, name);
        Create(Request::new(&self.coolify, body, |raw, body| {
            raw.create_gitlab_app(&body)
        }))
    }
}

/// Changes a GitLab app in Coolify, and returns it: [`GitlabAppHandle::update`].
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// coolify.gitlab_app(2).update().name("acme").await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct Update(Request<UpdateGitlabAppBody, GitlabApp>);

impl GitlabAppHandle {
    /// Returns the app's id in Coolify.
    #[must_use]
    pub fn id(&self) -> Id {
        self.id
    }

    /// Changes a GitLab app in Coolify, and returns it. See [`Update`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn update(&self) -> Update {
        let id = self.id.get();
        let body = UpdateGitlabAppBody::default();
        Update(Request::new(
            &self.coolify,
            body,
            move |raw, body| async move { Ok(raw.update_gitlab_app(id, &body).await?.data) },
        ))
    }

    /// Removes the app from Coolify, and returns Coolify's message. The app is
    /// not removed at GitLab.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`](crate::Error::is_conflict) if an application uses
    /// the app.
    #[inline]
    pub fn delete(&self) -> Call<String> {
        let raw = self.coolify.raw();
        raw.delete_gitlab_app(self.id.get()).message()
    }
}
