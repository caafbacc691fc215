//! The fields of a service and of its containers, each in the form in which Coolify stores it,
//! according to its source and to servers from 4.0.0 to 4.3.11.

use crate::raw::types::{
    UpdateServiceApplicationBody, UpdateServiceByUuidBody, UpdateServiceDatabaseBody,
};
use crate::verify::{Field, Form, Table, verifies};

static SERVICE: Table = Table::new(&[
    Field::plain("connect_to_docker_network"),
    Field::new("description", Form::NoTags),
    Field::new("docker_compose_raw", Form::ComposeFile).hidden(),
    Field::new("force_domain_override", Form::Option),
    Field::new("instant_deploy", Form::Action),
    Field::plain("is_container_label_escape_enabled"),
    Field::new("name", Form::NoTags),
    Field::plain("redact_all_env_values_in_logs"),
    Field::new("urls", Form::ServiceUrls).at("/applications"),
]);

/// The fields of the applications and databases in a service.
static SERVICE_PART: Table = Table::new(&[
    Field::plain("description"),
    Field::plain("exclude_from_status"),
    Field::plain("human_name"),
    Field::new("image", Form::Html),
    Field::plain("is_force_https_enabled"),
    Field::plain("is_gzip_enabled"),
    Field::plain("is_log_drain_enabled"),
    Field::plain("is_public"),
    Field::plain("is_stripprefix_enabled"),
    Field::plain("max_restart_count"),
    Field::new("noindex_domains", Form::FlaggedDomains),
    Field::plain("public_port"),
    Field::plain("public_port_timeout"),
    Field::new("url", Form::Addresses).at("/fqdn"),
]);

verifies!(SERVICE, UpdateServiceByUuidBody);

verifies!(
    SERVICE_PART,
    UpdateServiceApplicationBody,
    UpdateServiceDatabaseBody
);
