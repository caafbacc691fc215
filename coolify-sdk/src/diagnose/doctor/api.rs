//! Whether the API is switched on, and takes calls from this address.

use super::{Outcome, Visit, of_error};

/// The messages of a switched-off API, and of one that does not take calls from here.
const CLOSED: [&str; 2] = ["api is disabled", "allowed to access the api"];

pub(super) fn check(visit: &Visit) -> Outcome {
    let error = visit.error();
    let message = error.and_then(|it| it.message()).unwrap_or_default();
    let message = message.to_lowercase();
    match error {
        Some(error) if CLOSED.iter().any(|it| message.contains(it)) => {
            Outcome::Found(of_error(error))
        }
        Some(error) if error.missing_ability().is_none() => Outcome::NotReached,
        _ if visit.is_page() => Outcome::NotReached,
        _ => Outcome::Passed("the API is on, and takes calls from here".to_owned()),
    }
}
