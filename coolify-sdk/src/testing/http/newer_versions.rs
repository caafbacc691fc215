//! Changes replies to those of versions that are newer than the recordings. The
//! evidence is Coolify's source.

use serde_json::Value;

use crate::{address, testing::http::Release};

/// Changes a reply to that of a version.
pub(in crate::testing) fn make_newer(reply: &mut Value, release: Release) {
    if release.has("4.3.15") {
        hide_ports(reply);
    }
}

/// Takes the ports out of the domains of applications. Those of services stay.
fn hide_ports(reply: &mut Value) {
    match reply {
        Value::Array(items) => items.iter_mut().for_each(hide_ports),
        Value::Object(fields) => {
            let is_application = fields.contains_key("build_pack");
            for (field, value) in fields {
                match value {
                    Value::String(text) if is_application && field == "fqdn" => {
                        let bare: Vec<_> =
                            address::split(text).map(address::without_port).collect();
                        *text = bare.join(",");
                    }
                    Value::Array(_) | Value::Object(_) => hide_ports(value),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}
