//! Where the bytes of an upload come from: a file, or a reader.

use std::fs::File;
use std::future::poll_fn;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::pin::Pin;
use std::task::ready;

use tokio::io::{AsyncRead, ReadBuf};
use tokio::task::spawn_blocking;

use super::invalid;
use crate::error::{Error, Result};
use crate::transport::runtime;

type Reader = Pin<Box<dyn AsyncRead + Send>>;

/// The size of the buffer for skipping.
const SKIPPED: u64 = 1024 * 1024;

pub(super) enum Source {
    Path(PathBuf),
    Reader {
        length: u64,
        reader: Reader,
    },
    /// The reader is in use.
    Taken,
}

/// A source that is read.
pub(super) struct Opened {
    length: u64,
    input: Input,
}

enum Input {
    /// It is absent while another thread reads it.
    File(Option<File>),
    Reader(Reader),
}

impl Opened {
    pub(super) async fn new(source: &mut Source) -> Result<Self> {
        match std::mem::replace(source, Source::Taken) {
            Source::Path(path) => {
                let (file, length) = blocking(move || {
                    let file = File::open(path)?;
                    let about = file.metadata()?;
                    if !about.is_file() {
                        return Err(io::Error::other("it is not a file"));
                    }
                    Ok((file, about.len()))
                })
                .await?;
                let input = Input::File(Some(file));
                Ok(Self { length, input })
            }
            Source::Reader { length, reader } => {
                let input = Input::Reader(reader);
                Ok(Self { length, input })
            }
            Source::Taken => Err(invalid("the file has been read before")),
        }
    }

    /// Returns its length in bytes, as known or announced.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Reads this number of bytes; fewer at the end.
    pub(super) async fn read(&mut self, length: u64) -> Result<Vec<u8>> {
        match &mut self.input {
            Input::File(slot) => {
                let mut file = taken(slot)?;
                let (file, bytes) = blocking(move || {
                    let mut bytes = Vec::with_capacity(capacity(length));
                    (&mut file).take(length).read_to_end(&mut bytes)?;
                    Ok((file, bytes))
                })
                .await?;
                *slot = Some(file);
                Ok(bytes)
            }
            Input::Reader(reader) => read(reader, length).await.map_err(unreadable),
        }
    }

    /// Skips this number of bytes; fewer if there are not so many.
    pub(super) async fn skip(&mut self, mut length: u64) -> Result<()> {
        if let Input::File(slot) = &mut self.input {
            let mut file = taken(slot)?;
            let seeking = move || file.seek(SeekFrom::Start(length)).map(|_| file);
            *slot = Some(blocking(seeking).await?);
            return Ok(());
        }
        while length > 0 {
            let wanted = length.min(SKIPPED);
            if self.read(wanted).await?.is_empty() {
                break;
            }
            length -= wanted;
        }
        Ok(())
    }
}

fn taken(file: &mut Option<File>) -> Result<File> {
    let lost = || invalid("the file is being read by an upload that was dropped");
    file.take().ok_or_else(lost)
}

fn capacity(length: u64) -> usize {
    usize::try_from(length).unwrap_or_default()
}

async fn read(reader: &mut Reader, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; capacity(length)];
    let mut filled = 0;
    while filled < bytes.len() {
        let mut rest = ReadBuf::new(&mut bytes[filled..]);
        let read = poll_fn(|cx| {
            ready!(reader.as_mut().poll_read(cx, &mut rest))?;
            io::Result::Ok(rest.filled().len()).into()
        });
        match read.await? {
            0 => break,
            read => filled += read,
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// Runs blocking work on a thread for blocking work.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T> {
    runtime::guard(async {
        let done = spawn_blocking(work).await;
        done.unwrap_or_else(|_| Err(io::Error::other("reading was stopped")))
            .map_err(unreadable)
    })
    .await
}

fn unreadable(cause: io::Error) -> Error {
    invalid("the file cannot be read").with_source(cause)
}
