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

/// A detail with lines for the report, and one without.
struct Note(&'static str);

impl Detail for Note {
    fn fmt_report(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n  note: {}", self.0)
    }
}

struct Silent;

impl Detail for Silent {}

#[test]
fn a_report_has_the_message_the_causes_the_details_and_the_hint() {
    let cause = std::io::Error::other(Error::new(ErrorKind::Timeout, "the cause"));
    let error = Error::new(ErrorKind::Server, "it failed")
        .with_operation("create-project")
        .leaving("application", &"a1".into())
        .leaving("server", &"s1".into())
        .with_source(cause)
        .with_detail(Silent)
        .with_detail(Note("one"))
        .with_detail(Note("two"))
        .and_hint("wait")
        .and_hint("try again");
    let report = "create-project: it failed; left behind: application a1, server s1\n  \
        because: the cause\n  note: one\n  note: two\n  hint: wait; try again";
    assert_eq!(error.report().to_string(), report);
    assert_eq!(format!("{error:?}"), report);
    assert_eq!(error.detail::<Note>().map(|it| it.0), Some("one"));
    assert_eq!(error.left_behind()[1].to_string(), "server s1");
    let short = Error::new(ErrorKind::Server, "it failed");
    assert_eq!(format!("{short} {short:?}"), "it failed it failed");
    assert!(short.detail::<Note>().is_none() && short.hint().is_none());
}

#[cfg(any(feature = "contexts", feature = "estate", feature = "services"))]
#[test]
fn similar_names_are_in_the_hint_and_in_a_list() {
    let error = Error::new(ErrorKind::NotFound, "no project `shpo`").with_hint("check it");
    let error = error.suggesting("shpo", ["shop", "blog", "shopp"]);
    assert_eq!(
        error.hint(),
        Some(r#"check it; similar names are "shop", "shopp""#)
    );
    assert_eq!(error.suggestions(), ["shop", "shopp"]);
    let error = Error::new(ErrorKind::NotFound, "none").suggesting("x", ["shop"]);
    assert_eq!((error.hint(), error.suggestions().len()), (None, 0));
}

fn refused(body: &str) -> Error {
    let reply = ErrorReply::parse(422, Some("application/json"), body.as_bytes());
    let class = Class::new(&reply, None, false);
    Error::refused(reply, class, None, CallTrace::default())
}

#[test]
fn fifty_field_errors_are_shown_and_the_rest_is_counted() {
    for (count, end) in [
        (1, "[e1]"),
        (50, "[e50]"),
        (51, "[e50] [and 1 more]"),
        (52, "[e50] [and 2 more]"),
    ] {
        let errors: Vec<_> = (1..=count).map(|it| format!("\"e{it}\"")).collect();
        let error = refused(&format!(r#"{{"errors": [{}]}}"#, errors.join(",")));
        let said = error.to_string();
        assert!(said.ends_with(end), "{count}: {said}");
        assert_eq!(error.field_errors().len(), count);
    }
}

#[test]
fn an_empty_message_counts_as_missing() {
    let error = refused(r#"{"message": "", "error": "why"}"#);
    assert_eq!(error.message(), None);
    assert_eq!(
        error.to_string(),
        "Coolify refused the request (HTTP 422) why"
    );
    assert_eq!(error.reply().and_then(ErrorReply::message), Some(""));
}

#[test]
fn only_the_beginning_of_a_long_path_is_shown() {
    let key = "k".repeat(300);
    let body = format!(r#"{{"{key}": 1}}"#);
    let cause = serde_json::from_str::<std::collections::BTreeMap<String, String>>(&body);
    let error = Error::decode(body.as_bytes(), &cause.unwrap_err());
    assert_eq!(error.json_path().map(str::len), Some(302));
    let shown = format!(
        "the reply does not have the expected form at `$.{}`",
        &key[..198]
    );
    assert_eq!(error.to_string(), shown);
}

/// An ability that is missing is only that of a refusal.
#[test]
fn an_ability_is_missing_if_it_is_forbidden() {
    let ability = Ability::Write;
    let error = Error::new(ErrorKind::Forbidden, "no").with_missing_ability(ability);
    assert_eq!(error.missing_ability(), Some(ability));
    let error = Error::new(ErrorKind::Server, "no").with_missing_ability(ability);
    assert_eq!(error.missing_ability(), None);
    let error = refused(r#"{"message": "Missing required permissions: write"}"#);
    assert_eq!(error.missing_ability(), None);
    let forbidden = Error::new(ErrorKind::Forbidden, "no");
    assert_eq!(forbidden.missing_ability(), None);
}

#[test]
fn a_new_error_claims_nothing_but_its_kind() {
    let error = Error::new(ErrorKind::Server, "it failed");
    let claims = [
        error.is_timeout(),
        error.is_unknown_route(),
        error.outcome_unknown(),
        error.unsupported().is_some(),
        error.unsupported_since().is_some(),
        error.reply().is_some(),
        StdError::source(&error).is_some(),
    ];
    assert_eq!(claims, [false; 7]);
    #[cfg(feature = "_resources")]
    assert!(!error.is_too_large());
    let texts = [
        error.operation(),
        error.message(),
        error.hint(),
        error.json_path(),
    ];
    assert_eq!(texts, [None; 4]);
    assert_eq!((error.status(), error.retry_after()), (None, None));
    assert_eq!((error.attempts(), error.missing_ability()), (0, None));
    let counts = [
        error.field_errors().len(),
        error.conflicts().len(),
        error.valid_service_types().len(),
        error.left_behind().len(),
    ];
    assert_eq!(counts, [0; 4]);
}
