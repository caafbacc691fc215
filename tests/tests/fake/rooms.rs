//! What the fake's rooms answer beyond the recordings: each reply as a whole.

use coolify_sdk::testing::{DeploymentScript, FakeCoolify};

use crate::script::Script;

async fn recorded() -> Script {
    Script::on(FakeCoolify::version("4.3.11").job_lag(1)).await
}

#[tokio::test]
async fn a_deployment_is_ordered_in_many_ways() {
    let mut script = recorded().await;
    script.application("web");
    script.application("api");
    script
        .play(
            r#"
            # What is deployed
            POST /deploy
            POST /deploy?uuid={web}&tag=beta
            POST /deploy?tag=beta&pr=7
            POST /deploy?uuid=nothing
            POST /deploy?tag=nothing
            POST /deploy?uuid={web}&docker_tag=v1
            POST /deploy?uuid={web}&docker_tag=%20
            POST /deploy?uuid={web}&docker_tag=v1&pr=7
            POST /deploy?uuid={web}&pull_request_id=7
            POST /deploy?uuid={web},nothing,,{api}
            POST /deploy?uuid={web}&force=on
            POST /deploy {"uuid": "{web}", "force": true, "pr": 0} > forced
            GET /deployments/{forced} : status commit force_rebuild rollback restart_only pull_request_id docker_registry_image_tag application_name server_name deployment_url application_id
            # By tags
            = POST /applications/{web}/tags {"tag_name":"beta"} 1
            = POST /applications/{api}/tags {"tag_names":["beta","live"]} 1
            POST /deploy?tag=live
            POST /deploy?tag=beta,nothing&force=yes
            # Starts and restarts
            POST /applications/{api}/start
            POST /applications/{api}/start?force=1 : message
            POST /applications/{api}/restart {"force": true}
            POST /applications/nothing/start
            # Pages of its history
            GET /deployments/applications/{web}?take=1 : count deployments/0/status deployments/1/status
            GET /deployments/applications/{web}?skip=1&take=2 : count deployments/0/force_rebuild deployments/1/force_rebuild deployments/2
            GET /deployments/applications/{web}?skip=99 : count deployments
            GET /deployments/applications/{web}?take=0
            GET /deployments/applications/{web}?skip=-1
            GET /deployments/applications/nothing
            "#,
        )
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn a_deployment_writes_its_log_while_it_is_looked_at() {
    let fake = FakeCoolify::version("4.3.11").deploy_looks(4);
    let mut script = Script::on(fake).await;
    script.application("web");
    script
        .play("= POST /applications/{web}/stop 1\nPOST /applications/{web}/start > run")
        .await;
    let fields = "status finished_at horizon_job_worker horizon_job_id current_process_id configuration_hash logs";
    for _ in 0..6 {
        script
            .play(&format!("GET /deployments/{{run}} : {fields}"))
            .await;
    }
    script
        .play("GET /deployments/{run} as read : status logs")
        .await;
    script
        .play("GET /applications/{web} : status last_online_at")
        .await;
    let failing = DeploymentScript::fails(["exit code 1"]).then_logs(["Removing what is left."]);
    script.fake.script_next_deployment(failing);
    script
        .play(
            r"
            # One that fails
            POST /applications/{web}/restart > second
            GET /deployments : status deployment_uuid
            = GET /deployments 5
            GET /deployments/{second} : status finished_at restart_only logs
            GET /applications/{web} : status
            # One that is cancelled while it waits, and one that runs
            POST /applications/{web}/start > third
            POST /deploy?uuid={web}&force=1 : deployments/0/message > fourth
            POST /deployments/{fourth}/cancel
            GET /deployments/{fourth} : status finished_at logs
            = GET /deployments/{third} 1
            POST /deployments/{third}/cancel
            GET /deployments/{third} : status finished_at
            = GET /deployments/{third} 2
            GET /deployments/{third} : status logs
            POST /deployments/{third}/cancel
            POST /deployments/nothing/cancel
            ",
        )
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn an_image_is_rolled_back_to() {
    let fake = FakeCoolify::version("4.3.11").deployment_queue_limit(2);
    let mut script = Script::on(fake).await;
    script.application("web");
    script.application("api");
    script
        .play(
            r#"
            GET /applications/{web}/rollback-images
            = POST /applications/{web}/start 1
            = POST /applications/{api}/start 1
            = GET /deployments 12
            GET /applications/{web}/rollback-images
            POST /applications/{web}/rollback {}
            POST /applications/{web}/rollback {"commit": ""}
            POST /applications/{web}/rollback {"commit": "abcdef"} > back
            POST /applications/{web}/rollback {"commit": "abcdef"}
            POST /applications/nothing/rollback {"commit": "abcdef"}
            GET /deployments/{back} : rollback commit force_rebuild restart_only
            # The queue holds two
            = POST /applications/{web}/rollback {"commit":"1"} 1
            = POST /applications/{web}/rollback {"commit":"2"} 1
            POST /applications/{web}/rollback {"commit": "3"}
            POST /deploy?uuid={web}&force=1
            POST /applications/{web}/start?force=1 > ghost
            GET /deployments/{ghost}
            "#,
        )
        .await;
    let web = script.uuid("web");
    script
        .fake
        .set_application(&web, "build_pack", "dockerimage");
    script.play("GET /applications/{web}/rollback-images").await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn the_commands_of_tasks_are_run() {
    let mut script = recorded().await;
    script.application("web");
    let fields = "status message error_details started_at finished_at";
    script
        .play(
            r#"
            POST /applications/{web}/scheduled-tasks {"name": "say", "command": "echo <b>", "frequency": "@daily", "timeout": "60"} > say
            POST /applications/{web}/scheduled-tasks {"name": "<b>fail</b>", "command": "exit 3", "frequency": "0 0 29 2 *", "enabled": 0, "container": null} > fail
            POST /applications/{web}/scheduled-tasks {"name": "quiet", "command": "exit 0", "frequency": "daily"} > quiet
            POST /applications/{web}/scheduled-tasks {"name": "a", "command": "b", "frequency": "0 0 30 2 *"}
            POST /applications/{web}/scheduled-tasks {"timeout": 0, "enabled": "yes", "uuid": "a"}
            PATCH /applications/{web}/scheduled-tasks/{say} {"frequency": "x"}
            PATCH /applications/{web}/scheduled-tasks/{say} {"timeout": null, "name": 5}
            PATCH /applications/{web}/scheduled-tasks/{say} {"name": "tell", "enabled": false} : uuid name command frequency enabled timeout container
            PATCH /applications/{web}/scheduled-tasks/nothing {"name": "tell"}
            = POST /applications/{web}/scheduled-tasks/{say}/execute 1
            GET /applications/{web}/scheduled-tasks/{say}/executions
            = GET /health 2
            "#,
        )
        .await;
    for task in ["say", "fail", "quiet"] {
        script
            .play(&format!(
                "POST /applications/{{web}}/scheduled-tasks/{{{task}}}/execute\n= GET /health 2\n\
                 GET /applications/{{web}}/scheduled-tasks/{{{task}}}/executions : {fields}"
            ))
            .await;
    }
    script
        .play(
            r#"
            GET /applications/{web}/scheduled-tasks/nothing/executions
            POST /applications/{web}/scheduled-tasks/nothing/execute
            DELETE /applications/{web}/scheduled-tasks/{fail}
            DELETE /applications/{web}/scheduled-tasks/{fail}
            GET /applications/{web}/scheduled-tasks : name enabled timeout
            # A task for each minute runs while the application does
            POST /applications/{web}/scheduled-tasks {"name": "each", "command": "echo 1", "frequency": "* * * * *"} : enabled > each
            = POST /applications/{web}/stop 1
            = GET /health 20
            GET /applications/{web}/scheduled-tasks/{each}/executions
            = POST /applications/{web}/start 1
            = GET /deployments 8
            = GET /health 9
            GET /applications/{web}/scheduled-tasks/{each}/executions : status message
            = GET /health 9
            GET /applications/{web}/scheduled-tasks/{each}/executions : status message
            # One that is switched off does not
            = PATCH /applications/{web}/scheduled-tasks/{each} {"enabled":false} 1
            = GET /health 20
            GET /applications/{web}/scheduled-tasks/{each}/executions : status
            "#,
        )
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn a_clone_has_what_its_original_has() {
    let mut script = recorded().await;
    script.application("web");
    script.application("an application with a long name");
    script.database("main", "postgresql");
    script.service(
        "front",
        "services:\n  web:\n    image: nginx\n    environment:\n      A: ${A:-1}\n",
    );
    let long = "an application with a long name";
    let uuid = script.uuid(long);
    script.name("long", &uuid);
    script
        .play(
            r#"
            = PATCH /applications/{web} {"domains":"https://a.example.com"} 1
            = POST /applications/{web}/envs {"key":"A","value":"1"} 1
            = POST /applications/{web}/tags {"tag_name":"beta"} 1
            = POST /applications/{web}/storages {"type":"persistent","name":"data","mount_path":"/data"} 1
            = POST /applications/{web}/storages {"type":"file","mount_path":"/a.conf","content":"x"} 1
            POST /applications/{web}/scheduled-tasks {"name": "each", "command": "echo 1", "frequency": "* * * * *"} : name > task
            = POST /databases/{main}/backups {"frequency":"daily"} 1
            GET /destinations : uuid name > destination
            POST /applications/{web}/clone {}
            POST /applications/{web}/clone {"destination_uuid": "nothing", "clone_volumes": 2, "uuid": "a"}
            POST /applications/{web}/clone {"destination_uuid": "nothing"}
            POST /applications/nothing/clone {"destination_uuid": "{destination}"}
            POST /applications/{web}/clone {"destination_uuid": "{destination}"} > web2
            POST /applications/{web}/clone {"destination_uuid": "{destination}", "name": "second"} > web3
            POST /applications/{long}/clone {"destination_uuid": "{destination}"} > long2
            POST /databases/{main}/clone {"destination_uuid": "{destination}"} > main2
            POST /services/{front}/clone {"destination_uuid": "{destination}"} > front2
            GET /applications/{web2} : name status fqdn description
            GET /applications/{web3} : name
            GET /applications/{long2} : name
            GET /databases/{main2} : name status internal_db_url
            GET /services/{front2} : name status server_status docker_compose_raw
            GET /applications/{web2}/envs : key value is_preview
            GET /applications/{web2}/tags : name
            GET /applications/{web2}/storages : persistent_storages/0/name persistent_storages/0/mount_path file_storages/0/mount_path file_storages/0/content
            GET /applications/{web2}/scheduled-tasks : name command frequency enabled > task2
            GET /databases/{main2}/backups : frequency enabled
            GET /services/{front2}/envs : key value
            GET /services/{front2}/applications : name image fqdn
            # Their tasks run when their time has come
            = POST /applications/{web2}/start 1
            = GET /deployments 5
            "#,
        )
        .await;
    for _ in 0..10 {
        script
            .play("GET /applications/{web2}/scheduled-tasks/{task2}/executions : status")
            .await;
    }
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn variables_are_kept_differently_by_each_kind_of_resource() {
    let mut script = recorded().await;
    script.application("web");
    script.database("main", "postgresql");
    let shown = "key value real_value is_preview is_literal is_multiline is_shown_once is_runtime is_buildtime is_shared is_coolify is_buildpack_control comment";
    for (owner, path) in [
        ("web", "/applications/{web}/envs"),
        ("main", "/databases/{main}/envs"),
    ] {
        script.play(&format!("# Variables of {owner}")).await;
        for body in [
            r#"{"key": "NIXPACKS_A", "value": "{{team.A}}"}"#,
            r#"{"key": "SERVICE_B", "value": "a b", "is_literal": true, "comment": "why"}"#,
            r#"{"key": "C", "is_multiline": 1, "is_shown_once": "1", "is_buildtime": false}"#,
            r#"{"key": "C", "value": "x"}"#,
            r#"{"key": "D E", "value": "x"}"#,
            r#"{"value": 5, "is_runtime": "maybe", "other": 1}"#,
            r#"{"key": "P", "value": "p", "is_preview": true}"#,
        ] {
            script
                .play(&format!("POST {path} {body} : {shown} message errors uuid"))
                .await;
        }
        for body in [
            r#"{"key": "NIXPACKS_A", "value": "2"}"#,
            r#"{"key": "SERVICE_B"}"#,
            r#"{"key": "C", "value": "x"}"#,
            r#"{"key": "nothing", "value": "x"}"#,
        ] {
            script
                .play(&format!("PATCH {path} {body} : {shown} message errors"))
                .await;
        }
        for body in [
            r"{}",
            r#"{"data": []}"#,
            r#"{"data": [{"key": "NEW", "value": "1", "other": 1}, {"key": "NEW", "value": "2", "is_literal": true}, {"key": "P", "value": "q", "is_preview": true}]}"#,
            r#"{"data": [{"key": "NEW", "value": "3"}, {"value": "x"}]}"#,
        ] {
            script
                .play(&format!(
                    "PATCH {path}/bulk {body} : {shown} message errors"
                ))
                .await;
        }
        script.play(&format!("GET {path} : key value real_value is_preview is_literal\nGET {path} as read : key value\nDELETE {path}/nothing")).await;
    }
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn a_domain_belongs_to_one_application() {
    let mut script = recorded().await;
    script.application("web");
    script.application("api");
    let shown = "fqdn noindex_domains";
    script
        .play(
            r#"
            PATCH /applications/{web} {"domains": "https://A.example.com/, https://b.example.com"}
            PATCH /applications/{web} {"domains": "https://a.example.com"}
            PATCH /applications/{api} {"domains": "https://c.example.com,https://A.example.com/,HTTPS://A.EXAMPLE.COM"}
            PATCH /applications/{api} {"domains": "https://a.example.com:80"}
            PATCH /applications/{api} {"domains": "ftp://a.example.com,nothing"}
            PATCH /applications/{api} {"domains": ["https://a.example.com"]}
            PATCH /applications/{api} {"domains": 5}
            PATCH /applications/{api} {"domains": "https://a.example.com", "force_domain_override": true}
            PATCH /applications/{api} {"domains": "https://x.example.com,https://y.example.com/", "noindex_domains": ["https://Y.example.com", "https://z.example.com", 5]}
            "#,
        )
        .await;
    script
        .play(&format!("GET /applications/{{api}} : {shown}"))
        .await;
    script
        .play(
            r#"
            = PATCH /applications/{api} {"domains": "https://x.example.com,https://y.example.com/", "noindex_domains": ["https://Y.example.com", "https://z.example.com"]} 1
            GET /applications/{api} : fqdn noindex_domains
            PATCH /applications/{api} {"domains": "", "noindex_domains": ["https://y.example.com"]}
            GET /applications/{api} : fqdn noindex_domains
            PATCH /applications/{api} {"docker_compose_domains": [{"name": "web", "domain": "https://d.example.com"}]}
            "#,
        )
        .await;
    let api = script.uuid("api");
    script
        .fake
        .set_application(&api, "build_pack", "dockercompose");
    let file = "services:\n  web:\n    image: nginx\n  worker:\n    image: nginx\n";
    script
        .fake
        .set_application(&api, "docker_compose_raw", file);
    script
        .play(
            r#"
            # A compose application has them by services
            PATCH /applications/{api} {"domains": "https://d.example.com"}
            PATCH /applications/{api} {"docker_compose_domains": [{"name": "web", "domain": "https://D.example.com", "redirect": "www"}, {"name": "nothing", "domain": "https://e.example.com"}]}
            GET /applications/{api} : docker_compose_domains
            PATCH /applications/{api} {"docker_compose_domains": [{"name": "web", "domain": null}, {"name": "worker", "domain": "https://f.example.com", "redirect": null}]}
            GET /applications/{api} : docker_compose_domains
            PATCH /applications/{api} {"docker_compose_domains": [{"name": "web", "domain": "d.example.com"}]}
            PATCH /applications/{api} {"docker_compose_domains": [{"name": "web", "domain": "https://a.example.com"}]}
            PATCH /applications/{api} {"docker_compose_domains": [{"name": "web", "domain": "https://a.example.com"}], "force_domain_override": true}
            "#,
        )
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn a_tag_lives_as_long_as_something_has_it() {
    let mut script = recorded().await;
    script.application("web");
    script.application("api");
    script
        .play(
            r#"
            POST /tags {"name": " <i>Beta</i> "} > beta
            POST /tags {"name": "BETA"}
            POST /tags {"name": "b"}
            POST /tags {}
            POST /applications/{web}/tags {}
            POST /applications/{web}/tags {"tag_name": "a", "tag_names": ["b"]}
            POST /applications/{web}/tags {"tag_name": "", "tag_names": []}
            POST /applications/{web}/tags {"tag_name": ""}
            POST /applications/{web}/tags {"tag_names": []}
            POST /applications/{web}/tags {"tag_names": ["beta", 5]}
            POST /applications/{web}/tags {"tag_names": ["beta", "live", "Live"]} : name
            POST /applications/{web}/tags {"tag_name": "x"}
            POST /applications/{web}/tags {"tag_name": "ab", "name": "x"}
            POST /applications/{api}/tags {"tag_name": "live"} > live
            GET /tags : name
            PATCH /tags/{beta} {"name": "Gamma"} : name
            PATCH /tags/{beta} {"name": "live"}
            PATCH /tags/nothing {"name": "other"}
            GET /applications/{web}/tags : name
            DELETE /applications/{web}/tags/{live}
            GET /tags : name
            DELETE /applications/{api}/tags/{live}
            GET /tags : name
            DELETE /applications/{api}/tags/{live}
            GET /applications?tag=gamma : name
            GET /applications?tag=nothing : name
            DELETE /tags/{beta}
            DELETE /tags/{beta}
            GET /applications/{web}/tags
            "#,
        )
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn bodies_and_tokens_are_checked_before_anything_else() {
    let mut script = recorded().await;
    script.application("web");
    script.fake.add_member_token("member", ["read"]);
    script
        .fake
        .add_member_token("members-write", ["read", "write"]);
    script
        .fake
        .add_member_token("members-secret", ["read", "read:sensitive"]);
    script
        .play(
            r#"
            POST /projects {}
            POST /projects []
            POST /projects [1]
            POST /projects "a"
            POST /projects 5
            POST /projects true
            POST /projects false
            POST /projects null
            POST /projects {"name"
            POST /projects {"name": " ", "description": "  "}
            GET /projects as none
            GET /projects as unknown
            POST /projects {"name": "a"} as read
            POST /deploy?uuid={web} as write
            GET /projects as member : name
            GET /projects as members-write
            GET /projects as members-secret
            GET /nothing
            PUT /projects {"name": "a"}
            GET /deploy?uuid={web}
            GET /projects/
            GET /applications/%7Bweb%7D
            GET /health as none
            GET /version as none
            "#,
        )
        .await;
    script.fake.allow_address(false);
    script
        .play("GET /version\nGET /version as none\nGET /health as none\nPOST /disable")
        .await;
    script.fake.allow_address(true);
    script
        .play("POST /disable\nGET /version\nPOST /enable\nGET /version")
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn older_versions_answer_otherwise() {
    for version in ["4.0.0", "4.1.2", "4.2.0"] {
        let mut script = Script::on(FakeCoolify::version(version).job_lag(1)).await;
        script.application("web");
        script.database("main", "postgresql");
        script
            .fake
            .add_member_token("members-write", ["read", "write"]);
        script
            .fake
            .add_member_token("members-secret", ["read", "read:sensitive"]);
        script
            .play(
                r#"
                GET /projects as members-write
                GET /projects as members-secret
                GET /version
                POST /applications/{web}/envs {"key": "A B", "value": null} : key message errors uuid
                POST /databases/{main}/envs {"key": "A B"} : key value
                POST /databases/{main}/envs {"key": "A=B"} : key message errors
                GET /applications/{web}/envs : key value real_value is_nixpacks is_buildpack_control is_shown_once
                PATCH /applications/{web} {"domains": "HTTPS://A.example.com/X"}
                PATCH /applications/{web} {"domains": ["a"]}
                PATCH /applications/{web} {"domains": "https://a_b.example.com"}
                GET /applications/{web} : fqdn settings/is_git_lfs_enabled environment/name max_restart_count
                GET /databases/{main} : health_check_enabled
                POST /applications/{web}/storages {"type": "file", "mount_path": "/a.conf", "content": "x"} : fs_path mount_path content message errors
                GET /applications/{web}/start
                POST /applications/{web}/start
                GET /deploy?uuid={web}
                POST /deploy?uuid={web}
                GET /deployments/applications/{web} : count deployments/0/deployment_uuid > run
                GET /deployments/applications/{web} as read : count deployments/0/logs
                POST /deployments/{run}/cancel
                GET /enable
                POST /enable
                GET /nothing
                "#,
            )
            .await;
        insta::assert_snapshot!(
            format!("older_versions_answer_otherwise_{version}"),
            script.told()
        );
    }
}
