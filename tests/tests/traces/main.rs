//! What the workflows send, wait for and return, from the first request to the
//! outcome.
//!
//! Each test tells the whole story of a workflow, and compares it with a snapshot. The
//! server runs in the runtime of the test, so that its clock can be paused and waiting
//! takes no time.

mod applications;
mod backups;
mod bound;
mod bulk;
mod cancelled;
mod container_logs;
mod databases;
mod deploy;
mod diagnose;
mod domains;
mod domains_of_containers;
mod env_files;
mod env_sync;
mod fleet;
mod follow;
mod hetzner;
mod imports;
mod logs_of_deployments;
mod projects;
mod provisioning;
mod quota;
mod rollout;
mod run_command;
mod scheduled_tasks;
mod services;
mod small_rooms;
mod stage;
mod statuses;
mod storages;
mod team_calls;
mod untyped;
mod uploads;
mod verified;
mod verified_fields;
mod watch;
