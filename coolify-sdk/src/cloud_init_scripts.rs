//! Cloud-init scripts, which a new server runs at its first boot.

use coolify_sdk_macros::builder;

use crate::Call;
use crate::raw::types::{CreateCloudInitScriptBody, UpdateCloudInitScriptByUuidBody};
use crate::request::Request;
use crate::{Coolify, Secret, Uuid};

pub use crate::raw::types::CloudInitScript;

/// A handle for the saved scripts of the team: [`Coolify::cloud_init_scripts`].
///
/// They are used in Coolify's dashboard. The API calls that order a server take
/// the text of a script, not its uuid.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let script = coolify
///     .cloud_init_scripts()
///     .create("htop", "#cloud-config\npackages:\n  - htop\n")
///     .await?;
/// coolify.cloud_init_script(script.uuid).update().name("tools").await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct CloudInitScripts {
    pub(crate) coolify: Coolify,
}

/// A handle for one saved script: [`Coolify::cloud_init_script`].
#[derive(Clone, Debug)]
pub struct CloudInitScriptHandle {
    coolify: Coolify,
    uuid: Uuid,
}

impl Coolify {
    /// Returns a handle for the saved cloud-init scripts of the team.
    #[must_use]
    pub fn cloud_init_scripts(&self) -> CloudInitScripts {
        CloudInitScripts {
            coolify: self.clone(),
        }
    }

    /// Returns a handle for one saved cloud-init script.
    #[must_use]
    pub fn cloud_init_script(&self, uuid: impl Into<Uuid>) -> CloudInitScriptHandle {
        CloudInitScriptHandle {
            coolify: self.clone(),
            uuid: uuid.into(),
        }
    }
}

/// Saves a cloud-init script, and returns it: [`CloudInitScripts::create`].
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// # Errors
///
/// [`Error::is_validation`](crate::Error::is_validation) if the script is neither
/// a shell script nor cloud-config.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let script = coolify
///     .cloud_init_scripts()
///     .create("htop", "#cloud-config\npackages:\n  - htop\n")
///     .await?;
/// println!("{:?}", script.uuid);
/// # Ok(()) }
/// ```
#[builder]
pub struct Create(Request<CreateCloudInitScriptBody, CloudInitScript>);

impl CloudInitScripts {
    /// Returns all scripts.
    ///
    /// Needs the `read` ability; the texts need `read:sensitive` and are absent
    /// without it. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails; see [`Error`](crate::Error).
    #[inline]
    pub fn list(&self) -> Call<Vec<CloudInitScript>> {
        self.coolify.raw().list_cloud_init_scripts()
    }

    /// Saves a cloud-init script, and returns it. See [`Create`].
    ///
    /// `script` is a shell script, or cloud-config in YAML.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn create(&self, name: impl Into<String>, script: impl Into<Secret>) -> Create {
        let body = CreateCloudInitScriptBody::new(name, script);
        Create(Request::new(&self.coolify, body, |raw, body| {
            raw.create_cloud_init_script(&body)
        }))
    }
}

/// Changes a saved cloud-init script, and returns it:
/// [`CloudInitScriptHandle::update`].
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let script = coolify.cloud_init_script("lq6x3vmt0b1psucn4gk8rzya");
/// script.update().name("tools").await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct Update(Request<UpdateCloudInitScriptByUuidBody, CloudInitScript>);

impl CloudInitScriptHandle {
    /// Returns the script's uuid.
    #[must_use]
    pub fn uuid(&self) -> &Uuid {
        &self.uuid
    }

    /// Returns the script as it is now.
    ///
    /// Needs the `read` ability; the text needs `read:sensitive` and is absent
    /// without it. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn get(&self) -> Call<CloudInitScript> {
        self.coolify
            .raw()
            .get_cloud_init_script_by_uuid(self.uuid.as_str())
    }

    /// Changes a saved cloud-init script, and returns it. See [`Update`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn update(&self) -> Update {
        let uuid = self.uuid.clone();
        let body = UpdateCloudInitScriptByUuidBody::default();
        Update(Request::new(&self.coolify, body, move |raw, body| {
            raw.update_cloud_init_script_by_uuid(uuid.as_str(), &body)
        }))
    }

    /// Deletes the script, and returns Coolify's message.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn delete(&self) -> Call<String> {
        let raw = self.coolify.raw();
        raw.delete_cloud_init_script_by_uuid(self.uuid.as_str())
            .message()
    }
}
