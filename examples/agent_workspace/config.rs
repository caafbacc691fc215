//! The file that maps tokens to workspaces.
//!
//! ```toml
//! [[workspace]]
//! name = "mark"
//! token_env = "MARK_TOKEN"           # or token = "…", of at least 24 characters
//! project = "gwgmpnq6u26xpsihsouontfu"
//! environment = "production"         # optional, like all of the following
//! server = "ndfqlt8mg8zla6bo50nyqhg8"
//! destination = "…"
//! domain_suffix = "mark.example.com"
//! git_compose = false
//! authentik = false
//! ```

use std::collections::HashSet;
use std::path::Path;

use coolify_sdk::Secret;
use coolify_sdk_examples::{Misuse, Result};
use serde::Deserialize;

use crate::policy::DomainPolicy;
use crate::workspace::{Powers, Terms};

/// The minimum length of a token. 24 characters cannot be guessed.
pub const SHORTEST_TOKEN: usize = 24;

/// A workspace, and the token that opens it.
pub struct Entry {
    pub token: Secret,
    pub terms: Terms,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    workspace: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    token: Option<Secret>,
    token_env: Option<String>,
    project: String,
    environment: Option<String>,
    server: Option<String>,
    destination: Option<String>,
    domain_suffix: Option<String>,
    #[serde(default)]
    git_compose: bool,
    #[serde(default)]
    authentik: bool,
}

/// Reads the workspaces of a file.
///
/// # Errors
///
/// If the file cannot be read, or if two workspaces could be taken for each other: by
/// their names, tokens, projects or domains.
pub fn read(file: &Path) -> Result<Vec<Entry>> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Misuse::new(format!("{}: {error}", file.display())))?;
    let variable = |name: &str| std::env::var(name).ok();
    entries(&text, variable).map_err(|why| Misuse::new(format!("{}: {why}", file.display())).into())
}

fn entries(text: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Vec<Entry>, String> {
    // The message of the parser shows the line, which may hold a token.
    let file: File = toml::from_str(text).map_err(|error| {
        let line = error
            .span()
            .map(|span| text[..span.start].matches('\n').count() + 1);
        let line = line
            .map(|line| format!(" in line {line}"))
            .unwrap_or_default();
        format!(
            "it is not as expected{line}: {}",
            without_values(error.message())
        )
    })?;
    if file.workspace.is_empty() {
        return Err("it has no workspace".into());
    }
    let mut entries: Vec<Entry> = Vec::new();
    let (mut names, mut projects, mut tokens) = (HashSet::new(), HashSet::new(), HashSet::new());
    for row in file.workspace {
        let name = row.name.clone();
        let of = |why: String| format!("the workspace {name:?} {why}");
        let entry = entry(row, &variable).map_err(of)?;
        if !names.insert(entry.terms.name.clone()) {
            return Err(of("is defined twice".into()));
        }
        if !tokens.insert(entry.token.expose().to_owned()) {
            return Err(of("has the token of another one".into()));
        }
        if !projects.insert(entry.terms.project.clone()) {
            return Err(of("has the project of another one".into()));
        }
        let mut others = entries
            .iter()
            .filter(|it| it.terms.domains.suffix().is_some());
        if entry.terms.domains.suffix().is_some()
            && let Some(other) = others.find(|it| it.terms.domains.overlaps(&entry.terms.domains))
        {
            let other = &other.terms.name;
            return Err(of(format!("could take domains of the workspace {other:?}")));
        }
        entries.push(entry);
    }
    Ok(entries)
}

fn entry(row: Row, variable: impl Fn(&str) -> Option<String>) -> Result<Entry, String> {
    let token = match (row.token, row.token_env) {
        (Some(token), None) => token,
        (None, Some(name)) => variable(&name)
            .map(Secret::from)
            .ok_or_else(|| format!("takes its token from ${name}, which is not set"))?,
        _ => return Err("needs either `token` or `token_env`".into()),
    };
    check_token(token.expose())?;
    Ok(Entry {
        token,
        terms: Terms {
            name: row.name,
            project: row.project,
            environment: row.environment,
            server: row.server,
            destination: row.destination,
            domains: match row.domain_suffix {
                Some(suffix) => DomainPolicy::below(&suffix).map_err(|why| format!(": {why}"))?,
                None => DomainPolicy::default(),
            },
            powers: Powers {
                git_compose: row.git_compose,
                authentik: row.authentik,
            },
        },
    })
}

/// Refuses a token that could be guessed, or that a header cannot carry.
pub fn check_token(token: &str) -> Result<(), String> {
    if token.len() < SHORTEST_TOKEN {
        return Err(format!(
            "has a token of less than {SHORTEST_TOKEN} characters; `openssl rand -hex 32` makes one"
        ));
    }
    if !token.bytes().all(|it| it.is_ascii_graphic()) {
        return Err("has a token with characters that no header carries".into());
    }
    Ok(())
}

/// Removes the values that a parser's message quotes from the file.
fn without_values(message: &str) -> String {
    let mut text = String::new();
    for (index, part) in message.split('"').enumerate() {
        text.push_str(if index % 2 == 0 { part } else { "…" });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef01234567";

    fn row(name: &str, token: &str, project: &str, more: &str) -> String {
        format!(
            "[[workspace]]\nname = \"{name}\"\ntoken = \"{token}\"\nproject = \"{project}\"\n{more}\n"
        )
    }

    fn why(text: &str) -> String {
        match entries(text, |_| None) {
            Ok(_) => panic!("it is accepted: {text}"),
            Err(why) => why,
        }
    }

    #[test]
    fn a_file_names_workspaces() {
        let text = row(
            "mark",
            TOKEN,
            "p1",
            "domain_suffix = \"mark.example.com\"\ngit_compose = true",
        ) + "[[workspace]]\nname = \"ann\"\ntoken_env = \"ANN\"\nproject = \"p2\"";
        let read = entries(&text, |name| (name == "ANN").then(|| TOKEN.repeat(2)));
        let read = read.expect("it is well-formed");
        assert_eq!(read[0].terms.domains.suffix(), Some("mark.example.com"));
        assert!(read[0].terms.powers.git_compose && !read[0].terms.powers.authentik);
        assert_eq!(read[1].token.expose(), TOKEN.repeat(2));
    }

    #[test]
    fn workspaces_cannot_be_taken_for_each_other() {
        let mark = row("mark", TOKEN, "p1", "domain_suffix = \"a.example.com\"");
        let other = "0123456789abcdef0123456789";
        for (row, complaint) in [
            (row("mark", other, "p2", ""), "twice"),
            (row("ann", TOKEN, "p2", ""), "token of another"),
            (row("ann", other, "p1", ""), "project of another"),
            (
                row("ann", other, "p2", "domain_suffix = \"b.a.example.com\""),
                "domains of the workspace \"mark\"",
            ),
        ] {
            let why = why(&format!("{mark}{row}"));
            assert!(why.contains(complaint), "{why}");
        }
    }

    #[test]
    fn a_mistake_is_told_without_a_token() {
        let short = "0123456789";
        for (text, complaint) in [
            (String::new(), "workspace"),
            ("workspace = []".to_owned(), "no workspace"),
            (row("a", short, "p", ""), "less than 24"),
            (row("a", &format!("{TOKEN} x"), "p", ""), "no header"),
            (row("a", TOKEN, "p", "tokn_env = \"X\""), "line 5"),
            (row("a", TOKEN, "p", "token_env = \"X\""), "either"),
            (
                row("a", TOKEN, "p", "domain_suffix = \"*.example.com\""),
                "not a domain suffix",
            ),
            (
                format!("[[workspace]]\nname = \"a\"\nproject = \"p\"\ntoken = \"{TOKEN}"),
                "line 4",
            ),
            (
                format!(
                    "[[workspace]]\nname = \"a\"\nproject = \"p\"\ngit_compose = \"{TOKEN}\"\n"
                ),
                "line 4",
            ),
            (
                "[[workspace]]\nname = \"a\"\nproject = \"p\"\ntoken_env = \"ABSENT\"".to_owned(),
                "$ABSENT",
            ),
        ] {
            let why = why(&text);
            assert!(why.contains(complaint), "{complaint}: {why}");
            assert!(!why.contains(TOKEN) && !why.contains(short), "{why}");
        }
    }
}
