//! Calls, requests and streams for programs without `async`.
//!
//! [`Block::block`] waits for anything that can be awaited, and
//! [`BlockStream::block_iter`] turns a stream into an iterator:
//!
//! ```no_run
//! use coolify_sdk::Coolify;
//! use coolify_sdk::blocking::{Block, BlockStream};
//!
//! fn main() -> coolify_sdk::Result<()> {
//!     let coolify = Coolify::from_env()?;
//!     for project in coolify.projects().list().block()? {
//!         println!("{}", project.name);
//!     }
//!     let web = coolify.application("khzsv5nucvscskrm5gez3p8v");
//!     let run = web.deploy().block()?;
//!     for event in run.events().block_iter() {
//!         println!("{:?}", event?);
//!     }
//!     Ok(())
//! }
//! ```
//!
//! The first call starts a runtime with one thread, which runs all blocking calls of the
//! program. Within a runtime of its own, a program should use `.await` instead: there
//! `block` works as well, but blocks the thread that calls it.
//!
//! A client that was built with
//! [`http_client`](crate::CoolifyBuilder::http_client) has the connections of that HTTP
//! client. Do not use such a client in both ways from the same thread.

use std::future::IntoFuture;

use futures_core::Stream;
use futures_util::StreamExt;

use crate::transport::own_runtime::block_on;

/// Waits for anything that can be awaited, such as a [`Call`](crate::Call).
///
/// ```no_run
/// use coolify_sdk::{Coolify, blocking::Block};
///
/// # fn main() -> coolify_sdk::Result<()> {
/// let coolify = Coolify::from_env()?;
/// println!("Coolify {}", coolify.version().block()?);
/// # Ok(()) }
/// ```
pub trait Block: IntoFuture {
    /// Waits until it is over, and returns its result.
    ///
    /// # Panics
    ///
    /// Panics if no thread can be started, and if the future panics.
    fn block(self) -> Self::Output
    where
        Self: Sized,
        Self::IntoFuture: Send,
        Self::Output: Send,
    {
        block_on(self.into_future())
    }
}

impl<T: IntoFuture> Block for T {}

/// Turns a stream into an iterator: see [`block_iter`](Self::block_iter).
pub trait BlockStream: Stream {
    /// Returns an iterator that waits for each item.
    ///
    /// ```no_run
    /// use coolify_sdk::{Coolify, blocking::BlockStream};
    ///
    /// # fn main() -> coolify_sdk::Result<()> {
    /// let coolify = Coolify::from_env()?;
    /// let web = coolify.application("khzsv5nucvscskrm5gez3p8v");
    /// for deployment in web.deployments().stream().block_iter() {
    ///     println!("{}", deployment?.status);
    /// }
    /// # Ok(()) }
    /// ```
    fn block_iter(self) -> BlockIter<Self>
    where
        Self: Sized + Send + Unpin,
        Self::Item: Send,
    {
        BlockIter(self)
    }
}

impl<T: Stream> BlockStream for T {}

/// The iterator of [`BlockStream::block_iter`].
///
/// # Panics
///
/// Panics if no thread can be started, and if the stream panics.
#[derive(Debug)]
pub struct BlockIter<S>(S);

impl<S: Stream + Send + Unpin> Iterator for BlockIter<S>
where
    S::Item: Send,
{
    type Item = S::Item;

    fn next(&mut self) -> Option<S::Item> {
        block_on(self.0.next())
    }
}
