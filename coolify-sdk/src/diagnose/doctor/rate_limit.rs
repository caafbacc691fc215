//! How many requests are left in this minute.

use super::{Outcome, Visit};
use crate::diagnose::finding::Finding;

pub(super) fn check(visit: &Visit) -> Outcome {
    if let Some(error) = visit.error()
        && error.is_rate_limited()
    {
        return Outcome::Found(super::of_error(error));
    }
    match visit.seen() {
        None => Outcome::NotReached,
        Some(seen) => match seen.budget {
            None => Outcome::Passed("the server announces no limit".to_owned()),
            Some((limit, remaining)) => of(limit, remaining),
        },
    }
}

fn of(limit: u32, remaining: u32) -> Outcome {
    let left = format!("{remaining} of {limit}");
    // A tenth is used up by other programs before a client notices.
    if remaining < limit / 10 {
        return Outcome::Found(
            Finding::warning("The requests of this minute are nearly used up.")
                .value("requests left", left)
                .next(
                    "All tokens and programs of a user share the limit: slow them down with \
                     `Pacing::per_minute`, or raise `API_RATE_LIMIT` of the instance.",
                ),
        );
    }
    Outcome::Passed(format!("{left} requests are left in this minute"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_left_is_a_warning() {
        assert!(matches!(of(200, 19), Outcome::Found(_)));
        assert!(matches!(of(200, 20), Outcome::Passed(_)));
        assert!(matches!(of(5, 4), Outcome::Passed(_)));
    }
}
