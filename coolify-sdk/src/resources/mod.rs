//! All resources of the team in one list: applications, databases and services.

mod resource;

pub use self::resource::{Resource, UnknownResource};

use crate::{Call, Clearable, Coolify, address};

/// A handle for the resources of the team: [`Coolify::resources`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// for resource in coolify.resources().list().await? {
///     println!("{} {}", resource.kind(), resource.name());
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Resources {
    coolify: Coolify,
}

impl Coolify {
    /// Returns a handle for the applications, services and databases of the team.
    #[must_use]
    pub fn resources(&self) -> Resources {
        Resources {
            coolify: self.clone(),
        }
    }
}

impl Resources {
    /// Returns all resources. A member who is not an administrator sees none.
    ///
    /// Needs the `read` ability; some fields need `read:sensitive` and are
    /// absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails; see [`Error`](crate::Error).
    #[inline]
    pub fn list(&self) -> Call<Vec<Resource>> {
        self.coolify.raw().list_resources()
    }
}

impl Resource {
    /// Returns the domains of the resource, as full URLs: those of an
    /// application, of the services in its compose file, or of a service's
    /// containers. A database has none.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// for resource in coolify.resources().list().await? {
    ///     println!("{}: {}", resource.name(), resource.domains().join(" "));
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn domains(&self) -> Vec<String> {
        let owned = |urls: &str| address::split(urls).map(str::to_owned).collect();
        match self {
            Self::Application(it) => {
                let own = it.domains().map(str::to_owned);
                let of_services = it.compose_domains().into_iter();
                let of_services = of_services.filter_map(|it| match it.domain {
                    Some(Clearable::Set(urls)) => Some(owned(&urls)),
                    _ => None,
                });
                own.chain(of_services.flat_map(Vec::into_iter)).collect()
            }
            Self::Service(it) => {
                let parts = it.applications.iter().flatten();
                let urls = parts.filter_map(|it| it.fqdn.as_deref());
                urls.flat_map(owned).collect()
            }
            Self::Database(_) | Self::Unknown(_) => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Resource;
    use crate::Id;

    #[test]
    fn addresses_are_where_the_kind_has_them() {
        let domains = |row: &str| serde_json::from_str::<Resource>(row).unwrap().domains();
        let one = r#"{"type":"application","uuid":"u","name":"a","environment_id":3,
            "fqdn":"https://a.example.com,https://b.example.com"}"#;
        assert_eq!(
            domains(one),
            ["https://a.example.com", "https://b.example.com"]
        );
        let compose = r#"{"type":"application","uuid":"u","name":"a","fqdn":null,
            "docker_compose_domains":"{\"web\":{\"domain\":\"https://w.example.com\"}}"}"#;
        assert_eq!(domains(compose), ["https://w.example.com"]);
        let service = r#"{"type":"service","uuid":"u","name":"a","applications":[
            {"uuid":"p","name":"web","fqdn":"https://s.example.com:80"},
            {"uuid":"q","name":"worker","fqdn":null}]}"#;
        assert_eq!(domains(service), ["https://s.example.com:80"]);
        let database = r#"{"type":"standalone-redis","uuid":"u","name":"a"}"#;
        assert_eq!(domains(database), [""; 0]);
        // An engine that is not known keeps all fields, and its type is written once.
        let new = r#"{"type":"standalone-new","uuid":"u","name":"a"}"#;
        let new: Resource = serde_json::from_str(new).unwrap();
        let written = serde_json::to_string(&new).unwrap();
        assert_eq!(written.matches(r#""type":"#).count(), 1, "{written}");
        let read: Resource = serde_json::from_str(one).unwrap();
        assert_eq!(read.environment_id(), Some(Id::from(3)));
    }
}
