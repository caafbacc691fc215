//! Runs the tests inside of the modules of the example. Cargo would run them by itself for
//! an example with `test = true`, but then builds no program for the tests that run it.
#![allow(dead_code, unused_imports, reason = "this is a part of the program")]

#[path = "../failure.rs"]
mod failure;
#[path = "../keys.rs"]
mod keys;
#[path = "../tiers.rs"]
mod tiers;
#[path = "../validate/mod.rs"]
mod validate;
