//! Which inputs the server accepts, changes and rejects: the tables of
//! `fixtures/verdicts/inputs`.
//!
//! Older versions of Coolify follow a path out of its folder, and delete what
//! they find there. So this runs only on request, on a disposable server.
//!
//! `COOLIFY_VERDICTS=check cargo test -p coolify-sdk-tests --test live verdicts`
//! compares the server with the recorded verdicts of its version; with a folder
//! instead of `check`, such as `tests/fixtures/verdicts`, the verdicts are
//! written into it. `COOLIFY_VERDICTS_OF=names,ports` plays these topics only.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use coolify_sdk::Uuid;
use coolify_sdk_tests::live::{Live, Outcome, Stop, live_test};
use coolify_sdk_tests::verdicts::{Book, Stage, Wire, play, topics};

/// The reason in the report if it was not requested.
const NOT_ASKED: &str =
    "sends thousands of odd inputs, paths among them: COOLIFY_VERDICTS=check asks for it";

#[live_test(ability = "root")]
async fn inputs_get_their_verdicts(live: Live) -> Outcome {
    let Some(asked) = env::var_os("COOLIFY_VERDICTS") else {
        return Err(Stop::skip(NOT_ASKED));
    };
    let out = (asked != "check").then(|| from_workspace(asked));
    let project = live.project().await?;
    let server = live.server()?;
    // Others may add a second one while this runs.
    let destination = live.destinations().await?.into_iter().next();
    let version = live.coolify().version().await?;
    let topics = topics().into_iter().map(|topic| topic.on(&version));
    let version = version.to_string();
    let wanted = env::var("COOLIFY_VERDICTS_OF").unwrap_or_default();
    let is_wanted = |it: &str| wanted.is_empty() || wanted.split(',').any(|one| one == it);
    let token = env::var("COOLIFY_TOKEN").unwrap_or_default();
    let wire = Wire::new(live.coolify().url(), &token);
    let destination = destination.as_ref().map(Uuid::as_str);
    let mut stage = Stage::new(wire, project.uuid().as_str(), server.as_str(), destination);
    let (mut wrong, mut left) = (Vec::new(), Vec::new());
    for topic in topics.filter(|it| is_wanted(&it.name)) {
        let (verdicts, not_removed) = play(&mut stage, &topic).await;
        left.extend(not_removed);
        if let Some(out) = &out {
            verdicts
                .write(&version, out)
                .expect("the folder can be written");
        } else {
            let recorded = Book::recorded(&version, &topic.name);
            wrong.extend(verdicts.differences("this Coolify", &recorded, "the recorded one"));
        }
    }
    left.extend(stage.clear().await);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(left.is_empty(), "left behind:\n{}", left.join("\n"));
    Ok(())
}

/// Resolves a path relative to the workspace, because tests run in the folder of
/// their package.
fn from_workspace(path: OsString) -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    workspace.join(path)
}
