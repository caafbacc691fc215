//! A form of several parts: the body of an upload.

use std::{fmt::Display, time::Duration};

use bytes::Bytes;
use reqwest::header::HeaderValue;

use crate::{Error, ErrorKind, Result};

/// The slowest connection that a form is given time for, in bytes per second.
const SLOWEST: u64 = 64 * 1024;

/// A form of several parts that is complete. Its bytes are shared, so an attempt
/// copies nothing.
#[derive(Clone)]
pub(crate) struct Form {
    pub(super) content_type: HeaderValue,
    pub(super) bytes: Bytes,
}

impl Form {
    /// Returns how much longer than other requests the form may take.
    pub(super) fn allowance(&self) -> Duration {
        let length = u64::try_from(self.bytes.len()).unwrap_or(u64::MAX);
        Duration::from_secs(length / SLOWEST)
    }
}

/// Writes a form.
pub(crate) struct FormWriter {
    boundary: String,
    bytes: Vec<u8>,
}

impl FormWriter {
    /// Starts a form with room for a file of this length. No content may contain the
    /// boundary, so it has to be random.
    pub(crate) fn new(boundary: &str, length: usize) -> Self {
        Self {
            boundary: boundary.to_owned(),
            bytes: Vec::with_capacity(length.saturating_add(2048)),
        }
    }

    /// Adds a field.
    pub(crate) fn field(&mut self, name: &str, value: impl Display) {
        let named = format!("name=\"{name}\"");
        self.part(&named, "", value.to_string().as_bytes());
    }

    /// Adds a file. Its name must not contain a quote or a control character.
    pub(crate) fn file(&mut self, name: &str, file: &str, content: &[u8]) {
        let named = format!("name=\"{name}\"; filename=\"{file}\"");
        let media_type = "Content-Type: application/octet-stream\r\n";
        self.part(&named, media_type, content);
    }

    fn part(&mut self, named: &str, header: &str, content: &[u8]) {
        let boundary = &self.boundary;
        let head =
            format!("--{boundary}\r\nContent-Disposition: form-data; {named}\r\n{header}\r\n");
        self.bytes.extend_from_slice(head.as_bytes());
        self.bytes.extend_from_slice(content);
        self.bytes.extend_from_slice(b"\r\n");
    }

    /// Ends the form.
    pub(crate) fn end(mut self) -> Result<Form> {
        let boundary = &self.boundary;
        self.bytes
            .extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        let content_type = format!("multipart/form-data; boundary={boundary}");
        let content_type = HeaderValue::try_from(content_type).map_err(|_| {
            let invalid = "the boundary of the form is invalid";
            Error::new(ErrorKind::InvalidRequest, invalid)
        })?;
        Ok(Form {
            content_type,
            bytes: self.bytes.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_fields_and_a_file() {
        let mut form = FormWriter::new("X", 3);
        form.field("chunk", 7);
        form.file("file", "a.sql", b"\0\r\n");
        let form = form.end().unwrap();
        assert_eq!(form.content_type, "multipart/form-data; boundary=X");
        let wanted = "--X\r\nContent-Disposition: form-data; name=\"chunk\"\r\n\r\n7\r\n\
            --X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.sql\"\r\n\
            Content-Type: application/octet-stream\r\n\r\n\0\r\n\r\n--X--\r\n";
        assert_eq!(form.bytes, wanted.as_bytes());
        assert_eq!(form.allowance(), Duration::ZERO);
        assert!(FormWriter::new("a\nb", 0).end().is_err());
    }
}
