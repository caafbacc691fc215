//! A resource of any kind, as the generated layer reads it.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::raw::types::{Application, Database, Service};
use crate::{Id, ResourceKind, ResourceStatus, UnknownFields, Uuid};

/// An application, a service or a database.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Resource {
    /// An application.
    Application(Box<Application>),
    /// A service.
    Service(Box<Service>),
    /// A database.
    Database(Box<Database>),
    /// A kind that this version of the library does not know.
    Unknown(Box<UnknownResource>),
}

/// A resource of a kind that this version of the library does not know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UnknownResource {
    /// Its uuid.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
    /// The kind, as Coolify writes it.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status of its containers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<ResourceStatus>,
    /// All other fields.
    #[serde(flatten)]
    pub fields: UnknownFields,
}

impl Resource {
    /// Returns its uuid.
    #[must_use]
    pub fn uuid(&self) -> &Uuid {
        match self {
            Self::Application(it) => &it.uuid,
            Self::Service(it) => &it.uuid,
            Self::Database(it) => &it.uuid,
            Self::Unknown(it) => &it.uuid,
        }
    }

    /// Returns its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Application(it) => &it.name,
            Self::Service(it) => &it.name,
            Self::Database(it) => &it.name,
            Self::Unknown(it) => &it.name,
        }
    }

    /// Returns the kind, as Coolify writes it: `application`, `service`, or the
    /// engine of a database, such as `standalone-postgresql`.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Application(_) => APPLICATION,
            Self::Service(_) => SERVICE,
            Self::Database(it) => it.engine.as_str(),
            Self::Unknown(it) => &it.kind,
        }
    }

    /// Returns whether it is an application, a database or a service. It is `None` for
    /// a kind that this version of the library does not know.
    #[must_use]
    pub fn resource_kind(&self) -> Option<ResourceKind> {
        match self {
            Self::Application(_) => Some(ResourceKind::Application),
            Self::Service(_) => Some(ResourceKind::Service),
            Self::Database(_) => Some(ResourceKind::Database),
            Self::Unknown(_) => None,
        }
    }

    /// Returns the numeric id of the environment that the resource is in: the
    /// `id` of an [`Environment`](crate::projects::Environment). It is `None` for
    /// an unknown kind.
    #[must_use]
    pub fn environment_id(&self) -> Option<Id> {
        match self {
            Self::Application(it) => it.environment_id,
            Self::Service(it) => it.environment_id,
            Self::Database(it) => it.environment_id,
            Self::Unknown(_) => None,
        }
    }

    /// Returns the status of its containers.
    #[must_use]
    pub fn status(&self) -> Option<&ResourceStatus> {
        match self {
            Self::Application(it) => it.status.as_ref(),
            Self::Service(it) => it.status.as_ref(),
            Self::Database(it) => it.status.as_ref(),
            Self::Unknown(it) => it.status.as_ref(),
        }
    }
}

const APPLICATION: &str = "application";
const SERVICE: &str = "service";

impl<'de> Deserialize<'de> for Resource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        fn row<T: for<'a> Deserialize<'a>>(
            fields: Map<String, Value>,
        ) -> serde_json::Result<Box<T>> {
            T::deserialize(Value::Object(fields)).map(Box::new)
        }
        let mut fields = Map::deserialize(deserializer)?;
        let kind = fields.get("type").cloned().unwrap_or_default();
        match kind.as_str().unwrap_or_default() {
            APPLICATION => row(fields).map(Self::Application),
            SERVICE => row(fields).map(Self::Service),
            engine if engine.starts_with("standalone-") => {
                // The reply for a KeyDB database has no other field with its engine.
                fields.remove("type");
                fields.entry("database_type").or_insert(kind);
                row(fields).map(Self::Database)
            }
            _ => row(fields).map(Self::Unknown),
        }
        .map_err(D::Error::custom)
    }
}

impl Serialize for Resource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Row<'a, T> {
            #[serde(rename = "type")]
            kind: &'a str,
            #[serde(flatten)]
            row: &'a T,
        }
        let kind = self.kind();
        match self {
            Self::Application(row) => Row { kind, row }.serialize(serializer),
            Self::Service(row) => Row { kind, row }.serialize(serializer),
            Self::Database(row) => Row { kind, row }.serialize(serializer),
            Self::Unknown(row) => row.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_kind_is_kept() {
        let row = r#"{"uuid":"u1","name":"fn","type":"function","status":"running","memory":64}"#;
        let resource: Resource = serde_json::from_str(row).unwrap();
        assert_eq!((resource.kind(), resource.name()), ("function", "fn"));
        assert!(resource.status().unwrap().is_running());
        assert_eq!(
            serde_json::to_string(&crate::Exposed(&resource)).unwrap(),
            row
        );
    }

    #[test]
    fn a_row_without_a_uuid_is_an_error() {
        assert!(serde_json::from_str::<Resource>(r#"{"type":"application"}"#).is_err());
    }
}
