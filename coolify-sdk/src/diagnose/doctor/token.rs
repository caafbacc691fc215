//! Whether the token is accepted.

use super::{Outcome, Visit, of_error};

pub(super) fn check(visit: &Visit) -> Outcome {
    match visit.error() {
        Some(error) if error.is_unauthenticated() => Outcome::Found(of_error(error)),
        Some(error) if error.missing_ability().is_none() => Outcome::NotReached,
        _ if visit.is_page() => Outcome::NotReached,
        _ => Outcome::Passed("the token is accepted".to_owned()),
    }
}
