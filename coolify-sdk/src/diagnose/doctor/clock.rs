//! The clock of the server against the local one.

use std::time::{Duration, SystemTime};

use super::{Outcome, Visit};
use crate::{Timestamp, diagnose::finding::Finding};

/// A smaller difference disturbs nothing.
const TOLERANCE: Duration = Duration::from_secs(30);

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

pub(super) fn check(visit: &Visit) -> Outcome {
    let Some(seen) = visit.seen() else {
        return Outcome::NotReached;
    };
    let date = seen.date.as_deref().and_then(parse);
    let Some(server) = date.as_ref().and_then(Timestamp::to_system_time) else {
        return Outcome::Unknown("the reply has no `Date`".to_owned());
    };
    // The reply was written at some time between sending and its arrival.
    let here = seen.sent + seen.took / 2;
    let (ahead, difference) = match server.duration_since(here) {
        Ok(difference) => (true, difference),
        Err(error) => (false, error.duration()),
    };
    if difference > TOLERANCE + seen.took {
        let seconds = difference.as_secs();
        let relation = if ahead { "ahead of" } else { "behind" };
        return Outcome::Found(
            Finding::warning(format!(
                "The clock of the server is {seconds} seconds {relation} the local one."
            ))
            .value("Date", seen.date.as_deref().unwrap_or_default())
            .value("local time", now(here))
            .next(
                "Set the clocks by NTP: schedules, certificates and the ages of deployments depend \
                 on them.",
            ),
        );
    }
    Outcome::Passed("the clocks agree".to_owned())
}

fn now(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(time).to_string()
}

/// Reads a date of HTTP, such as `Sun, 29 Nov 2026 13:00:00 GMT`.
fn parse(date: &str) -> Option<Timestamp> {
    let mut words = date.split_whitespace().skip(1);
    let (day, month) = (words.next()?, words.next()?);
    let (year, time) = (words.next()?, words.next()?);
    let month = MONTHS.iter().position(|it| *it == month)? + 1;
    Some(Timestamp::from(
        format!("{year}-{month:02}-{day:0>2} {time}").as_str(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_http_are_read() {
        let time = parse("Sun, 29 Nov 2026 13:00:05 GMT").unwrap();
        assert_eq!(time, Timestamp::from("2026-11-29 13:00:05"));
        assert!(time.to_system_time().is_some());
        assert_eq!(parse("tomorrow"), None);
    }
}
