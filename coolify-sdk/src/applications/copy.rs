//! Copying the settings of one application to another.

use super::{Application, Update};
use crate::{Clearable, Secret};

trait Text: Clone {
    fn is_empty(&self) -> bool;
}

impl Text for String {
    fn is_empty(&self) -> bool {
        self.as_str().is_empty()
    }
}

impl Text for Secret {
    fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

/// Returns the text of a field that is set; Coolify returns an empty text for many
/// fields that are not.
fn told<T: Text>(text: Option<&T>) -> Option<T> {
    text.filter(|it| !it.is_empty()).cloned()
}

/// Copies the fields that the application has, in the form of the body.
macro_rules! copy {
    ($body:ident, $from:expr; plain: $($plain:ident),*; text: $($text:ident),*;
     clearable: $($clearable:ident),*; clearable_numbers: $($number:ident),*) => {
        $( if let Some(value) = $from.$plain.clone() { $body.$plain = Some(value.into()); } )*
        $( if let Some(value) = told($from.$text.as_ref()) { $body.$text = Some(value.into()); } )*
        $(
            if let Some(value) = told($from.$clearable.as_ref()) {
                $body.$clearable = Some(Clearable::Set(value.into()));
            }
        )*
        $( if let Some(value) = $from.$number { $body.$number = Some(Clearable::Set(value)); } )*
    };
}

impl Update {
    /// Sets the fields of the update to the settings of another application: how it is
    /// built, started, checked and limited, and the switches of its *Advanced* page.
    /// Later setters overwrite them. Fields that the other application has not set are
    /// not changed.
    ///
    /// These are not copied:
    ///
    /// - the identity: name, description, domains, published ports, network aliases,
    ///   container name, and the labels, which contain the domains;
    /// - the source: build pack, repository, branch, commit, image, Dockerfile and
    ///   compose file;
    /// - the secrets: user and password of basic authentication, and the secrets of
    ///   webhooks;
    /// - the choice of a build server;
    /// - environment variables, storages, scheduled tasks and tags.
    ///
    /// Some servers hide commands from a token without the `read:sensitive` ability;
    /// they are not copied then. Nothing is sent until the update is sent.
    ///
    /// To copy an application with its variables and storages, use
    /// [`clone_to`](super::ApplicationHandle::clone_to).
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let production = coolify.application("khzsv5nucvscskrm5gez3p8v").get().await?;
    /// let staging = coolify.application("y4ahzvo3zrdwhhjscv16sqbc");
    /// staging.update().copy_from(&production).limits_memory("512M").await?;
    /// # Ok(()) }
    /// ```
    pub fn copy_from(mut self, application: &Application) -> Self {
        let body = &mut self.0.body;
        copy! {
            body, application;
            plain: health_check_enabled, health_check_interval,
                health_check_return_code, health_check_retries, health_check_start_period,
                health_check_timeout, health_check_type, limits_cpu_shares,
                limits_memory_swappiness, max_restart_count, redirect;
            text: health_check_host, health_check_method, health_check_path,
                health_check_scheme, limits_cpus, limits_memory, limits_memory_reservation,
                limits_memory_swap, ports_exposes, post_deployment_command_container,
                pre_deployment_command_container, preview_url_template, static_image;
            clearable: base_directory, build_command, custom_docker_run_options,
                docker_compose_custom_build_command, docker_compose_custom_start_command,
                docker_compose_location, dockerfile_location, dockerfile_target_build,
                health_check_command, health_check_response_text, install_command,
                limits_cpuset, post_deployment_command, pre_deployment_command,
                publish_directory, start_command;
            clearable_numbers:
        }
        if let Some(nginx) = told(application.custom_nginx_configuration.as_ref()) {
            body.custom_nginx_configuration = Some(Clearable::Set(nginx));
        }
        let port = application.health_check_port.as_ref();
        if let Some(port) = port.and_then(|port| port.parse().ok()) {
            body.health_check_port = Some(Clearable::Set(port));
        }
        if let Some(settings) = &application.settings {
            copy! {
                body, settings;
                plain: connect_to_docker_network, disable_build_cache, docker_images_to_keep,
                    include_source_commit_in_build, inject_build_args_to_dockerfile,
                    is_auto_deploy_enabled, is_container_label_escape_enabled,
                    is_env_sorting_enabled, is_force_https_enabled, is_git_lfs_enabled,
                    is_git_shallow_clone_enabled, is_git_submodules_enabled, is_gpu_enabled,
                    is_gzip_enabled, is_log_drain_enabled, is_pr_deployments_public_enabled,
                    is_preserve_repository_enabled, is_preview_deployments_enabled,
                    is_raw_compose_deployment_enabled, is_spa, is_static,
                    is_stripprefix_enabled;
                text: gpu_driver;
                clearable: gpu_count, gpu_device_ids, gpu_options;
                clearable_numbers: stop_grace_period
            }
        }
        self
    }
}
