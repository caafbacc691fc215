//! The runtime of calls that block.
//!
//! Its calls have connections of their own: a connection is driven by the runtime that
//! opened it, which may be the one that a blocking call blocks.

use std::{
    cell::Cell,
    future::{Future, pending},
    panic::resume_unwind,
    sync::OnceLock,
    thread,
};

use tokio::runtime::{Builder, Handle};

thread_local! {
    static IS_OWN: Cell<bool> = const { Cell::new(false) };
}

/// Returns whether this thread belongs to the runtime.
pub(super) fn is_here() -> bool {
    IS_OWN.get()
}

/// Runs a future in the runtime, and blocks this thread until it is over.
pub(crate) fn block_on<F>(future: F) -> F::Output
where
    F: Future + Send,
    F::Output: Send,
{
    let handle = handle();
    // A thread of a runtime must not block on another one, so a thread without one does.
    thread::scope(|scope| {
        let work = scope.spawn(|| {
            IS_OWN.set(true);
            handle.block_on(future)
        });
        work.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

/// Returns the runtime, which is started by the first call.
fn handle() -> &'static Handle {
    static RUNTIME: OnceLock<Handle> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_current_thread();
        #[expect(
            clippy::expect_used,
            reason = "like `std::thread::spawn`, it cannot go on without a thread"
        )]
        let runtime = builder.enable_all().build().expect("a runtime");
        let handle = runtime.handle().clone();
        thread::spawn(move || {
            IS_OWN.set(true);
            runtime.block_on(pending::<()>());
        });
        handle
    })
}
