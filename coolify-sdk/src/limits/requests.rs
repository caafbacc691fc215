//! What has limits, and what takes them.

use super::{Cpus, Memory, ResourceLimits};
use crate::raw::types;
use crate::scalar::stripped;

/// The limits that something has: its fields as texts, read as amounts.
macro_rules! has_limits {
    ($feature:literal, $($model:ident),+) => {
        $(
            #[cfg(feature = $feature)]
            impl From<&types::$model> for ResourceLimits {
                /// Returns the limits as they are now.
                ///
                /// Coolify stores any text. Each is read as it takes effect: of
                /// `limits_cpus` the number at its beginning counts; a memory
                /// that Docker does not understand counts as no limit.
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

/// A setter for all limits at once.
macro_rules! takes_limits {
    ($feature:literal, $room:ident, $($builder:ident),+) => {
        $(
            #[cfg(feature = $feature)]
            impl crate::$room::$builder {
                /// Sets `limits_memory`, `limits_memory_swap`,
                /// `limits_memory_reservation` and `limits_cpus` to those of
                /// these limits that are given.
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
    UpdateClickhouse,
    UpdateDragonfly,
    UpdateKeydb,
    UpdateMariadb,
    UpdateMongodb,
    UpdateMysql,
    UpdatePostgresql,
    UpdateRedis
);

fn read<Q>(text: Option<&str>, stored: fn(&str) -> Q) -> Option<Q> {
    text.filter(|text| !stripped(text).is_empty()).map(stored)
}

fn write(field: &mut Option<String>, limit: Option<&impl ToString>) {
    if let Some(limit) = limit {
        *field = Some(limit.to_string());
    }
}
