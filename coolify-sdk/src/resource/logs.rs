//! What containers write.

use super::Resource;
use crate::error::Result;
use crate::raw::types::Logs;
use crate::request::Request;

/// Which part of a container's log is wanted, and in which form.
#[derive(Clone, Debug, Default, PartialEq, Eq, coolify_sdk_macros::Request)]
pub struct LogOptions {
    /// How many of the last lines. Default 100.
    pub lines: Option<i64>,
    /// Whether each line begins with its time, in RFC 3339. Default `false`.
    /// Coolify up to 4.1.2 gives no times.
    pub show_timestamps: Option<bool>,
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
        $(, $(#[$part_doc:meta])* part: $part:ident)?
    ) => {
        #[cfg(feature = $feature)]
        impl $handle {
            #[doc = concat!("The last lines that the ", $noun, "'s container wrote, the newest at")]
            /// the end; `None` while it does not run.
            $($(#[$part_doc])*)?
            ///
            #[doc = concat!("Needs the `read` ability. Since Coolify ", $since, ".")]
            ///
            /// # Errors
            ///
            /// [`Error::is_not_found`](crate::Error::is_not_found) when there is
            /// none.
            pub fn logs(
                &self
                $(, $part: impl Into<String>)?
            ) -> Request<LogOptions, Option<String>> {
                let uuid = self.uuid().clone();
                $(let $part = $part.into();)?
                let options = LogOptions::default();
                Request::new(self.coolify(), options, |raw, options| async move {
                    let reply = raw.$logs(
                        uuid.segment()?,
                        options.lines,
                        options.show_timestamps,
                        $(&$part,)?
                    );
                    let reply = reply.await;
                    none_unless_running(raw.finish(reply))
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
    get_application_logs_by_uuid
);
logs!(
    "databases",
    crate::databases::DatabaseHandle,
    "database",
    "4.2.0",
    get_database_logs_by_uuid
);
logs!(
    "services",
    crate::services::ServiceHandle,
    "service",
    "4.2.0",
    get_service_logs_by_uuid,
    ///
    /// `container` is the name of one of the service's applications or
    /// databases, as in its compose file.
    part: container
);
