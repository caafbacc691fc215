//! The tokens of secret managers, and the links of applications to them.

use serde_json::{Value, json};

use super::{INVALID, VERSION, refusal};
use crate::secret_managers::{
    IntegrationTokenMetadata, SecretManagerProvider as Provider, SecretManagerSettings,
};
use crate::testing::{Clouds, FakeCoolify};

#[tokio::test]
async fn an_application_is_linked_to_a_token() {
    let fake = FakeCoolify::version(VERSION).start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let managers = fake.client().secret_managers();
    let error = managers.configure_application(&app, "unknown").await;
    let error = error.unwrap_err();
    let said = "Secret manager integration token not found.";
    assert_eq!(refusal(&error), (404, said, vec![]));

    let metadata = IntegrationTokenMetadata {
        base_url: Some("https://vault.example.com".to_owned()),
        ..IntegrationTokenMetadata::default()
    };
    let vault = managers.create_integration_token(Provider::Vault, "vault", "token");
    let vault = vault.metadata(metadata).await.unwrap().uuid;
    let error = managers.configure_application(&app, vault.clone());
    let error = error.await.unwrap_err();
    let fields = vec!["settings.mount", "settings.path"];
    assert_eq!(refusal(&error), (422, INVALID, fields));
    let settings = SecretManagerSettings {
        mount: Some("secret".to_owned()),
        path: Some("shop".to_owned()),
        project: Some("not of Vault".to_owned()),
        ..SecretManagerSettings::default()
    };
    let link = managers.configure_application(&app, vault.clone());
    let link = link.settings(settings).await.unwrap();
    assert_eq!(link.integration_token_uuid, vault);
    assert_eq!(link.provider, Some(Provider::Vault));
    let settings = serde_json::to_value(link.settings).unwrap();
    assert_eq!(settings, json!({"mount": "secret", "path": "shop"}));

    let doppler = managers.create_integration_token(Provider::Doppler, "d", "dp.st.x");
    let doppler = doppler.await.unwrap().uuid;
    let link = managers.configure_application(&app, doppler.clone()).await;
    assert_eq!(link.unwrap().settings, None);
    // The new link replaces the old one.
    let links = fake.state()["secret_manager_links"].clone();
    let wanted = json!([{
        "application": app,
        "integration_token_uuid": doppler,
        "provider": "doppler",
        "settings": Value::Null,
    }]);
    assert_eq!(links, wanted);
}

#[tokio::test]
async fn each_provider_has_its_own_tokens() {
    let fake = FakeCoolify::version(VERSION).start().await;
    let managers = fake.client().secret_managers();
    for (provider, fields) in [
        (Provider::Doppler, vec!["token"]),
        (
            Provider::Infisical,
            vec!["metadata.base_url", "metadata.client_id"],
        ),
        (Provider::Vault, vec!["metadata.base_url"]),
    ] {
        let token = managers.create_integration_token(provider, "name", "token");
        let error = token.await.unwrap_err();
        assert_eq!(refusal(&error), (422, INVALID, fields));
    }
    fake.set_clouds(Clouds::RejectTokens);
    let token = managers.create_integration_token(Provider::Doppler, "d", "dp.sa.x");
    assert_eq!(token.await.unwrap_err().status(), Some(400));
    assert_eq!(fake.state().get("integration_tokens"), None);
}
