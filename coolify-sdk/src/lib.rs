//! A truthful Rust SDK for Coolify.
