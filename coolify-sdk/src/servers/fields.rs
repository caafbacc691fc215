//! The fields of a server, each in the form in which Coolify stores it,
//! according to its source and to servers from 4.0.0 to 4.3.11.

use crate::raw::types::UpdateServerByUuidBody;
use crate::verify::{Field, Form, Table, verifies};

static SERVER: Table = Table::new(&[
    Field::plain("concurrent_builds"),
    Field::plain("connection_timeout"),
    Field::plain("deployment_queue_limit"),
    Field::plain("description"),
    Field::plain("dynamic_timeout"),
    Field::new("instant_validate", Form::Action),
    Field::plain("ip"),
    Field::plain("is_build_server"),
    Field::plain("is_terminal_enabled"),
    Field::plain("name"),
    Field::plain("port"),
    Field::new("private_key_uuid", Form::NotShown),
    Field::new("proxy_type", Form::Caseless).at("/proxy/type"),
    Field::plain("server_disk_usage_check_frequency"),
    Field::plain("server_disk_usage_notification_interval_hours"),
    Field::plain("server_disk_usage_notification_threshold"),
    Field::plain("server_role"),
    Field::plain("user"),
]);

verifies!(SERVER, UpdateServerByUuidBody);
