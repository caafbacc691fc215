//! The template for the URLs of previews.
//!
//! Coolify replaces `{{domain}}` with the domain of the application, and does not
//! check for conflicts with other domains. It resolves no shared variables here.

use crate::scope::ScopePower::ForeignHosts;
use crate::scope::beyond::Check;
use crate::scope::policy::ScopePolicy;

/// The number of the pull request.
const NUMBER: &str = "{{pr_id}}";

pub(in crate::scope) fn check(policy: ScopePolicy, template: &str) -> Check {
    let template = template.trim();
    let before = template.strip_suffix("{{domain}}");
    let is_own = before.is_some_and(|before| {
        let filled = before.replace(NUMBER, "1").replace("{{random}}", "a");
        let is_label = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '.';
        (filled.is_empty() || filled.ends_with('.')) && filled.chars().all(is_label)
    });
    if is_own || template.is_empty() {
        return Ok(());
    }
    policy.need(ForeignHosts, || {
        "a template for URLs that does not end in `.{{domain}}`".into()
    })
}

/// Returns whether a preview of a domain could have a host. Whoever opens a pull request
/// chooses its number.
pub(in crate::scope) fn makes(template: &str, domain: &str, host: &str) -> bool {
    let filled = template.trim().to_lowercase().replace("{{domain}}", domain);
    let Some((before, _)) = filled.split_once(NUMBER) else {
        return filled == host;
    };
    let rest = host.strip_prefix(before).unwrap_or_default();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let mut numbers = (1..=digits).filter_map(|end| rest.get(..end));
    numbers.any(|number| filled.replace(NUMBER, number) == host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_may_have_the_host_of_another_application() {
        for (template, host) in [
            ("shop.{{domain}}", "shop.a.example"),
            ("Shop.{{domain}}", "shop.a.example"),
            ("{{domain}}", "a.example"),
            ("{{pr_id}}.{{domain}}", "12.a.example"),
            ("app{{pr_id}}.{{domain}}", "app7.a.example"),
            ("{{pr_id}}x.{{pr_id}}.{{domain}}", "12x.12.a.example"),
            ("{{pr_id}}1.{{domain}}", "21.a.example"),
        ] {
            assert!(makes(template, "a.example", host), "{template}: {host}");
        }
        for (template, host) in [
            ("{{pr_id}}.{{domain}}", "shop.a.example"),
            ("{{pr_id}}.{{domain}}", "a.example"),
            ("{{pr_id}}x.{{pr_id}}.{{domain}}", "12x.13.a.example"),
            ("{{random}}.{{domain}}", "shop.a.example"),
            ("shop.{{domain}}", "shop.b.example"),
            ("shop.{{domain}}", "x.shop.a.example"),
        ] {
            assert!(!makes(template, "a.example", host), "{template}: {host}");
        }
    }

    #[test]
    fn a_preview_stays_below_the_own_domain() {
        let policy = ScopePolicy::default();
        for template in [
            "{{pr_id}}.{{domain}}",
            "{{random}}.{{domain}}",
            "pr-{{pr_id}}.x.{{domain}}",
            "{{domain}}",
            "",
        ] {
            assert_eq!(check(policy, template), Ok(()), "{template}");
        }
        for template in [
            "other.example.com",
            "{{pr_id}}{{domain}}",
            "evil-{{domain}}",
            "other.example.com/{{domain}}",
            "{{domain}}.example.com",
            "a@b.{{domain}}",
            "a`).{{domain}}",
            "x,y.{{domain}}",
            "{{domain}}.other/.{{domain}}",
            "other.example.com#.{{domain}}",
        ] {
            assert!(check(policy, template).is_err(), "{template}");
        }
        assert_eq!(
            check(policy.allow(ForeignHosts), "other.example.com"),
            Ok(())
        );
    }
}
