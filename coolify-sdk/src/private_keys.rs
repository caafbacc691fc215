//! Private keys, with which Coolify connects to servers and Git repositories by
//! SSH.

use coolify_sdk_macros::builder;

use crate::Call;
use crate::raw::types::{CreatePrivateKeyBody, UpdatePrivateKeyBody};
use crate::request::Request;
use crate::{Coolify, Secret, Uuid};

pub use crate::raw::types::{Created, PrivateKey};

/// A handle for the private keys of the team: [`Coolify::private_keys`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, pem: String) -> coolify_sdk::Result<()> {
/// let created = coolify.private_keys().create(pem).name("deploy").await?;
/// let key = coolify.private_key(created.uuid).get().await?;
/// println!("{:?}", key.public_key);
/// # Ok(()) }
/// ```
#[doc(alias("Private Keys", "SSH keys", "Keys & Tokens"))]
#[derive(Clone, Debug)]
pub struct PrivateKeys {
    pub(crate) coolify: Coolify,
}

/// A handle for one private key: [`Coolify::private_key`].
#[derive(Clone, Debug)]
pub struct PrivateKeyHandle {
    coolify: Coolify,
    uuid: Uuid,
}

impl Coolify {
    /// Returns a handle for the private keys of the team.
    #[must_use]
    pub fn private_keys(&self) -> PrivateKeys {
        PrivateKeys {
            coolify: self.clone(),
        }
    }

    /// Returns a handle for one private key.
    #[must_use]
    pub fn private_key(&self, uuid: impl Into<Uuid>) -> PrivateKeyHandle {
        PrivateKeyHandle {
            coolify: self.clone(),
            uuid: uuid.into(),
        }
    }
}

/// Adds a private key, and returns its uuid: [`PrivateKeys::create`].
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// [`Error::is_validation`](crate::Error::is_validation) if the text is not a
/// private key, or if the key already exists.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, pem: String) -> coolify_sdk::Result<()> {
/// let created = coolify.private_keys().create(pem).name("deploy").await?;
/// println!("{}", created.uuid);
/// # Ok(()) }
/// ```
#[builder]
pub struct Create(Request<CreatePrivateKeyBody, Created>);

impl PrivateKeys {
    /// Returns all keys, including those of GitHub apps.
    ///
    /// Needs the `read` ability; the keys themselves need `read:sensitive` and
    /// are absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails; see [`Error`](crate::Error).
    #[inline]
    pub fn list(&self) -> Call<Vec<PrivateKey>> {
        self.coolify.raw().list_private_keys()
    }

    /// Adds a private key, and returns its uuid. See [`Create`].
    ///
    /// The key has to be in OpenSSH or PEM format, without a passphrase. Without
    /// a `name`, Coolify generates one.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn create(&self, private_key: impl Into<Secret>) -> Create {
        let body = CreatePrivateKeyBody::new(private_key);
        Create(Request::new(&self.coolify, body, |raw, body| {
            raw.create_private_key(&body)
        }))
    }
}

/// Changes a private key, and returns its uuid: [`PrivateKeyHandle::update`].
///
/// Coolify requires the key itself each time: to change only the name, pass the
/// current key.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, pem: String) -> coolify_sdk::Result<()> {
/// let key = coolify.private_key("x9nk5yx5iufpdte9pkd1pvjq");
/// key.update(pem).description("Rotated in May").await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct Update(Request<UpdatePrivateKeyBody, Created>);

impl PrivateKeyHandle {
    /// Returns the key's uuid.
    #[must_use]
    pub fn uuid(&self) -> &Uuid {
        &self.uuid
    }

    /// Returns the key as it is now.
    ///
    /// Needs the `read` ability; the key itself needs `read:sensitive` and is
    /// absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn get(&self) -> Call<PrivateKey> {
        self.coolify
            .raw()
            .get_private_key_by_uuid(self.uuid.as_str())
    }

    /// Changes a private key, and returns its uuid. See [`Update`].
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn update(&self, private_key: impl Into<Secret>) -> Update {
        let uuid = self.uuid.clone();
        let body = UpdatePrivateKeyBody::new(private_key);
        Update(Request::new(&self.coolify, body, move |raw, body| {
            raw.update_private_key(uuid.as_str(), &body)
        }))
    }

    /// Deletes the key, and returns Coolify's message.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Coolify answers 422 if a server, an application or a GitHub app uses the
    /// key.
    #[inline]
    pub fn delete(&self) -> Call<String> {
        let raw = self.coolify.raw();
        raw.delete_private_key_by_uuid(self.uuid.as_str()).message()
    }
}
