//! What an upload reports while it goes on, and where it stopped.

use std::fmt;

use serde::Serialize;

use crate::error::{Detail, Error};
use crate::imports::ImportUpload;

/// An event of an upload: [`UploadFile::events`](super::UploadFile::events).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UploadEvent {
    /// A chunk was taken, and more follow.
    Sent(UploadProgress),
    /// Coolify has the whole file. This is the last event.
    Done(ImportUpload),
}

/// How far an upload is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UploadProgress {
    /// Id of the upload.
    pub upload_id: String,
    /// Number of bytes that Coolify has taken.
    pub sent: u64,
    /// Size of the file, in bytes.
    pub total: u64,
}

impl UploadProgress {
    /// Returns the percentage that was taken, rounded down.
    #[must_use]
    pub fn percent(&self) -> u8 {
        let percent = u128::from(self.sent) * 100 / u128::from(self.total.max(1));
        u8::try_from(percent).unwrap_or(100)
    }
}

/// Where an upload stopped: [`Error::interrupted_upload`]. It continues there with
/// [`UploadFile::resume`](super::UploadFile::resume).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct InterruptedUpload {
    /// Id of the upload.
    pub upload_id: String,
    /// Size of a chunk, in bytes.
    pub chunk_size: u64,
    /// Number of bytes that Coolify has certainly taken.
    pub sent: u64,
}

impl Detail for InterruptedUpload {
    fn fmt_report(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            upload_id, sent, ..
        } = self;
        write!(f, "\n  upload {upload_id} can continue after {sent} bytes")
    }
}

impl Error {
    /// Returns where an upload stopped, if it can continue there. See
    /// [`UploadFile::resume`](crate::imports::UploadFile::resume).
    #[must_use]
    pub fn interrupted_upload(&self) -> Option<&InterruptedUpload> {
        self.detail()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_percentage_is_rounded_down() {
        let percent = |sent, total| {
            let upload_id = String::new();
            UploadProgress {
                upload_id,
                sent,
                total,
            }
            .percent()
        };
        assert_eq!(percent(0, 3), 0);
        assert_eq!(percent(2, 3), 66);
        assert_eq!(percent(3, 3), 100);
        assert_eq!(percent(0, 0), 0);
        assert_eq!(percent(u64::MAX - 1, u64::MAX), 99);
    }
}
