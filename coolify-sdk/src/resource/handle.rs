//! The handles of resources.

/// Defines the handle of a resource: its struct, the method of the client that returns
/// it, its implementation of [`ResourceHandle`](super::ResourceHandle), and the methods that all
/// kinds of resources have. [`kind!`](super::kind) names the calls.
macro_rules! resource_handle {
    (
        $(#[$doc:meta])* $name:ident, $noun:literal,
        $(#[$getter_doc:meta])* $getter:ident
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            coolify: $crate::Coolify,
            uuid: $crate::Uuid,
        }

        impl $crate::Coolify {
            $(#[$getter_doc])*
            #[must_use]
            pub fn $getter(&self, uuid: impl Into<$crate::Uuid>) -> $name {
                $name { coolify: self.clone(), uuid: uuid.into() }
            }
        }

        impl $name {
            /// Returns its uuid.
            #[must_use]
            pub fn uuid(&self) -> &$crate::Uuid {
                &self.uuid
            }

            #[doc = concat!("Stops the ", $noun, ". See [`Stop`](crate::resource::Stop).")]
            ///
            /// Needs the `deploy` ability. Since Coolify 4.0.0.
            #[inline]
            pub fn stop(&self) -> $crate::resource::Stop {
                $crate::resource::Stop::new(self)
            }

            #[doc = concat!("Watches the ", $noun, " until it is healthy.")]
            ///
            /// Needs the `read` ability. Since Coolify 4.0.0.
            #[must_use]
            pub fn until_healthy(&self) -> $crate::resource::StatusWatch {
                $crate::resource::StatusWatch::until_healthy(self)
            }

            #[doc = concat!("Watches the ", $noun, " until it has stopped.")]
            ///
            /// Needs the `read` ability. Since Coolify 4.0.0.
            #[must_use]
            pub fn until_stopped(&self) -> $crate::resource::StatusWatch {
                $crate::resource::StatusWatch::until_stopped(self)
            }

            #[doc = concat!("Deletes the ", $noun, ". See [`Delete`](crate::resource::Delete).")]
            ///
            /// Needs the `write` ability. Since Coolify 4.0.0.
            #[inline]
            pub fn delete(&self, volumes: $crate::resource::Volumes) -> $crate::resource::Delete {
                $crate::resource::Delete::new(self, volumes)
            }

            #[doc = concat!("Deletes the ", $noun, " if this is its exact name, for")]
            /// tools and agents that look up the uuid by a name. See
            /// [`delete`](Self::delete).
            ///
            /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
            ///
            /// # Errors
            ///
            /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if it has
            /// another name. Nothing is deleted then.
            #[inline]
            pub fn delete_confirmed(
                &self,
                name: impl Into<String>,
                volumes: $crate::resource::Volumes,
            ) -> $crate::resource::Delete {
                $crate::resource::Delete::confirmed(self, name.into(), volumes)
            }

            #[doc = concat!("Moves the ", $noun, " to another environment, of this project or")]
            /// another. It stays on its server and keeps running.
            ///
            /// Needs the `write` ability. Since Coolify 4.2.0.
            ///
            /// # Errors
            ///
            /// [`Error::is_conflict`](crate::Error::is_conflict) if it is already there;
            /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
            /// environment.
            #[inline]
            pub fn move_to(
                &self,
                environment: impl Into<$crate::Uuid>,
            ) -> $crate::Call<$crate::resource::MovedResource> {
                $crate::resource::transfer::move_to(self, environment.into())
            }

            #[doc = concat!("Copies the ", $noun, " to a destination. See")]
            /// [`CloneTo`](crate::resource::CloneTo).
            ///
            /// Needs the `write` ability. Since Coolify 4.3.0.
            #[inline]
            pub fn clone_to(
                &self,
                destination: impl Into<$crate::Uuid>,
            ) -> $crate::resource::CloneTo {
                $crate::resource::CloneTo::new(self, destination.into())
            }

            #[doc = concat!("Moves the ", $noun, " to a destination on another server. See")]
            /// [`Migrate`](crate::resource::Migrate).
            ///
            /// Needs the `write` ability. Since Coolify 4.3.0, on development
            /// instances only.
            #[inline]
            pub fn migrate(
                &self,
                destination: impl Into<$crate::Uuid>,
            ) -> $crate::resource::Migrate {
                $crate::resource::Migrate::new(self, destination.into())
            }
        }

        impl $crate::resource::ResourceHandle for $name {
            fn uuid(&self) -> &$crate::Uuid {
                &self.uuid
            }

            fn coolify(&self) -> &$crate::Coolify {
                &self.coolify
            }
        }
    };
}

pub(crate) use resource_handle;
