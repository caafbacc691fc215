//! Counting the applications of a project against a quota.

use coolify_sdk::limits::ApplicationQuota;
use serde_json::json;

use crate::stage::{Stage, failure, message, ok};

#[tokio::test(start_paused = true)]
async fn applications_are_counted_environment_by_environment() {
    let application = |uuid: &str| json!({"uuid": uuid, "name": uuid});
    let environment = |uuid: &str, applications: &[&str]| {
        let applications: Vec<_> = applications.iter().map(|it| application(it)).collect();
        ok(json!({
            "uuid": uuid, "name": uuid, "applications": applications, "services": [{"uuid": "s1", "name": "wiki"}],
            "postgresqls": [], "mysqls": [], "mariadbs": [], "mongodbs": [], "redis": [],
        }))
    };
    let environments = json!([
        {"id": 7, "uuid": "e1", "name": "production"},
        {"id": 8, "uuid": "e2", "name": "staging"},
    ]);
    let stage = Stage::set()
        .await
        .on("GET /projects/p1/environments", [ok(environments)])
        .on("GET /projects/p1/e1", [environment("e1", &["a1", "a2"])])
        .on("GET /projects/p1/e2", [environment("e2", &["a3"])]);
    let project = stage.client().project("p1");
    let told = async |quota: ApplicationQuota, more: usize| {
        stage.story.tell(format!("--- {more} more in {quota:?}"));
        let said = match quota.require_room(&project, more).await {
            Ok(()) => "there is room".to_owned(),
            Err(error) => {
                let used = error.quota_use();
                let is_exceeded = error.is_quota_exceeded();
                format!("{}\n{used:?}, exceeded: {is_exceeded}", failure(&error))
            }
        };
        stage.story.tell(said);
    };
    told(ApplicationQuota::unlimited(), 1000).await;
    for allowed in 2..=4 {
        told(ApplicationQuota::at_most(allowed), 0).await;
        told(ApplicationQuota::at_most(allowed), 1).await;
    }
    for quota in [ApplicationQuota::at_most(5), ApplicationQuota::unlimited()] {
        let used = quota.used_in(&project).await;
        stage.story.tell_of("used", &used);
        stage
            .story
            .tell(used.map_or_else(|error| error.to_string(), |it| it.to_string()));
    }
    let no = [message(403, "Missing required permissions: read")];
    let _ = stage.clone().on("GET /projects/p1/e2", no);
    told(ApplicationQuota::at_most(9), 1).await;
    insta::assert_snapshot!(stage.story);
}
