//! The calls for the variables of a kind of resource.

use std::fmt;
use std::future::IntoFuture;

use super::sync::{Asked, Flags, VariableName};
use crate::error::Result;
use crate::raw::types::{EnvironmentVariable, Message};
use crate::request::{Body, Request};
use crate::resource::ResourceHandle;
use crate::{Call, Secret, Uuid, raw};

/// A resource with environment variables: an application, a database or a service.
///
/// Only the three handles implement it. It is the bound of generic functions over
/// [`Envs`](super::Envs).
pub trait HasEnvs: ResourceHandle {
    /// The builder that [`Envs::create`](super::Envs::create) returns.
    type Create: IntoFuture<Output = Result<Uuid>, IntoFuture: Send> + fmt::Debug + Send;
    /// The builder that [`Envs::update`](super::Envs::update) returns.
    type Update: IntoFuture<Output = Result<EnvironmentVariable>, IntoFuture: Send>
        + fmt::Debug
        + Send;
    /// A variable for [`Envs::bulk`](super::Envs::bulk) and
    /// [`Envs::sync`](super::Envs::sync).
    type Bulk: Clone + Send + Sync + 'static;

    /// Whether Coolify creates a preview variable for a new production variable.
    #[doc(hidden)]
    const TWINS: bool;
    #[doc(hidden)]
    type CreateBody: Body + Send + Sync + 'static;
    #[doc(hidden)]
    type UpdateBody: Body + Send + Sync + 'static;

    #[doc(hidden)]
    fn creating(request: Request<Self::CreateBody, Uuid>) -> Self::Create;
    #[doc(hidden)]
    fn updating(request: Request<Self::UpdateBody, EnvironmentVariable>) -> Self::Update;
    #[doc(hidden)]
    fn new_variable(key: String, value: Secret) -> Self::CreateBody;
    #[doc(hidden)]
    fn new_value(key: String, value: Secret) -> Self::UpdateBody;
    #[doc(hidden)]
    fn is_meant(body: &Self::UpdateBody, variable: &EnvironmentVariable) -> bool;
    #[doc(hidden)]
    fn keep_flags(body: &mut Self::UpdateBody, current: &EnvironmentVariable);
    #[doc(hidden)]
    fn check(item: &Self::Bulk) -> Result<()>;
    #[doc(hidden)]
    fn asked(item: &Self::Bulk) -> Asked<'_>;
    #[doc(hidden)]
    fn complete(item: &mut Self::Bulk, value: Option<&Secret>, flags: Flags);
    #[doc(hidden)]
    fn for_previews(item: Self::Bulk) -> Self::Bulk;
    #[doc(hidden)]
    fn named(name: &VariableName) -> Self::Bulk;

    #[doc(hidden)]
    fn list_envs(raw: &raw::Client, uuid: &Uuid) -> Call<Vec<EnvironmentVariable>>;
    #[doc(hidden)]
    fn create_env(raw: &raw::Client, uuid: &Uuid, body: &Self::CreateBody) -> Call<Uuid>;
    #[doc(hidden)]
    fn update_env(
        raw: &raw::Client,
        uuid: &Uuid,
        body: &Self::UpdateBody,
    ) -> Call<EnvironmentVariable>;
    #[doc(hidden)]
    fn update_envs(
        raw: &raw::Client,
        uuid: &Uuid,
        variables: Vec<Self::Bulk>,
    ) -> Call<Vec<EnvironmentVariable>>;
    #[doc(hidden)]
    fn delete_env(raw: &raw::Client, uuid: &Uuid, variable: &Uuid) -> Call<Message>;
}

/// Implements the calls for the variables of a kind of resource, and one of the
/// two forms of variables: those of applications, which are for production or
/// previews and have all flags, or the plain ones.
macro_rules! has_envs {
    (
        $handle:ty, $form:ident,
        list: $list:ident,
        create: $create:ident,
        update: $update:ident,
        bulk: $bulk:ident,
        delete: $delete:ident,
    ) => {
        $crate::envs::has_envs!(@$form $handle, $list $create $update $bulk $delete);
    };
    (@of_applications $handle:ty, $list:ident $create:ident $update:ident $bulk:ident $delete:ident) => {
        $crate::envs::has_envs!(
            @ $handle,
            $list, $create(CreateEnvByApplicationUuidBody) -> CreateApplicationVariable,
            $update(UpdateEnvByApplicationUuidBody) -> UpdateApplicationVariable,
            $bulk(UpdateEnvsByApplicationUuidBody { BulkApplicationVariable }), $delete,
            flags: [is_buildtime, is_literal, is_multiline, is_runtime, is_shown_once],
            same_place: |body, variable| {
                body.is_preview.unwrap_or(false) == variable.is_preview.unwrap_or(false)
            },
            is_preview: |item| item.is_preview.unwrap_or(false),
            twins: true, previews: is_preview
        );
    };
    (@plain $handle:ty, $list:ident $create:ident $update:ident $bulk:ident $delete:ident) => {
        $crate::envs::has_envs!(
            @ $handle,
            $list, $create(CreateVariableBody) -> CreateVariable,
            $update(UpdateVariableBody) -> UpdateVariable,
            $bulk(UpdateVariablesBody { BulkVariable }), $delete,
            flags: [is_literal, is_multiline, is_shown_once],
            same_place: |_, _| true,
            is_preview: |_| false,
            twins: false,
        );
    };
    (
        @ $handle:ty,
        $list:ident, $create:ident($create_body:ident) -> $create_builder:ident,
        $update:ident($update_body:ident) -> $update_builder:ident,
        $bulk:ident($bulk_body:ident { $bulk_item:ident }), $delete:ident,
        flags: [$($flag:ident),*], same_place: $same_place:expr, is_preview: $is_preview:expr,
        twins: $twins:literal, $(previews: $preview:ident)?
    ) => {
        impl $crate::envs::HasEnvs for $handle {
            type Create = $crate::envs::$create_builder;
            type CreateBody = $crate::raw::types::$create_body;
            type Update = $crate::envs::$update_builder;
            type UpdateBody = $crate::raw::types::$update_body;
            type Bulk = $crate::raw::types::$bulk_item;

            const TWINS: bool = $twins;

            fn creating(request: $crate::request::Request<Self::CreateBody, $crate::Uuid>) -> Self::Create {
                $crate::envs::$create_builder(request)
            }

            fn updating(request: $crate::request::Request<Self::UpdateBody, $crate::raw::types::EnvironmentVariable>) -> Self::Update {
                $crate::envs::$update_builder(request)
            }

            fn new_variable(key: String, value: $crate::Secret) -> Self::CreateBody {
                let mut body = Self::CreateBody::new(key);
                body.value = Some(value);
                body
            }

            fn new_value(key: String, value: $crate::Secret) -> Self::UpdateBody {
                Self::UpdateBody::new(key, value)
            }

            fn is_meant(body: &Self::UpdateBody, variable: &$crate::raw::types::EnvironmentVariable) -> bool {
                let same_place: fn(&Self::UpdateBody, &$crate::raw::types::EnvironmentVariable) -> bool = $same_place;
                variable.key == body.key && same_place(body, variable)
            }

            fn keep_flags(body: &mut Self::UpdateBody, current: &$crate::raw::types::EnvironmentVariable) {
                $( body.$flag = body.$flag.or(current.$flag); )*
                if body.comment.is_none() {
                    body.comment = current.comment.clone().map(Into::into);
                }
            }

            fn check(item: &Self::Bulk) -> $crate::Result<()> {
                $crate::request::Body::check(item)
            }

            fn asked(item: &Self::Bulk) -> $crate::envs::Asked<'_> {
                let is_preview: fn(&Self::Bulk) -> bool = $is_preview;
                $crate::envs::Asked {
                    key: &item.key,
                    is_preview: is_preview(item),
                    value: item.value.as_ref(),
                    flags: $crate::envs::Flags {
                        is_buildtime: item.is_buildtime,
                        is_literal: item.is_literal,
                        is_multiline: item.is_multiline,
                        is_runtime: item.is_runtime,
                        is_shown_once: item.is_shown_once,
                    },
                    comment: item.comment.as_ref().map($crate::envs::comment),
                }
            }

            fn complete(item: &mut Self::Bulk, value: Option<&$crate::Secret>, flags: $crate::envs::Flags) {
                item.value = item.value.take().or_else(|| value.cloned());
                $( item.$flag = item.$flag.or(flags.$flag); )*
            }

            fn for_previews(item: Self::Bulk) -> Self::Bulk {
                Self::Bulk {
                    $( $preview: Some(true), )?
                    ..item
                }
            }

            fn named(name: &$crate::envs::VariableName) -> Self::Bulk {
                let item = Self::Bulk::new(&name.key);
                if name.is_preview {
                    Self::for_previews(item)
                } else {
                    item
                }
            }

            $crate::resource::calls! {
                list_envs: $list[]() -> Vec<$crate::raw::types::EnvironmentVariable>,
                update_env: $update[](body: &Self::UpdateBody)
                    -> $crate::raw::types::EnvironmentVariable,
                delete_env: $delete[variable]() -> $crate::raw::types::Message,
            }

            fn create_env(
                raw: &$crate::raw::Client,
                uuid: &$crate::Uuid,
                body: &Self::CreateBody,
            ) -> $crate::Call<$crate::Uuid> {
                raw.$create(uuid.as_str(), body).map(|created| created.uuid)
            }

            fn update_envs(
                raw: &$crate::raw::Client,
                uuid: &$crate::Uuid,
                variables: Vec<Self::Bulk>,
            ) -> $crate::Call<Vec<$crate::raw::types::EnvironmentVariable>> {
                let body = $crate::raw::types::$bulk_body::new(variables);
                raw.$bulk(uuid.as_str(), &body)
            }
        }
    };
}

pub(crate) use has_envs;
