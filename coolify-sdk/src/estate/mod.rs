//! Overviews of a team, and finding its resources by name.
//!
//! - [`Coolify::overview`](crate::Coolify::overview) reads the servers, projects and
//!   resources of a team into one snapshot.
//! - [`Coolify::find`](crate::Coolify::find) finds a resource, a project or a server by
//!   its name, its domain, its address or its uuid; so do `find` methods of the rooms,
//!   such as [`applications().find(..)`](crate::applications::Applications::find).
//! - [`Projects::ensure`](crate::projects::Projects::ensure) and
//!   [`Environments::ensure`](crate::projects::Environments::ensure) find something by
//!   its name, or create it.

mod ensure;
mod find;
mod overview;

pub use find::{Find, Found, FoundKind};
pub use overview::{LatestDeployment, Named, Overview, OverviewResource, TakeOverview, Unread};
