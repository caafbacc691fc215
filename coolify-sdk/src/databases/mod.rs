//! Databases of the eight engines.

use crate::envs::Envs;
use crate::resource::resource_handle;

pub use crate::raw::types::Database;

resource_handle!(
    /// One database: [`Coolify::database`](crate::Coolify::database).
    DatabaseHandle,
    /// One database.
    database
);

impl DatabaseHandle {
    /// Its environment variables.
    #[must_use]
    pub fn envs(&self) -> Envs<Self> {
        Envs::new(self)
    }
}
