//! Routes that Coolify makes from variables and templates, and misleading names.

use coolify_sdk::services::ServiceUrl;
use coolify_sdk::{Result, ScopePolicy, ScopePower};

use super::{refused, tenants};

const SHOP: &str = "https://shop.example.com";

/// Coolify makes routes from these variables, and does not check who has the domains.
#[tokio::test]
async fn no_variable_of_a_service_takes_the_host_of_another_project() -> Result<()> {
    let it = tenants().await;
    let theirs = it.fake.client().application(&it.other_app);
    theirs.update().domains([SHOP]).await?;
    let services = it.tenant.services();
    let service = services.create_compose(
        it.place(&it.own),
        "services: {web: {image: minio/minio, environment: ['MINIO_SERVER_URL=$MINIO_SERVER_URL']}}",
    );
    let uuid = service.await?.uuid;
    let strict = it.tenant.in_project_with(&*it.own, ScopePolicy::strict());
    let before = it.writes().len();
    for client in [&it.tenant, &strict] {
        let envs = client.service(uuid.as_str()).envs();
        for key in [
            "GARAGE_ADMIN_URL",
            "GARAGE_S3_API_URL",
            "GARAGE_WEB_URL",
            "LOGTO_ADMIN_ENDPOINT",
            "LOGTO_ENDPOINT",
            "MINIO_BROWSER_REDIRECT_URL",
            "MINIO_SERVER_URL",
        ] {
            let taken = envs.create(key, "http://SHOP.example.com/x").await;
            let error = taken.expect_err(key);
            assert!(error.is_conflict(), "{key}: {}", error.report());
            refused(envs.create(key, "https://a`) || Host(`b.example.com").await);
            refused(
                envs.create(key, "https://own.example.com,https://b.example.com")
                    .await,
            );
            refused(envs.create(key, "{{project.URL}}").await);
        }
        for environment in [
            "{MINIO_SERVER_URL: '${MINIO_SERVER_URL:-https://shop.example.com}'}",
            "['A=${B:-${LOGTO_ENDPOINT-https://shop.example.com}}']",
            "{MINIO_SERVER_URL: '$SERVICE_`) || Host(`shop.example.com'}",
        ] {
            let file =
                format!("services: {{web: {{image: minio/minio, environment: {environment}}}}}");
            refused(
                client
                    .services()
                    .create_compose(it.place(&it.own), file)
                    .await,
            );
        }
    }
    assert_eq!(it.writes().len(), before, "{:?}", it.writes());

    let envs = strict.service(uuid.as_str()).envs();
    envs.update("MINIO_SERVER_URL", "https://own.example.com")
        .await?;
    let taken = envs.update("MINIO_SERVER_URL", SHOP).await;
    assert!(taken.unwrap_err().is_conflict());
    // An application with this variable only uses a MinIO.
    let own = it.tenant.application(&it.own_app).envs();
    own.create("MINIO_SERVER_URL", SHOP).await?;
    let trusted = ScopePolicy::default().allow(ScopePower::ForeignHosts);
    let trusted = it.fake.client().in_project_with(&*it.own, trusted);
    trusted
        .service(uuid.as_str())
        .envs()
        .create("LOGTO_ENDPOINT", SHOP)
        .await?;
    Ok(())
}

/// Coolify makes the domains of previews with a template, and does not compare them with
/// other domains.
#[tokio::test]
async fn no_preview_takes_the_host_of_another_project() -> Result<()> {
    let it = tenants().await;
    let theirs = it.fake.client().services().create_compose(
        it.place(&it.other),
        "services: {web: {image: nginx}, api: {image: nginx}}",
    );
    let theirs = theirs.urls([
        ServiceUrl::new("web").url(SHOP),
        ServiceUrl::new("api").url("https://7.example.com"),
    ]);
    theirs.await?;
    let own = it.tenant.application(&it.own_app);
    own.update().domains(["https://own.example.com"]).await?;
    own.update().preview_url_template("shop.{{domain}}").await?;
    let before = it.writes().len();
    let taken = own.update().domains(["https://example.com/x"]).await;
    let error = taken.expect_err("a preview would have their host");
    assert!(error.is_conflict(), "{}", error.report());
    let conflict = error.conflicts()[0].domain.as_deref();
    assert_eq!(conflict, Some("shop.example.com"));
    assert_eq!(it.writes().len(), before, "{:?}", it.writes());

    own.update()
        .preview_url_template("{{pr_id}}.{{domain}}")
        .await?;
    let taken = own.update().domains(["https://example.com"]).await;
    let error = taken.expect_err("the preview of pull request 7 would have their host");
    let conflict = error.conflicts()[0].domain.as_deref();
    assert_eq!(conflict, Some("{{pr_id}}.example.com"));
    own.update()
        .preview_url_template("pr-{{pr_id}}.{{domain}}")
        .await?;
    own.update().domains(["https://example.com"]).await?;
    let taken = own.update().preview_url_template("shop.{{domain}}").await;
    assert!(taken.unwrap_err().is_conflict());
    own.update()
        .preview_url_template("{{random}}.{{domain}}")
        .await?;
    Ok(())
}

/// To copy the volumes of a database or a service, Coolify stops it, and cleans up the
/// server.
#[tokio::test]
async fn no_copy_cleans_up_the_server() -> Result<()> {
    let it = tenants().await;
    let database = it.fake.seed_database(&it.own, "postgresql", "main");
    let service = it
        .tenant
        .services()
        .create_compose(it.place(&it.own), "services: {web: {image: nginx}}")
        .await?
        .uuid;
    let before = it.writes().len();
    let database = it.tenant.database(&database);
    refused(database.clone_to("nowhere").clone_volumes(true).await);
    let service = it.tenant.service(service);
    refused(service.clone_to("nowhere").clone_volumes(true).await);
    assert_eq!(it.writes().len(), before, "{:?}", it.writes());

    let copy = service.clone_to("nowhere").clone_volumes(false).await;
    assert!(copy.unwrap_err().is_not_found());
    let own = it.tenant.application(&it.own_app);
    let copy = own.clone_to("nowhere").clone_volumes(true).await;
    assert!(copy.unwrap_err().is_not_found());
    Ok(())
}
