//! A cheap server on loopback: it reads the first line of a request and sends
//! prepared bytes.

#![allow(
    dead_code,
    reason = "`time.rs` and `memory.rs` each look at a part of it"
)]

use std::{
    collections::HashMap,
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime::Builder,
};

/// The replies by method and path without the query. Several replies are sent in
/// turn, and then again from the first one.
#[derive(Default)]
pub struct Replies(HashMap<String, (Vec<Vec<u8>>, AtomicUsize)>);

impl Replies {
    /// Adds replies with Coolify's headers.
    pub fn add(&mut self, method: &str, path: &str, bodies: impl IntoIterator<Item = String>) {
        let replies = bodies.into_iter().map(|body| {
            let length = body.len();
            let head = format!(
                "HTTP/1.1 200 OK\r\nserver: nginx\r\ncontent-type: application/json\r\n\
                 content-length: {length}\r\nconnection: keep-alive\r\n\
                 cache-control: no-cache, private\r\ndate: Sun, 22 Nov 2026 00:27:18 GMT\r\n\
                 x-ratelimit-limit: 200\r\nx-ratelimit-remaining: 199\r\n\
                 access-control-allow-origin: *\r\n\r\n"
            );
            (head + &body).into_bytes()
        });
        let route = format!("{method} /api/v1{path}");
        self.0
            .insert(route, (replies.collect(), AtomicUsize::new(0)));
    }

    fn to(&self, request: &str) -> &[u8] {
        let line = request.split(" HTTP/").next().unwrap_or_default();
        let route = line.split('?').next().unwrap_or_default();
        let (replies, turn) = self.0.get(route).expect(route);
        &replies[turn.fetch_add(1, Ordering::Relaxed) % replies.len()]
    }
}

/// The address of the server, and the number of requests.
#[derive(Clone)]
pub struct Server {
    pub url: String,
    calls: Arc<AtomicUsize>,
}

impl Server {
    /// Starts a server on its own thread, until the program ends.
    pub fn start(replies: Replies) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let calls = Arc::new(AtomicUsize::new(0));
        let counter = calls.clone();
        thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_io().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                let replies = Arc::new(replies);
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    tokio::spawn(serve(stream, replies.clone(), counter.clone()));
                }
            });
        });
        Self { url, calls }
    }

    /// Returns the number of requests since the last call.
    pub fn take_calls(&self) -> usize {
        self.calls.swap(0, Ordering::Relaxed)
    }
}

/// Answers until the client closes the connection.
async fn serve(mut stream: TcpStream, replies: Arc<Replies>, calls: Arc<AtomicUsize>) {
    stream.set_nodelay(true).unwrap();
    let mut received = Vec::with_capacity(64 * 1024);
    loop {
        while let Some(end) = end_of_request(&received) {
            let request = str::from_utf8(&received[..end]).unwrap();
            calls.fetch_add(1, Ordering::Relaxed);
            if stream.write_all(replies.to(request)).await.is_err() {
                return;
            }
            received.drain(..end);
        }
        match stream.read_buf(&mut received).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// Returns the end of the first request, if it is complete.
fn end_of_request(received: &[u8]) -> Option<usize> {
    let head = received.windows(4).position(|it| it == b"\r\n\r\n")? + 4;
    let body = str::from_utf8(&received[..head])
        .unwrap()
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    (received.len() >= head + body).then_some(head + body)
}
