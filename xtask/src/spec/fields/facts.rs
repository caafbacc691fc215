//! Derives facts about a field from its sightings. If they disagree or are too few,
//! there is no fact.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use anyhow::Result;
use coolify_sdk::Version;
use serde::Deserialize;
use serde_json::Value;

use super::Facts;
use super::sightings::{Call, Place, Seen, Sightings, Token};

/// Minimum number of objects without a field that prove its absence.
const ENOUGH: usize = 2;

/// The replies that contain a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Filled {
    #[serde(rename = "lists and get")]
    Both,
    #[serde(rename = "lists")]
    Lists,
    #[serde(rename = "get")]
    Get,
    #[serde(rename = "write")]
    Write,
}

impl Filled {
    fn as_str(self) -> &'static str {
        match self {
            Self::Both => "lists and get",
            Self::Lists => "lists",
            Self::Get => "get",
            Self::Write => "write",
        }
    }
}

/// The facts about a field; the head of `spec/fields.yaml` explains them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    #[serde(rename = "in")]
    pub filled: Option<Filled>,
    pub needs: Option<String>,
    pub absent_until: Option<String>,
    #[serde(default)]
    pub null: bool,
}

impl Fact {
    /// Returns the sentences about the field for its documentation.
    pub fn sentences(&self, description: &str) -> Vec<String> {
        let described = description.to_lowercase();
        let mut sentences = Vec::new();
        if let Some(filled) = self.filled {
            let sentence = match filled {
                Filled::Both => "Returned in lists and by `get`.",
                Filled::Lists => "Only returned in lists.",
                Filled::Get => "Only returned by `get`.",
                Filled::Write => "Only returned by writes.",
            };
            sentences.push(sentence.to_owned());
        }
        if let Some(needs) = &self.needs
            && !described.contains(needs)
        {
            sentences.push(format!(
                "Only returned to tokens with the `{needs}` ability."
            ));
        }
        if let Some(version) = &self.absent_until
            && !described.contains("since coolify")
        {
            sentences.push(format!("Absent in Coolify {version} and older."));
        }
        if self.null && !described.contains("null") {
            sentences.push("May be null.".to_owned());
        }
        sentences
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(filled) = self.filled {
            parts.push(format!("in: {}", filled.as_str()));
        }
        if let Some(needs) = &self.needs {
            parts.push(format!("needs: {needs}"));
        }
        if let Some(version) = &self.absent_until {
            parts.push(format!("absent_until: {version}"));
        }
        if self.null {
            parts.push("null: true".to_owned());
        }
        f.write_str(&parts.join(", "))
    }
}

pub fn of(sightings: &Sightings, document: &Value) -> Result<Facts> {
    let mut facts = Facts::new();
    for (schema, calls) in &sightings.0 {
        let definition = &document["components"]["schemas"][schema];
        let required: BTreeSet<&str> = definition["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let properties = definition["properties"].as_object();
        for name in properties.into_iter().flat_map(|it| it.keys()) {
            let field = Field { name, calls };
            let first = field.first()?;
            let fact = Fact {
                filled: first
                    .as_ref()
                    .filter(|_| !required.contains(name.as_str()))
                    .and_then(|first| field.filled(first).transpose())
                    .transpose()?,
                needs: field.is_hidden().then(|| "read:sensitive".to_owned()),
                absent_until: match &first {
                    Some(first) => field.absent_until(first)?,
                    None => None,
                },
                null: field.is_null(),
            };
            if fact != Fact::default() {
                let fields = facts.entry(schema.clone()).or_default();
                fields.insert(name.clone(), fact);
            }
        }
    }
    Ok(facts)
}

/// The share of objects that have a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Share {
    All,
    Some,
    None,
}

/// A field, and the sightings of its schema.
struct Field<'a> {
    name: &'a str,
    calls: &'a BTreeMap<Call, Seen>,
}

impl Field<'_> {
    fn share(&self, seen: &Seen) -> Share {
        match seen.with.get(self.name) {
            None => Share::None,
            Some(with) if *with == seen.objects => Share::All,
            Some(_) => Share::Some,
        }
    }

    /// Returns the sightings with a token that may see everything.
    fn full(&self) -> impl Iterator<Item = (&Call, &Seen)> {
        let all = self.calls.iter();
        all.filter(|(call, _)| call.token == Token::Root)
    }

    /// Returns the first version with the field.
    fn first(&self) -> Result<Option<Version>> {
        let having = self.full().filter(|(_, it)| self.share(it) != Share::None);
        let versions = having.map(|(call, _)| Ok(call.version.parse::<Version>()?));
        Ok(versions.collect::<Result<Vec<_>>>()?.into_iter().min())
    }

    /// Returns the newest version without the field that is older than the first
    /// one with it, if the same call was recorded on both.
    fn absent_until(&self, first: &Version) -> Result<Option<String>> {
        let mut newest: Option<Version> = None;
        for (with, seen) in self.full() {
            let version: Version = with.version.parse()?;
            if version != *first || self.share(seen) != Share::All {
                continue;
            }
            for (without, seen) in self.full() {
                let same = (&with.operation, &with.place) == (&without.operation, &without.place);
                let version: Version = without.version.parse()?;
                if same && version < *first && seen.objects >= ENOUGH {
                    newest = newest.max(Some(version));
                }
            }
        }
        Ok(newest.map(|version| version.to_string()))
    }

    /// Returns the kind of replies in which all objects have the field, if no
    /// object has it in the others.
    fn filled(&self, first: &Version) -> Result<Option<Filled>> {
        let lists = self.share_in(&Place::List, first)?;
        let gets = self.share_in(&Place::Get, first)?;
        let writes = self.share_in(&Place::Write, first)?;
        Ok(match (lists, gets, writes) {
            (Some(Share::All), Some(Share::All), _) => Some(Filled::Both),
            (Some(Share::None), Some(Share::All), _) => Some(Filled::Get),
            (Some(Share::All), Some(Share::None), _) => Some(Filled::Lists),
            (Some(Share::None), Some(Share::None), Some(Share::All)) => Some(Filled::Write),
            _ => None,
        })
    }

    /// Returns the share on which all calls agree that return the schema at this
    /// place.
    fn share_in(&self, place: &Place, first: &Version) -> Result<Option<Share>> {
        let mut shares = Vec::new();
        let mut objects = 0;
        for (call, seen) in self.full() {
            if call.place == *place && call.version.parse::<Version>()? >= *first {
                shares.push(self.share(seen));
                objects += seen.objects;
            }
        }
        let Some(share) = shares.first().copied() else {
            return Ok(None);
        };
        let agreed = shares.iter().all(|it| *it == share);
        let enough = share == Share::All || objects >= ENOUGH;
        Ok((agreed && enough).then_some(share))
    }

    /// Returns whether a token without `read:sensitive` never got the field from
    /// calls that always return it to other tokens.
    fn is_hidden(&self) -> bool {
        let mut hidden = 0;
        for (call, seen) in self.full() {
            if self.share(seen) != Share::All {
                continue;
            }
            let read = Call {
                token: Token::Read,
                ..call.clone()
            };
            let Some(seen) = self.calls.get(&read) else {
                continue;
            };
            if self.share(seen) != Share::None {
                return false;
            }
            hidden += seen.objects;
        }
        hidden >= ENOUGH
    }

    /// Returns whether the field was null in replies that always contain it.
    fn is_null(&self) -> bool {
        self.full()
            .any(|(_, seen)| self.share(seen) == Share::All && seen.null.contains_key(self.name))
    }
}
