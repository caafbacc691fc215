//! Whether TLS works, and until when the certificate is valid.

use std::time::{Duration, SystemTime};

use super::{Outcome, Visit, of_error};
use crate::{Timestamp, diagnose::finding::Finding};

/// Certificates are renewed earlier than this, so that the renewal does not work.
const SOON: Duration = Duration::from_secs(14 * DAY);
const VERY_SOON: Duration = Duration::from_secs(3 * DAY);
const DAY: u64 = 24 * 60 * 60;

pub(super) fn check(visit: &Visit) -> Outcome {
    if let Some(error) = visit.error()
        && error.is_connect()
        && error.is_about_tls()
    {
        return Outcome::Found(of_error(error));
    }
    if !visit.url.starts_with("https://") {
        return Outcome::Passed("no TLS: the URL begins with `http://`".to_owned());
    }
    let Some(seen) = visit.seen() else {
        return Outcome::NotReached;
    };
    match seen.certificate.as_deref().and_then(valid_until) {
        Some(until) => of(&until, visit.now),
        None => Outcome::Unknown("the HTTP client does not show the certificate".to_owned()),
    }
}

fn of(until: &Timestamp, now: SystemTime) -> Outcome {
    let Some(end) = until.to_system_time() else {
        return Outcome::Unknown("the certificate has an odd date".to_owned());
    };
    let left = end.duration_since(now).unwrap_or_default();
    let message = match left.as_secs() / DAY {
        _ if left >= SOON => {
            return Outcome::Passed(format!("the certificate is valid until {until}"));
        }
        _ if left.is_zero() => "The certificate has expired.".to_owned(),
        0 => "The certificate expires in less than a day.".to_owned(),
        1 => "The certificate expires in 1 day.".to_owned(),
        days => format!("The certificate expires in {days} days."),
    };
    let finding = if left < VERY_SOON {
        Finding::critical(message)
    } else {
        Finding::warning(message)
    };
    Outcome::Found(finding.value("valid until", until).next(
        "Let the proxy in front of Coolify renew it. Let's Encrypt renews 30 days before the end; \
         the log of the proxy says why that did not work.",
    ))
}

/// Reads the end of the validity of a certificate in DER.
fn valid_until(der: &[u8]) -> Option<Timestamp> {
    const SEQUENCE: u8 = 0x30;
    const VERSION: u8 = 0xa0;
    const UTC_TIME: u8 = 0x17;
    let (_, certificate, _) = element(der)?;
    let (_, body, _) = element(certificate)?;
    let mut rest = body;
    if rest.first() == Some(&VERSION) {
        rest = element(rest)?.2;
    }
    // The serial number, the algorithm and the issuer.
    for _ in 0..3 {
        rest = element(rest)?.2;
    }
    let (tag, validity, _) = element(rest)?;
    if tag != SEQUENCE {
        return None;
    }
    let (_, _, end) = element(validity)?;
    let (tag, time, _) = element(end)?;
    let text = str::from_utf8(time).ok()?.strip_suffix('Z')?;
    if !text.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    // Two digits of the year mean 1950 to 2049.
    let full = match text.get(..2) {
        Some(year) if tag == UTC_TIME && year < "50" => format!("20{text}"),
        Some(_) if tag == UTC_TIME => format!("19{text}"),
        _ => text.to_owned(),
    };
    let part = |from: usize, to: usize| full.get(from..to);
    let text = format!(
        "{}-{}-{} {}:{}:{}",
        part(0, 4)?,
        part(4, 6)?,
        part(6, 8)?,
        part(8, 10)?,
        part(10, 12)?,
        part(12, 14)?
    );
    Some(Timestamp::from(text.as_str()))
}

/// Splits off one element: its tag, its content, and what follows.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = if *first < 0x80 {
        (usize::from(*first), rest)
    } else {
        let count = usize::from(first & 0x7f);
        if count > 4 {
            return None;
        }
        let bytes = rest.get(..count)?;
        let length = bytes
            .iter()
            .fold(0, |sum, byte| (sum << 8) | usize::from(*byte));
        (length, rest.get(count..)?)
    };
    Some((*tag, rest.get(..length)?, rest.get(length..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The beginning of a certificate, with this end of its validity.
    fn certificate(tag: u8, end: &str) -> Vec<u8> {
        let wrap = |tag: u8, content: &[u8]| {
            let length = u8::try_from(content.len()).unwrap();
            [&[tag, length], content].concat()
        };
        let times = [wrap(0x17, b"250101000000Z"), wrap(tag, end.as_bytes())].concat();
        let body = [
            wrap(0xa0, &[2, 1, 2]),
            wrap(0x02, &[7]),
            wrap(0x30, &[]),
            wrap(0x30, &[]),
            wrap(0x30, &times),
        ]
        .concat();
        wrap(0x30, &wrap(0x30, &body))
    }

    #[test]
    fn the_end_of_the_validity_is_read() {
        let cases = [
            (0x17, "261224120000Z", "2026-12-24 12:00:00"),
            (0x18, "20510102030405Z", "2051-01-02 03:04:05"),
        ];
        for (tag, end, wanted) in cases {
            let read = valid_until(&certificate(tag, end)).unwrap();
            assert_eq!(read, Timestamp::from(wanted));
            assert!(read.to_system_time().is_some());
        }
        let whole = certificate(0x17, "261224120000Z");
        for length in 0..whole.len() {
            assert_eq!(valid_until(&whole[..length]), None);
        }
        assert_eq!(valid_until(&certificate(0x17, "soon")), None);
    }

    #[test]
    fn a_certificate_that_is_not_renewed_is_found() {
        let until = Timestamp::from("2026-12-24 12:00:00");
        let end = until.to_system_time().unwrap();
        let at = |days: u64| of(&until, end - Duration::from_secs(days * 86_400));
        assert!(matches!(at(20), Outcome::Passed(_)));
        assert!(matches!(at(10), Outcome::Found(_)));
        assert!(
            matches!(at(1), Outcome::Found(it) if it.severity == crate::diagnose::Severity::Critical)
        );
    }
}
