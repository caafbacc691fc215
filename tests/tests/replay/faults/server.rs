//! A server that fails at one request, and answers all others.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use coolify_sdk_tests::Recording;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::super::beside;

/// The fault of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is answered as recorded.
    None,
    /// The connection is closed before any of it was read.
    CutUnread,
    /// It is read to its end, and the connection closed.
    CutRead,
    /// The connection is closed in the middle of the reply.
    CutWithin,
    /// It is read, and nothing more comes.
    Stall,
    /// A gateway answers with this status and a page.
    Page(u16),
    /// It is answered with neither JSON nor text.
    Garbage,
}

#[derive(Clone)]
pub struct Server {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
}

struct Script {
    recording: Recording,
    fault: Fault,
    seen: usize,
    received: String,
}

impl Server {
    pub async fn start(recording: Recording) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let server = Self {
            address: listener.local_addr().expect("it is bound"),
            script: Arc::new(Mutex::new(Script {
                recording,
                fault: Fault::None,
                seen: 0,
                received: String::new(),
            })),
        };
        let this = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let this = this.clone();
                tokio::spawn(async move { this.serve(stream).await });
            }
        });
        server
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Sets the recording and the fault of the next requests.
    pub fn play(&self, recording: &Recording, fault: Fault) {
        *self.script() = Script {
            recording: recording.clone(),
            fault,
            seen: 0,
            received: String::new(),
        };
    }

    /// Returns how many times the request arrived, read or not.
    pub fn seen(&self) -> usize {
        self.script().seen
    }

    /// Returns the request that was read last.
    pub fn received(&self) -> String {
        self.script().received.clone()
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().expect("nobody panicked")
    }

    async fn serve(&self, mut stream: TcpStream) {
        while let Some(line) = first_line(&stream).await {
            let target = self.script().is_about(&line);
            let fault = self.script().fault;
            if target && fault == Fault::CutUnread {
                self.script().seen += 1;
                return;
            }
            let Some(request) = receive(&mut stream).await else {
                return;
            };
            let reply = if target {
                self.script().seen += 1;
                self.script().received = request;
                match fault {
                    Fault::CutUnread | Fault::CutRead => return,
                    Fault::Stall => return tokio::time::sleep(Duration::MAX).await,
                    _ => self.script().reply(),
                }
            } else {
                self.script().beside(&line)
            };
            let (part, open) = match fault {
                Fault::CutWithin if target => (&reply[..reply.len() - 3], false),
                _ => (&reply[..], true),
            };
            if stream.write_all(part).await.is_err() || !open {
                return;
            }
        }
    }
}

impl Script {
    fn is_about(&self, line: &str) -> bool {
        let (method, path) = parts(line);
        method == self.recording.request.method && path == self.recording.path()
    }

    fn beside(&self, line: &str) -> Vec<u8> {
        let (status, kind, body) = beside::reply(&self.recording, parts(line).1);
        http(status, kind, body.as_bytes())
    }

    fn reply(&self) -> Vec<u8> {
        match self.fault {
            Fault::Page(status) => http(status, "text/html", b"<title>Down</title>"),
            Fault::Garbage => http(200, "application/json", b"\xff\xfe{]"),
            // Half of a refusal is a refusal, because of its status.
            Fault::CutWithin => http(200, "application/json", br#"{"message": "Done."}"#),
            _ => {
                let recorded = &self.recording.response;
                let (kind, body) = match &recorded.json {
                    Some(json) => ("application/json", json.to_string()),
                    None => ("text/html", recorded.text.clone().unwrap_or_default()),
                };
                http(recorded.status, kind, body.as_bytes())
            }
        }
    }
}

/// Method and path below the API's root.
fn parts(line: &str) -> (&str, &str) {
    let mut words = line.split(' ');
    let method = words.next().unwrap_or_default();
    let path = words.next().unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    (method, path.trim_start_matches("/api/v1"))
}

fn http(status: u16, kind: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} Some\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// Returns the request line, which stays in the connection.
async fn first_line(stream: &TcpStream) -> Option<String> {
    let mut bytes = [0; 2048];
    loop {
        let count = stream.peek(&mut bytes).await.ok().filter(|it| *it > 0)?;
        let text = String::from_utf8_lossy(&bytes[..count]);
        if let Some((line, _)) = text.split_once("\r\n") {
            return Some(line.to_owned());
        }
        tokio::task::yield_now().await;
    }
}

/// Reads one request with its body.
async fn receive(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("content-length").then_some(value)
            });
            let length: usize = length.unwrap_or("0").parse().ok()?;
            if bytes.len() >= head.len() + 4 + length {
                return Some(text.into_owned());
            }
        }
        let mut part = [0; 4096];
        match stream.read(&mut part).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&part[..count]),
        }
    }
}
