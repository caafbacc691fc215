//! What a text may contain in each field that Coolify interprets.

use std::fmt::Write as _;
use std::future::Future;
use std::pin::Pin;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use coolify_sdk::applications::BuildPack;
use coolify_sdk::shared_variables::SharedScope;
use coolify_sdk::storages::NewStorage;
use coolify_sdk::{Coolify, Result, ScopePolicy, ScopePower};
use serde_json::json;

use super::inputs::{
    BACKED_UP, CONTENTS, IMAGES, LABELS, MAPPINGS, MOUNTED, NAMES, NEW_VOLUMES, PATHS, PATTERNS,
    PORTS, PREVIEWS, RENAMED_VOLUMES, RUN_OPTIONS, VARIABLES, WORDS,
};
use super::tried::{Groups, NOBODY, tried};
use super::{Tenants, tenants};

type Sent = Pin<Box<dyn Future<Output = Result<()>>>>;
type Field = Box<dyn Fn(Coolify, String) -> Sent>;

impl Tenants {
    /// A field of a new application, in another project: nothing is sent.
    fn application(&self, name: &'static str) -> Field {
        let place = self.place(&self.other);
        Box::new(move |coolify, text| {
            let applications = coolify.applications();
            let pack = BuildPack::Nixpacks;
            let create = applications.create_public(place.clone(), "a/b", "main", pack);
            let create = create.fields(json!({ name: text }));
            Box::pin(async move { create?.await.map(drop) })
        })
    }

    async fn table(&self, field: &Field, texts: &[&str]) -> String {
        let coolify = self.fake.client();
        let mut groups = Groups::default();
        for text in texts {
            let ask = |coolify| field(coolify, (*text).to_owned());
            let outcome = tried(&coolify, &self.own, ask).await;
            let reason = outcome.reason.map(|it| format!("\n  {it}"));
            groups.add(
                outcome.steps + &reason.unwrap_or_default(),
                format!("{text:?}"),
            );
        }
        groups.lines()
    }
}

/// The field of a database's name, password or backup.
fn database(field: &'static str) -> Field {
    Box::new(move |coolify, text| {
        let update = coolify.database(NOBODY).update_postgresql();
        let update = update.fields(json!({ field: text }));
        Box::pin(async move { update?.await.map(drop) })
    })
}

/// A variable, made from a text.
fn variable(form: impl Fn(String) -> (String, String) + 'static) -> Field {
    Box::new(move |coolify, text| {
        let (key, value) = form(text);
        let create = coolify.application(NOBODY).envs().create(key, value);
        Box::pin(async move { create.await.map(drop) })
    })
}

fn backup() -> Field {
    Box::new(|coolify, text| {
        let backups = coolify.database(NOBODY).backups();
        let create = backups.create("daily").databases_to_backup(text);
        Box::pin(async move { create.await.map(drop) })
    })
}

fn file() -> Field {
    Box::new(|coolify, text| {
        let storages = coolify.application(NOBODY).storages();
        let create = storages.create(NewStorage::file(text, "a"));
        Box::pin(async move { create.await.map(drop) })
    })
}

fn volume() -> Field {
    Box::new(|coolify, text| {
        let storages = coolify.application(NOBODY).storages();
        let create = storages.create(NewStorage::volume(text, "/a"));
        Box::pin(async move { create.await.map(drop) })
    })
}

fn renamed_volume() -> Field {
    Box::new(|coolify, text| {
        let storages = coolify.application(NOBODY).storages();
        let update = storages.update_volume("s").name(text);
        Box::pin(async move { update.await.map(drop) })
    })
}

#[tokio::test]
async fn a_path_leads_down_only() {
    let it = tenants().await;
    let directory = it.table(&it.application("base_directory"), PATHS).await;
    let watched: Field = Box::new(|coolify, text| {
        let update = coolify.application(NOBODY).update().watch_paths(text);
        Box::pin(async move { update.await.map(drop) })
    });
    let watched = it.table(&watched, PATTERNS).await;
    let mounted = it.table(&file(), MOUNTED).await;
    insta::assert_snapshot!(format!(
        "base_directory\n\n{directory}\nwatch_paths\n\n{watched}\nmount_path\n\n{mounted}"
    ));
}

#[tokio::test]
async fn a_word_of_a_command_is_a_word() {
    let it = tenants().await;
    let tag = it
        .table(&it.application("docker_registry_image_tag"), WORDS)
        .await;
    let backup = it.table(&backup(), BACKED_UP).await;
    insta::assert_snapshot!(format!(
        "docker_registry_image_tag\n\n{tag}\ndatabases_to_backup\n\n{backup}"
    ));
}

#[tokio::test]
async fn a_resource_cannot_have_a_name_of_coolify() {
    let it = tenants().await;
    let name = it.table(&database("name"), NAMES).await;
    let volume = it.table(&volume(), NEW_VOLUMES).await;
    let renamed = it.table(&renamed_volume(), RENAMED_VOLUMES).await;
    insta::assert_snapshot!(format!(
        "name\n\n{name}\nthe name of a new volume\n\n{volume}\nthe new name of a volume of `nobody`\n\n{renamed}"
    ));
}

#[tokio::test]
async fn an_image_is_not_one_of_another_resource() {
    let it = tenants().await;
    let place = it.place(&it.other);
    let field: Field = Box::new(move |coolify, text| {
        let applications = coolify.applications();
        let create = applications.create_docker_image(place.clone(), "nginx");
        let create = create.fields(json!({"docker_registry_image_name": text}));
        Box::pin(async move { create?.await.map(drop) })
    });
    insta::assert_snapshot!(it.table(&field, IMAGES).await);
}

#[tokio::test]
async fn a_port_is_free_for_all() {
    let it = tenants().await;
    let mapped = it.table(&it.application("ports_mappings"), MAPPINGS).await;
    // Who may use every port may also use what cannot be read.
    let open = it
        .fake
        .client()
        .in_project_with(&it.own, ScopePolicy::trusting());
    let field = it.application("ports_mappings");
    let mut unread = Groups::default();
    for text in [
        "443:443",
        "3000-:1",
        "3001-3000:1",
        "1-2-3:1",
        "x:80",
        "${P}:80",
    ] {
        let sent = field(open.clone(), text.to_owned()).await;
        let error = sent.expect_err("it is in another project");
        let said = error.to_string().replace(&it.own, "OWN");
        unread.add(said.replace(&it.other, "OTHER"), text);
    }
    let unread = unread.lines();
    let public: Field = Box::new(|coolify, text| {
        let port: i64 = text.parse().expect("a number");
        let update = coolify.database(NOBODY).update_postgresql();
        let update = update.fields(json!({"public_port": port}));
        Box::pin(async move { update?.await.map(drop) })
    });
    let public = it.table(&public, PORTS).await;
    insta::assert_snapshot!(format!(
        "ports_mappings\n\n{mapped}\nwith every power\n\n{unread}\npublic_port\n\n{public}"
    ));
}

#[tokio::test]
async fn an_option_of_docker_run_stays_in_the_container() {
    let it = tenants().await;
    let field = it.application("custom_docker_run_options");
    insta::assert_snapshot!(it.table(&field, RUN_OPTIONS).await);
}

#[tokio::test]
async fn labels_affect_no_other_resource() {
    let it = tenants().await;
    let place = it.place(&it.other);
    let field: Field = Box::new(move |coolify, text| {
        let applications = coolify.applications();
        let create = applications.create_docker_image(place.clone(), "nginx");
        let create = create.custom_labels(text);
        Box::pin(async move { create.await.map(drop) })
    });
    let new = it.table(&field, LABELS).await;
    let encoded = ["YT1i", " YT1i\n", "a=b", "/w==", "YT1"];
    let sent = it.table(&it.application("custom_labels"), &encoded).await;

    // An application with labels.
    let own = it.own_app.clone();
    let update: Field = Box::new(move |coolify, text| {
        let update = coolify.application(&own).update().custom_labels(text);
        Box::pin(async move { update.await.map(drop) })
    });
    let has = "traefik.enable=true\r\n caddy=a ";
    let changed = [
        "traefik.enable=true",
        "caddy=a\na=b",
        "caddy=b",
        "traefik.enable=false",
    ];
    it.fake
        .set_application(&it.own_app, "custom_labels", STANDARD.encode(has));
    let mut kept = it.table(&update, &changed[2..]).await;
    it.fake.set_application(&it.own_app, "custom_labels", has);
    kept += &it.table(&update, &changed[2..]).await;
    kept += &it.table(&update, &changed[..1]).await;
    it.fake
        .set_application(&it.own_app, "custom_labels", STANDARD.encode(has));
    kept += &it.table(&update, &changed[1..2]).await;
    insta::assert_snapshot!(format!(
        "of a new application\n\n{new}\nas they are sent\n\n{sent}\n\
        of an application with the labels `traefik.enable=true` and `caddy=a`\n\n{kept}"
    ));
}

#[tokio::test]
async fn a_preview_is_below_the_own_domain() {
    let it = tenants().await;
    let field = it.application("preview_url_template");
    insta::assert_snapshot!(it.table(&field, PREVIEWS).await);
}

#[tokio::test]
async fn a_variable_is_no_command() {
    let it = tenants().await;
    let built = it
        .table(&variable(|key| (key, "b".to_owned())), VARIABLES)
        .await;
    let of_database: Field = Box::new(|coolify, key| {
        let create = coolify.database(NOBODY).envs().create(key, "b");
        Box::pin(async move { create.await.map(drop) })
    });
    let not_built = it.table(&of_database, VARIABLES).await;
    let mut switched = String::new();
    for is_buildtime in [true, false] {
        let field: Field = Box::new(move |coolify, key| {
            let create = coolify.application(NOBODY).envs().create(key, "b");
            let create = create.is_buildtime(is_buildtime);
            Box::pin(async move { create.await.map(drop) })
        });
        let table = it.table(&field, &["PATH", "A.B", "A"]).await;
        writeln!(switched, "is_buildtime: {is_buildtime}\n{table}").expect("text");
    }
    insta::assert_snapshot!(format!(
        "of an application\n\n{built}\nof a database\n\n{not_built}\n{switched}"
    ));
}

#[tokio::test]
async fn a_value_is_a_text() {
    let it = tenants().await;
    let own = it
        .table(&variable(|value| ("A".to_owned(), value)), CONTENTS)
        .await;
    let other = it.other.clone();
    let shared: Field = Box::new(move |coolify, value| {
        let scope = SharedScope::project(&*other);
        let create = coolify.shared_variables(scope).create("A", value);
        Box::pin(async move { create.await.map(drop) })
    });
    let shared = it.table(&shared, &CONTENTS[..10]).await;
    insta::assert_snapshot!(format!("of an application\n\n{own}\nshared\n\n{shared}"));
}

#[tokio::test]
async fn a_one_click_service_may_use_the_server() {
    let it = tenants().await;
    let coolify = it.fake.client();
    let mut groups = Groups::default();
    let types = coolify.services().types().iter().map(|it| it.name);
    for name in types.chain(["Portainer", " portainer ", "no-such-service"]) {
        let ask = |coolify: Coolify| {
            let services = coolify.services();
            services.create_one_click(it.place(&it.other), name).send()
        };
        let outcome = tried(&coolify, &it.own, ask).await;
        groups.add(outcome.steps, name);
    }
    let mut text = String::new();
    for (outcome, names) in groups.each() {
        // Of the many that need nothing else, the last says enough.
        let from = if names.len() > 50 { names.len() - 1 } else { 0 };
        writeln!(text, "{outcome}: {}", names[from..].join(" ")).expect("text");
    }
    insta::assert_snapshot!(text);
}

/// The characters that each field may contain, apart from letters and digits.
#[tokio::test]
async fn each_field_has_its_characters() {
    let it = tenants().await;
    let open = it
        .fake
        .client()
        .in_project_with(&it.own, ScopePolicy::trusting());
    let letters: Vec<char> = (0..128).map(char::from).collect();
    let letters = letters.into_iter().filter(|it| !it.is_ascii_alphanumeric());
    let letters: Vec<char> = letters
        .chain(['a', 'Z', '0', 'ä', '\u{a0}', '\u{200b}', '\u{2028}'])
        .collect();
    let fields: [(&str, Field); 14] = [
        (
            "docker_registry_image_tag",
            it.application("docker_registry_image_tag"),
        ),
        (
            "custom_network_aliases",
            it.application("custom_network_aliases"),
        ),
        ("gpu_options", it.application("gpu_options")),
        ("name", it.application("name")),
        ("base_directory", it.application("base_directory")),
        ("watch_paths", it.application("watch_paths")),
        ("postgres_password", database("postgres_password")),
        ("databases_to_backup", backup()),
        ("mount_path", file()),
        ("a new volume", volume()),
        (
            "a renamed volume",
            Box::new({
                let field = renamed_volume();
                move |coolify, text| field(coolify, format!("nobody-{text}"))
            }),
        ),
        (
            "the key of a variable",
            variable(|text| (text, String::new())),
        ),
        (
            "what follows `${A`",
            variable(|text| ("A".to_owned(), format!("${{A{text}"))),
        ),
        (
            "custom_docker_run_options",
            it.application("custom_docker_run_options"),
        ),
    ];
    let mut table = String::new();
    for (name, field) in &fields {
        for (place, form) in [("at the start", "_a"), ("inside", "a_b")] {
            let mut fine = String::new();
            for letter in &letters {
                let text = form.replace('_', &letter.to_string());
                let sent = field(open.clone(), text).await;
                let error = sent.expect_err("it is nowhere");
                if !error.to_string().contains("may reach beyond") {
                    fine.push(*letter);
                }
            }
            writeln!(table, "{name} {place}: {fine:?}").expect("text");
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn each_policy_has_its_powers() {
    let mut table = String::new();
    let powers = |policy: ScopePolicy| {
        let granted = ScopePower::ALL.into_iter().filter(|it| policy.allows(*it));
        granted
            .map(|it| format!("{it:?}"))
            .collect::<Vec<_>>()
            .join(" ")
    };
    for (name, policy) in [
        ("strict", ScopePolicy::strict()),
        ("default", ScopePolicy::default()),
        ("trusting", ScopePolicy::trusting()),
    ] {
        writeln!(table, "{name}: {}", powers(policy)).expect("text");
    }
    for name in ["NODE_ENV", "DOCKER_HOST", "A.B", "A;B", "COMPOSE_FILE"] {
        let checked = ScopePolicy::check_variable(name);
        let said = checked.map_or_else(|error| error.report().to_string(), |()| "fine".to_owned());
        writeln!(table, "{name}: {said}").expect("text");
    }
    insta::assert_snapshot!(table);
}
