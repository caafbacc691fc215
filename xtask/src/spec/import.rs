//! `cargo xtask spec import`: a published document becomes `spec/openapi.yaml`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use super::facts;
use crate::document;

const HEADER: &str = "\
# The facts of Coolify's OpenAPI document. Written by `cargo xtask spec import`:
# what is wrong here is corrected in patches/.
";
const LOCK_HEADER: &str = "\
# What openapi.yaml was imported from. Written by `cargo xtask spec import`.
";

/// What to import.
#[derive(clap::Args)]
pub struct Args {
    /// The release, such as v4.3.11.
    #[arg(long, value_parser = version)]
    tag: String,
    /// The release's openapi.yaml.
    #[arg(long)]
    from: PathBuf,
    /// The commit of the release.
    #[arg(long)]
    commit: Option<String>,
}

/// A published document and where it comes from.
struct Source {
    version: String,
    commit: Option<String>,
    text: String,
}

/// Writes `spec/openapi.yaml` and `spec/coolify.lock`.
pub fn run(root: &Path, args: &Args) -> Result<()> {
    let source = Source {
        version: args.tag.clone(),
        commit: args.commit.clone(),
        text: fs::read_to_string(&args.from)
            .with_context(|| format!("cannot read {}", args.from.display()))?,
    };
    let files = [
        ("openapi.yaml", imported(&source)?),
        ("coolify.lock", lock(&source)),
    ];
    for (name, text) in files {
        let path = root.join("spec").join(name);
        let known = fs::read_to_string(&path).is_ok_and(|old| old == text);
        if !known {
            fs::write(&path, text).with_context(|| format!("cannot write spec/{name}"))?;
        }
        println!(
            "spec/{name}: {}",
            if known { "unchanged" } else { "written" }
        );
    }
    Ok(())
}

fn imported(source: &Source) -> Result<String> {
    let published = document::parse(&source.text).context("the source is no YAML")?;
    ensure!(
        published["paths"].is_object(),
        "the source is no OpenAPI document: it has no paths"
    );
    let facts = document::to_yaml(&facts::of(published))?;
    Ok(format!("{HEADER}{facts}"))
}

fn lock(source: &Source) -> String {
    let mut lock = format!("{LOCK_HEADER}coolify: {}\n", source.version);
    if let Some(commit) = &source.commit {
        let _ = writeln!(lock, "commit: {commit}");
    }
    let _ = writeln!(lock, "sha256: {:x}", Sha256::digest(&source.text));
    lock
}

/// The version that a tag names: `v4.3.11` and `4.3.11` are the same.
fn version(tag: &str) -> Result<String> {
    let version = tag.strip_prefix('v').unwrap_or(tag);
    let is_version = version.starts_with(|first: char| first.is_ascii_digit())
        && version
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    ensure!(is_version, "a release is named like v4.3.11");
    Ok(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source {
            version: "4.3.11".to_owned(),
            commit: None,
            text: text.to_owned(),
        }
    }

    #[test]
    fn an_import_of_an_import_changes_nothing() {
        let text = "paths: {/a: {get: {summary: A, responses: {'200': {description: x}}}}}";
        let once = imported(&source(text)).unwrap();
        assert!(!once.contains("summary"));
        assert_eq!(imported(&source(&once)).unwrap(), once);
    }

    #[test]
    fn the_committed_import_is_its_own_import() {
        let text = include_str!("../../../spec/openapi.yaml");
        assert_eq!(imported(&source(text)).unwrap(), text);
    }

    #[test]
    fn the_order_of_the_source_does_not_matter() {
        let one = imported(&source("{openapi: 3.1.0, paths: {/b: {}, /a: {}}}")).unwrap();
        let other = imported(&source("{paths: {/a: {}, /b: {}}, openapi: 3.1.0}")).unwrap();
        assert_eq!(one, other);
    }

    #[test]
    fn a_second_run_leaves_the_files_alone() {
        let root = std::env::temp_dir().join(format!("spec-import-{}", std::process::id()));
        fs::create_dir_all(root.join("spec")).unwrap();
        let from = root.join("published.yaml");
        fs::write(&from, "paths: {/a: {}}").unwrap();
        let args = Args {
            tag: "4.3.11".to_owned(),
            from,
            commit: Some("abc".to_owned()),
        };
        let written = || {
            ["openapi.yaml", "coolify.lock"]
                .map(|name| fs::read(root.join("spec").join(name)).unwrap())
        };
        run(&root, &args).unwrap();
        let first = written();
        run(&root, &args).unwrap();
        assert_eq!(written(), first);
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn the_lock_names_the_source_without_its_place() {
        let mut source = source("");
        source.commit = Some("abc".to_owned());
        let lock = lock(&source);
        assert!(lock.ends_with(
            "coolify: 4.3.11\ncommit: abc\nsha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
        ));
    }

    #[test]
    fn what_is_no_document_is_refused() {
        assert!(imported(&source("<html></html>")).is_err());
    }

    #[test]
    fn a_tag_has_a_v_or_not() {
        assert_eq!(version("v4.3.11").unwrap(), "4.3.11");
        assert_eq!(version("4.4.0-beta.1").unwrap(), "4.4.0-beta.1");
        assert!(version("main").is_err());
        assert!(version("4.0.0/../x").is_err());
    }
}
