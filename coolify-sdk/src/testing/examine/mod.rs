//! What examines the SDK instead of playing Coolify: what it makes of a reply, and what
//! it sends and receives.

mod inspect;
mod observe;

pub use self::{
    inspect::{Inspection, debug, inspect, reread},
    observe::Exchange,
};
