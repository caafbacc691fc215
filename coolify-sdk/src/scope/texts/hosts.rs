//! The hosts of domains.

use reqwest::Url;

/// Returns everything in a domain that Coolify or the proxy could take for its host,
/// in the form of [`of_list`].
pub(in crate::scope) fn named(domain: &str) -> impl Iterator<Item = String> {
    let parts = domain.split(|it: char| it.is_whitespace() || "/:@?#,".contains(it));
    parts.filter(|it| !it.is_empty()).filter_map(normal)
}

/// Returns the hosts of a list of domains, such as `https://a.example.com/x,http://b`:
/// in lower case, in ASCII, and without a final dot.
pub(in crate::scope) fn of_list(domains: &str) -> impl Iterator<Item = String> {
    let urls = domains
        .split(',')
        .filter_map(|it| Url::parse(it.trim()).ok());
    urls.filter_map(|url| url.host_str().and_then(normal))
}

fn normal(host: &str) -> Option<String> {
    let url = Url::parse(&format!("http://{host}")).ok()?;
    let host = url.host_str()?.trim_end_matches('.');
    Some(host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_found_however_it_is_written() {
        let taken: Vec<_> =
            of_list("https://Shop.example.com:8443/a,\u{a0}http://größe.example ").collect();
        assert_eq!(taken, ["shop.example.com", "xn--gre-6ka8i.example"]);
        for domain in [
            "http://shop.example.com",
            "https://SHOP.example.com./login",
            "https://a@shop.example.com:80",
            "https:/shop.example.com",
            "https:///shop.example.com",
            "shop.example.com",
            "https://sh%6fp.example.com",
            "https://größe.example/x",
            "https://xn--gre-6ka8i.example",
        ] {
            assert!(named(domain).any(|it| taken.contains(&it)), "{domain}");
        }
        for domain in [
            "https://a.shop.example.com",
            "https://shop.example.com.org",
            "",
            "https://",
        ] {
            assert!(!named(domain).any(|it| taken.contains(&it)), "{domain}");
        }
        assert_eq!(of_list("").chain(of_list("no url,,/x")).count(), 0);
    }
}
