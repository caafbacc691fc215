//! The tools, one file per family.

pub mod app;
mod apps;
mod auth;
mod backups;
mod commands;
mod create;
mod databases;
mod deployments;
mod diagnosis;
mod domains;
mod envs;
mod lifecycle;
pub mod logs;
mod placing;
mod registry;
mod repository;
mod update;
mod workspace;

pub use registry::Tools;

impl Tools {
    pub fn all() -> Self {
        let mut tools = Self::default();
        workspace::register(&mut tools);
        apps::register(&mut tools);
        create::register(&mut tools);
        update::register(&mut tools);
        repository::register(&mut tools);
        deployments::register(&mut tools);
        logs::register(&mut tools);
        commands::register(&mut tools);
        diagnosis::register(&mut tools);
        domains::register(&mut tools);
        envs::register(&mut tools);
        databases::register(&mut tools);
        backups::register(&mut tools);
        auth::register(&mut tools);
        tools
    }
}
