//! The differences between the variables of applications, databases and services.

use std::fmt;
use std::future::IntoFuture;

use super::sync::{Asked, Flags, VariableName, comment};
use crate::error::Result;
use crate::raw::types::EnvironmentVariable;
use crate::request::{Body, Request};
use crate::resource::Resource;
use crate::{Call, Secret, Uuid, raw};

/// A resource with environment variables.
#[doc(hidden)]
pub trait HasEnvs: Resource {
    type Create: IntoFuture<Output = Result<Uuid>, IntoFuture: Send> + fmt::Debug + Send;
    type CreateBody: Body + Send + Sync + 'static;
    type Update: IntoFuture<Output = Result<EnvironmentVariable>, IntoFuture: Send>
        + fmt::Debug
        + Send;
    type UpdateBody: Body + Send + Sync + 'static;
    type Bulk: Body + Clone + Send + Sync + 'static;

    /// Whether Coolify creates a preview variable for a new production variable.
    const TWINS: bool;

    fn creating(request: Request<Self::CreateBody, Uuid>) -> Self::Create;
    fn updating(request: Request<Self::UpdateBody, EnvironmentVariable>) -> Self::Update;
    fn new_variable(key: String, value: Secret) -> Self::CreateBody;
    fn new_value(key: String, value: Secret) -> Self::UpdateBody;
    fn is_meant(body: &Self::UpdateBody, variable: &EnvironmentVariable) -> bool;
    fn keep_flags(body: &mut Self::UpdateBody, current: &EnvironmentVariable);
    fn asked(item: &Self::Bulk) -> Asked<'_>;
    fn complete(item: &mut Self::Bulk, value: Option<&Secret>, flags: Flags);
    fn for_previews(item: Self::Bulk) -> Self::Bulk;
    fn named(name: &VariableName) -> Self::Bulk;

    fn list(raw: &raw::Client, uuid: &Uuid) -> Call<Vec<EnvironmentVariable>>;
    fn create(raw: &raw::Client, uuid: &Uuid, body: &Self::CreateBody) -> Call<Uuid>;
    fn update(raw: &raw::Client, uuid: &Uuid, body: &Self::UpdateBody)
    -> Call<EnvironmentVariable>;
    fn bulk(
        raw: &raw::Client,
        uuid: &Uuid,
        variables: Vec<Self::Bulk>,
    ) -> Call<Vec<EnvironmentVariable>>;
    fn delete(raw: &raw::Client, uuid: &Uuid, variable: &Uuid) -> Call<String>;
}

/// Implements the calls, the bodies and the flags of the variables of one kind of
/// resource.
macro_rules! has_envs {
    (
        $feature:literal, $handle:path,
        $list:ident, $create:ident($create_body:ident) -> $create_builder:ident,
        $update:ident($update_body:ident) -> $update_builder:ident,
        $bulk:ident($bulk_body:ident { $bulk_item:ident }), $delete:ident,
        flags: [$($flag:ident),*], same_place: $same_place:expr, is_preview: $is_preview:expr,
        twins: $twins:literal, $(previews: $preview:ident)?
    ) => {
        #[cfg(feature = $feature)]
        impl HasEnvs for $handle {
            type Create = super::$create_builder;
            type CreateBody = raw::types::$create_body;
            type Update = super::$update_builder;
            type UpdateBody = raw::types::$update_body;
            type Bulk = raw::types::$bulk_item;

            const TWINS: bool = $twins;

            fn creating(request: Request<Self::CreateBody, Uuid>) -> Self::Create {
                super::$create_builder(request)
            }

            fn updating(request: Request<Self::UpdateBody, EnvironmentVariable>) -> Self::Update {
                super::$update_builder(request)
            }

            fn new_variable(key: String, value: Secret) -> Self::CreateBody {
                let mut body = Self::CreateBody::new(key);
                body.value = Some(value);
                body
            }

            fn new_value(key: String, value: Secret) -> Self::UpdateBody {
                Self::UpdateBody::new(key, value)
            }

            fn is_meant(body: &Self::UpdateBody, variable: &EnvironmentVariable) -> bool {
                let same_place: fn(&Self::UpdateBody, &EnvironmentVariable) -> bool = $same_place;
                variable.key == body.key && same_place(body, variable)
            }

            fn keep_flags(body: &mut Self::UpdateBody, current: &EnvironmentVariable) {
                $( body.$flag = body.$flag.or(current.$flag); )*
                if body.comment.is_none() {
                    body.comment = current.comment.clone().map(Into::into);
                }
            }

            fn asked(item: &Self::Bulk) -> Asked<'_> {
                let is_preview: fn(&Self::Bulk) -> bool = $is_preview;
                Asked {
                    key: &item.key,
                    is_preview: is_preview(item),
                    value: item.value.as_ref(),
                    flags: Flags {
                        is_buildtime: item.is_buildtime,
                        is_literal: item.is_literal,
                        is_multiline: item.is_multiline,
                        is_runtime: item.is_runtime,
                        is_shown_once: item.is_shown_once,
                    },
                    comment: item.comment.as_ref().map(comment),
                }
            }

            fn complete(item: &mut Self::Bulk, value: Option<&Secret>, flags: Flags) {
                item.value = item.value.take().or_else(|| value.cloned());
                $( item.$flag = item.$flag.or(flags.$flag); )*
            }

            fn for_previews(item: Self::Bulk) -> Self::Bulk {
                Self::Bulk {
                    $( $preview: Some(true), )?
                    ..item
                }
            }

            fn named(name: &VariableName) -> Self::Bulk {
                let item = Self::Bulk::new(&name.key);
                if name.is_preview {
                    Self::for_previews(item)
                } else {
                    item
                }
            }

            fn list(raw: &raw::Client, uuid: &Uuid) -> Call<Vec<EnvironmentVariable>> {
                raw.$list(uuid.as_str())
            }

            fn create(raw: &raw::Client, uuid: &Uuid, body: &Self::CreateBody) -> Call<Uuid> {
                raw.$create(uuid.as_str(), body).map(|created| created.uuid)
            }

            fn update(
                raw: &raw::Client,
                uuid: &Uuid,
                body: &Self::UpdateBody,
            ) -> Call<EnvironmentVariable> {
                raw.$update(uuid.as_str(), body)
            }

            fn bulk(
                raw: &raw::Client,
                uuid: &Uuid,
                variables: Vec<Self::Bulk>,
            ) -> Call<Vec<EnvironmentVariable>> {
                let body = raw::types::$bulk_body::new(variables);
                raw.$bulk(uuid.as_str(), &body)
            }

            fn delete(raw: &raw::Client, uuid: &Uuid, variable: &Uuid) -> Call<String> {
                raw.$delete(uuid.as_str(), variable.as_str()).message()
            }
        }
    };
}

has_envs!(
    "applications", crate::applications::ApplicationHandle,
    list_envs_by_application_uuid,
    create_env_by_application_uuid(CreateEnvByApplicationUuidBody) -> CreateApplicationVariable,
    update_env_by_application_uuid(UpdateEnvByApplicationUuidBody) -> UpdateApplicationVariable,
    update_envs_by_application_uuid(UpdateEnvsByApplicationUuidBody { BulkApplicationVariable }),
    delete_env_by_application_uuid,
    flags: [is_buildtime, is_literal, is_multiline, is_runtime, is_shown_once],
    same_place: |body, variable| {
        body.is_preview.unwrap_or(false) == variable.is_preview.unwrap_or(false)
    },
    is_preview: |item| item.is_preview.unwrap_or(false),
    twins: true, previews: is_preview
);

has_envs!(
    "databases", crate::databases::DatabaseHandle,
    list_envs_by_database_uuid,
    create_env_by_database_uuid(CreateVariableBody) -> CreateVariable,
    update_env_by_database_uuid(UpdateVariableBody) -> UpdateVariable,
    update_envs_by_database_uuid(UpdateVariablesBody { BulkVariable }),
    delete_env_by_database_uuid,
    flags: [is_literal, is_multiline, is_shown_once],
    same_place: |_, _| true,
    is_preview: |_| false,
    twins: false,
);

has_envs!(
    "services", crate::services::ServiceHandle,
    list_envs_by_service_uuid,
    create_env_by_service_uuid(CreateVariableBody) -> CreateVariable,
    update_env_by_service_uuid(UpdateVariableBody) -> UpdateVariable,
    update_envs_by_service_uuid(UpdateVariablesBody { BulkVariable }),
    delete_env_by_service_uuid,
    flags: [is_literal, is_multiline, is_shown_once],
    same_place: |_, _| true,
    is_preview: |_| false,
    twins: false,
);
