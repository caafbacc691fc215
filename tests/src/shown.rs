//! Collects everything that the SDK shows, to search it for secrets.

use std::error::Error as _;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, Once, PoisonError};

use coolify_sdk::Error;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::{MakeWriter, format::FmtSpan};

/// Returns all texts of an error and its causes.
#[must_use]
pub fn everything(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?} {}", error.report());
    let mut source = error.source();
    while let Some(cause) = source {
        text.extend([cause.to_string(), format!("{cause:?}")]);
        source = cause.source();
    }
    text
}

/// Collects what this thread traces on every level, while this value exists.
pub struct Traces {
    lines: Lines,
    _here: DefaultGuard,
}

impl Traces {
    /// Starts collecting.
    #[must_use]
    pub fn start() -> Self {
        let lines = Lines::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_span_events(FmtSpan::FULL)
            .with_writer(lines.clone())
            .finish();
        Self {
            lines,
            _here: tracing::subscriber::set_default(subscriber),
        }
    }

    /// Returns what was traced since the last call.
    pub fn take(&self) -> String {
        let mut lines = self.lines.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&std::mem::take(&mut *lines)).into_owned()
    }
}

/// Keeps tracing on for tests that run beside one that uses [`Traces`]. If such a
/// test reaches a span first, without a subscriber, tracing may disable the span
/// for the whole process.
pub fn keep_tracing_on() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An existing subscriber is fine, too.
        let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry());
    });
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
