//! Services: one-click services and compose files.

use crate::envs::Envs;
use crate::resource::resource_handle;

pub use crate::raw::types::Service;

resource_handle!(
    /// One service: [`Coolify::service`](crate::Coolify::service).
    ServiceHandle,
    /// One service.
    service
);

impl ServiceHandle {
    /// Its environment variables.
    #[must_use]
    pub fn envs(&self) -> Envs<Self> {
        Envs::new(self)
    }
}
