//! Reads a Coolify source tree, from a folder or from a commit in a git directory.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, io::Write as _, thread};

use anyhow::{Context, Result, bail, ensure};

pub enum Checkout {
    Folder(PathBuf),
    Git { directory: PathBuf, commit: String },
}

/// A file of the tree, by its path from the root.
pub struct File {
    pub path: String,
    pub text: String,
}

impl Checkout {
    /// Opens a folder with the sources, or the commit `tag` of a git directory.
    pub fn open(path: &Path, tag: Option<&str>) -> Result<Self> {
        let bare = path.join("HEAD").is_file() && path.join("objects").is_dir();
        let git = if bare {
            path.to_owned()
        } else {
            path.join(".git")
        };
        match tag {
            Some(tag) if git.exists() => Ok(Self::Git {
                directory: git,
                commit: tag.to_owned(),
            }),
            Some(tag) => bail!(
                "{} is not a git directory, so it has no {tag}",
                path.display()
            ),
            None if bare => bail!("choose a release of {} with --tag", path.display()),
            None => Ok(Self::Folder(path.to_owned())),
        }
    }

    /// Reads one file.
    pub fn file(&self, path: &str) -> Result<String> {
        match self {
            Self::Folder(root) => fs::read_to_string(root.join(path)).context(path.to_owned()),
            Self::Git { directory, commit } => {
                let shown = git(directory)
                    .args(["show", &format!("{commit}:{path}")])
                    .output()?;
                ensure!(shown.status.success(), "{commit} has no {path}");
                Ok(String::from_utf8_lossy(&shown.stdout).into_owned())
            }
        }
    }

    /// Returns the PHP files below these paths, in the order of their paths.
    pub fn read(&self, below: &[&str]) -> Result<Vec<File>> {
        let mut files = match self {
            Self::Folder(root) => read_folder(root, below)?,
            Self::Git { directory, commit } => read_git(directory, commit, below)?,
        };
        files.sort_by(|a, b| a.path.cmp(&b.path));
        ensure!(!files.is_empty(), "no PHP below {}", below.join(", "));
        Ok(files)
    }
}

fn is_php(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|it| it == "php")
}

fn read_folder(root: &Path, below: &[&str]) -> Result<Vec<File>> {
    let mut files = Vec::new();
    let mut open: Vec<PathBuf> = below.iter().map(|it| root.join(it)).collect();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            for entry in fs::read_dir(&path)? {
                open.push(entry?.path());
            }
        } else if path.is_file() {
            let name = path
                .strip_prefix(root)?
                .to_string_lossy()
                .replace('\\', "/");
            if is_php(&name) {
                let text = fs::read_to_string(&path).with_context(|| name.clone())?;
                files.push(File { path: name, text });
            }
        }
    }
    Ok(files)
}

fn git(directory: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("--git-dir").arg(directory);
    command
}

fn read_git(directory: &Path, commit: &str, below: &[&str]) -> Result<Vec<File>> {
    let listed = git(directory)
        .args(["ls-tree", "-r", "--name-only", commit, "--"])
        .args(below)
        .output()?;
    ensure!(
        listed.status.success(),
        "git does not know {commit}: {}",
        String::from_utf8_lossy(&listed.stderr).trim()
    );
    let names = String::from_utf8(listed.stdout)?;
    let names: Vec<String> = names
        .lines()
        .filter(|it| is_php(it))
        .map(str::to_owned)
        .collect();
    let mut batch = git(directory)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = batch.stdin.take().context("cannot write to git")?;
    let asked: Vec<String> = names.iter().map(|it| format!("{commit}:{it}\n")).collect();
    // Writing and reading at once, because both pipes have a limited size.
    let asking = thread::spawn(move || input.write_all(asked.concat().as_bytes()));
    let answer = batch.wait_with_output()?;
    asking
        .join()
        .map_err(|_| anyhow::anyhow!("cannot send the paths to git"))??;
    split_batch(names, &answer.stdout)
}

/// Splits the output of `git cat-file --batch`: for each file a line with its size, its
/// bytes, and a line break.
fn split_batch(names: Vec<String>, mut answer: &[u8]) -> Result<Vec<File>> {
    let mut files = Vec::new();
    for path in names {
        let line = answer.iter().position(|it| *it == b'\n');
        let line = line.with_context(|| format!("git returned nothing for {path}"))?;
        let head = std::str::from_utf8(&answer[..line])?;
        let size = head.rsplit(' ').next().and_then(|it| it.parse().ok());
        let size: usize = size.with_context(|| format!("{path}: {head}"))?;
        let bytes = answer.get(line + 1..line + 1 + size);
        let bytes = bytes.with_context(|| format!("git's output ended inside {path}"))?;
        files.push(File {
            text: String::from_utf8_lossy(bytes).into_owned(),
            path,
        });
        answer = answer.get(line + 2 + size..).unwrap_or_default();
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_taken_apart() {
        let names = vec!["a.php".to_owned(), "b.php".to_owned()];
        let files = split_batch(names, b"01 blob 3\na\nb\n02 blob 0\n\n").unwrap();
        let texts: Vec<&str> = files.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(texts, ["a\nb", ""]);
        assert!(split_batch(vec!["c.php".to_owned()], b"v:c.php missing\n").is_err());
    }

    #[test]
    fn only_php_of_the_named_folders_is_read() {
        let root = tempfile::tempdir().unwrap();
        for name in ["app/a.php", "app/deep/b.php", "app/c.txt", "other/d.php"] {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "<?php").unwrap();
        }
        let files = Checkout::open(root.path(), None)
            .unwrap()
            .read(&["app"])
            .unwrap();
        let names: Vec<&str> = files.iter().map(|it| it.path.as_str()).collect();
        assert_eq!(names, ["app/a.php", "app/deep/b.php"]);
        assert!(Checkout::open(root.path(), Some("v1")).is_err());
    }
}
