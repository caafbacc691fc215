//! Finding things by what people call them.

use coolify_sdk::estate::{Found, FoundKind};
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk::{ErrorKind, Result};

use crate::calls;

#[tokio::test]
async fn each_way_of_naming_something_finds_it() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let shop = fake.seed_project("shop");
    let web = fake.seed_application(&shop, "web");
    let data = fake.seed_database(&shop, "redis", "data");
    let coolify = fake.client();
    let _ = coolify
        .application(web.as_str())
        .domains()
        .add("https://shop.example.com/api")
        .await?;
    for text in [
        web.as_str(),
        "web",
        "WEB",
        "shop.example.com",
        "HTTPS://Shop.example.com/api/v1",
        "shop/web",
        "shop/production/web",
    ] {
        let found = coolify.find(text).await?;
        assert_eq!(
            (found.kind, found.uuid.as_str()),
            (FoundKind::Application, web.as_str()),
            "{text}"
        );
        assert!(found.application().is_some(), "{text}");
        let is_another = found.database().is_some()
            || found.service().is_some()
            || found.as_project().is_some()
            || found.as_environment().is_some()
            || found.server().is_some();
        assert!(!is_another, "{text}");
        let found = coolify.applications().find(text).await?;
        assert_eq!(found.uuid().as_str(), web, "{text}");
    }
    assert_eq!(
        coolify.databases().find("data").await?.uuid().as_str(),
        data
    );
    assert_eq!(coolify.projects().find("shop").await?.uuid().as_str(), shop);
    let environment = coolify.find("shop/production").await?;
    assert_eq!(environment.kind, FoundKind::Environment);
    let environment = environment.as_environment().expect("a handle");
    assert_eq!(environment.get().await?.name, "production");

    let server = coolify.server(fake.server_uuid()).get().await?;
    for text in [
        server.name.as_str(),
        server.ip.as_deref().unwrap_or_default(),
    ] {
        assert_eq!(coolify.find(text).await?.uuid, server.uuid, "{text}");
        assert_eq!(
            *coolify.servers().find(text).await?.uuid(),
            server.uuid,
            "{text}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn it_takes_as_few_calls_as_it_says() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let shop = fake.seed_project("shop");
    for name in ["other", "third", "fourth"] {
        fake.seed_project(name);
    }
    fake.seed_application(&shop, "web");
    let coolify = fake.client();
    let mut seen = 0;
    coolify.applications().find("web").await?;
    assert_eq!(calls(&fake, &mut seen), ["GET /applications"]);
    coolify.applications().find("shop/production/web").await?;
    assert_eq!(calls(&fake, &mut seen).len(), 3);
    let found = coolify.find("web").await?;
    assert_eq!(found.path(), "web", "its place was not read");
    assert_eq!(calls(&fake, &mut seen).len(), 3);
    let found = coolify.find("shop/web").await?;
    assert_eq!(found.path(), "shop/production/web");
    assert_eq!(calls(&fake, &mut seen).len(), 4);
    Ok(())
}

#[tokio::test]
async fn a_name_that_nothing_has_comes_with_similar_ones() {
    let fake = FakeCoolify::start().await;
    let shop = fake.seed_project("shop");
    fake.seed_application(&shop, "storefront");
    let coolify = fake.client();
    let none = coolify.find("storefrnt").await.expect_err("a typo");
    assert!(none.is_not_found(), "{none:?}");
    assert_eq!(none.suggestions(), ["storefront"]);
    assert!(
        none.hint().is_some_and(|it| it.contains("\"storefront\"")),
        "{none:?}"
    );
    let none = coolify
        .applications()
        .find("shop")
        .await
        .expect_err("a project");
    assert!(none.is_not_found(), "{none:?}");
    for path in [
        "shop/storefrnt",
        "shop/staging/storefront",
        "none/production/storefront",
    ] {
        let none = coolify.find(path).await.expect_err(path);
        assert!(none.is_not_found(), "{none:?}");
    }
    let empty = coolify.find("  ").await.expect_err("nothing");
    assert_eq!(empty.kind(), ErrorKind::InvalidRequest);
}

#[tokio::test]
async fn several_matches_are_named_with_their_places() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let (shop, blog) = (fake.seed_project("shop"), fake.seed_project("blog"));
    let web = fake.seed_application(&shop, "web");
    fake.seed_application(&blog, "web");
    fake.seed_database(&blog, "redis", "web");
    let coolify = fake.client();
    let several = coolify.find("web").await.expect_err("three are called so");
    assert!(several.is_ambiguous(), "{several:?}");
    let paths: Vec<_> = several.matches().iter().map(Found::path).collect();
    assert_eq!(
        paths,
        [
            "shop/production/web",
            "blog/production/web",
            "blog/production/web"
        ]
    );
    assert!(several.to_string().contains(&web), "{several}");
    let several = coolify.applications().find("web").await.expect_err("two");
    assert_eq!(several.matches().len(), 2);
    assert_eq!(coolify.find("shop/web").await?.uuid.as_str(), web);
    assert_eq!(coolify.find("web").all().await?.len(), 3);
    assert!(coolify.find("wob").all().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_bound_client_finds_only_what_is_in_its_project() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let (shop, blog) = (fake.seed_project("shop"), fake.seed_project("blog"));
    fake.seed_application(&shop, "web");
    fake.seed_application(&blog, "diary");
    let bound = fake.client().in_project(shop.as_str());
    assert_eq!(bound.find("web").await?.kind, FoundKind::Application);
    for text in ["diary", "blog", "blog/production/diary", "localhost"] {
        let none = bound.find(text).await.expect_err(text);
        assert!(none.is_not_found(), "{none:?}");
        assert!(
            none.to_string().contains("could not read servers"),
            "{none}"
        );
        assert!(none.suggestions().is_empty(), "{none:?}");
    }
    Ok(())
}

#[tokio::test]
async fn the_small_rooms_find_by_name_as_well() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let coolify = fake.client();
    let shop = coolify.project(fake.seed_project("shop"));
    let key = coolify.private_keys().list().await?.remove(0);
    let found = coolify.private_keys().find(key.name.to_uppercase()).await?;
    assert_eq!(*found.uuid(), key.uuid);
    let environment = shop.environments().find("production").await?;
    assert_eq!(environment.get().await?.name, "production");
    let none = shop
        .environments()
        .find("prodution")
        .await
        .expect_err("a typo");
    assert_eq!(none.suggestions(), ["production"]);
    coolify.tags().create("beta").await?;
    coolify.tags().find("beta").await?.rename("gamma").await?;
    let app = fake.seed_github_app("acme");
    let found = coolify.github_apps().find("acme").await?;
    let listed = coolify.github_apps().list().await?;
    assert!(
        listed
            .iter()
            .any(|it| it.id == found.id() && it.uuid == *app.as_str())
    );
    Ok(())
}
