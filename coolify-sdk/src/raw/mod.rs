//! The raw layer: stands in for the generated one.
#![allow(missing_docs, clippy::all, clippy::pedantic, unused_imports)]

pub(crate) mod operations;

pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
use progenitor_client::{ClientHooks, OperationInfo, RequestBuilderExt, encode_path};

pub mod types {
    #[derive(:: serde :: Deserialize, :: serde :: Serialize, Clone, Debug)]
    pub struct Project {
        pub uuid: String,
        #[serde(default)]
        pub name: ::std::option::Option<String>,
        #[serde(default)]
        pub id: ::std::option::Option<i64>,
    }
    #[derive(:: serde :: Deserialize, :: serde :: Serialize, Clone, Debug)]
    pub struct NewProject {
        pub name: String,
    }
    #[derive(:: serde :: Deserialize, :: serde :: Serialize, Clone, Debug)]
    pub struct Created {
        pub uuid: String,
    }
}

#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: crate::transport::Call,
}

impl Client {
    pub fn new_with_client(
        baseurl: &str,
        client: reqwest::Client,
        inner: crate::transport::Call,
    ) -> Self {
        Self {
            baseurl: baseurl.to_string(),
            client,
            inner,
        }
    }
}

impl ClientInfo<crate::transport::Call> for Client {
    fn api_version() -> &'static str {
        "0.1"
    }
    fn baseurl(&self) -> &str {
        self.baseurl.as_str()
    }
    fn client(&self) -> &reqwest::Client {
        &self.client
    }
    fn inner(&self) -> &crate::transport::Call {
        &self.inner
    }
}

macro_rules! operation {
    ($name:ident, $method:ident, $url:expr, $id:literal, $out:ty, |$s:ident, $b:ident $(, $arg:ident: $t:ty)*| $decode:expr, $body:expr) => {
        pub async fn $name<'a>(&'a self $(, $arg: $t)*) -> Result<ResponseValue<$out>, Error<()>> {
            let $s = self;
            let url = $url;
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            header_map.append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
            let $b = self.client.$method(url);
            #[allow(unused_mut)]
            let mut request = $body.headers(header_map).build()?;
            let info = OperationInfo { operation_id: $id };
            self.pre(&mut request, &info).await?;
            let result = self.exec(request, &info).await;
            self.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16..=299u16 => $decode(response),
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    };
}

impl Client {
    pub async fn list_projects<'a>(
        &'a self,
    ) -> Result<ResponseValue<::std::vec::Vec<types::Project>>, Error<()>> {
        let url = format!("{}/projects", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map.append(
            ::reqwest::header::HeaderName::from_static("api-version"),
            ::reqwest::header::HeaderValue::from_static(Self::api_version()),
        );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "list_projects",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16..=299u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    pub async fn get_project_by_uuid<'a>(
        &'a self,
        uuid: &'a str,
    ) -> Result<ResponseValue<types::Project>, Error<()>> {
        let url = format!(
            "{}/projects/{}",
            self.baseurl,
            encode_path(&uuid.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map.append(
            ::reqwest::header::HeaderName::from_static("api-version"),
            ::reqwest::header::HeaderValue::from_static(Self::api_version()),
        );
        #[allow(unused_mut)]
        let mut request = self.client.get(url).headers(header_map).build()?;
        let info = OperationInfo {
            operation_id: "get_project_by_uuid",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16..=299u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    pub async fn create_project<'a>(
        &'a self,
        body: &'a types::NewProject,
    ) -> Result<ResponseValue<types::Created>, Error<()>> {
        let url = format!("{}/projects", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map.append(
            ::reqwest::header::HeaderName::from_static("api-version"),
            ::reqwest::header::HeaderValue::from_static(Self::api_version()),
        );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "create_project",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16..=299u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    operation!(
        create_tag,
        post,
        format!("{}/tags", s.baseurl),
        "create_tag",
        ByteStream,
        |s, b| |r| Ok(ResponseValue::stream(r)),
        b
    );
    operation!(
        enable_api,
        post,
        format!("{}/enable", s.baseurl),
        "enable_api",
        ByteStream,
        |s, b| |r| Ok(ResponseValue::stream(r)),
        b
    );
    operation!(
        version,
        get,
        format!("{}/version", s.baseurl),
        "version",
        ByteStream,
        |s, b| |r| Ok(ResponseValue::stream(r)),
        b
    );
}
