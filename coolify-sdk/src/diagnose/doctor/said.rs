//! What the doctor says about what it saw, word for word, compared with text files.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use super::{
    Visit, examine,
    visit::Has::{No, Unknown, Yes},
};
use crate::{
    Error, ErrorKind, Timestamp,
    operations::{Ability, operations},
    transport::{Probe, Seen},
};

/// Why a check was not made after another one that found a problem.
const PREVENTED: &str = "a problem that was found before prevents this check";

/// The time of the visit.
fn noon() -> SystemTime {
    let noon = Timestamp::from("2026-11-29 12:00:00");
    noon.to_system_time().unwrap()
}

fn seen() -> Seen {
    Seen {
        status: 200,
        date: Some("Sun, 29 Nov 2026 12:00:00 GMT".to_owned()),
        budget: None,
        certificate: None,
        sent: noon(),
        took: Duration::ZERO,
    }
}

fn answer(body: &str, seen: Seen) -> Probe {
    Probe {
        outcome: Ok(body.as_bytes().to_vec()),
        seen: Some(seen),
    }
}

/// A visit on which everything is as it should be.
fn visit() -> Visit {
    Visit {
        url: "http://10.0.0.7:8000".to_owned(),
        health: answer("OK", seen()),
        version: Some(answer("4.3.11", seen())),
        abilities: vec![
            (Ability::Read, Yes),
            (Ability::ReadSensitive, Yes),
            (Ability::Write, Yes),
            (Ability::Deploy, Yes),
        ],
        is_bound: false,
        now: noon(),
    }
}

/// A visit whose latest reply showed this.
fn showing(seen: Seen) -> Visit {
    Visit {
        version: Some(answer("4.3.11", seen)),
        ..visit()
    }
}

/// A visit that failed at once.
fn failing(error: Error) -> Visit {
    Visit {
        health: Probe {
            outcome: Err(error),
            seen: None,
        },
        version: None,
        abilities: Vec::new(),
        ..visit()
    }
}

/// The cases, each with the report.
#[derive(Default)]
struct Said(String);

impl Said {
    fn whole(&mut self, case: &str, visit: &Visit) {
        let report = examine(visit).to_string();
        writeln!(self.0, "# {case}").unwrap();
        let subject = format!(" of Coolify `{}`: {PREVENTED}", visit.url);
        let mut prevented = Vec::new();
        for line in report.lines() {
            match line.strip_suffix(&subject) {
                Some(check) => prevented.push(check.trim_start_matches("not read: ")),
                None => writeln!(self.0, "{line}").unwrap(),
            }
        }
        writeln!(self.0, "prevented: {}\n", prevented.join(", ")).unwrap();
    }

    /// Adds what one check says.
    fn one(&mut self, check: &str, case: &str, visit: &Visit) {
        let report = examine(visit);
        writeln!(self.0, "# {case}").unwrap();
        for finding in report.of_rule(check) {
            writeln!(self.0, "{finding}").unwrap();
        }
        for passed in report.passed.iter().filter(|it| it.rule == check) {
            writeln!(self.0, "ok: {}", passed.detail.as_deref().unwrap()).unwrap();
        }
        for unread in report.unread.iter().filter(|it| it.part == check) {
            writeln!(self.0, "not read: {}", unread.reason).unwrap();
        }
        self.0.push('\n');
    }

    #[track_caller]
    fn is(&self, expected: &str) {
        let expected = expected.replace("\r\n", "\n");
        // A newer SDK knows more of them.
        let all = format!("of {} operations", operations().len());
        let said = self.0.replace(&all, "of all operations");
        assert!(said == expected, "the rules say:\n{said}");
    }
}

/// An element of DER.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let head = match u8::try_from(length) {
        Ok(short) if short < 0x80 => vec![tag, short],
        Ok(byte) => vec![tag, 0x81, byte],
        Err(_) => {
            let [high, low] = u16::try_from(length).unwrap().to_be_bytes();
            vec![tag, 0x82, high, low]
        }
    };
    [&head, content].concat()
}

/// A certificate whose validity has this tag, and ends then.
fn certificate(validity: u8, tag: u8, end: &str, issuer: &str) -> Vec<u8> {
    let times = [
        element(0x17, b"250101000000Z"),
        element(tag, end.as_bytes()),
    ]
    .concat();
    let body = [
        element(0xa0, &[2, 1, 2]),
        element(0x02, &[7]),
        element(0x30, &[]),
        element(0x30, issuer.as_bytes()),
        element(validity, &times),
        element(0x30, &[1; 300]),
    ];
    element(0x30, &element(0x30, &body.concat()))
}

/// A certificate without a version, whose length is written with this many bytes, or with
/// none.
fn padded(count: usize) -> Vec<u8> {
    let times = [
        element(0x17, b"250101000000Z"),
        element(0x17, b"270101000000Z"),
    ];
    let body = [
        element(0x02, &[7]),
        element(0x30, &[]),
        element(0x30, &[]),
        element(0x30, &times.concat()),
    ];
    let mut content = element(0x30, &body.concat());
    content.resize(128, 0);
    let mut length = vec![0; count];
    if let Some(last) = length.last_mut() {
        *last = 128;
    }
    let head = [0x30, 0x80 | u8::try_from(count).unwrap()];
    [&head[..], &length, &content].concat()
}

#[test]
fn a_certificate_is_renewed_in_time() {
    let mut said = Said::default();
    let with = |certificate: Option<Vec<u8>>| Visit {
        url: "https://coolify.example".to_owned(),
        ..showing(Seen {
            certificate,
            ..seen()
        })
    };
    let until = |end: &str| with(Some(certificate(0x30, 0x17, end, "issuer")));
    for (case, end) in [
        ("14 days are left", "261213120000Z"),
        ("a second less than 14 days is left", "261213115959Z"),
        ("3 days are left", "261202120000Z"),
        ("a second less than 3 days is left", "261202115959Z"),
        ("2 days are left", "261201120000Z"),
        ("a second less than 2 days is left", "261201115959Z"),
        ("a second less than a day is left", "261130115959Z"),
        ("it expires now", "261129120000Z"),
        ("it has expired", "261128120000Z"),
        ("it dates from the last century", "991128120000Z"),
        ("it dates from the year 50", "500101000000Z"),
        ("it dates from the year 49", "491231235959Z"),
        ("its month is invalid", "261328120000Z"),
        ("it has no date", "soon"),
        ("it has a date without seconds", "2612131200Z"),
        ("it has a date without a zone", "261213120000"),
        ("it has a date with a letter", "26121312000oZ"),
    ] {
        said.one("certificate", case, &until(end));
    }
    for (case, certificate) in [
        (
            "a long form of the date",
            Some(certificate(0x30, 0x18, "20501213120000Z", "x")),
        ),
        (
            "a long issuer",
            Some(certificate(0x30, 0x17, "270101000000Z", &"x".repeat(200))),
        ),
        (
            "a longer issuer",
            Some(certificate(0x30, 0x17, "270101000000Z", &"x".repeat(700))),
        ),
        (
            "no validity",
            Some(certificate(0x31, 0x17, "270101000000Z", "x")),
        ),
        ("no certificate", Some(vec![0x30, 0x85, 1, 1, 1, 1, 1])),
        ("a length of one byte", Some(padded(1))),
        ("a length of no bytes", Some(padded(0))),
        ("a length of four bytes", Some(padded(4))),
        ("a length of five bytes", Some(padded(5))),
        ("none is shown", None),
    ] {
        said.one("certificate", case, &with(certificate));
    }
    let http = visit();
    said.one("certificate", "no TLS", &http);
    let unseen = Visit {
        url: "https://coolify.example".to_owned(),
        ..failing(Error::new(ErrorKind::Timeout, "no answer came"))
    };
    said.one("certificate", "nothing was seen", &unseen);
    said.is(include_str!("said_certificate.txt"));
}

#[test]
fn the_token_is_only_sent_without_encryption_nearby() {
    let mut said = Said::default();
    for url in [
        "https://coolify.example",
        "http://coolify.example",
        "http://203.0.113.7:8000",
        "http://127.0.0.1:8000",
        "http://10.0.0.7",
        "http://172.16.0.1",
        "http://172.32.0.1",
        "http://192.168.1.1",
        "http://169.254.1.1",
        "http://[::1]:8000",
        "http://[fd00::1]",
        "http://[fe80::1]",
        "http://[2001:db8::1]",
        "http://localhost",
        "http://coolify",
        "http://coolify.local",
        "http://coolify.internal",
        "http://coolify.localhost",
        "http://coolify.lan",
        "http://coolify.home.arpa",
        "http://local.example",
        "http://.local.example",
        "not a URL",
    ] {
        let visit = Visit {
            url: url.to_owned(),
            ..visit()
        };
        said.one("address", url, &visit);
    }
    said.is(include_str!("said_address.txt"));
}

#[test]
fn the_clocks_may_differ_by_half_a_minute_and_the_time_of_the_request() {
    let mut said = Said::default();
    let at = |date: Option<&str>, took: u64| {
        showing(Seen {
            date: date.map(str::to_owned),
            took: Duration::from_secs(took),
            ..seen()
        })
    };
    for (case, date, took) in [
        ("the same time", "Sun, 29 Nov 2026 12:00:00 GMT", 0),
        ("30 seconds ahead", "Sun, 29 Nov 2026 12:00:30 GMT", 0),
        ("31 seconds ahead", "Sun, 29 Nov 2026 12:00:31 GMT", 0),
        ("30 seconds behind", "Sun, 29 Nov 2026 11:59:30 GMT", 0),
        ("31 seconds behind", "Sun, 29 Nov 2026 11:59:29 GMT", 0),
        (
            "45 seconds ahead of the middle of ten",
            "Sun, 29 Nov 2026 12:00:45 GMT",
            10,
        ),
        (
            "46 seconds ahead of the middle of ten",
            "Sun, 29 Nov 2026 12:00:46 GMT",
            10,
        ),
        (
            "35 seconds behind the middle of ten",
            "Sun, 29 Nov 2026 11:59:25 GMT",
            10,
        ),
        (
            "36 seconds behind the middle of ten",
            "Sun, 29 Nov 2026 11:59:24 GMT",
            10,
        ),
        ("a year behind", "Sat, 29 Nov 2025 12:00:00 GMT", 0),
        ("an odd month", "Sun, 29 Nev 2026 12:00:00 GMT", 0),
        ("an odd time", "Sun, 29 Nov 2026 noon GMT", 0),
        ("no date", "now", 0),
    ] {
        said.one("clock", case, &at(Some(date), took));
    }
    for month in [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Dec",
    ] {
        let date = format!("Sun, 1 {month} 2026 12:00:00 GMT");
        said.one("clock", &date, &at(Some(&date), 0));
    }
    said.one("clock", "nothing", &at(None, 0));
    let failed = failing(Error::new(ErrorKind::Timeout, "no answer came"));
    said.one("clock", "no reply", &failed);
    said.is(include_str!("said_clock.txt"));
}

#[test]
fn the_requests_of_a_minute_are_counted() {
    let mut said = Said::default();
    for budget in [
        None,
        Some((200, 200)),
        Some((200, 20)),
        Some((200, 19)),
        Some((200, 0)),
        Some((19, 1)),
        Some((20, 1)),
        Some((5, 0)),
    ] {
        let visit = showing(Seen { budget, ..seen() });
        said.one("rate-limit", &format!("{budget:?}"), &visit);
    }
    said.is(include_str!("said_rate_limit.txt"));
}

#[test]
fn abilities_are_listed_as_far_as_they_are_known() {
    let mut said = Said::default();
    let read = |has| (Ability::Read, has);
    for (case, abilities, is_bound) in [
        ("all", visit().abilities, false),
        (
            "some",
            vec![
                read(Yes),
                (Ability::ReadSensitive, No),
                (Ability::Write, Unknown),
                (Ability::Deploy, Yes),
            ],
            false,
        ),
        (
            "two missing abilities and two unknown ones",
            vec![
                (Ability::ReadSensitive, No),
                (Ability::Write, No),
                read(Unknown),
                (Ability::Deploy, Unknown),
            ],
            false,
        ),
        ("a client of one project", vec![read(Yes)], true),
        (
            "it cannot read",
            vec![read(No), (Ability::Write, No), (Ability::Deploy, Yes)],
            false,
        ),
        ("nothing was looked for", Vec::new(), false),
    ] {
        let visit = Visit {
            abilities,
            is_bound,
            ..visit()
        };
        said.one("abilities", case, &visit);
    }
    said.is(include_str!("said_abilities.txt"));
}

#[test]
fn each_version_is_compared_with_what_the_sdk_knows() {
    let mut said = Said::default();
    for version in [
        "4.3.11",
        "4.4.0",
        "4.5.0",
        "4.9.0",
        "4.2.0",
        "4.1.2",
        "4.0.0",
        "3.12.36",
        "4.0.0-beta.442",
        "4.3.0-rc.1",
        "nightly",
        "v4.3.11",
        "",
    ] {
        let visit = Visit {
            version: Some(answer(version, seen())),
            ..visit()
        };
        said.one("version", &format!("`{version}`"), &visit);
    }
    said.is(include_str!("said_version.txt"));
}

#[test]
fn every_error_is_a_finding_of_one_check() {
    let mut said = Said::default();
    for kind in [
        ErrorKind::Config,
        ErrorKind::InvalidRequest,
        ErrorKind::Connect,
        ErrorKind::Timeout,
        ErrorKind::Interrupted,
        ErrorKind::Redirect,
        ErrorKind::OutOfScope,
        ErrorKind::Unauthenticated,
        ErrorKind::Forbidden,
        ErrorKind::NotFound,
        ErrorKind::RateLimited,
        ErrorKind::NotCoolify,
        ErrorKind::Server,
        ErrorKind::Decode,
    ] {
        let error = Error::new(kind, "this happened to the request");
        said.whole(&format!("{kind:?}, nothing was seen"), &failing(error));
    }
    let error = Error::new(ErrorKind::Connect, "the connection failed at `x`");
    let tls = std::io::Error::other("invalid peer certificate: Expired");
    let error = error.with_hint("see `y`.").with_source(tls);
    said.whole("a certificate that is not accepted", &failing(error));
    said.is(include_str!("said_errors.txt"));
}

#[test]
fn each_failure_of_the_second_request_is_explained() {
    let mut said = Said::default();
    for kind in [
        ErrorKind::Unauthenticated,
        ErrorKind::Forbidden,
        ErrorKind::NotCoolify,
        ErrorKind::Server,
    ] {
        let visit = Visit {
            version: Some(Probe {
                outcome: Err(Error::new(kind, "this happened to the request")),
                seen: Some(seen()),
            }),
            abilities: Vec::new(),
            ..visit()
        };
        said.whole(&format!("{kind:?}"), &visit);
    }
    let page = Visit {
        version: Some(answer("  <!doctype html>", seen())),
        ..visit()
    };
    said.whole("a page", &page);
    let health = Visit {
        health: answer("<html>", seen()),
        ..visit()
    };
    said.whole("a page instead of the health", &health);
    said.whole("nothing", &visit());
    said.is(include_str!("said_second.txt"));
}

#[test]
fn a_clause_becomes_a_sentence() {
    for (clause, sentence) in [
        ("it is gone", "It is gone."),
        ("It is gone.", "It is gone."),
        ("see these lines:", "See these lines:"),
        ("see `y`", "See `y`."),
        ("see `y`.", "See `y`."),
        ("über uns", "Über uns."),
        ("`y` is gone", "`y` is gone."),
        ("x", "X."),
        ("", "."),
    ] {
        assert_eq!(super::sentence(clause), sentence);
    }
}
