//! Whether the server sends calls elsewhere.

use super::{Outcome, Visit, of_error};

pub(super) fn check(visit: &Visit) -> Outcome {
    match visit.error() {
        Some(error) if error.is_redirect() => Outcome::Found(of_error(error)),
        _ if visit.seen().is_none() => Outcome::NotReached,
        _ => Outcome::Passed("no redirect".to_owned()),
    }
}
