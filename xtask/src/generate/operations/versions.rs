//! Versions of Coolify, and the span of those that have something.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde::Deserialize;

use crate::document;

/// `spec/versions.yaml`, with the version of the imported document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownVersions {
    newest: String,
    ends: Vec<String>,
    #[serde(skip)]
    recorded: String,
}

impl KnownVersions {
    pub fn load(root: &Path) -> Result<Self> {
        let file = document::read(&root.join("spec/versions.yaml"))?;
        let mut this: Self = serde_json::from_value(file).context("spec/versions.yaml")?;
        this.recorded = crate::spec::import::newest(root)?;
        Ok(this)
    }

    pub(super) fn constants(&self) -> Result<TokenStream> {
        let newest = version(&self.newest)?;
        let recorded = version(&self.recorded)?;
        let ends = self.ends.iter().map(|text| version(text));
        let ends = ends.collect::<Result<Vec<_>>>()?;
        Ok(quote! {
            pub(crate) const NEWEST: Version = #newest;
            pub(crate) const NEWEST_RECORDED: Version = #recorded;
            pub(crate) static ENDS_OF_SERIES: &[Version] = &[#(#ends),*];
        })
    }
}

/// The versions that have something, as `spec/operations.yaml` writes them.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) since: String,
    /// The newest version that is known not to have it, if versions between that
    /// one and `since` are not known.
    pub(super) after: Option<String>,
    /// The last version that is known to have it.
    pub(super) until: Option<String>,
    /// The first version that is known not to have it any more, if versions
    /// between `until` and that one are not known.
    pub(super) gone: Option<String>,
}

impl Span {
    pub(super) fn code(&self) -> Result<TokenStream> {
        let order = [
            self.after.as_deref(),
            Some(&*self.since),
            self.until.as_deref(),
            self.gone.as_deref(),
        ];
        let order = order.into_iter().flatten().map(numbers);
        let order = order.collect::<Result<Vec<_>>>()?;
        ensure!(
            order.is_sorted_by(|a, b| a < b || (a == b && self.after.is_none())),
            "`after`, `since`, `until` and `gone` are not in order"
        );
        ensure!(
            self.gone.is_none() || self.until.is_some(),
            "`gone` needs `until`"
        );
        let since = version(&self.since)?;
        let after = optional(self.after.as_deref())?;
        let until = optional(self.until.as_deref())?;
        let gone = optional(self.gone.as_deref())?;
        Ok(quote! {
            Versions { since: #since, until: #until, lacked_until: #after, gone_since: #gone }
        })
    }

    /// Returns what the documentation says: `Since Coolify 4.3.0, until 4.3.23.`
    pub(super) fn sentence(&self) -> String {
        let until = self.until.as_ref();
        let until = until.map_or_else(String::new, |until| format!(", until {until}"));
        format!("Since Coolify {}{until}.", self.since)
    }
}

pub(super) fn optional(text: Option<&str>) -> Result<TokenStream> {
    let Some(text) = text else {
        return Ok(quote! { None });
    };
    let version = version(text)?;
    Ok(quote! { Some(#version) })
}

pub fn version(text: &str) -> Result<TokenStream> {
    let [major, minor, patch] = numbers(text)?.map(Literal::u32_unsuffixed);
    Ok(quote! { Version::new(#major, #minor, #patch) })
}

pub(super) fn numbers(text: &str) -> Result<[u32; 3]> {
    let numbers = text
        .split('.')
        .map(str::parse)
        .collect::<Result<Vec<u32>, _>>()
        .with_context(|| format!("{text} is not a version"))?;
    let [major, minor, patch] = numbers[..] else {
        bail!("{text} is not a version");
    };
    Ok([major, minor, patch])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(after: &str, since: &str, until: &str, gone: &str) -> Span {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Span {
            since: since.to_owned(),
            after: some(after),
            until: some(until),
            gone: some(gone),
        }
    }

    #[test]
    fn a_span_is_in_order() {
        for (after, since, until, gone) in [
            ("4.3.11", "4.3.23", "", ""),
            ("", "4.3.0", "4.3.23", "4.4.0"),
            ("", "4.3.0", "4.3.0", ""),
        ] {
            assert!(span(after, since, until, gone).code().is_ok());
        }
        for (after, since, until, gone) in [
            ("4.3.23", "4.3.11", "", ""),
            ("", "4.4.0", "4.3.23", ""),
            ("", "4.3.0", "", "4.4.0"),
            ("", "4.3.10", "4.3.9", ""),
            ("", "4.3", "", ""),
        ] {
            assert!(span(after, since, until, gone).code().is_err());
        }
    }

    #[test]
    fn the_documentation_says_both_ends() {
        let both = span("", "4.3.0", "4.3.23", "4.4.0");
        assert_eq!(both.sentence(), "Since Coolify 4.3.0, until 4.3.23.");
    }
}
