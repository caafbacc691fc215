//! A server that answers and misbehaves according to a script.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use coolify_sdk_tests::keep_tracing_on;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::sleep,
};

/// What the server does with one request.
pub enum Act {
    /// Sends this raw answer.
    Say(String),
    /// Sends an answer that depends on the request.
    Answer(Box<dyn Fn(&Received) -> String + Send + Sync>),
    /// Closes the connection without having read anything.
    CutUnread,
    /// Reads the request and closes the connection.
    CutRead,
    /// Answers the first part of this reply and closes the connection.
    CutWithin(String),
    /// Reads the request and sends nothing.
    Stall,
    /// Sends the first part of this reply and nothing more.
    StallWithin(String),
    /// Answers this head and then bytes without end: this part again and again.
    Flood(String, &'static str),
    /// Sends an unexpected second reply after this time.
    SayTwice(String, Duration, String),
    /// Does the first act if the request matches, and otherwise the second.
    Either(fn(&Received) -> bool, Box<Act>, Box<Act>),
    /// Answers byte by byte, with this wait after each.
    Drip(String, Duration),
}

impl Act {
    fn for_this(&self, request: &Received) -> &Self {
        match self {
            Self::Either(is_first, first, _) if is_first(request) => first,
            Self::Either(_, _, second) => second,
            act => act,
        }
    }
}

/// A request as it came over the wire.
#[derive(Clone, Debug, Default)]
pub struct Received {
    pub head: String,
    pub body: String,
}

impl Received {
    /// Returns the request line without the protocol.
    pub fn line(&self) -> &str {
        let line = self.head.lines().next().unwrap_or_default();
        line.trim_end_matches(" HTTP/1.1")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

#[derive(Clone)]
pub struct Server {
    address: SocketAddr,
    log: Arc<Mutex<Log>>,
    script: Arc<Vec<Act>>,
}

#[derive(Default)]
struct Log {
    acts: usize,
    received: Vec<Received>,
}

impl Server {
    /// Starts a server that does one act per request, and repeats the last one.
    pub async fn start(script: impl IntoIterator<Item = Act>) -> Self {
        keep_tracing_on();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            log: Arc::default(),
            script: Arc::new(script.into_iter().collect()),
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

    /// Returns how many requests arrived, or were cut off before.
    pub fn acts(&self) -> usize {
        self.log.lock().unwrap().acts
    }

    pub fn received(&self) -> Vec<Received> {
        self.log.lock().unwrap().received.clone()
    }

    pub fn lines(&self) -> Vec<String> {
        self.received()
            .iter()
            .map(|r| r.line().to_owned())
            .collect()
    }

    async fn serve(&self, mut stream: TcpStream) {
        loop {
            let next = self.log.lock().unwrap().acts;
            if matches!(self.act(next), Act::CutUnread) {
                self.log.lock().unwrap().acts += 1;
                return;
            }
            let Some(received) = receive(&mut stream).await else {
                return;
            };
            let number = {
                let mut log = self.log.lock().unwrap();
                log.received.push(received.clone());
                log.acts += 1;
                log.acts - 1
            };
            let reply = match self.act(number).for_this(&received) {
                Act::Say(reply) => reply.clone(),
                Act::Answer(answer) => answer(&received),
                Act::CutUnread | Act::CutRead | Act::Either(..) => return,
                Act::CutWithin(reply) => return say_half(&mut stream, reply).await,
                Act::Stall => return stall().await,
                Act::Flood(head, part) => return flood(&mut stream, head, part).await,
                Act::SayTwice(first, gap, second) => {
                    stream.write_all(first.as_bytes()).await.unwrap();
                    sleep(*gap).await;
                    // The client has closed the connection.
                    if stream.write_all(second.as_bytes()).await.is_err() {
                        return;
                    }
                    continue;
                }
                Act::Drip(reply, wait) => return drip(&mut stream, reply, *wait).await,
                Act::StallWithin(reply) => {
                    say_half(&mut stream, reply).await;
                    return stall().await;
                }
            };
            stream.write_all(reply.as_bytes()).await.unwrap();
        }
    }

    fn act(&self, number: usize) -> &Act {
        self.script.get(number).or(self.script.last()).unwrap()
    }
}

async fn say_half(stream: &mut TcpStream, reply: &str) {
    let part = &reply.as_bytes()[..reply.len() - 3];
    stream.write_all(part).await.unwrap();
}

/// Ends when the client stops reading.
async fn flood(stream: &mut TcpStream, head: &str, part: &str) {
    let many = part.repeat(64 * 1024 / part.len());
    let mut part = head.as_bytes();
    while stream.write_all(part).await.is_ok() {
        part = many.as_bytes();
    }
}

/// Ends when the client stops reading.
async fn drip(stream: &mut TcpStream, reply: &str, wait: Duration) {
    for byte in reply.as_bytes() {
        if stream.write_all(&[*byte]).await.is_err() {
            return;
        }
        sleep(wait).await;
    }
}

async fn stall() {
    sleep(Duration::from_secs(100_000)).await;
}

async fn receive(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let received = Received {
                head: head.to_owned(),
                body: body.to_owned(),
            };
            let length = received.header("content-length").unwrap_or("0");
            if body.len() >= length.parse().unwrap() {
                return Some(received);
            }
        }
        let mut part = [0; 4096];
        match stream.read(&mut part).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&part[..count]),
        }
    }
}

pub fn reply(status: u16, headers: &[(&str, &str)], body: &str) -> String {
    let lines: Vec<_> = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let headers = lines.concat();
    let length = body.len();
    format!("HTTP/1.1 {status} Some\r\n{headers}content-length: {length}\r\n\r\n{body}")
}

/// Returns a reply without an end: it announces a terabyte.
pub fn endless(status: u16, part: &'static str) -> Act {
    let length = 1_u64 << 40;
    let head = format!("HTTP/1.1 {status} Some\r\ncontent-length: {length}\r\n\r\n");
    Act::Flood(head, part)
}

/// Returns a reply without an end that announces nothing.
pub fn endless_chunks(status: u16, part: &'static str) -> Act {
    let head = format!("HTTP/1.1 {status} Some\r\nconnection: close\r\n\r\n");
    Act::Flood(head, part)
}

pub fn json(status: u16, body: &str) -> Act {
    Act::Say(reply(status, &[("content-type", "application/json")], body))
}

pub fn with(status: u16, headers: &[(&str, &str)], body: &str) -> Act {
    Act::Say(reply(status, headers, body))
}
