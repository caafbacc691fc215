//! Lines on stdout and stderr, also after whoever reads them has gone.
//!
//! The `println!` of the standard library panics when its reader has gone, as in
//! `quickstart | head -3`. These macros drop the line instead, and [`stopped`] lets the
//! program end in order: what an example has made is removed all the same.

use std::fmt::Arguments;
use std::io::{self, Write as _};
use std::sync::OnceLock;

use tokio::sync::Notify;

/// Why stdout takes nothing any more.
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
    // Flushed, so that a line appears when it is said and a closed pipe is noticed then.
    let mut out = io::stdout().lock();
    if let Err(error) = writeln!(out, "{line}").and_then(|()| out.flush()) {
        let _ = CLOSED.set(error.kind());
        NOTICE.notify_waiters();
    }
}

#[doc(hidden)]
pub fn tell_line(line: Arguments<'_>) {
    // There is nowhere left to say that this failed.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Waits until the program is to stop: at Ctrl-C, or when nobody reads its output.
pub async fn stopped() {
    let notice = NOTICE.notified();
    if CLOSED.get().is_some() {
        return;
    }
    tokio::select! {
        () = notice => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// What kept stdout from taking everything; that its reader has gone is no failure.
pub(crate) fn failure() -> Option<io::Error> {
    let kind = CLOSED
        .get()
        .filter(|it| **it != io::ErrorKind::BrokenPipe)?;
    Some(io::Error::from(*kind))
}

/// Whether the reader of stdout has gone.
pub(crate) fn is_unread() -> bool {
    CLOSED.get() == Some(&io::ErrorKind::BrokenPipe)
}
