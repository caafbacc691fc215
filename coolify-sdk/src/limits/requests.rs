//! The resources that have limits, and the requests that accept them.

use super::{Cpus, Memory, ResourceLimits};
use crate::raw::types;
use crate::scalar::stripped;

/// Implements reading the limits of a resource.
macro_rules! has_limits {
    ($feature:literal, $($model:ident),+) => {
        $(
            #[cfg(feature = $feature)]
            impl From<&types::$model> for ResourceLimits {
                /// Returns the current limits.
                ///
                /// Coolify stores any text. The texts are read as they take effect: only the
                /// leading number of `limits_cpus` counts, and an amount of memory that
                /// Docker does not understand means no limit.
                fn from(it: &types::$model) -> Self {
                    Self {
                        memory: read(it.limits_memory.as_deref(), Memory::stored),
                        memory_swap: read(it.limits_memory_swap.as_deref(), Memory::stored),
                        memory_reservation: read(
                            it.limits_memory_reservation.as_deref(),
                            Memory::stored,
                        ),
                        cpus: read(it.limits_cpus.as_deref(), Cpus::stored),
                    }
                }
            }
        )+
    };
}

/// Adds a setter for all limits.
macro_rules! takes_limits {
    ($feature:literal, $room:ident, $($builder:ident),+) => {
        $(
            #[cfg(feature = $feature)]
            impl crate::$room::$builder {
                /// Sets `limits_memory`, `limits_memory_swap`, `limits_memory_reservation`
                /// and `limits_cpus` to those limits that are not `None`.
                pub fn limits(mut self, limits: &ResourceLimits) -> Self {
                    let body = &mut self.0.body;
                    write(&mut body.limits_memory, limits.memory.as_ref());
                    write(&mut body.limits_memory_swap, limits.memory_swap.as_ref());
                    write(&mut body.limits_memory_reservation, limits.memory_reservation.as_ref());
                    write(&mut body.limits_cpus, limits.cpus.as_ref());
                    self
                }
            }
        )+
    };
}

has_limits!("applications", Application);
takes_limits!(
    "applications",
    applications,
    CreatePublic,
    CreatePrivateGithubApp,
    CreatePrivateDeployKey,
    CreateDockerfile,
    CreateDockerImage,
    Update
);

has_limits!("databases", Database);
takes_limits!(
    "databases",
    databases,
    CreateClickhouse,
    CreateDragonfly,
    CreateKeydb,
    CreateMariadb,
    CreateMongodb,
    CreateMysql,
    CreatePostgresql,
    CreateRedis,
    CreateSqlite,
    UpdateClickhouse,
    UpdateDragonfly,
    UpdateKeydb,
    UpdateMariadb,
    UpdateMongodb,
    UpdateMysql,
    UpdatePostgresql,
    UpdateRedis,
    UpdateSqlite
);

fn read<Q>(text: Option<&str>, stored: fn(&str) -> Q) -> Option<Q> {
    text.filter(|text| !stripped(text).is_empty()).map(stored)
}

fn write(field: &mut Option<String>, limit: Option<&impl ToString>) {
    if let Some(limit) = limit {
        *field = Some(limit.to_string());
    }
}
