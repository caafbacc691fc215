//! Whether anything answers at all.

use super::{Outcome, Visit, of_error};
use crate::ErrorKind;

pub(super) fn check(visit: &Visit) -> Outcome {
    let Some(error) = visit.error() else {
        let took = visit.seen().map(|it| it.took.as_millis());
        return Outcome::Passed(match took {
            Some(took) => format!("answers within {took} ms"),
            None => "answers".to_owned(),
        });
    };
    match error.kind() {
        ErrorKind::Connect if error.is_about_tls() => Outcome::NotReached,
        ErrorKind::Connect
        | ErrorKind::Timeout
        | ErrorKind::Interrupted
        | ErrorKind::Server
        | ErrorKind::Config => Outcome::Found(of_error(error)),
        _ => Outcome::Passed("answers".to_owned()),
    }
}
