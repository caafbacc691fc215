//! All that the SDK shows, to look for what it must not show.

use std::error::Error as _;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, Once, PoisonError};

use coolify_sdk::Error;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::{MakeWriter, format::FmtSpan};

/// All that an error says, and what caused it.
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

/// What this thread traces, on every level, as long as this lives.
pub struct Traces {
    lines: Lines,
    _here: DefaultGuard,
}

impl Traces {
    /// From now on.
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

    /// What came since the last time.
    pub fn take(&self) -> String {
        let mut lines = self.lines.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&std::mem::take(&mut *lines)).into_owned()
    }
}

/// For tests beside one that looks at [`Traces`]: where they met a span for the
/// first time, and had no subscriber, tracing could note for all of the process
/// that nobody is interested in the span.
pub fn keep_tracing_on() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // One that is there already does as well.
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
