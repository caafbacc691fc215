//! Matches a text against names, domains and addresses.

use reqwest::Url;

use crate::Uuid;

/// The text to search for.
#[derive(Debug)]
pub(super) struct Query {
    text: String,
    address: Option<Address>,
}

/// A candidate of a search.
pub(super) trait Target {
    fn uuid(&self) -> &Uuid;
    fn name(&self) -> &str;
    /// Returns the domains, as full URLs.
    fn domains(&self) -> &[String] {
        &[]
    }
    /// Returns the host name or IP address of a server.
    fn host(&self) -> Option<&str> {
        None
    }
}

/// How a text matches a candidate. Only the matches of the first kind that occurs
/// count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// It is the uuid.
    Uuid,
    /// It is the name, a domain or the address.
    Exact,
    /// It is the name in another case.
    OtherCase,
    /// It is a URL on the host of a domain. The number says by how many characters the
    /// paths differ.
    SameHost(usize),
}

/// The parts of a URL that are compared.
#[derive(Debug, PartialEq, Eq)]
struct Address {
    host: String,
    port: Option<u16>,
    path: String,
}

impl Query {
    pub(super) fn new(text: &str) -> Self {
        let text = text.trim().to_owned();
        Self {
            address: Address::read(&text),
            text,
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the parts of a path such as `project/environment/name`.
    pub(super) fn path(&self) -> Option<(&str, &str, Option<&str>)> {
        if self.text.contains("://") {
            return None;
        }
        let parts: Vec<_> = self.text.split('/').map(str::trim).collect();
        match parts[..] {
            _ if parts.iter().any(|it| it.is_empty()) => None,
            [project, second] => Some((project, second, None)),
            [project, environment, name] => Some((project, environment, Some(name))),
            _ => None,
        }
    }

    /// Returns the candidates that match best.
    pub(super) fn best<T: Target>(&self, all: Vec<T>) -> Vec<T> {
        let rated = all.into_iter().filter_map(|it| Some((self.way(&it)?, it)));
        let rated: Vec<_> = rated.collect();
        let Some(best) = rated.iter().map(|(way, _)| *way).min() else {
            return Vec::new();
        };
        let those = rated.into_iter().filter(|(way, _)| *way == best);
        those.map(|(_, it)| it).collect()
    }

    fn way(&self, target: &impl Target) -> Option<Way> {
        let text = self.text.as_str();
        if *target.uuid() == *text {
            return Some(Way::Uuid);
        }
        let is_host = |host: &str| host.eq_ignore_ascii_case(text.trim_matches(['[', ']']));
        if target.name() == text || target.host().is_some_and(is_host) {
            return Some(Way::Exact);
        }
        let domains = target.domains().iter();
        let by_domain = domains.filter_map(|it| self.way_to(it)).min();
        let is_name = target.name().to_lowercase() == text.to_lowercase();
        by_domain
            .into_iter()
            .chain(is_name.then_some(Way::OtherCase))
            .min()
    }

    fn way_to(&self, domain: &str) -> Option<Way> {
        let (wanted, domain) = (self.address.as_ref()?, Address::read(domain)?);
        // In Coolify the port of a domain is a port of the container, which is not part
        // of the address that people know.
        if wanted.host != domain.host || (wanted.port.is_some() && wanted.port != domain.port) {
            return None;
        }
        if wanted.path == domain.path {
            return Some(Way::Exact);
        }
        if wanted.path.is_empty() {
            return Some(Way::SameHost(domain.path.len()));
        }
        let below = wanted.path.strip_prefix(&domain.path)?;
        below.starts_with('/').then_some(Way::SameHost(below.len()))
    }
}

impl Address {
    fn read(text: &str) -> Option<Self> {
        let url = if text.contains("://") {
            Url::parse(text)
        } else {
            Url::parse(&format!("http://{text}"))
        };
        let url = url.ok()?;
        Some(Self {
            host: url.host_str()?.trim_end_matches('.').to_owned(),
            port: url.port(),
            path: url.path().trim_end_matches('/').to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug)]
    struct One(Uuid, &'static str, Vec<String>, Option<&'static str>);

    impl Target for One {
        fn uuid(&self) -> &Uuid {
            &self.0
        }
        fn name(&self) -> &str {
            self.1
        }
        fn domains(&self) -> &[String] {
            &self.2
        }
        fn host(&self) -> Option<&str> {
            self.3
        }
    }

    fn all() -> Vec<One> {
        let web = |uuid: &str, name, domains: &[&str]| {
            let domains = domains.iter().map(|it| (*it).to_owned()).collect();
            One(uuid.into(), name, domains, None)
        };
        vec![
            web("u1", "shop", &["https://shop.example.com"]),
            web(
                "u2",
                "Shop",
                &["https://shop.example.com/api", "http://b.example.com:3000"],
            ),
            web("shop", "other", &[]),
            web("u4", "bücher", &["https://xn--bcher-kva.example"]),
            web(
                "u7",
                "many",
                &["https://m.example/long/path", "https://m.example/l"],
            ),
            web("u8", "long", &["https://m.example/long"]),
            One("u5".into(), "one", Vec::new(), Some("2001:db8::1")),
            One("u6".into(), "two", Vec::new(), Some("host.example.net")),
        ]
    }

    fn found(text: &str) -> Vec<String> {
        let best = Query::new(text).best(all());
        best.into_iter().map(|it| it.0.to_string()).collect()
    }

    #[test]
    fn the_best_way_decides() {
        assert_eq!(found("shop"), ["shop"], "a uuid before a name");
        assert_eq!(found("Shop"), ["u2"], "the case counts");
        assert_eq!(found("SHOP"), ["u1", "u2"], "unless no case fits");
        assert_eq!(found(" two "), ["u6"]);
        assert_eq!(found("three"), [""; 0]);
    }

    #[test]
    fn a_domain_has_many_spellings() {
        for text in [
            "shop.example.com",
            "SHOP.example.com",
            "https://shop.example.com/",
            "http://shop.example.com:80",
            "shop.example.com.",
            "https://shop.example.com/#top",
        ] {
            assert_eq!(found(text), ["u1"], "{text}");
        }
        assert_eq!(found("shop.example.com/api"), ["u2"]);
        assert_eq!(found("https://shop.example.com/api/v1?x=1"), ["u2"]);
        assert_eq!(found("shop.example.com/apis"), ["u1"]);
        assert_eq!(
            found("b.example.com"),
            ["u2"],
            "the port is the container's"
        );
        assert_eq!(found("b.example.com:3000"), ["u2"]);
        assert_eq!(found("b.example.com:3001"), [""; 0]);
        assert_eq!(found("bücher.example"), ["u4"]);
        assert_eq!(found("m.example"), ["u7"], "the nearest of its domains");
        assert_eq!(found("m.example/long/path/x"), ["u7"]);
        assert_eq!(found("m.example/longer"), [""; 0]);
    }

    #[test]
    fn a_server_has_an_address() {
        assert_eq!(found("HOST.example.net"), ["u6"]);
        assert_eq!(found("2001:db8::1"), ["u5"]);
        assert_eq!(found("[2001:DB8::1]"), ["u5"]);
    }

    #[test]
    fn a_path_has_two_or_three_parts() {
        let path = |text: &str| {
            let query = Query::new(text);
            let owned = |(a, b, c): (&str, &str, Option<&str>)| format!("{a}|{b}|{c:?}");
            query.path().map(owned)
        };
        assert_eq!(path("a/b").as_deref(), Some("a|b|None"));
        assert_eq!(path("a / b/c").as_deref(), Some("a|b|Some(\"c\")"));
        for text in ["a", "a//c", "a/b/", "https://a/b", "a/b/c/d", ""] {
            assert_eq!(path(text), None, "{text}");
        }
    }
}
