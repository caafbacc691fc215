//! The storages of services, which their containers mount.

use super::ServiceHandle;
use crate::resource::ResourceHandle as _;
use crate::storages::{NewStorage, Storage, Storages};
use crate::{Call, Uuid};

impl Storages<ServiceHandle> {
    /// Mounts a new storage into one of the service's containers, and returns it.
    /// The container is named by the uuid of the service's application or database.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    /// Since 4.4.0, a file or directory outside of the resource's directory also needs
    /// the `deploy` ability.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`](crate::Error::is_validation) for a name or a path
    /// that Coolify does not accept;
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the service has no
    /// such container.
    pub fn create_in(&self, container: impl Into<Uuid>, storage: NewStorage) -> Call<Storage> {
        if let Err(error) = storage.check() {
            return Call::failed(error);
        }
        let service = self.resource();
        let body = storage.in_container(container.into());
        let raw = service.coolify().raw();
        raw.create_storage_by_service_uuid(service.uuid().as_str(), &body)
    }
}
