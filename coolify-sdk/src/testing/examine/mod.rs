//! Tools that examine the SDK instead of imitating Coolify: how it reads a reply,
//! and what it sends and receives.

mod inspect;
mod observe;

pub use self::{
    inspect::{Inspection, debug, inspect, reread},
    observe::Exchange,
};
