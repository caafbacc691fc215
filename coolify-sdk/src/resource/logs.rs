//! The logs of containers.

use futures_core::Stream;

use super::ResourceHandle;
use super::follow::{LogEvent, follow};
use crate::error::Result;
use crate::raw::types::Logs;
use crate::request::{BoxFuture, awaitable};
use crate::wait::{Patience, waits};
use crate::{Coolify, Uuid, Version, raw};

/// The log of a container, which has not been read yet: a future of its last
/// lines, or a stream of its lines.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::resource::LogEvent;
/// use futures_util::StreamExt;
///
/// let application = coolify.application("khzsv5nucvscskrm5gez3p8v");
/// match application.logs().lines(20).await? {
///     Some(text) => println!("{text}"),
///     None => println!("nothing is running"),
/// }
///
/// let mut events = application.logs().lines(0).follow();
/// while let Some(event) = events.next().await {
///     match event? {
///         LogEvent::Line(line) => println!("{}", line.text),
///         LogEvent::NotRunning => println!("-- nothing is running"),
///         other => println!("-- {other:?}"),
///     }
/// }
/// # Ok(()) }
/// ```
#[doc(alias("Logs", "tail"))]
#[derive(Clone, Debug)]
#[must_use = "nothing is read before `.send()`, `.await` or `.follow()`"]
pub struct ContainerLogs {
    pub(super) source: LogSource,
    pub(super) lines: Option<Lines>,
    show_timestamps: Option<bool>,
    pub(super) patience: Patience,
}

/// How many lines of a log to read, for [`ContainerLogs::lines`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Lines {
    /// This many of the last lines, at most 10,000.
    Last(i64),
    /// All lines; the last 10,000 on servers before Coolify 4.3.23.
    All,
}

macro_rules! counts {
    ($($number:ty),*) => {
        $(impl From<$number> for Lines {
            fn from(count: $number) -> Self {
                Self::Last(count.into())
            }
        })*
    };
}

counts!(i64, i32, u32, u16, u8);

/// The most lines that Coolify returns for a number.
pub(super) const MOST_LINES: i64 = 10_000;

/// The versions that read -1 as all lines. The older ones read it as their default,
/// 100. The evidence is Coolify's source.
const TAKES_ALL: Version = Version::new(4, 3, 23);

/// The owner of the log, and how it is read.
#[derive(Clone, Debug)]
pub(crate) struct LogSource {
    pub(crate) coolify: Coolify,
    pub(crate) uuid: Uuid,
    /// The container of a service, by its name or uuid.
    pub(crate) part: String,
    /// Whether the call can return the time of each line.
    pub(crate) has_times: bool,
    pub(crate) read: Read,
}

/// Reads a log. The parameters are the client, the resource, its container, the
/// number of lines, and whether to add times.
pub(crate) type Read =
    fn(raw::Client, Uuid, String, Option<i64>, Option<bool>) -> BoxFuture<Result<Option<String>>>;

impl LogSource {
    /// The log of a resource; `container` is of a service.
    pub(crate) fn of<R: ResourceHandle>(resource: &R, container: String) -> Self {
        Self {
            coolify: resource.coolify().clone(),
            uuid: resource.uuid().clone(),
            part: container,
            has_times: true,
            read: |raw, uuid, container, lines, times| {
                Box::pin(async move {
                    let reply = R::logs(&raw, &uuid, &container, lines, times);
                    none_unless_running(reply.await)
                })
            },
        }
    }

    /// Returns the number that the server reads as all lines.
    pub(super) async fn all_lines(&self) -> i64 {
        let version = self.coolify.version().await;
        let takes_all = version.is_ok_and(|it| !it.is_prerelease() && it >= TAKES_ALL);
        if takes_all { -1 } else { MOST_LINES }
    }

    pub(crate) async fn read(
        &self,
        lines: Option<i64>,
        times: Option<bool>,
    ) -> Result<Option<String>> {
        let (uuid, part) = (self.uuid.clone(), self.part.clone());
        (self.read)(self.coolify.raw(), uuid, part, lines, times).await
    }
}

waits!(ContainerLogs);

impl ContainerLogs {
    pub(crate) fn new(source: LogSource) -> Self {
        Self {
            source,
            lines: None,
            show_timestamps: None,
            patience: Patience::default(),
        }
    }

    /// Sets how many of the last lines to read: a number of at most 10,000, or
    /// [`Lines::All`]. The default is 100.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// use coolify_sdk::resource::Lines;
    ///
    /// let database = coolify.database("lxvo8ln3bpmtbb0xrgnzx1s7");
    /// let last = database.logs().lines(20).await?;
    /// let everything = database.logs().lines(Lines::All).await?;
    /// # let _ = (last, everything);
    /// # Ok(()) }
    /// ```
    pub fn lines(mut self, lines: impl Into<Lines>) -> Self {
        self.lines = Some(lines.into());
        self
    }

    /// Sets whether each line begins with its time, in RFC 3339. The default is
    /// `false`. Coolify up to 4.1.2 returns no times, and neither do single
    /// containers of a service. The lines of a stream have their time in a
    /// separate field.
    pub fn show_timestamps(mut self, show: bool) -> Self {
        self.show_timestamps = Some(show);
        self
    }

    /// Returns the last lines, the newest at the end; `None` if no container is
    /// running.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the resource or
    /// container does not exist.
    pub async fn send(self) -> Result<Option<String>> {
        let lines = match self.lines {
            None => None,
            Some(Lines::All) => Some(self.source.all_lines().await),
            // Coolify reads 0 as its default.
            Some(Lines::Last(..=0)) => {
                let seen = self.source.read(Some(1), None).await?;
                return Ok(seen.map(|_| String::new()));
            }
            Some(Lines::Last(lines)) => Some(lines),
        };
        self.source.read(lines, self.show_timestamps).await
    }

    /// Returns a stream of the last lines and of each new line.
    ///
    /// No line is repeated or missing, even if the container is replaced or the
    /// server restarts. Lines are identified by their times. Without times
    /// (before Coolify 4.2.0, and for single containers of a service), they are
    /// identified by their text and order, so a line that only repeats earlier
    /// lines can be missed.
    ///
    /// The stream does not end by itself: drop it. It ends with an error if the
    /// resource is deleted, or if the server is unreachable for minutes.
    pub fn follow(self) -> impl Stream<Item = Result<LogEvent>> + Send + Unpin + use<> {
        follow(self)
    }
}

awaitable!(ContainerLogs, send -> Option<String>);

/// Coolify rejects reading the log of a resource that is not running; this is not
/// a failure.
pub(crate) fn none_unless_running(reply: Result<Logs>) -> Result<Option<String>> {
    match reply {
        Ok(Logs { logs }) => Ok(Some(logs)),
        Err(error)
            if error.status() == Some(400)
                && error
                    .message()
                    .is_some_and(|text| text.contains("not running")) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
