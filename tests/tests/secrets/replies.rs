//! Replies in which every secret field is set.

use coolify_sdk::operations::operations;
use coolify_sdk::testing::debug;

use super::shapes::{MARKER, Shapes, engines, files, replies, source};

#[test]
fn debug_of_no_reply_shows_a_secret() {
    let shapes = Shapes::read(&files(&source().join("raw/types")));
    let (types, engines) = (replies(), engines());
    assert_eq!(engines.len(), 9);
    let (mut wrong, mut with_secrets) = (Vec::new(), 0);
    for operation in operations() {
        let id = operation.id;
        // Its entries are applications, databases and services as their own lists have them.
        if id == "list-resources" {
            continue;
        }
        let Some(of) = types.get(id) else {
            assert!(debug(id, "{}").is_none(), "{id} is not in the table");
            continue;
        };
        for engine in &engines {
            let json = shapes.value(of, engine).to_string();
            let shown = match debug(id, &json).expect("it has a type") {
                Ok(shown) => shown,
                Err(error) => panic!("{id}: {} in {json}", error.report()),
            };
            let (planted, hidden) = (json.matches(MARKER), shown.matches("(hidden)"));
            let (planted, hidden) = (planted.count(), hidden.count());
            with_secrets += usize::from(planted > 0);
            if shown.contains(MARKER) {
                wrong.push(format!("{id} shows a secret"));
            }
            // Once in what `Debug` prints and once in the JSON.
            if hidden < 2 * planted {
                wrong.push(format!(
                    "{id} has {planted} secrets, and hides {hidden} of them twice"
                ));
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let with_secrets = with_secrets / engines.len();
    assert!(with_secrets > 70, "only {with_secrets} have any");
}
