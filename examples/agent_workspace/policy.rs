//! Which domains the applications of a workspace may have.

use std::fmt;

use url::{Host, Url};

use crate::failure::{Failure, Outcome};

/// The longest label of a domain name, by RFC 1035.
const LONGEST_LABEL: usize = 63;
const LONGEST_NAME: usize = 253;

/// The domains that a workspace may use: those below a suffix, or all.
///
/// Names are compared label by label, in the form that is sent, so
/// `evilmark.example.com` is not below `mark.example.com`.
#[derive(Clone, Debug, Default)]
pub struct DomainPolicy {
    suffix: Option<String>,
}

/// A suffix that is not a domain name.
#[derive(Debug)]
pub struct NotASuffix(String);

impl fmt::Display for NotASuffix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a domain suffix: it has to be a plain name such as mark.example.com",
            self.0
        )
    }
}

impl std::error::Error for NotASuffix {}

impl DomainPolicy {
    /// Allows only domains below this name, such as `mark.example.com`.
    pub fn below(suffix: &str) -> Result<Self, NotASuffix> {
        let error = || NotASuffix(suffix.to_owned());
        let url = Url::parse(&format!("https://{suffix}/")).map_err(|_| error())?;
        let Some(Host::Domain(host)) = url.host() else {
            return Err(error());
        };
        let host = host.trim_end_matches('.');
        // The text was only a host name.
        let is_plain = suffix
            .trim_end_matches('.')
            .chars()
            .all(|it| it.is_alphanumeric() || it == '-' || it == '.');
        if !is_plain || !is_name(host) || !host.contains('.') {
            return Err(error());
        }
        Ok(Self {
            suffix: Some(host.to_owned()),
        })
    }

    pub fn suffix(&self) -> Option<&str> {
        self.suffix.as_deref()
    }

    /// Returns whether a domain of one of the two could be a domain of the other.
    pub fn overlaps(&self, other: &Self) -> bool {
        match (&self.suffix, &other.suffix) {
            (Some(one), Some(two)) => one == two || is_below(one, two) || is_below(two, one),
            _ => true,
        }
    }

    /// Returns the domain that an application with this name gets, or `None` if the
    /// operator has set no suffix.
    pub fn default_of(&self, name: &str) -> Outcome<Option<String>> {
        let Some(suffix) = &self.suffix else {
            return Ok(None);
        };
        match label(name) {
            Some(label) if label.len() + 1 + suffix.len() <= LONGEST_NAME => {
                Ok(Some(format!("https://{label}.{suffix}")))
            }
            _ => Err(Failure::fix(
                "invalid_arguments",
                format!("{name:?} cannot become a part of a domain below {suffix}"),
            )
            .hint("choose a short name of letters, digits and hyphens")),
        }
    }

    /// Returns the domain in the form in which it is sent, and refuses one that the
    /// workspace may not use. `name` is the application's name, from which the
    /// suggested domain is made.
    pub fn check(&self, domain: &str, name: &str) -> Outcome<String> {
        self.checked(domain).map_err(|why| {
            let advice = match self.default_of(name) {
                Ok(Some(instead)) => format!(
                    "use {instead}, or another name that ends in .{}",
                    self.suffix.as_deref().unwrap_or_default()
                ),
                _ => "use a URL such as https://shop.example.com".to_owned(),
            };
            Failure::fix(
                "domain_refused",
                format!("the domain {domain:?} is refused: {why}"),
            )
            .hint(advice)
        })
    }

    fn checked(&self, domain: &str) -> Result<String, String> {
        let domain = domain.trim();
        // The URL parser removes or rewrites these characters, so the checked URL would
        // differ from the text.
        let is_odd =
            |it: char| it.is_whitespace() || it.is_control() || "\\,;{}|^`<>\"'".contains(it);
        if domain.contains(is_odd) {
            return Err(
                "it contains a character that no domain has; pass one domain per item".into(),
            );
        }
        let has_scheme = domain.contains("://");
        let text = if has_scheme {
            domain.to_owned()
        } else {
            format!("https://{domain}")
        };
        let url = Url::parse(&text).map_err(|error| error.to_string())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("it is neither http nor https".into());
        }
        if !url.username().is_empty() || url.password().is_some() || text.contains('@') {
            return Err("it contains a user".into());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("it contains more than a path".into());
        }
        let host = match url.host() {
            Some(Host::Domain(host)) => host.strip_suffix('.').unwrap_or(host),
            Some(_) => return Err("it is an address and not a name".into()),
            None => return Err("it contains no host".into()),
        };
        if !is_name(host) {
            return Err("its host is not a plain name; wildcards are not allowed".into());
        }
        let plain_path = |it: char| it.is_ascii_alphanumeric() || "/-._~".contains(it);
        if !url.path().chars().all(plain_path) || url.path().contains("//") {
            return Err("its path has special characters".into());
        }
        if let Some(suffix) = &self.suffix
            && !is_below(host, suffix)
        {
            return Err(format!("it does not end in .{suffix}"));
        }
        let port = url
            .port()
            .map(|port| format!(":{port}"))
            .unwrap_or_default();
        let path = url.path().trim_end_matches('/');
        Ok(format!("{}://{host}{port}{path}", url.scheme()))
    }
}

/// Returns whether the labels of a name end with all labels of a suffix, and have at
/// least one more.
fn is_below(name: &str, suffix: &str) -> bool {
    let (mut name, mut suffix) = (name.rsplit('.'), suffix.rsplit('.'));
    suffix.all(|label| name.next() == Some(label)) && name.next().is_some()
}

/// Returns whether it consists of labels that a host name may have.
fn is_name(host: &str) -> bool {
    let fits = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= LONGEST_LABEL
            && label.bytes().all(fits)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= LONGEST_NAME && host.split('.').all(is_label)
}

/// Makes a label of a name: `My Shop` becomes `my-shop`.
fn label(name: &str) -> Option<String> {
    let mut label = String::new();
    for letter in name.trim().chars() {
        match letter.to_ascii_lowercase() {
            it if it.is_ascii_alphanumeric() => label.push(it),
            ' ' | '-' | '_' | '.' if !label.ends_with('-') => label.push('-'),
            ' ' | '-' | '_' | '.' => {}
            _ => return None,
        }
    }
    let label = label.trim_matches('-').to_owned();
    is_name(&label).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark() -> DomainPolicy {
        DomainPolicy::below("mark.example.com").expect("a suffix")
    }

    #[test]
    fn what_is_below_the_suffix_passes_in_one_form() {
        for (given, sent) in [
            (
                "https://shop.mark.example.com",
                "https://shop.mark.example.com",
            ),
            (
                "http://shop.mark.example.com/",
                "http://shop.mark.example.com",
            ),
            ("shop.mark.example.com", "https://shop.mark.example.com"),
            (
                "HTTPS://Shop.MARK.example.COM",
                "https://shop.mark.example.com",
            ),
            (
                "https://shop.mark.example.com.",
                "https://shop.mark.example.com",
            ),
            (
                "https://a.b.mark.example.com",
                "https://a.b.mark.example.com",
            ),
            (
                "https://shop.mark.example.com:3000",
                "https://shop.mark.example.com:3000",
            ),
            (
                "https://shop.mark.example.com:443/api/",
                "https://shop.mark.example.com/api",
            ),
            (
                "  https://shop.mark.example.com ",
                "https://shop.mark.example.com",
            ),
            (
                "https://größe.mark.example.com",
                "https://xn--gre-6ka8i.mark.example.com",
            ),
            (
                "https://shop.mark.ExamplE.com/../x",
                "https://shop.mark.example.com/x",
            ),
        ] {
            let checked = mark().check(given, "shop");
            assert_eq!(checked.expect("it is below"), sent, "{given}");
        }
    }

    #[test]
    fn everything_else_is_refused_with_a_domain_that_would_do() {
        for given in [
            "https://mark.example.com",
            "https://evilmark.example.com",
            "https://shop.example.com",
            "https://mark.example.com.evil.com",
            "https://shop.mark.example.com.evil.com",
            "https://shop.mark.example.org",
            "https://shop.mark.example.com..",
            "https://.mark.example.com",
            "https://a..mark.example.com",
            "https://*.mark.example.com",
            "https://a_b.mark.example.com",
            "https://-a.mark.example.com",
            "https://evil.com/.mark.example.com",
            "https://evil.com?x=.mark.example.com",
            "https://evil.com#.mark.example.com",
            "https://evil.com\\.mark.example.com",
            "https://evil.com\t.mark.example.com",
            "https://evil.com\n.mark.example.com",
            "https://evil.com%00.mark.example.com",
            "https://evil.com%2f.mark.example.com",
            "https://shop.mark.example.com@evil.com",
            "https://evil.com@shop.mark.example.com",
            "https://user:pass@shop.mark.example.com",
            "https://@shop.mark.example.com",
            "https://shop.mark.example.com,https://evil.com",
            "https://evil.com,https://shop.mark.example.com",
            "https://shop.mark.example.com;evil.com",
            "https://shop.mark.example.com/a,b",
            "https://shop.mark.example.com/`x`",
            "https://shop.mark.example.com/a b",
            "https://shop.mark.example.com/%2e%2e%2c",
            "https://shop.mark.example.com?x=1",
            "https://shop.mark.example.com#x",
            "https://shop.mark.example.com:99999",
            "https://shop.mark.example.com:x",
            "ftp://shop.mark.example.com",
            "javascript://shop.mark.example.com",
            "https:shop.evil.com",
            "//evil.com",
            "https://10.0.0.1",
            "https://[::1]",
            "https://0x7f000001",
            "https://ｅvil.com",
            "https://shop.mark。example。org",
            "https://",
            "",
        ] {
            let error = mark().check(given, "My Shop").expect_err(given);
            let told = serde_json::to_string(&error).expect("JSON");
            assert!(told.contains("domain_refused"), "{given}: {told}");
            assert!(
                told.contains("https://my-shop.mark.example.com"),
                "{given}: {told}"
            );
            assert!(told.contains("\"next\":\"fix\""), "{given}: {told}");
        }
    }

    #[test]
    fn names_become_labels() {
        for (name, domain) in [
            ("shop", "https://shop.mark.example.com"),
            ("My  Shop_2", "https://my-shop-2.mark.example.com"),
            ("-a.b-", "https://a-b.mark.example.com"),
        ] {
            let made = mark().default_of(name).expect("a name");
            assert_eq!(made.as_deref(), Some(domain));
        }
        for name in ["", "--", "größe", "a/b", &"x".repeat(64), "a@b"] {
            assert!(mark().default_of(name).is_err(), "{name:?}");
        }
        assert_eq!(
            DomainPolicy::default()
                .default_of("größe")
                .expect("no suffix"),
            None
        );
    }

    #[test]
    fn a_suffix_is_a_name() {
        for suffix in [
            "",
            "com",
            "*.example.com",
            "https://example.com",
            "example.com/x",
            "a b.com",
            "10.0.0.1",
            "a@example.com",
            ".example.com",
            "example.com:80",
        ] {
            assert!(DomainPolicy::below(suffix).is_err(), "{suffix:?}");
        }
        let policy = DomainPolicy::below("Mark.Example.com.").expect("a suffix");
        assert_eq!(policy.suffix(), Some("mark.example.com"));
    }

    #[test]
    fn workspaces_with_domains_of_each_other_overlap() {
        let below = |suffix| DomainPolicy::below(suffix).expect("a suffix");
        assert!(below("a.example.com").overlaps(&below("b.a.example.com")));
        assert!(below("a.example.com").overlaps(&below("a.example.com")));
        assert!(!below("a.example.com").overlaps(&below("ba.example.com")));
        assert!(!below("a.example.com").overlaps(&below("b.example.com")));
    }

    #[test]
    fn without_a_suffix_a_domain_is_still_one_plain_url() {
        let any = DomainPolicy::default();
        let checked = any.check("Shop.example.com", "shop");
        assert_eq!(checked.expect("a domain"), "https://shop.example.com");
        for given in [
            "https://a.com,https://b.com",
            "https://*.a.com",
            "https://u@a.com",
            "https://10.0.0.1",
        ] {
            assert!(any.check(given, "shop").is_err(), "{given}");
        }
    }
}
