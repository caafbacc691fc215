//! The bodies of requests about storages. The API uses one object for volumes and
//! files, and rejects half of its fields for each; here each has its own type.

#[cfg(any(feature = "applications", feature = "databases"))]
use crate::raw::types::CreateStorageBody;
#[cfg(feature = "services")]
use crate::raw::types::CreateStorageByServiceUuidBody;
use crate::raw::types::UpdateStorageBody;
use crate::request::max_len;
use crate::{Clearable, Result, Secret, Uuid};

/// A new storage. Paths begin with a slash.
#[doc(alias("Persistent Storage", "volume", "bind mount"))]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStorage {
    mount_path: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Volume {
        name: String,
        host_path: Option<String>,
    },
    File {
        content: Secret,
    },
    Directory {
        fs_path: String,
    },
    HostFile {
        fs_path: String,
    },
}

impl Kind {
    fn wire(&self) -> &'static str {
        match self {
            Self::Volume { .. } => "persistent",
            Self::File { .. } | Self::Directory { .. } | Self::HostFile { .. } => "file",
        }
    }
}

/// Writes a storage into one of the bodies, only some of which name a container.
macro_rules! put_storage {
    ($body:ident, $kind:expr) => {
        match $kind {
            Kind::Volume { name, host_path } => {
                $body.name = Some(name);
                $body.host_path = host_path.map(Into::into);
            }
            Kind::File { content } => {
                $body.content = Some(content.into());
            }
            Kind::Directory { fs_path } => {
                $body.is_directory = Some(true);
                $body.fs_path = Some(fs_path);
            }
            Kind::HostFile { fs_path } => {
                $body.is_host_file = Some(true);
                $body.fs_path = Some(fs_path);
            }
        }
    };
}

impl NewStorage {
    /// Returns an error if Coolify has no room for the path: unlike those of files
    /// and directories, the path of a volume is in a column of 255 characters.
    pub(crate) fn check(&self) -> Result<()> {
        match self.kind {
            Kind::Volume { .. } => max_len("mount_path", &self.mount_path, 255),
            _ => Ok(()),
        }
    }

    /// Returns the body for a resource that mounts the storage itself.
    #[cfg(any(feature = "applications", feature = "databases"))]
    pub(super) fn body(self) -> CreateStorageBody {
        let mut body = CreateStorageBody::new(self.mount_path, self.kind.wire());
        put_storage!(body, self.kind);
        body
    }

    /// Returns the body for a container of a service.
    #[cfg(feature = "services")]
    pub(crate) fn in_container(self, container: Uuid) -> CreateStorageByServiceUuidBody {
        let wire = self.kind.wire();
        let mut body = CreateStorageByServiceUuidBody::new(self.mount_path, container, wire);
        put_storage!(body, self.kind);
        body
    }

    fn new(mount_path: impl Into<String>, kind: Kind) -> Self {
        Self {
            mount_path: mount_path.into(),
            kind,
        }
    }

    /// Makes a Docker volume, mounted at `mount_path` in the container. Coolify
    /// puts the resource's uuid in front of the name, which leaves room for 230
    /// characters; the path has at most 255.
    pub fn volume(name: impl Into<String>, mount_path: impl Into<String>) -> Self {
        let (name, host_path) = (name.into(), None);
        Self::new(mount_path, Kind::Volume { name, host_path })
    }

    /// Mounts the directory `host_path` of the server instead of a Docker volume.
    /// Unlike a [`directory`](Self::directory), it has a name and counts as a
    /// volume.
    ///
    /// Until Coolify 4.3.21; newer servers only mount a
    /// [`directory`](Self::directory), and this fails with
    /// [`Error::unsupported`](crate::Error::unsupported) before anything is sent.
    pub fn host_path(
        name: impl Into<String>,
        host_path: impl Into<String>,
        mount_path: impl Into<String>,
    ) -> Self {
        let (name, host_path) = (name.into(), Some(host_path.into()));
        Self::new(mount_path, Kind::Volume { name, host_path })
    }

    /// Makes a file with this text in the resource's directory on the server.
    /// Coolify removes blank lines at the end.
    pub fn file(mount_path: impl Into<String>, content: impl Into<Secret>) -> Self {
        let content = content.into();
        Self::new(mount_path, Kind::File { content })
    }

    /// Mounts the directory `fs_path` of the server.
    pub fn directory(fs_path: impl Into<String>, mount_path: impl Into<String>) -> Self {
        let fs_path = fs_path.into();
        Self::new(mount_path, Kind::Directory { fs_path })
    }

    /// Mounts the existing file `fs_path` of the server; Coolify does not change
    /// its text. Since Coolify 4.2.0.
    pub fn host_file(fs_path: impl Into<String>, mount_path: impl Into<String>) -> Self {
        let fs_path = fs_path.into();
        Self::new(mount_path, Kind::HostFile { fs_path })
    }
}

/// Changes of a volume.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    coolify_sdk_macros::Request,
    serde::Deserialize,
    serde::Serialize,
)]
#[serde(default, deny_unknown_fields)]
#[request(builder = crate::storages::UpdateVolume)]
pub struct VolumeChanges {
    /// The volume's name, including the resource's uuid in front of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Path inside the container; at most 255 characters.
    #[request(max_len = 255)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mount_path: Option<String>,
    /// Path on the server that is mounted instead of a Docker volume.
    #[serde(
        deserialize_with = "Clearable::named",
        skip_serializing_if = "Option::is_none"
    )]
    pub host_path: Option<Clearable<String>>,
    /// Whether each preview gets its own volume, named after its pull request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_preview_suffix_enabled: Option<bool>,
}

/// Changes of a mounted file or directory.
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    coolify_sdk_macros::Request,
    serde::Deserialize,
    serde::Serialize,
)]
#[serde(default, deny_unknown_fields)]
#[request(builder = crate::storages::UpdateFile)]
pub struct FileChanges {
    /// Text of the file.
    #[serde(
        deserialize_with = "Clearable::named",
        skip_serializing_if = "Option::is_none"
    )]
    pub content: Option<Clearable<Secret>>,
    /// Path inside the container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mount_path: Option<String>,
    /// Whether each preview gets its own file, named after its pull request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_preview_suffix_enabled: Option<bool>,
}

impl VolumeChanges {
    /// Returns the body that changes this volume.
    pub(super) fn of(self, storage: Uuid) -> UpdateStorageBody {
        let mut body = UpdateStorageBody::new("persistent");
        body.uuid = Some(storage);
        body.name = self.name;
        body.mount_path = self.mount_path;
        body.host_path = self.host_path;
        body.is_preview_suffix_enabled = self.is_preview_suffix_enabled;
        body
    }
}

impl FileChanges {
    /// Returns the body that changes this file or directory.
    pub(super) fn of(self, storage: Uuid) -> UpdateStorageBody {
        let mut body = UpdateStorageBody::new("file");
        body.uuid = Some(storage);
        body.content = self.content;
        body.mount_path = self.mount_path;
        body.is_preview_suffix_enabled = self.is_preview_suffix_enabled;
        body
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Exposed;

    #[test]
    fn each_change_of_a_storage_is_sent() {
        let volume = VolumeChanges {
            name: Some("u-data".to_owned()),
            mount_path: Some("/data".to_owned()),
            host_path: Some(Clearable::Clear),
            is_preview_suffix_enabled: Some(false),
        };
        let sent = serde_json::to_value(Exposed(volume.of("s".into()))).unwrap();
        let expected = json!({
            "type": "persistent",
            "uuid": "s",
            "name": "u-data",
            "mount_path": "/data",
            "host_path": null,
            "is_preview_suffix_enabled": false,
        });
        assert_eq!(sent, expected);

        let file = FileChanges {
            content: Some(Clearable::Set("a=1".into())),
            mount_path: Some("/app/.env".to_owned()),
            is_preview_suffix_enabled: Some(true),
        };
        let sent = serde_json::to_value(Exposed(file.of("s".into()))).unwrap();
        let expected = json!({
            "type": "file",
            "uuid": "s",
            "content": "a=1",
            "mount_path": "/app/.env",
            "is_preview_suffix_enabled": true,
        });
        assert_eq!(sent, expected);
    }
}
