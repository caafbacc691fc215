//! Uploads of dumps, chunk by chunk.

mod checks;
mod progress;
mod source;

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::PathBuf;

use futures_core::Stream;
use futures_util::stream;
use tokio::io::AsyncRead;

use self::source::{Opened, Source};
use super::{DatabaseImports, ImportUpload, Target};
use crate::Call;
use crate::error::{Error, ErrorKind, Result};
use crate::request::awaitable;
use crate::transport::form::{Form, FormWriter};

pub use self::progress::{InterruptedUpload, UploadEvent, UploadProgress};

/// The largest file that Coolify takes.
const MOST: u64 = 10 * 1024 * 1024 * 1024;

/// The chunks of Coolify's dashboard.
const USUAL_CHUNK: u64 = 10_000_000;

/// A chunk has all of the sample that the ending of the name has to match.
const SMALLEST_CHUNK: u64 = checks::SAMPLE as u64;

/// Coolify's web server takes requests of less than 256 MiB.
const LARGEST_CHUNK: u64 = 200_000_000;

/// Uploads a file for an import: [`DatabaseImports::upload_file`] and
/// [`DatabaseImports::upload`].
///
/// The file is read and sent chunk by chunk. Only one chunk is in memory, and Coolify
/// puts the file together. Await it for the [`ImportUpload`], whose `upload_id` is the
/// argument of [`from_upload`](DatabaseImports::from_upload), or follow it with
/// [`events`](Self::events). Dropping it stops the upload. Coolify keeps an uploaded
/// file until it is imported.
///
/// The size, the name and the first bytes are checked before anything is sent, because
/// Coolify checks the content after the last chunk only. The size may be up to 10 GiB.
/// The name has to have one of the endings that Coolify takes, such as `.sql`,
/// `.sql.gz`, `.dmp`, `.tar.gz` or `.zip`, and the content has to match it.
///
/// A chunk is sent again only if it was certainly not taken. After any other failure,
/// continue with [`resume`](Self::resume). Coolify tells uploads apart by the address
/// of the client, so all chunks have to come from one address.
///
/// What an upload takes is known from Coolify's source, not from a server.
///
/// Needs the `write` ability. Since Coolify 4.4.0.
///
/// # Errors
///
/// [`Error::is_invalid_request`] for a file that Coolify does not take, and if the file
/// cannot be read or does not have the announced length. Nothing is sent in the first
/// case. [`Error::is_validation`] if Coolify rejects the file. If the upload can
/// continue, [`Error::interrupted_upload`] says where.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let imports = coolify.database("xkzsv5nucvscskrm5gez3p8v").imports();
/// let upload = imports.upload_file("dumps/orders.sql.gz").await?;
/// let ended = imports.from_upload(upload.upload_id).and_wait().await?;
/// println!("imported, at {:?}", ended.finished_at);
/// # Ok(()) }
/// ```
#[must_use = "nothing is uploaded before `.send()`, `.await` or a poll of `.events()`"]
pub struct UploadFile {
    imports: DatabaseImports,
    source: Source,
    name: Option<String>,
    chunk_size: u64,
    interrupted: Option<InterruptedUpload>,
    is_unchecked: bool,
}

impl DatabaseImports {
    /// Uploads a file of this computer for an import, under its own name. See
    /// [`UploadFile`].
    ///
    /// Needs the `write` ability. Since Coolify 4.4.0.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let imports = coolify.database("xkzsv5nucvscskrm5gez3p8v").imports();
    /// let upload = imports.upload_file("dumps/orders.sql.gz").await?;
    /// imports.from_upload(upload.upload_id).and_wait().await?;
    /// # Ok(()) }
    /// ```
    pub fn upload_file(&self, path: impl Into<PathBuf>) -> UploadFile {
        let path = path.into();
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.map(str::to_owned);
        UploadFile::new(self, name, Source::Path(path))
    }

    /// Uploads the content of a reader for an import, under this name. `length` is the
    /// number of bytes that the reader returns. See [`UploadFile`].
    ///
    /// Needs the `write` ability. Since Coolify 4.4.0.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let dump = "CREATE TABLE orders (id integer);";
    /// let imports = coolify.database("xkzsv5nucvscskrm5gez3p8v").imports();
    /// let length = dump.len() as u64;
    /// let upload = imports.upload("orders.sql", length, dump.as_bytes()).await?;
    /// imports.from_upload(upload.upload_id).and_wait().await?;
    /// # Ok(()) }
    /// ```
    pub fn upload(
        &self,
        name: impl Into<String>,
        length: u64,
        reader: impl AsyncRead + Send + 'static,
    ) -> UploadFile {
        let reader = Box::pin(reader);
        UploadFile::new(self, Some(name.into()), Source::Reader { length, reader })
    }

    fn send_chunk(&self, form: Form) -> Call<ImportUpload> {
        let raw = self.coolify.raw();
        let call = match &self.target {
            #[cfg(feature = "databases")]
            Target::Database(uuid) => raw.draft("upload-database-import", &[uuid]),
            #[cfg(feature = "services")]
            Target::Part(service, uuid) => {
                raw.draft("upload-service-database-import", &[service, uuid])
            }
        };
        call.form(form).json()
    }
}

impl UploadFile {
    fn new(imports: &DatabaseImports, name: Option<String>, source: Source) -> Self {
        Self {
            imports: imports.clone(),
            source,
            name,
            chunk_size: USUAL_CHUNK,
            interrupted: None,
            is_unchecked: false,
        }
    }

    /// Sets the name of the file. Its ending tells Coolify the format of the dump.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the size of a chunk, in bytes: from 4,096 to 200,000,000. The default is
    /// 10,000,000, as in Coolify's dashboard. A proxy before Coolify may have a lower
    /// maximum for a request.
    pub fn chunk_size(mut self, bytes: u64) -> Self {
        self.chunk_size = bytes;
        self
    }

    /// Continues an upload that was interrupted, with the chunk that failed. The file has
    /// to be the same, under the same name; a reader has to begin at the first byte again.
    ///
    /// If the error was [`outcome_unknown`](Error::outcome_unknown), the chunk may have
    /// been taken. Coolify then replaces it by the same one. If it was the last chunk, the
    /// upload may be complete, and this fails; try
    /// [`from_upload`](DatabaseImports::from_upload) with its id.
    ///
    /// ```no_run
    /// # async fn demo(imports: coolify_sdk::imports::DatabaseImports) -> coolify_sdk::Result<()> {
    /// let mut outcome = imports.upload_file("orders.sql.gz").await;
    /// if let Err(error) = &outcome
    ///     && let Some(interrupted) = error.interrupted_upload()
    /// {
    ///     outcome = imports.upload_file("orders.sql.gz").resume(interrupted).await;
    /// }
    /// println!("{:?} bytes", outcome?.size);
    /// # Ok(()) }
    /// ```
    pub fn resume(mut self, interrupted: &InterruptedUpload) -> Self {
        self.chunk_size = interrupted.chunk_size;
        self.interrupted = Some(interrupted.clone());
        self
    }

    /// Leaves out the checks of the ending and the content, for a Coolify that takes
    /// other files than those that the SDK knows.
    pub fn unchecked(mut self) -> Self {
        self.is_unchecked = true;
        self
    }

    /// Uploads the file, and returns a stream of its progress: an event after each
    /// chunk, and [`UploadEvent::Done`] at the end.
    ///
    /// The stream ends after `Done` and after an error. Nothing is sent while it is not
    /// polled.
    ///
    /// ```no_run
    /// # async fn demo(imports: coolify_sdk::imports::DatabaseImports) -> coolify_sdk::Result<()> {
    /// use coolify_sdk::imports::UploadEvent;
    /// use futures_util::StreamExt;
    ///
    /// let mut events = imports.upload_file("orders.sql.gz").events();
    /// while let Some(event) = events.next().await {
    ///     match event? {
    ///         UploadEvent::Sent(progress) => println!("{} %", progress.percent()),
    ///         UploadEvent::Done(upload) => println!("uploaded as {}", upload.upload_id),
    ///         _ => {}
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub fn events(self) -> impl Stream<Item = Result<UploadEvent>> + Send + Unpin + use<> {
        let upload = Upload::new(self);
        Box::pin(stream::unfold(upload, |mut upload| async {
            let event = upload.next().await?;
            Some((event, upload))
        }))
    }

    /// Uploads the file.
    ///
    /// # Errors
    ///
    /// See [`UploadFile`].
    pub async fn send(self) -> Result<ImportUpload> {
        let mut upload = Upload::new(self);
        loop {
            if let UploadEvent::Done(done) = upload.step().await? {
                return Ok(done);
            }
        }
    }
}

awaitable!(UploadFile, send -> ImportUpload);

impl fmt::Debug for UploadFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadFile")
            .field("name", &self.name)
            .field("chunk_size", &self.chunk_size)
            .finish_non_exhaustive()
    }
}

/// An upload that goes on.
struct Upload {
    asked: UploadFile,
    /// The id of the upload, and what was taken of it.
    progress: UploadProgress,
    file: Option<Opened>,
    is_over: bool,
}

impl Upload {
    fn new(asked: UploadFile) -> Self {
        let interrupted = asked.interrupted.as_ref();
        let progress = UploadProgress {
            upload_id: interrupted.map_or_else(random_uuid, |it| it.upload_id.clone()),
            sent: interrupted.map_or(0, |it| it.sent),
            total: 0,
        };
        Self {
            asked,
            progress,
            file: None,
            is_over: false,
        }
    }

    async fn next(&mut self) -> Option<Result<UploadEvent>> {
        if self.is_over {
            return None;
        }
        let event = self.step().await;
        self.is_over = !matches!(event, Ok(UploadEvent::Sent(_)));
        Some(event)
    }

    /// Sends the next chunk.
    async fn step(&mut self) -> Result<UploadEvent> {
        if self.file.is_none() {
            self.open().await?;
        }
        let (sent, total) = (self.progress.sent, self.progress.total);
        let length = self.asked.chunk_size.min(total - sent);
        let chunk = self.read(length).await?;
        let is_last = sent + length == total;
        let sending = self.asked.imports.send_chunk(self.form(&chunk)?);
        drop(chunk);
        let reply = sending.await.map_err(|error| self.interrupted(error))?;
        self.progress.sent += length;
        match (is_last, reply.size) {
            (false, None) => Ok(UploadEvent::Sent(self.progress.clone())),
            (true, Some(size)) if u64::try_from(size).ok() == Some(total) => {
                Ok(UploadEvent::Done(reply))
            }
            (_, size) => Err(self.incomplete(size)),
        }
    }

    /// Opens the file and checks it.
    async fn open(&mut self) -> Result<()> {
        let chunk_size = self.asked.chunk_size;
        if !(SMALLEST_CHUNK..=LARGEST_CHUNK).contains(&chunk_size) {
            let size = format!(
                "a chunk of {chunk_size} bytes: it has from {SMALLEST_CHUNK} to {LARGEST_CHUNK}"
            );
            return Err(invalid(size));
        }
        let name = self.asked.name.as_deref();
        let name = name.ok_or_else(|| invalid("the file has no name that is text"))?;
        checks::shape(name)?;
        if !self.asked.is_unchecked {
            checks::ending(name)?;
        }
        let mut file = Opened::new(&mut self.asked.source).await?;
        let (sent, total) = (self.progress.sent, file.length());
        if total == 0 {
            return Err(invalid("the file is empty"));
        }
        if total > MOST {
            let size = format!("the file has {total} bytes; Coolify takes at most {MOST}");
            return Err(invalid(size).with_hint(
                "import it from an S3 storage or from a path on the server, or compress it",
            ));
        }
        if sent >= total || sent % chunk_size != 0 {
            return Err(invalid("the upload to resume is that of another file"));
        }
        file.skip(sent).await?;
        self.progress.total = total;
        self.file = Some(file);
        Ok(())
    }

    /// Reads a chunk, and checks the first and the last one.
    async fn read(&mut self, length: u64) -> Result<Vec<u8>> {
        let UploadProgress { sent, total, .. } = self.progress;
        let file = self.file.as_mut();
        let file = file.ok_or_else(|| invalid("the file is not open"))?;
        let chunk = file.read(length).await?;
        let is_longer = sent + length == total && !file.read(1).await?.is_empty();
        if u64::try_from(chunk.len()).ok() != Some(length) || is_longer {
            let wrong = if is_longer { "more" } else { "fewer" };
            return Err(invalid(format!("the file has {wrong} than {total} bytes")));
        }
        if sent == 0
            && !self.asked.is_unchecked
            && let Some(name) = &self.asked.name
        {
            checks::content(name, &chunk, total)?;
        }
        Ok(chunk)
    }

    fn form(&self, chunk: &[u8]) -> Result<Form> {
        let UploadProgress {
            upload_id,
            sent,
            total,
        } = &self.progress;
        let size = self.asked.chunk_size;
        let mut form = FormWriter::new(&format!("coolify-sdk-{}", random_uuid()), chunk.len());
        form.field("upload_id", upload_id);
        form.field("dzuuid", upload_id);
        form.field("dzchunkindex", sent / size);
        form.field("dztotalchunkcount", total.div_ceil(size));
        form.field("dzchunksize", size);
        form.field("dzchunkbyteoffset", sent);
        form.field("dztotalfilesize", total);
        // Coolify checks the size by this spelling.
        form.field("dzTotalFilesize", total);
        form.file(
            "file",
            self.asked.name.as_deref().unwrap_or_default(),
            chunk,
        );
        form.end()
    }

    /// Adds to an error where the upload can continue, if it can.
    fn interrupted(&self, error: Error) -> Error {
        let can_continue = matches!(
            error.kind(),
            ErrorKind::Connect
                | ErrorKind::Timeout
                | ErrorKind::Interrupted
                | ErrorKind::RateLimited
                | ErrorKind::Server
                | ErrorKind::NotCoolify
                | ErrorKind::Decode
        );
        if !can_continue {
            return error;
        }
        error.with_detail(InterruptedUpload {
            upload_id: self.progress.upload_id.clone(),
            chunk_size: self.asked.chunk_size,
            sent: self.progress.sent,
        })
    }

    /// Coolify has not what was sent: it has `size` bytes, or waits for more chunks.
    fn incomplete(&self, size: Option<i64>) -> Error {
        let UploadProgress { sent, total, .. } = self.progress;
        let has = size.map_or_else(
            || "still waits for other chunks".to_owned(),
            |size| format!("has put a file of {size} bytes together"),
        );
        let summary = format!("{sent} of {total} bytes were uploaded, and Coolify {has}");
        Error::new(ErrorKind::Server, summary).with_hint(
            "upload the file again; Coolify tells uploads apart by the address of the client, so \
             all chunks have to come from one address",
        )
    }
}

fn invalid(summary: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidRequest, summary)
}

/// Returns a random UUID. Coolify separates uploads by team and database, so it need not
/// be hard to guess.
fn random_uuid() -> String {
    let [a, b] = [(); 2].map(|()| RandomState::new().build_hasher().finish());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        0x8000 | (b >> 48) & 0x3fff,
        b & 0xffff_ffff_ffff,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_uploads_are_random_uuids() {
        let (one, other) = (random_uuid(), random_uuid());
        assert_ne!(one, other);
        let lengths: Vec<_> = one.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        let is_hex = |c: char| c == '-' || c.is_ascii_hexdigit();
        assert!(one.chars().all(is_hex), "{one}");
        assert_eq!(one.as_bytes()[14], b'4');
        assert!(matches!(one.as_bytes()[19], b'8' | b'9' | b'a' | b'b'));
    }
}
