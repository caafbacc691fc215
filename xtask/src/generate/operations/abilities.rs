//! The abilities that an operation needs of the token.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use proc_macro2::TokenStream;
use quote::quote;
use serde::Deserialize;

use super::versions::{numbers, version};

/// One ability, or one for each version from which on it is needed.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Needs {
    Always(String),
    ByVersion(BTreeMap<String, String>),
}

/// An ability that is needed in addition.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AlsoNeeds {
    ability: String,
    since: String,
    /// The field of the request that makes it necessary, if it has this value, as
    /// in `source=server`; or the field alone, if it is true.
    field: Option<String>,
    /// In words, when it is necessary, if no single field tells. With neither, the
    /// ability is always needed.
    case: Option<String>,
}

impl Needs {
    /// Returns the abilities with their first versions, the oldest first.
    fn sorted(&self, since: &str) -> Result<Vec<(String, String)>> {
        let by_version = match self {
            Self::Always(ability) => return Ok(vec![(since.to_owned(), ability.clone())]),
            Self::ByVersion(by_version) => by_version,
        };
        let rows = by_version.iter().map(|(from, ability)| {
            let numbers = numbers(from)?;
            Ok((numbers, (from.clone(), ability.clone())))
        });
        let mut rows = rows.collect::<Result<Vec<_>>>()?;
        rows.sort();
        let (first, _) = rows.first().context("`needs` is empty")?;
        ensure!(
            *first == numbers(since)?,
            "`needs` does not begin with `since`"
        );
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }
}

/// Renders the abilities by version.
pub(super) fn code(needs: Option<&Needs>, since: &str) -> Result<TokenStream> {
    let rows = needs.map(|needs| needs.sorted(since)).transpose()?;
    let rows = rows.into_iter().flatten().map(|(from, name)| {
        let (from, ability) = (version(&from)?, ability(&name)?);
        Ok(quote! { (#from, #ability) })
    });
    let rows = rows.collect::<Result<Vec<_>>>()?;
    Ok(quote! { &[#(#rows),*] })
}

impl AlsoNeeds {
    pub(super) fn code(&self) -> Result<TokenStream> {
        let (ability, since) = (ability(&self.ability)?, version(&self.since)?);
        let when = match (&self.field, &self.case) {
            (None, None) => quote! { When::Always },
            (None, Some(case)) => quote! { When::Case(#case) },
            (Some(field), None) => match field.split_once('=') {
                None => quote! { When::True(#field) },
                Some((field, value)) => quote! { When::Is(#field, #value) },
            },
            (Some(_), Some(_)) => bail!("`field` and `case` exclude each other"),
        };
        Ok(quote! { AlsoNeeds { ability: #ability, since: #since, when: #when } })
    }

    /// Refuses a field that the operation does not take.
    pub(super) fn fits(&self, fields: &[&str]) -> Result<()> {
        let name = |field: &str| {
            field
                .split('=')
                .next()
                .is_some_and(|it| fields.contains(&it))
        };
        match &self.field {
            Some(field) if !name(field) => bail!("`also_needs` names `{field}`, which it lacks"),
            _ => Ok(()),
        }
    }

    fn sentence(&self) -> String {
        let (ability, since) = (&self.ability, &self.since);
        let when = match (&self.field, &self.case) {
            (None, None) => String::new(),
            (_, Some(case)) => format!(" if {case}"),
            (Some(field), None) => match field.split_once('=') {
                None => format!(" if `{field}` is true"),
                Some((field, value)) => format!(" if `{field}` is `{value}`"),
            },
        };
        format!("Since Coolify {since} it also needs the `{ability}` ability{when}.")
    }
}

/// Returns what the documentation says about the abilities.
pub(super) fn sentences(
    needs: Option<&Needs>,
    also: &[AlsoNeeds],
    since: &str,
) -> Result<Vec<String>> {
    let rows = needs.map(|needs| needs.sorted(since)).transpose()?;
    let rows = rows.unwrap_or_default();
    let first = match &rows[..] {
        [] => "Needs no particular ability.".to_owned(),
        [(_, only)] => format!("Needs the `{only}` ability."),
        [older @ .., (from, newest)] => {
            let older = older.iter().rev().map(|(from, ability)| {
                if from == since {
                    format!(", `{ability}` before")
                } else {
                    format!(", `{ability}` since {from}")
                }
            });
            let older: String = older.collect();
            format!("Needs the `{newest}` ability since Coolify {from}{older}.")
        }
    };
    let also = also.iter().map(AlsoNeeds::sentence);
    Ok([first].into_iter().chain(also).collect())
}

fn ability(text: &str) -> Result<TokenStream> {
    Ok(match text {
        "read" => quote! { Ability::Read },
        "read:sensitive" => quote! { Ability::ReadSensitive },
        "write" => quote! { Ability::Write },
        "write:sensitive" => quote! { Ability::WriteSensitive },
        "deploy" => quote! { Ability::Deploy },
        "root" => quote! { Ability::Root },
        other => bail!("unknown ability {other}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(yaml: &str) -> Needs {
        serde_json::from_value(crate::document::parse(yaml).unwrap()).unwrap()
    }

    #[test]
    fn an_ability_may_differ_by_version() {
        let logs = needs("{4.4.0: 'read:sensitive', 4.0.0: read}");
        let said = sentences(Some(&logs), &[], "4.0.0").unwrap();
        assert_eq!(
            said,
            ["Needs the `read:sensitive` ability since Coolify 4.4.0, `read` before."]
        );
        let order: Vec<_> = logs.sorted("4.0.0").unwrap();
        assert_eq!(order[0].1, "read");
        let late = needs("{4.10.0: write, 4.9.0: read}");
        assert_eq!(late.sorted("4.9.0").unwrap()[1].1, "write");
        assert!(code(Some(&logs), "4.1.0").is_err(), "it lacks 4.1.0");
        assert!(code(Some(&needs("admin")), "4.0.0").is_err());
    }

    #[test]
    fn what_is_needed_in_addition_is_said() {
        let also = |yaml: &str| -> AlsoNeeds {
            serde_json::from_value(crate::document::parse(yaml).unwrap()).unwrap()
        };
        let said = |yaml: &str| also(yaml).sentence();
        assert_eq!(
            said("{ability: deploy, since: 4.4.0, field: instant_deploy}"),
            "Since Coolify 4.4.0 it also needs the `deploy` ability if `instant_deploy` is true."
        );
        assert!(
            said("{ability: deploy, since: 4.4.0, field: source=server}")
                .ends_with("if `source` is `server`.")
        );
        assert!(
            said("{ability: deploy, since: 4.4.0, case: it is raining}")
                .ends_with("if it is raining.")
        );
        assert!(said("{ability: deploy, since: 4.5.0}").ends_with("the `deploy` ability."));
    }
}
