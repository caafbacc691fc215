//! The audit events of the team.

use futures_util::TryStreamExt;
use serde_json::Value;

use super::{VERSION, client, refusal};
use crate::Coolify;
use crate::audit_events::AuditSource;
use crate::testing::{FakeCoolify, tests::wire::Wire};

#[tokio::test]
async fn each_write_that_was_carried_out_is_an_event() {
    let fake = FakeCoolify::version(VERSION).start().await;
    let coolify = fake.client();
    let events = coolify.audit_events();
    let page = events.list().await.unwrap();
    assert_eq!((page.data.len(), page.total), (0, Some(0)));

    let project = coolify.projects().create("shop").await.unwrap().uuid;
    let app = fake.seed_application(project.as_str(), "web");
    let opened = coolify.application(&app).previews().open(1);
    opened.instant_deploy(false).await.unwrap();
    let refused = coolify.application("unknown").previews().open(1);
    refused.await.unwrap_err();

    let page = events.list().await.unwrap();
    let names: Vec<_> = page.data.iter().map(|it| it.event.as_str()).collect();
    let wanted = ["api.application.preview_created", "api.project.created"];
    assert_eq!(names, wanted);
    assert_eq!(page.data[1].resource_uuid, Some(project));
    assert_eq!(page.data[1].source, AuditSource::Api);
    assert!(page.data[1].user_agent.is_some());

    let reader = client(&fake, ["read"]).audit_events();
    let hidden = reader.list().await.unwrap().data.remove(0);
    assert_eq!(hidden.user_agent, None);
    assert_eq!(hidden.metadata, None);
}

#[tokio::test]
async fn events_are_filtered_and_paged() {
    let fake = FakeCoolify::version(VERSION).start().await;
    let coolify = fake.client();
    for name in ["one", "two", "three"] {
        coolify.projects().create(name).await.unwrap();
    }
    let all = coolify.audit_events().list().per_page(2).stream();
    assert_eq!(all.try_collect::<Vec<_>>().await.unwrap().len(), 3);
    let wire = Wire::to(&fake);
    let get = async |query: &str| wire.get(&format!("/audit-events?{query}")).await;
    let page = get("per_page=2&page=2").await.json();
    assert_eq!(page["data"].as_array().unwrap().len(), 1);
    assert_eq!((&page["from"], &page["to"]), (&3.into(), &3.into()));
    assert_eq!((&page["last_page"], &page["total"]), (&2.into(), &3.into()));
    assert_eq!(page["next_page_url"], Value::Null);
    assert!(page["prev_page_url"].as_str().unwrap().ends_with("?page=1"));
    for (query, total) in [
        ("search=PROJECT", 3),
        ("search=database", 0),
        ("action=created", 3),
        ("action=deleted", 0),
        ("action=all&source=api", 3),
        ("source=ui", 0),
    ] {
        assert_eq!(get(query).await.json()["total"], total, "{query}");
    }
    for query in ["per_page=101", "page=0", "source=me"] {
        let answer = get(query).await;
        assert_eq!(answer.status, 422, "{query}");
        let field = query.split('=').next().unwrap();
        assert!(answer.json()["errors"].get(field).is_some(), "{query}");
    }
}

#[tokio::test]
async fn members_see_no_events() {
    let fake = FakeCoolify::version(VERSION).start().await;
    fake.add_member_token("3|member", ["read"]);
    let member = Coolify::builder().url(fake.url()).token("3|member");
    let member = member.build().unwrap();
    let error = member.audit_events().list().await.unwrap_err();
    let said = "Only team admins and owners can view audit logs.";
    assert_eq!(refusal(&error), (403, said, vec![]));
    assert!(error.is_forbidden());
}
