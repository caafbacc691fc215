//! Records a test against a real server, and replays it without one.

mod error;
mod open;
mod pattern;
mod player;
mod recorder;
mod tape;

use std::{
    collections::BTreeMap,
    fmt,
    hash::{BuildHasher, Hasher, RandomState},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub use self::{
    error::CassetteError,
    open::{OpenCassette, RecordMode},
};
use self::{
    player::{Answer, Player},
    recorder::{Recorder, Sent},
    tape::{Reply, Tape},
};
use crate::testing::{POLL_EVERY, Scrubber, lock, scrub::host_of};
use crate::{Coolify, CoolifyBuilder, Pacing, RetryPolicy};

/// The status of a request without a recorded answer. Neither the transport nor a wait
/// repeats it, and it does not mean that a resource does not exist.
const UNEXPECTED: u16 = 418;

/// The token of a client that replays.
const REPLAYING: &str = "1|replayed-by-a-cassette";

/// The minimum length of a hidden text. A shorter one occurs in other words.
const SHORTEST_HIDDEN: usize = 4;

/// A recording of a test against a real Coolify, which is replayed offline.
///
/// Use it for tests of what you build on this SDK. A [`FakeCoolify`](super::FakeCoolify)
/// imitates Coolify, and needs no server at all; a cassette repeats what your server has
/// really answered, for the requests of one test.
///
/// ```no_run
/// # async fn rolls_out(coolify: &coolify_sdk::Coolify, name: &str) -> coolify_sdk::Result<()> { Ok(()) }
/// use coolify_sdk::testing::Cassette;
///
/// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
/// let cassette = Cassette::open("tests/cassettes/deploy.json").await?;
/// rolls_out(&cassette.client(), &cassette.name("shop")).await?;
/// cassette.finish()?;
/// # Ok(()) }
/// ```
///
/// # Recording
///
/// Run the test with `COOLIFY_RECORD=1`, `COOLIFY_URL` and `COOLIFY_TOKEN`, and commit the
/// file. Without `COOLIFY_RECORD` it is replayed and nothing is sent to a server, so CI
/// needs no setting. [`RecordMode`] describes the other values, and
/// [`OpenCassette::mode`] ignores the variable.
///
/// The requests go directly to the server, as without a cassette. Repeated attempts and
/// refusals by the rate limit are recorded as they come. The file is written by
/// [`finish`](Self::finish), completely or not at all: a test that fails before
/// leaves an older file as it was. If a write got no reply, nothing is written, because
/// nobody could replay it.
///
/// # Secrets
///
/// The file contains no header of a request, so no token. Of bodies, paths and queries
/// only harmless values are written: numbers, flags, times, the uuids of resources, the
/// words of Coolify in the fields that have them (`running:healthy`, `nixpacks`), the
/// names of environment variables, and plain English words of messages. Everything
/// else becomes a placeholder such as `scrubbed-7` or `host-2.example.com`: names,
/// domains, addresses, commands, values of variables, and the lines of logs. Of a compose
/// file, its keys, ports and well-known images stay. One text has the same placeholder
/// everywhere.
///
/// [`hide`](Self::hide) replaces a text that would stay otherwise. [`keep`](Self::keep)
/// keeps a text, so that the test can look for it. As a last check, nothing is written
/// if the token, the host of the server or a hidden text is left anywhere. Read the
/// file before you commit it all the same.
///
/// # Replaying
///
/// A placeholder in a recorded *request* stands for whatever the test sends in its place,
/// and from then on the *replies* contain that. So a test reads back the names, domains
/// and values that it sets, although the file does not contain them, and they may be
/// different in each run. What only the server knew stays a placeholder: a generated
/// password is read as `scrubbed-12`, and matches if it is sent back.
///
/// Requests are matched by method, path, query and body, in any order, so that
/// concurrent calls may overtake each other:
///
/// - Each recorded write is answered once.
/// - A read gets the recorded answers in their order, and then the last one again, because
///   a replay may poll more often. It may also poll less often. An answer that was
///   recorded after a write to the same resource is only used after that write. One that
///   was recorded before the write is used after it only if there is no other.
/// - Waits take no time: clients of a cassette poll every 10 milliseconds, whatever the
///   test sets, and are not paced. A recorded 429 is repeated after a quarter of a
///   second instead of the recorded time. A workflow that waits for a fixed time, for
///   example until a resource has been healthy for a while, also waits in a replay.
///
/// If nothing fits, the call fails with an error that names the request and the nearest
/// one that was recorded. [`finish`](Self::finish) reports it as well, even if the code
/// ignored the error, and also recorded requests that were not made.
///
/// Concurrent calls that differ in placeholders only may get each other's answers.
/// Usually this makes no difference, since all of them are renamed together. Where it
/// does, use [`name`](Self::name).
///
/// # What else works
///
/// Clients that are bound to a project, streams, uploads (recorded by their size), several
/// clients of one cassette ([`builder`](Self::builder)), and `blocking`:
/// `Cassette::open(path).block()?`.
///
/// # An example
///
/// A fake plays the real server here. When the cassette is replayed, it is gone.
///
/// ```
/// use coolify_sdk::testing::{Cassette, FakeCoolify, RecordMode};
///
/// async fn test(cassette: &Cassette) -> coolify_sdk::Result<()> {
///     let coolify = cassette.client();
///     let name = cassette.name("shop");
///     let project = coolify.projects().create(&*name).await?;
///     assert_eq!(coolify.project(&project.uuid).get().await?.name, name);
///     coolify.project(&project.uuid).delete().await?;
///     Ok(())
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let path = std::env::temp_dir().join("coolify-sdk-example").join("projects.json");
/// let server = FakeCoolify::start().await;
/// let cassette = Cassette::open(&path)
///     .mode(RecordMode::Record)
///     .server(server.url(), server.token())
///     .await?;
/// test(&cassette).await?;
/// cassette.finish()?;
/// drop(server);
///
/// let cassette = Cassette::open(&path).mode(RecordMode::Replay).await?;
/// test(&cassette).await?;
/// cassette.finish()?;
/// # std::fs::remove_file(path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
pub struct Cassette {
    path: PathBuf,
    side: Side,
    is_finished: bool,
}

enum Side {
    Recording(Box<Recording>),
    Replaying {
        server: MockServer,
        player: Arc<Mutex<Player>>,
    },
}

struct Recording {
    url: String,
    token: String,
    coolify: String,
    recorder: Arc<Recorder>,
    wishes: Mutex<Wishes>,
}

/// The names and texts that the test has chosen.
#[derive(Default)]
struct Wishes {
    names: BTreeMap<String, String>,
    kept: Vec<String>,
    hidden: Vec<String>,
}

impl Cassette {
    /// Opens the cassette at this path, relative to the package under `cargo test`.
    ///
    /// Awaiting it returns the cassette. Nothing is sent to a server unless it records.
    ///
    /// ```no_run
    /// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
    /// use coolify_sdk::testing::Cassette;
    ///
    /// let cassette = Cassette::open("tests/cassettes/deploy.json").await?;
    /// # Ok(()) }
    /// ```
    pub fn open(path: impl Into<PathBuf>) -> OpenCassette {
        OpenCassette::new(path.into())
    }

    async fn replay(path: PathBuf) -> Result<Self, CassetteError> {
        let player = Arc::new(Mutex::new(Player::new(Tape::read(&path)?)));
        let server = MockServer::builder()
            .disable_request_recording()
            .start()
            .await;
        let answering = Arc::clone(&player);
        Mock::given(wiremock::matchers::any())
            .respond_with(move |request: &Request| respond(&mut lock(&answering), request))
            .mount(&server)
            .await;
        Ok(Self {
            path,
            side: Side::Replaying { server, player },
            is_finished: false,
        })
    }

    async fn record(path: PathBuf, url: String, token: String) -> Result<Self, CassetteError> {
        let mut recording = Box::new(Recording {
            url,
            token,
            coolify: String::new(),
            recorder: Arc::default(),
            wishes: Mutex::default(),
        });
        let client = recording.builder().build();
        let client = client.map_err(CassetteError::NoServer)?;
        let version = client.version().await.map_err(CassetteError::NoServer)?;
        recording.coolify = version.to_string();
        Ok(Self {
            path,
            side: Side::Recording(recording),
            is_finished: false,
        })
    }

    /// Returns a client for the test.
    ///
    /// # Panics
    ///
    /// Panics if no client can be built, for example because no TLS was compiled in.
    ///
    /// ```no_run
    /// # async fn test(cassette: coolify_sdk::testing::Cassette) -> coolify_sdk::Result<()> {
    /// let projects = cassette.client().projects().list().await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn client(&self) -> Coolify {
        match self.builder().build() {
            Ok(client) => client,
            Err(error) => panic!("no client for the cassette: {error}"),
        }
    }

    /// Returns a builder of a client for the test, for other settings. The URL of the
    /// server must stay; a token of your own works if it is [hidden](Self::hide).
    ///
    /// ```no_run
    /// # fn test(cassette: coolify_sdk::testing::Cassette) -> coolify_sdk::Result<()> {
    /// use coolify_sdk::RetryPolicy;
    ///
    /// let coolify = cassette.builder().retry(RetryPolicy::none()).build()?;
    /// # Ok(()) }
    /// ```
    pub fn builder(&self) -> CoolifyBuilder {
        match &self.side {
            Side::Recording(recording) => recording.builder(),
            Side::Replaying { server, .. } => {
                let briefly = Duration::from_millis(1);
                Coolify::builder()
                    .url(server.uri())
                    .token(REPLAYING)
                    .longest_interval(POLL_EVERY)
                    .pacing(Pacing::off())
                    .retry(RetryPolicy::default().backoff(briefly, briefly))
            }
        }
    }

    /// Returns a name that begins with this prefix, is new in each recording, and is the
    /// same in its replays. The file shows it. The same prefix has one name.
    ///
    /// ```no_run
    /// # async fn test(cassette: coolify_sdk::testing::Cassette) -> coolify_sdk::Result<()> {
    /// let name = cassette.name("shop"); // such as `shop-5f2a90c1`
    /// cassette.client().projects().create(name).await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn name(&self, prefix: &str) -> String {
        let unknown = || format!("{prefix}-not-recorded");
        match &self.side {
            Side::Recording(recording) => {
                let mut wishes = lock(&recording.wishes);
                let name = wishes.names.entry(prefix.to_owned()).or_insert_with(|| {
                    let random = RandomState::new().build_hasher().finish();
                    format!("{prefix}-{:08x}", random >> 32)
                });
                name.clone()
            }
            Side::Replaying { player, .. } => lock(player).name(prefix).unwrap_or_else(unknown),
        }
    }

    /// Replaces a text in the file wherever it appears, also inside of other texts. Use
    /// it for secrets that the scrubber cannot recognise. It has no effect when
    /// replaying.
    ///
    /// # Panics
    ///
    /// Panics if the text is shorter than four bytes.
    ///
    /// ```no_run
    /// # fn test(cassette: coolify_sdk::testing::Cassette) {
    /// cassette.hide("swordfish");
    /// # }
    /// ```
    #[track_caller]
    pub fn hide(&self, text: impl Into<String>) {
        let text = text.into();
        let is_long = text.len() >= SHORTEST_HIDDEN;
        assert!(
            is_long,
            "a text of less than {SHORTEST_HIDDEN} bytes cannot be hidden"
        );
        if let Side::Recording(recording) = &self.side {
            lock(&recording.wishes).hidden.push(text);
        }
    }

    /// Keeps a text in the file wherever it appears, also in secrets, so that a replay can
    /// look for it. What is hidden is replaced all the same. It has no effect when
    /// replaying.
    ///
    /// # Panics
    ///
    /// Panics if the text is empty.
    ///
    /// ```no_run
    /// # fn test(cassette: coolify_sdk::testing::Cassette) {
    /// cassette.keep("listening on port 3000");
    /// # }
    /// ```
    #[track_caller]
    pub fn keep(&self, text: impl Into<String>) {
        let text = text.into();
        assert!(!text.is_empty(), "an empty text cannot be kept");
        if let Side::Recording(recording) = &self.side {
            lock(&recording.wishes).kept.push(text);
        }
    }

    /// Returns whether the test runs against a real server.
    ///
    /// ```no_run
    /// # fn test(cassette: coolify_sdk::testing::Cassette) {
    /// if cassette.is_recording() {
    ///     println!("this takes a minute");
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn is_recording(&self) -> bool {
        matches!(self.side, Side::Recording(_))
    }

    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the version of the server, also when replaying.
    #[must_use]
    pub fn coolify(&self) -> String {
        match &self.side {
            Side::Recording(recording) => recording.coolify.clone(),
            Side::Replaying { player, .. } => lock(player).coolify().to_owned(),
        }
    }

    /// Ends the test: writes the file when recording, and compares the requests when
    /// replaying. Call it at the end of the test, when nothing is running any more.
    ///
    /// # Errors
    ///
    /// When replaying, [`CassetteError::Differs`] if a request had no recorded answer, or
    /// if a recorded one was not made. When recording, [`CassetteError::NotRecorded`] if
    /// the file would contain a secret or could not be replayed, and
    /// [`CassetteError::Io`].
    ///
    /// ```no_run
    /// # fn test(cassette: coolify_sdk::testing::Cassette) -> Result<(), Box<dyn std::error::Error>> {
    /// cassette.finish()?;
    /// # Ok(()) }
    /// ```
    pub fn finish(mut self) -> Result<(), CassetteError> {
        self.is_finished = true;
        match &self.side {
            Side::Recording(recording) => {
                let not_recorded =
                    |problems| CassetteError::NotRecorded(self.path.clone(), problems);
                let text = recording.text().map_err(not_recorded)?;
                tape::write(&self.path, &text)
                    .map_err(|error| CassetteError::Io(self.path.clone(), error))
            }
            Side::Replaying { player, .. } => {
                let problems = lock(player).problems();
                if problems.is_empty() {
                    return Ok(());
                }
                Err(CassetteError::Differs(self.path.clone(), problems))
            }
        }
    }
}

impl Recording {
    fn builder(&self) -> CoolifyBuilder {
        Coolify::builder()
            .url(&*self.url)
            .token(&*self.token)
            .observed_by(self.recorder.clone())
    }

    /// Returns the text of the file, or why there is none.
    fn text(&self) -> Result<String, Vec<String>> {
        let lost = self.recorder.lost();
        if !lost.is_empty() {
            let lost = lost
                .iter()
                .map(|it| format!("{it} got no reply; record again"));
            return Err(lost.collect());
        }
        let wishes = self.wishes();
        let mut scrubber = Scrubber::numbered(&self.token, &self.url);
        let kept = wishes.kept.iter().chain(wishes.names.values());
        kept.for_each(|text| scrubber.keep(text));
        wishes.hidden.iter().for_each(|text| scrubber.hide(text));
        let exchanges = self.recorder.exchanges(&mut scrubber);
        if exchanges.is_empty() {
            let none = "no request was made; use the client of the cassette";
            return Err(vec![none.to_owned()]);
        }
        let tape = Tape::new(self.coolify.clone(), wishes.names.clone(), exchanges);
        let text = tape.text().map_err(|error| vec![error.to_string()])?;
        let leaks = self.leaks(&wishes.hidden, &text);
        if leaks.is_empty() {
            Ok(text)
        } else {
            Err(leaks)
        }
    }

    fn wishes(&self) -> MutexGuard<'_, Wishes> {
        lock(&self.wishes)
    }

    /// Returns descriptions of the secrets that the file would contain.
    fn leaks(&self, hidden: &[String], text: &str) -> Vec<String> {
        let secret = self
            .token
            .split_once('|')
            .map_or(&*self.token, |(_, secret)| secret);
        let host = host_of(&self.url);
        let is_here = host.starts_with("127.") || host == "localhost" || host.starts_with('[');
        let mut leaks = Vec::new();
        if !secret.is_empty() && text.contains(secret) {
            leaks.push("it would contain the token".to_owned());
        }
        if !is_here && !host.is_empty() && text.contains(host) {
            leaks.push("it would contain the host of the server".to_owned());
        }
        let shown = hidden.iter().filter(|hidden| {
            let quoted = serde_json::to_string(hidden).unwrap_or_default();
            text.contains(quoted.trim_matches('"'))
        });
        leaks.extend(shown.map(|hidden| {
            format!(
                "it would contain a hidden text of {} bytes: it is a part of a path, a key or a \
                 text that is kept",
                hidden.len()
            )
        }));
        leaks
    }
}

fn respond(player: &mut Player, request: &Request) -> ResponseTemplate {
    let content_type = request.headers.get("content-type");
    let content_type = content_type.and_then(|it| it.to_str().ok());
    let sent = Sent::new(
        request.method.as_str(),
        &request.url,
        &request.body,
        content_type,
    );
    match player.answer(&sent) {
        Answer::Recorded(reply) => template(reply),
        Answer::Version(version) => ResponseTemplate::new(200).set_body_raw(version, "text/html"),
        Answer::Unexpected(problem) => ResponseTemplate::new(UNEXPECTED)
            .set_body_json(serde_json::json!({ "message": problem })),
    }
}

fn template(reply: Reply) -> ResponseTemplate {
    let mut template = ResponseTemplate::new(reply.status);
    let mut media_type = recorder::media_type(reply.json.is_some()).to_owned();
    let body = match (reply.json, reply.text) {
        (Some(json), _) => json.to_string(),
        (None, text) => text.unwrap_or_default(),
    };
    for (name, value) in reply.headers {
        match &*name {
            "content-type" => media_type = value,
            // The time has passed, so a replay does not wait.
            "retry-after" | "x-ratelimit-reset" => {
                template = template.insert_header(&*name, "0");
            }
            _ => template = template.insert_header(&*name, &*value),
        }
    }
    template.set_body_raw(body, &media_type)
}

impl fmt::Debug for Cassette {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cassette")
            .field("path", &self.path)
            .field("is_recording", &self.is_recording())
            .finish_non_exhaustive()
    }
}

/// Only prints: a panic here would hide the message of a failed test.
impl Drop for Cassette {
    fn drop(&mut self) {
        if self.is_finished {
            return;
        }
        let path = self.path.display();
        match &self.side {
            Side::Recording(_) => {
                eprintln!("the cassette {path} was not written, because `finish` was not called");
            }
            Side::Replaying { player, .. } => {
                let unexpected = lock(player).problems();
                if !unexpected.is_empty() {
                    eprintln!(
                        "the test differs from the cassette {path}: {}",
                        unexpected.join("; ")
                    );
                }
            }
        }
    }
}
