//! What containers write.

use std::future::IntoFuture;
use std::time::Duration;

use futures_core::Stream;

use super::Resource;
use super::follow::{LogEvent, follow};
use crate::error::{Error, Result};
use crate::raw::types::Logs;
use crate::request::BoxFuture;
use crate::{Coolify, Uuid, raw};

/// What a container wrote, not asked for yet: its last lines as a future, or
/// everything from now on as a stream.
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
#[derive(Clone, Debug)]
#[must_use = "nothing is asked for before `.send()`, `.await` or `.follow()`"]
pub struct ContainerLogs {
    pub(super) source: LogSource,
    pub(super) lines: Option<i64>,
    show_timestamps: Option<bool>,
    pub(super) poll_every: Option<Duration>,
}

/// Whose log it is, and how it is read.
#[derive(Clone, Debug)]
pub(crate) struct LogSource {
    pub(crate) coolify: Coolify,
    pub(crate) uuid: Uuid,
    /// The container of a service, by its name or uuid.
    pub(crate) part: String,
    /// Whether the call can give the time of each line.
    pub(crate) has_times: bool,
    pub(crate) read: Read,
}

/// The client, the resource, its part, how many lines, and whether with times.
pub(crate) type Read =
    fn(raw::Client, Uuid, String, Option<i64>, Option<bool>) -> BoxFuture<Result<Option<String>>>;

impl LogSource {
    pub(crate) async fn read(
        &self,
        lines: Option<i64>,
        times: Option<bool>,
    ) -> Result<Option<String>> {
        let (uuid, part) = (self.uuid.clone(), self.part.clone());
        (self.read)(self.coolify.raw(), uuid, part, lines, times).await
    }
}

impl ContainerLogs {
    pub(crate) fn new(source: LogSource) -> Self {
        Self {
            source,
            lines: None,
            show_timestamps: None,
            poll_every: None,
        }
    }

    /// How many of the last lines. Default 100. Coolify gives 10,000 at most.
    pub fn lines(mut self, lines: i64) -> Self {
        self.lines = Some(lines);
        self
    }

    /// Returns whether each line begins with its time, in RFC 3339. Default
    /// `false`. Coolify up to 4.1.2 gives no times, nor do single containers of a
    /// service. A stream has the times apart, wherever there are any.
    pub fn show_timestamps(mut self, show: bool) -> Self {
        self.show_timestamps = Some(show);
        self
    }

    /// How often a stream asks the server; 2 seconds unless set, and never less
    /// than a tenth of a second.
    pub fn poll_every(mut self, interval: Duration) -> Self {
        self.poll_every = Some(interval);
        self
    }

    /// Returns the last lines, the newest at the end; `None` while nothing runs.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the resource or
    /// container does not exist.
    pub async fn send(self) -> Result<Option<String>> {
        // Coolify takes 0 for "as many as usual".
        if self.lines.is_some_and(|lines| lines <= 0) {
            let seen = self.source.read(Some(1), None).await?;
            return Ok(seen.map(|_| String::new()));
        }
        self.source.read(self.lines, self.show_timestamps).await
    }

    /// Returns the last lines and then each new one, as they are written.
    ///
    /// No line comes twice and none is left out, also when the container is
    /// replaced by a new one or the server restarts. Lines are told apart by
    /// their times. Where there are none (before Coolify 4.2.0, and of single
    /// containers of a service) they are told apart by their text in its order,
    /// so that a line that only repeats what was written before can be missed.
    ///
    /// The stream has no end: drop it. It ends with an error when the resource is
    /// deleted, or the server stays out of reach for minutes.
    pub fn follow(self) -> impl Stream<Item = Result<LogEvent>> + Send + Unpin + use<> {
        follow(self)
    }
}

impl IntoFuture for ContainerLogs {
    type Output = Result<Option<String>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// Coolify refuses to read the log of what does not run; that is a state and no
/// failure.
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

macro_rules! logs {
    (
        $feature:literal, $handle:path, $noun:literal, $since:literal, $logs:ident
        $(, $(#[$more:meta])+)?
    ) => {
        #[cfg(feature = $feature)]
        impl $handle {
            #[doc = concat!("What the ", $noun, "'s container writes: its last lines, or a stream.")]
            $($(#[$more])+)?
            ///
            #[doc = concat!("Needs the `read` ability. Since Coolify ", $since, ".")]
            pub fn logs(&self) -> ContainerLogs {
                ContainerLogs::new(LogSource {
                    coolify: self.coolify().clone(),
                    uuid: self.uuid().clone(),
                    part: String::new(),
                    has_times: true,
                    read: |raw, uuid, _, lines, times| {
                        Box::pin(async move {
                            none_unless_running(raw.$logs(uuid.as_str(), lines, times).await)
                        })
                    },
                })
            }
        }
    };
}

logs!(
    "applications",
    crate::applications::ApplicationHandle,
    "application",
    "4.0.0",
    get_application_logs_by_uuid,
    ///
    /// Where there are several containers, as of a compose application, Coolify
    /// gives the log of the first, and has no call for the others.
);
logs!(
    "databases",
    crate::databases::DatabaseHandle,
    "database",
    "4.2.0",
    get_database_logs_by_uuid
);

#[cfg(feature = "services")]
impl crate::services::ServiceHandle {
    /// What one of the service's containers writes: its last lines, or a stream.
    ///
    /// `container` is the name of one of the service's applications or
    /// databases, as in its compose file.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    pub fn logs(&self, container: impl Into<String>) -> ContainerLogs {
        ContainerLogs::new(LogSource {
            coolify: self.coolify().clone(),
            uuid: self.uuid().clone(),
            part: container.into(),
            has_times: true,
            read: |raw, uuid, container, lines, times| {
                Box::pin(async move {
                    explain_missing(
                        &raw,
                        &uuid,
                        &container,
                        raw.get_service_logs_by_uuid(uuid.as_str(), lines, times, &container)
                            .await,
                    )
                    .await
                })
            },
        })
    }
}

/// Returns a container that is down may have been removed, and Coolify says the
/// same of it as of one that there never was: the service knows.
#[cfg(feature = "services")]
async fn explain_missing(
    raw: &raw::Client,
    service: &Uuid,
    container: &str,
    reply: Result<Logs>,
) -> Result<Option<String>> {
    let is_container = |error: &Error| error.message().is_some_and(|it| it.contains("Container"));
    let missing = match reply {
        Err(error) if error.is_not_found() && is_container(&error) => error,
        other => return none_unless_running(other),
    };
    // What was asked for is the log: that the service cannot be read is beside it.
    let Ok(service) = raw.get_service_by_uuid(service.as_str()).await else {
        return Err(missing);
    };
    let applications = service.applications.unwrap_or_default().into_iter();
    let databases = service.databases.unwrap_or_default().into_iter();
    let names: Vec<_> = applications
        .map(|it| it.name)
        .chain(databases.map(|it| it.name))
        .collect();
    if names.iter().any(|name| name == container) {
        return Ok(None);
    }
    let hint = format!("the service's containers are: {}", names.join(", "));
    Err(missing.with_hint(hint))
}
