//! The template for the URLs of previews.
//!
//! Coolify replaces `{{domain}}` with the domain of the application, and does not
//! check for conflicts with other domains. It resolves no shared variables here.

use crate::scope::ScopePower::ForeignHosts;
use crate::scope::beyond::Check;
use crate::scope::policy::ScopePolicy;

pub(in crate::scope) fn check(policy: ScopePolicy, template: &str) -> Check {
    let template = template.trim();
    let before = template.strip_suffix("{{domain}}");
    let is_own = before.is_some_and(|before| {
        let filled = before.replace("{{pr_id}}", "1").replace("{{random}}", "a");
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

#[cfg(test)]
mod tests {
    use super::*;

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
