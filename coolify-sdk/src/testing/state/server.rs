//! Servers.

use serde_json::Value;

use crate::testing::{
    http::Reply,
    state::{Job, State},
};

/// A server with its own data.
pub(in crate::testing) struct Server {
    pub(in crate::testing) row: Value,
    pub(in crate::testing) settings: Value,
    /// The runs of its Docker cleanup, the last one first.
    pub(in crate::testing) cleanups: Vec<(Job, Value)>,
    /// The configuration of its proxy.
    pub(in crate::testing) proxy_configuration: Value,
}

impl Server {
    /// Returns the row with its settings, for assertions.
    pub(in crate::testing) fn snapshot(&self) -> Value {
        let mut row = self.row.clone();
        row["settings"] = self.settings.clone();
        row
    }
}

impl State {
    /// Returns the server that Coolify itself runs on.
    pub(in crate::testing) fn localhost(&mut self) -> &mut Server {
        // It always exists, because it cannot be deleted.
        &mut self.servers[0]
    }

    /// Returns a server by its uuid.
    pub(in crate::testing) fn server(&self, uuid: &str) -> Result<&Server, Reply> {
        let mut servers = self.servers.iter();
        servers
            .find(|server| server.row["uuid"] == uuid)
            .ok_or_else(|| Reply::not_found("Server"))
    }

    /// Returns a server by its uuid, to be changed.
    pub(in crate::testing) fn server_mut(&mut self, uuid: &str) -> Result<&mut Server, Reply> {
        let mut servers = self.servers.iter_mut();
        servers
            .find(|server| server.row["uuid"] == uuid)
            .ok_or_else(|| Reply::not_found("Server"))
    }

    /// Returns whether the server of a destination stores the domains of
    /// applications. It does not without a proxy, or as a build server.
    pub(in crate::testing) fn keeps_domains(&self, destination: &Value) -> bool {
        self.server_of(destination).is_some_and(|server| {
            server.row["proxy"]["type"] != "NONE" && server.settings["is_build_server"] != true
        })
    }

    /// Returns the server that a destination is on.
    pub(in crate::testing) fn server_of(&self, destination: &Value) -> Option<&Server> {
        let mut rows = self.tables.of("destinations").iter();
        let id = &rows.find(|row| row["id"] == *destination)?["server_id"];
        self.servers.iter().find(|server| server.row["id"] == *id)
    }
}
