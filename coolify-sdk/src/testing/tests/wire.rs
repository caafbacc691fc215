//! A bare HTTP client: the fake must not be tested through the SDK alone.

use reqwest::{Client, Method};
use serde_json::Value;

use crate::{testing::FakeCoolify, transport::tls};

pub(super) struct Wire {
    client: Client,
    url: String,
    token: String,
}

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: reqwest::header::HeaderMap,
    pub(super) text: String,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl Wire {
    pub(super) fn to(fake: &FakeCoolify) -> Self {
        Self {
            client: tls::apply(Client::builder()).unwrap().build().unwrap(),
            url: format!("{}/api/v1", fake.url()),
            token: fake.token().to_owned(),
        }
    }

    pub(super) async fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<(&str, String)>,
    ) -> Answer {
        self.try_send(method, path, body).await.unwrap()
    }

    pub(super) async fn try_send(
        &self,
        method: &str,
        path: &str,
        body: Option<(&str, String)>,
    ) -> reqwest::Result<Answer> {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        request = request.bearer_auth(&self.token);
        if let Some((mime, body)) = body {
            request = request.header("content-type", mime).body(body);
        }
        let response = request.send().await?;
        Ok(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await?,
        })
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Answer {
        self.json("POST", path, body).await
    }

    pub(super) async fn json(&self, method: &str, path: &str, body: Value) -> Answer {
        self.send(method, path, Some(("application/json", body.to_string())))
            .await
    }
}
