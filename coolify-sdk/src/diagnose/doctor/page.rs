//! Whether a web page or a proxy answers instead of the API.

use super::{Outcome, Visit, of_error};
use crate::{ErrorKind, diagnose::finding::Finding};

pub(super) fn check(visit: &Visit) -> Outcome {
    if visit.is_page() {
        return Outcome::Found(
            Finding::critical("A web page answers instead of Coolify's API.").next(
                "Check that the URL leads to Coolify, and not to a login page or a parking page in \
                 front of it. If there is a login in front of Coolify, let `/api` through.",
            ),
        );
    }
    match visit.error() {
        Some(error) if error.kind() == ErrorKind::NotCoolify => Outcome::Found(of_error(error)),
        Some(error) if error.is_forbidden() && error.message().is_none() => {
            Outcome::Found(of_error(error))
        }
        Some(_) if visit.seen().is_none() => Outcome::NotReached,
        _ => Outcome::Passed("the API answers".to_owned()),
    }
}
