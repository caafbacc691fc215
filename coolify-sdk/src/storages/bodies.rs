//! The bodies of requests about storages. The API uses one object for volumes and
//! files, and rejects half of its fields for each; here each has its own type.

use crate::{Clearable, Secret};

/// A new storage. Paths begin with a slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStorage {
    pub(super) mount_path: String,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
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
    pub(super) fn wire(&self) -> &'static str {
        match self {
            Self::Volume { .. } => "persistent",
            Self::File { .. } | Self::Directory { .. } | Self::HostFile { .. } => "file",
        }
    }
}

impl NewStorage {
    fn new(mount_path: impl Into<String>, kind: Kind) -> Self {
        Self {
            mount_path: mount_path.into(),
            kind,
        }
    }

    /// Makes a Docker volume, mounted at `mount_path` in the container. Coolify
    /// puts the resource's uuid in front of the name.
    pub fn volume(name: impl Into<String>, mount_path: impl Into<String>) -> Self {
        let (name, host_path) = (name.into(), None);
        Self::new(mount_path, Kind::Volume { name, host_path })
    }

    /// Mounts the directory `host_path` of the server instead of a Docker volume.
    /// Unlike a [`directory`](Self::directory), it has a name and counts as a
    /// volume.
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
    /// Path inside the container.
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
