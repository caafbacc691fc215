//! Whole visits of the doctor: what it asks, and its report, word for word.

use std::fmt::Write as _;

use coolify_sdk::operations::operations;
use coolify_sdk::{Coolify, Pacing, Result, RetryPolicy};
use serde_json::{Value, json};
use wiremock::matchers::{method, path, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Why a check was not made after another one that found a problem.
const PREVENTED: &str = "a problem that was found before prevents this check";

/// A server, and the visits of it so far.
struct Practice {
    server: MockServer,
    /// The checks of which is shown what they saw, if they found nothing.
    shown: &'static [&'static str],
    text: String,
}

impl Practice {
    async fn new(shown: &'static [&'static str]) -> Self {
        Self {
            server: MockServer::start().await,
            shown,
            text: String::new(),
        }
    }

    /// Answers each request below this path, unless an earlier answer fits.
    async fn on(&self, at: &str, answer: ResponseTemplate) {
        Mock::given(method("GET"))
            .and(path_regex(format!("^/api/v1{at}")))
            .respond_with(answer)
            .mount(&self.server)
            .await;
    }

    /// Visits the server, and forgets its answers.
    async fn visit(&mut self, case: &str, bound: bool) -> Result<()> {
        let coolify = Coolify::builder()
            .url(self.server.uri())
            .token("1|s3cret")
            .retry(RetryPolicy::none())
            .pacing(Pacing::off())
            .build()?;
        let coolify = if bound {
            coolify.in_project("shop1")
        } else {
            coolify
        };
        let report = coolify.doctor().await?;
        let _ = writeln!(self.text, "# {case}");
        for request in self.server.received_requests().await.unwrap_or_default() {
            let _ = writeln!(self.text, "{} {}", request.method, request.url.path());
        }
        let (mut fine, mut prevented) = (Vec::new(), Vec::new());
        let report = report.to_string();
        for line in report.lines() {
            let of_passed = line
                .strip_prefix("ok: ")
                .and_then(|it| it.strip_suffix(']'));
            let unread = line.strip_prefix("not read: ");
            match (of_passed.and_then(|it| it.rsplit_once(" [")), unread) {
                (Some((_, check)), _) if !self.shown.contains(&check) => fine.push(check),
                (_, Some(it)) if it.ends_with(PREVENTED) => {
                    prevented.extend(it.split(' ').next());
                }
                _ => {
                    let _ = writeln!(self.text, "{line}");
                }
            }
        }
        let _ = writeln!(self.text, "fine: {}", fine.join(", "));
        let _ = writeln!(self.text, "prevented: {}\n", prevented.join(", "));
        self.server.reset().await;
        Ok(())
    }

    fn said(&self) -> String {
        assert!(!self.text.contains("s3cret"), "{}", self.text);
        let address = self.server.address().to_string();
        let text = self.text.replace(&address, "127.0.0.1:8000");
        // A newer SDK knows more of them.
        let all = format!("of {} operations", operations().len());
        text.replace(&all, "of all operations")
    }
}

fn text(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_string(body)
}

fn refusal(status: u16, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"message": message}))
}

const LOGS: &str = "/applications/[^/]+/logs";
const STOP: &str = "/applications/[^/]+/stop";
const VALIDATE: &str = "/servers/[^/]+/validate";
const EMAIL: &str = "/notifications";

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of servers")]
async fn abilities_are_read_from_refusals_of_harmless_requests() -> Result<()> {
    let mut practice = Practice::new(&["abilities", "version"]).await;
    let lacks = |ability: &str| refusal(403, &format!("Missing required permissions: {ability}"));
    let not_allowed = || refusal(405, "Method not allowed.");
    let missing = || refusal(404, "Not found.");
    let email = |fields: Value| ResponseTemplate::new(200).set_body_json(fields);
    let secret = || email(json!({"smtp_enabled": false, "smtp_host": null}));
    for (case, version, logs, mail, validate, stop) in [
        (
            "a token with all abilities",
            "4.3.11",
            missing(),
            secret(),
            not_allowed(),
            not_allowed(),
        ),
        (
            "a token that reads",
            "4.3.11",
            missing(),
            email(json!({"smtp_enabled": false})),
            lacks("write"),
            lacks("deploy"),
        ),
        (
            "answers that say nothing",
            "4.3.11",
            missing(),
            text("OK"),
            text("OK"),
            lacks("read"),
        ),
        (
            "failures",
            "4.3.11",
            missing(),
            refusal(500, "Server Error"),
            refusal(500, "Server Error"),
            refusal(429, "Too Many Attempts."),
        ),
        (
            "a newer version",
            "4.4.0",
            missing(),
            missing(),
            not_allowed(),
            missing(),
        ),
        (
            "a newer version, and a token that reads",
            "4.4.0",
            lacks("read:sensitive"),
            missing(),
            lacks("write"),
            lacks("deploy"),
        ),
        (
            "the first harmless version",
            "4.2.0",
            missing(),
            secret(),
            missing(),
            missing(),
        ),
        (
            "a version that is tried out",
            "4.3.0-rc.1",
            missing(),
            secret(),
            not_allowed(),
            not_allowed(),
        ),
        (
            "an older version",
            "4.1.2",
            missing(),
            secret(),
            missing(),
            missing(),
        ),
        (
            "the oldest version",
            "4.0.0",
            missing(),
            missing(),
            missing(),
            missing(),
        ),
        (
            "a version that cannot be read",
            "nightly",
            missing(),
            secret(),
            missing(),
            missing(),
        ),
    ] {
        practice.on("/health", text("OK")).await;
        practice.on("/version", text(version)).await;
        practice.on(LOGS, logs).await;
        practice.on(EMAIL, mail).await;
        practice.on(VALIDATE, validate).await;
        practice.on(STOP, stop).await;
        practice.visit(case, false).await?;
    }
    insta::assert_snapshot!(practice.said());
    Ok(())
}

#[tokio::test]
async fn abilities_are_not_looked_for_without_need() -> Result<()> {
    let mut practice = Practice::new(&["abilities", "version"]).await;
    let lacks = |ability: &str| refusal(403, &format!("Missing required permissions: {ability}"));
    for (case, bound) in [
        ("a token that cannot read", false),
        ("of one project", true),
    ] {
        practice.on("/health", text("OK")).await;
        practice.on("/version", lacks("read")).await;
        practice.visit(case, bound).await?;
    }
    practice.on("/health", text("OK")).await;
    practice.on("/version", text("4.3.11")).await;
    practice.visit("a client of one project", true).await?;
    insta::assert_snapshot!(practice.said());
    Ok(())
}

#[tokio::test]
async fn whatever_answers_instead_of_coolify_is_a_finding() -> Result<()> {
    let mut practice = Practice::new(&[]).await;
    let html = |status: u16| {
        ResponseTemplate::new(status).set_body_raw("<!doctype html><p>Hi", "text/html")
    };
    let to = |location: &str| ResponseTemplate::new(302).insert_header("location", location);
    for (case, answer) in [
        ("a page", html(200)),
        ("a forbidden page", html(403)),
        ("a missing page", html(404)),
        ("a broken gateway", html(502)),
        ("another API", refusal(404, "no route")),
        (
            "no route of Coolify",
            ResponseTemplate::new(404).set_body_json(json!({
            "message": "Not found.", "docs": "https://coolify.io/docs"})),
        ),
        (
            "the same host by TLS",
            to("https://127.0.0.1/api/v1/health"),
        ),
        ("a login", to("https://login.example/?next=x")),
        ("a switched-off API", refusal(403, "API is disabled.")),
        (
            "a closed API",
            refusal(403, "You are not allowed to access the API."),
        ),
        (
            "a token with too many permissions",
            refusal(
                403,
                "API token has permissions that its owner does not have.",
            ),
        ),
        (
            "a token that is not accepted",
            refusal(401, "Unauthenticated."),
        ),
        (
            "a limit",
            refusal(429, "Too Many Attempts.").insert_header("retry-after", "30"),
        ),
        ("a failure", refusal(500, "Server Error")),
        ("maintenance", refusal(503, "Service Unavailable")),
        ("nothing", ResponseTemplate::new(200)),
    ] {
        practice.on("/", answer).await;
        practice.visit(case, false).await?;
    }
    insta::assert_snapshot!(practice.said());
    Ok(())
}

#[tokio::test]
async fn what_a_healthy_reply_shows_is_reported() -> Result<()> {
    let mut practice =
        Practice::new(&["rate-limit", "clock", "abilities", "proxy-page", "address"]).await;
    for (case, limit, left, date) in [
        ("much left", "200", "150", None),
        ("little left", "200", "19", None),
        ("a limit that makes no sense", "200", "201", None),
        (
            "an old clock",
            "200",
            "150",
            Some("Thu, 01 Jan 2026 00:00:00 GMT"),
        ),
    ] {
        let mut answer = text("4.3.11")
            .insert_header("x-ratelimit-limit", limit)
            .insert_header("x-ratelimit-remaining", left);
        if let Some(date) = date {
            answer = answer.insert_header("date", date);
        }
        practice.on("/", answer).await;
        practice.visit(case, true).await?;
    }
    let said = practice.said();
    let lines = said.lines().filter(|it| !it.contains("local time:"));
    let lines = lines.map(|it| match it.split_once(" is ") {
        Some((clock, rest)) if rest.ends_with("behind the local one. [clock]") => {
            format!("{clock} is some seconds behind the local one. [clock]")
        }
        _ => it.to_owned(),
    });
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
    Ok(())
}

/// A port at which nothing listens.
#[tokio::test]
async fn a_server_that_is_not_there_is_a_finding() -> Result<()> {
    let coolify = Coolify::builder()
        .url("http://127.0.0.1:9")
        .token("1|s3cret");
    let report = coolify.retry(RetryPolicy::none()).build()?.doctor().await?;
    let text = report.to_string();
    let lines: Vec<_> = text.lines().filter(|it| !it.contains("cause:")).collect();
    assert!(lines.len() + 1 == text.lines().count(), "one cause: {text}");
    insta::assert_snapshot!(lines.join("\n"));
    Ok(())
}

/// Only the first request is needed to see that nothing works.
#[tokio::test]
async fn a_visit_without_health_goes_no_further() -> Result<()> {
    let server = MockServer::start().await;
    Mock::given(path("/api/v1/health"))
        .respond_with(ResponseTemplate::new(500).set_body_json(json!({"message": "x"})))
        .mount(&server)
        .await;
    let coolify = Coolify::builder().url(server.uri()).token("1|s3cret");
    let report = coolify.retry(RetryPolicy::none()).build()?.doctor().await?;
    let asked = server.received_requests().await.unwrap_or_default();
    let asked: Vec<_> = asked.iter().map(|it| it.url.path()).collect();
    let address = server.address().to_string();
    let text = report.to_string().replace(&address, "127.0.0.1:8000");
    insta::assert_snapshot!(format!("{}\n\n{text}", asked.join("\n")));
    Ok(())
}
