//! Prints lines on stdout and stderr, and does not fail when the reader has gone.
//!
//! The `println!` of the standard library panics then, as in
//! `quickstart | head -3`. These macros drop the line instead, and [`stopped`]
//! lets the program end in order, so that it still removes what it has created.

use std::fmt::Arguments;
use std::io::{self, Write as _};
use std::sync::OnceLock;

use tokio::sync::Notify;

/// Why stdout no longer accepts output.
static CLOSED: OnceLock<io::ErrorKind> = OnceLock::new();
static NOTICE: Notify = Notify::const_new();

/// Prints a line on stdout.
#[macro_export]
macro_rules! println {
    () => { $crate::print_line(::std::format_args!("")) };
    ($($text:tt)*) => { $crate::print_line(::std::format_args!($($text)*)) };
}

/// Prints a line on stderr.
#[macro_export]
macro_rules! eprintln {
    ($($text:tt)*) => { $crate::tell_line(::std::format_args!($($text)*)) };
}

#[doc(hidden)]
pub fn print_line(line: Arguments<'_>) {
    if CLOSED.get().is_some() {
        return;
    }
    // Flushed, so that each line appears at once and a closed pipe is noticed.
    let mut out = io::stdout().lock();
    if let Err(error) = writeln!(out, "{line}").and_then(|()| out.flush()) {
        let _ = CLOSED.set(error.kind());
        NOTICE.notify_waiters();
    }
}

#[doc(hidden)]
pub fn tell_line(line: Arguments<'_>) {
    // There is nowhere left to report that this failed.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Waits until the program has to stop: at Ctrl-C, when the system ends it, or when
/// nobody reads its output.
pub async fn stopped() {
    let notice = NOTICE.notified();
    if CLOSED.get().is_some() {
        return;
    }
    tokio::select! {
        () = notice => {}
        _ = tokio::signal::ctrl_c() => {}
        () = terminated() => {}
    }
}

/// Waits for SIGTERM, which service managers and containers send to end a program.
#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signals) => drop(signals.recv().await),
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}

/// Returns the error that kept output from being written, unless the reader has
/// gone.
#[must_use]
pub fn failure() -> Option<io::Error> {
    let kind = CLOSED
        .get()
        .filter(|it| **it != io::ErrorKind::BrokenPipe)?;
    Some(io::Error::from(*kind))
}

/// Returns whether the reader of stdout has gone.
#[must_use]
pub fn is_unread() -> bool {
    CLOSED.get() == Some(&io::ErrorKind::BrokenPipe)
}
