use super::*;

/// Each `is_…` method is true for one kind only.
#[test]
fn a_kind_is_what_it_is_called_and_nothing_else() {
    type Question = fn(&Error) -> bool;
    let questions: [(ErrorKind, Question); 13] = [
        (ErrorKind::NotFound, Error::is_not_found),
        (ErrorKind::InvalidRequest, Error::is_invalid_request),
        (ErrorKind::OutOfScope, Error::is_out_of_scope),
        (ErrorKind::Validation, Error::is_validation),
        (ErrorKind::RateLimited, Error::is_rate_limited),
        (ErrorKind::QueueFull, Error::is_queue_full),
        (ErrorKind::Conflict, Error::is_conflict),
        (ErrorKind::Unauthenticated, Error::is_unauthenticated),
        (ErrorKind::Forbidden, Error::is_forbidden),
        (ErrorKind::Timeout, Error::is_timeout),
        (ErrorKind::Connect, Error::is_connect),
        (ErrorKind::Redirect, Error::is_redirect),
        (ErrorKind::Decode, Error::is_decode),
    ];
    for (kind, _) in questions {
        let error = Error::new(kind, "it failed");
        let yes = questions.iter().filter(|(_, is)| is(&error));
        let yes: Vec<_> = yes.map(|(kind, _)| *kind).collect();
        assert_eq!(yes, [kind]);
    }
    let other = Error::new(ErrorKind::Server, "it failed");
    assert!(questions.iter().all(|(_, is)| !is(&other)));
}
