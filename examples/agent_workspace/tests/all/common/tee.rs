//! A pipe that records what passes through it.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, ReadBuf};
use tokio::process::ChildStdout;

/// A pipe whose clones share what was read. Only one of them may read.
#[derive(Clone)]
pub struct Tee {
    pipe: Arc<Mutex<ChildStdout>>,
    read: Arc<Mutex<Vec<u8>>>,
}

impl Tee {
    pub fn new(pipe: ChildStdout) -> Self {
        Self {
            pipe: Arc::new(Mutex::new(pipe)),
            read: Arc::default(),
        }
    }

    pub fn text(&self) -> String {
        let read = self.read.lock().expect("no panic");
        String::from_utf8_lossy(&read).into_owned()
    }
}

impl AsyncRead for Tee {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let mut pipe = self.pipe.lock().expect("no panic");
        let polled = Pin::new(&mut *pipe).poll_read(context, into);
        let mut read = self.read.lock().expect("no panic");
        read.extend_from_slice(&into.filled()[before..]);
        polled
    }
}
