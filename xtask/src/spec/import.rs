//! `cargo xtask spec import`: converts a published document to `spec/openapi.yaml`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use reqwest::blocking::Client;
use reqwest::header::ACCEPT;
use sha2::{Digest, Sha256};

use super::facts;
use crate::document;

/// Base URL of a release's document.
const RAW: &str = "https://raw.githubusercontent.com/coollabsio/coolify";
/// Base URL for the commit of a tag.
const API: &str = "https://api.github.com/repos/coollabsio/coolify";

const HEADER: &str = "\
# The facts of Coolify's OpenAPI document, written by `cargo xtask spec import`.
# Its mistakes are corrected in patches/.
";
const LOCK_HEADER: &str = "\
# The source of openapi.yaml, written by `cargo xtask spec import`.
";

/// The document to import.
#[derive(clap::Args)]
pub struct Args {
    /// Release, such as v4.3.11. With --from it can be left out if the file is in a
    /// folder named after the release or is the file in the lock file.
    #[arg(long, value_parser = version, required_unless_present = "from")]
    tag: Option<String>,
    /// The release's openapi.yaml; without this option the document is downloaded.
    #[arg(long)]
    from: Option<PathBuf>,
    /// Commit of the release; without this option the task asks GitHub when it
    /// downloads the document.
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
    let source = match (&args.from, &args.tag) {
        (Some(path), tag) => read(root, path, tag.clone(), args.commit.clone())?,
        (None, Some(tag)) => download(tag, args.commit.clone())?,
        (None, None) => bail!("choose the document to import with --from FILE or --tag TAG"),
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

fn read(root: &Path, path: &Path, tag: Option<String>, commit: Option<String>) -> Result<Source> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let lock = fs::read_to_string(root.join("spec/coolify.lock")).unwrap_or_default();
    let version = tag
        .or_else(|| locked_version(&lock, &text))
        .or_else(|| folder_version(path))
        .context(
            "the version of this document is unknown: set it with --tag, as in --tag v4.3.11",
        )?;
    Ok(Source {
        version,
        commit,
        text,
    })
}

/// Returns the Coolify version from which `spec/openapi.yaml` was imported.
pub fn newest(root: &Path) -> Result<String> {
    let path = root.join("spec/coolify.lock");
    let lock =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    entry(&lock, "coolify: ")
        .map(str::to_owned)
        .context("spec/coolify.lock names no Coolify version")
}

fn entry<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    lock.lines().find_map(|line| line.strip_prefix(name))
}

/// Returns the version in the lock file, if it describes this document.
fn locked_version(lock: &str, text: &str) -> Option<String> {
    let same = entry(lock, "sha256: ")? == format!("{:x}", Sha256::digest(text));
    same.then(|| entry(lock, "coolify: ").map(str::to_owned))?
}

/// Returns the version in the name of the document's folder.
fn folder_version(path: &Path) -> Option<String> {
    let path = path.canonicalize().ok()?;
    version(path.parent()?.file_name()?.to_str()?).ok()
}

fn imported(source: &Source) -> Result<String> {
    let published = document::parse(&source.text).context("the source is not valid YAML")?;
    ensure!(
        published["paths"].is_object(),
        "the source is not an OpenAPI document: it has no paths"
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

/// Returns the version that a tag names: `v4.3.11` and `4.3.11` are the same.
fn version(tag: &str) -> Result<String> {
    let version = tag.strip_prefix('v').unwrap_or(tag);
    let is_version = version.starts_with(|first: char| first.is_ascii_digit())
        && version
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    ensure!(is_version, "the name of a release must look like v4.3.11");
    Ok(version.to_owned())
}

fn download(version: &str, commit: Option<String>) -> Result<Source> {
    // An error means that a provider is already installed, which is just as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder()
        .user_agent("coolify-sdk-xtask")
        .timeout(Duration::from_secs(60))
        .build()?;
    let text = get(
        &client,
        &format!("{RAW}/v{version}/openapi.yaml"),
        "text/plain",
    )
    .context("cannot download the document: download it by other means and pass it with --from")?;
    let commit = match commit {
        Some(commit) => commit,
        None => get(
            &client,
            &format!("{API}/commits/v{version}"),
            "application/vnd.github.sha",
        )
        .context("cannot find the commit of the release: pass it with --commit")?,
    };
    Ok(Source {
        version: version.to_owned(),
        commit: Some(commit),
        text,
    })
}

fn get(client: &Client, url: &str, accept: &str) -> Result<String> {
    let reply = client
        .get(url)
        .header(ACCEPT, accept)
        .send()
        .with_context(|| format!("cannot reach {url}"))?;
    if !reply.status().is_success() {
        bail!("{url} answers {}", reply.status());
    }
    reply
        .text()
        .with_context(|| format!("the reply of {url} ended early"))
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    fn source(text: &str) -> Source {
        Source {
            version: "4.3.11".to_owned(),
            commit: None,
            text: text.to_owned(),
        }
    }

    /// Serves one reply on a local port.
    fn serve(reply: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/openapi.yaml", listener.local_addr().unwrap());
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            stream.write_all(reply.as_bytes()).unwrap();
        });
        url
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
            tag: Some("4.3.11".to_owned()),
            from: Some(from),
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
    fn the_version_is_told_by_the_lock_or_the_folder() {
        let text = "paths: {}";
        let lock = lock(&source(text));
        assert_eq!(locked_version(&lock, text).as_deref(), Some("4.3.11"));
        assert_eq!(locked_version(&lock, "paths: {/a: {}}"), None);
        let folder = std::env::temp_dir().join("4.2.0");
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("openapi-{}.yaml", std::process::id()));
        fs::write(&path, text).unwrap();
        assert_eq!(folder_version(&path).as_deref(), Some("4.2.0"));
        assert_eq!(folder_version(Path::new("/")), None);
        fs::remove_file(path).unwrap();
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

    #[test]
    fn a_document_can_be_downloaded() {
        let url = serve("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\npaths: {}");
        assert_eq!(get(&plain(), &url, "text/plain").unwrap(), "paths: {}");
    }

    #[test]
    fn a_failed_download_names_the_url() {
        let url = serve("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
        let error = get(&plain(), &url, "text/plain").unwrap_err().to_string();
        assert_eq!(error, format!("{url} answers 404 Not Found"));

        let error = get(&plain(), "http://127.0.0.1:1/", "text/plain").unwrap_err();
        assert_eq!(error.to_string(), "cannot reach http://127.0.0.1:1/");
    }

    fn plain() -> Client {
        let _ = rustls::crypto::ring::default_provider().install_default();
        Client::builder().no_proxy().build().unwrap()
    }
}
