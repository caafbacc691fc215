//! The URL of a Coolify, in the forms in which users know it.

use reqwest::Url;

/// The path of the API below the URL of the dashboard.
const API: &str = "/api/v1";

/// The beginning of the API's path.
const API_ROOT: &str = "/api";

/// The URL of the API.
#[derive(Clone, Debug)]
pub(crate) struct BaseUrl {
    /// Ends in `/api/v1`, without a slash.
    api: Url,
}

impl BaseUrl {
    /// Parses `https://host`, with or without a path, a trailing slash or a path
    /// of the API. The error does not repeat the text, which may contain a
    /// password.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.is_empty() {
            return Err("is empty");
        }
        if !text.contains("://") {
            return Err("has no scheme: write `https://…` in front of the host");
        }
        let mut url = Url::parse(text).map_err(|_| "is not a valid URL")?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("has to begin with `https://` or `http://`");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must not contain a user name or a password: the token is enough");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("must not contain `?` or `#`: it is only the address of the dashboard");
        }
        let path = format!("{}{API}", dashboard_path(url.path()));
        url.set_path(&path);
        Ok(Self { api: url })
    }

    pub(crate) fn api(&self) -> &Url {
        &self.api
    }

    pub(crate) fn is_https(&self) -> bool {
        self.api.scheme() == "https"
    }

    /// Returns the URL of the dashboard, as users configure it.
    pub(crate) fn dashboard(&self) -> &str {
        let api = self.api.as_str();
        api.strip_suffix(API).unwrap_or(api)
    }
}

/// Returns the path without that of the API or of one of its calls.
fn dashboard_path(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    let api = path.rmatch_indices(API).find(|(at, _)| {
        let rest = path.get(at + API.len()..).unwrap_or_default();
        rest.is_empty() || rest.starts_with('/')
    });
    let path = match api {
        Some((at, _)) => path.get(..at).unwrap_or_default(),
        None => path.strip_suffix(API_ROOT).unwrap_or(path),
    };
    path.trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::BaseUrl;

    #[test]
    fn takes_urls_as_people_have_them() {
        let cases = [
            ("https://c.example", "https://c.example/api/v1"),
            (" https://c.example/ \n", "https://c.example/api/v1"),
            ("https://c.example/api/v1", "https://c.example/api/v1"),
            ("HTTPS://C.example/api/v1//", "https://c.example/api/v1"),
            ("https://c.example/api", "https://c.example/api/v1"),
            ("https://c.example/api/", "https://c.example/api/v1"),
            (
                "https://c.example/api/v1/deploy",
                "https://c.example/api/v1",
            ),
            (
                "https://c.example/sub/api/v1/projects/abc/",
                "https://c.example/sub/api/v1",
            ),
            // Paths that only resemble the API's are part of the dashboard's path.
            (
                "https://c.example/api/v10",
                "https://c.example/api/v10/api/v1",
            ),
            (
                "https://c.example/rapi/v1/x",
                "https://c.example/rapi/v1/x/api/v1",
            ),
            (
                "https://c.example/api/coolify",
                "https://c.example/api/coolify/api/v1",
            ),
            (
                "https://c.example/api/v1/coolify/api/v1",
                "https://c.example/api/v1/coolify/api/v1",
            ),
            (
                "http://127.0.0.1:8000/sub",
                "http://127.0.0.1:8000/sub/api/v1",
            ),
            (
                "http://[::1]:8000/sub/api/v1/",
                "http://[::1]:8000/sub/api/v1",
            ),
        ];
        for (text, api) in cases {
            assert_eq!(BaseUrl::parse(text).unwrap().api().as_str(), api, "{text}");
        }
        let sub = BaseUrl::parse("https://c.example/sub/").unwrap();
        assert_eq!(sub.dashboard(), "https://c.example/sub");
    }

    #[test]
    fn refuses_what_it_cannot_be() {
        let cases = [
            ("", "empty"),
            ("c.example", "https://"),
            ("localhost:8000", "https://"),
            ("ftp://c.example", "has to begin"),
            ("https://", "not a valid"),
            ("https://me:s3cret@c.example", "password"),
            ("https://:s3cret@c.example", "password"),
            ("https://s3cret@c.example", "password"),
            ("https://c.example/?a=b", "`?`"),
            ("https://c.example/#a", "`#`"),
        ];
        for (text, part) in cases {
            let error = BaseUrl::parse(text).unwrap_err();
            assert!(
                error.contains(part) && !error.contains("s3cret"),
                "{text}: {error}"
            );
        }
    }
}
