//! What the token may do. No write is sent to find out.

use super::{Outcome, Visit, of_error, visit::Has};
use crate::{diagnose::finding::Finding, operations::Ability};

pub(super) fn check(visit: &Visit) -> Outcome {
    // A token that may do more than its owner is refused everywhere.
    if let Some(error) = visit.error()
        && error.is_forbidden()
        && error
            .message()
            .is_some_and(|it| it.contains("API token has permissions"))
    {
        return Outcome::Found(of_error(error));
    }
    if visit.abilities.is_empty() {
        return Outcome::NotReached;
    }
    let list = |wanted: fn(&Has) -> bool| {
        let abilities = visit.abilities.iter().filter(|(_, has)| wanted(has));
        let names: Vec<_> = abilities.map(|(it, _)| it.as_str()).collect();
        names.join(", ")
    };
    let (has, lacks) = (list(|it| *it == Has::Yes), list(|it| *it == Has::No));
    let unknown = list(|it| *it == Has::Unknown);
    if visit.abilities.contains(&(Ability::Read, Has::No)) {
        return Outcome::Found(
            Finding::warning("The token cannot read anything.")
                .value("lacks", lacks)
                .next("Use a token with the ability `read`, unless this program only deploys."),
        );
    }
    let mut detail = format!("the token has {has}");
    for (verb, names) in [("lacks", lacks), ("may have", unknown)] {
        if !names.is_empty() {
            detail = format!("{detail}; {verb} {names}");
        }
    }
    if visit.is_bound {
        detail.push_str(
            "; the client is bound to a project, so that other abilities are not \
                         looked for",
        );
    }
    Outcome::Passed(detail)
}
