//! The source of an application: a repository or an image.

use serde_json::{Map, Value};

use super::{Reader, fields};

/// The source of an application.
pub enum Source {
    Repository {
        url: String,
        branch: String,
        build_pack: String,
        /// Directories and files in the repository, by the names of Coolify's fields.
        paths: Map<String, Value>,
    },
    Image {
        name: String,
        tag: Option<String>,
    },
}

/// The build packs of repositories. Those that read a compose file are missing: it can
/// mount the disk of the server, so whoever can push to the repository would have it.
const BUILD_PACKS: [&str; 4] = ["nixpacks", "railpack", "static", "dockerfile"];
const IMAGE: &str = "dockerimage";
const PATHS: [&str; 3] = ["base_directory", "publish_directory", "dockerfile_location"];

impl Source {
    pub fn build_pack(&self) -> &str {
        match self {
            Self::Repository { build_pack, .. } => build_pack,
            Self::Image { .. } => IMAGE,
        }
    }

    /// Returns the port that such an application usually has.
    pub fn usual_port(&self) -> &'static str {
        match self.build_pack() {
            "static" | IMAGE => "80",
            _ => "3000",
        }
    }
}

/// Validates the source of a new application.
pub(super) fn read(reader: &mut Reader) -> Option<Source> {
    let build_pack = build_pack(reader);
    let is_of_image = match build_pack.as_deref() {
        Some(build_pack) => build_pack == IMAGE,
        None => reader.has("image") && !reader.has("repository"),
    };
    if is_of_image {
        refuse_repository(reader);
        let Some(value) = reader.take("image") else {
            reader.fault("image", "is required for the build pack dockerimage");
            return None;
        };
        let (name, tag) = image(reader, &value)?;
        return Some(Source::Image { name, tag });
    }
    if reader.take("image").is_some() {
        reader.fault("image", "a repository is built, so it needs no image");
    }
    let paths = paths(reader);
    let branch = match reader.take("branch") {
        None => Some("main".to_owned()),
        Some(value) => branch(reader, &value),
    };
    let Some(value) = reader.take("repository") else {
        reader.fault("repository", "is required, or an image");
        return None;
    };
    Some(Source::Repository {
        url: repository(reader, &value)?,
        branch: branch?,
        build_pack: build_pack.unwrap_or_else(|| BUILD_PACKS[0].to_owned()),
        paths,
    })
}

/// Validates changes of the source, and returns them as fields of Coolify.
pub(super) fn read_change(reader: &mut Reader, build_pack: &str) -> Map<String, Value> {
    if build_pack == IMAGE {
        refuse_repository(reader);
    } else if reader.take("image").is_some() {
        reader.fault("image", "a repository is built, so it needs no image");
    }
    let mut changes = paths(reader);
    let mut set = |field: &str, value: String| {
        changes.insert(field.to_owned(), value.into());
    };
    if reader.take("build_pack").is_some() {
        let message = "cannot be changed: create another application";
        reader.fault("build_pack", message);
    }
    if let Some(value) = reader.take("repository")
        && let Some(url) = repository(reader, &value)
    {
        set("git_repository", url);
    }
    if let Some(value) = reader.take("branch")
        && let Some(branch) = branch(reader, &value)
    {
        set("git_branch", branch);
    }
    if let Some(value) = reader.take("image")
        && let Some((name, tag)) = image(reader, &value)
    {
        set("docker_registry_image_name", name);
        set(
            "docker_registry_image_tag",
            tag.unwrap_or_else(|| "latest".to_owned()),
        );
    }
    changes
}

fn refuse_repository(reader: &mut Reader) {
    for field in ["repository", "branch"].into_iter().chain(PATHS) {
        if reader.take(field).is_some() {
            reader.fault(field, "an image has no repository");
        }
    }
}

fn build_pack(reader: &mut Reader) -> Option<String> {
    let value = reader.take("build_pack")?;
    let known = BUILD_PACKS.into_iter().chain([IMAGE]);
    match value.as_str() {
        Some(name) if known.clone().any(|it| it == name) => Some(name.to_owned()),
        Some("dockercompose") => {
            let message = "compose files are not offered, because they can reach the server";
            reader.fault("build_pack", message);
            None
        }
        _ => {
            let known: Vec<_> = known.collect();
            reader.fault(
                "build_pack",
                format!("has to be one of {}", known.join(", ")),
            );
            None
        }
    }
}

fn paths(reader: &mut Reader) -> Map<String, Value> {
    let mut paths = Map::new();
    for field in PATHS {
        if let Some(value) = reader.take(field)
            && let Some(path) = fields::path(reader, field, &value)
        {
            paths.insert(field.to_owned(), path.into());
        }
    }
    paths
}

fn repository(reader: &mut Reader, value: &Value) -> Option<String> {
    const FIELD: &str = "repository";
    let url = reader.text(FIELD, value, 500)?;
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let Some((host, path)) = rest.and_then(|rest| rest.split_once('/')) else {
        reader.fault(FIELD, "has to be the URL of a public repository, https://…");
        return None;
    };
    if host.contains('@') {
        reader.fault(
            FIELD,
            "may not contain a user or a password: it has to be public",
        );
        return None;
    }
    let fits = |it: char| it.is_ascii_alphanumeric() || "/._-~+:".contains(it);
    let is_dots = |it: &str| it == "..";
    let is_valid = !host.is_empty() && !path.trim_matches('/').is_empty();
    if !is_valid || !rest.is_some_and(|it| it.chars().all(fits)) || path.split('/').any(is_dots) {
        reader.fault(FIELD, "is not the URL of a repository");
        return None;
    }
    Some(url)
}

fn branch(reader: &mut Reader, value: &Value) -> Option<String> {
    const FIELD: &str = "branch";
    let branch = reader.text(FIELD, value, 255)?;
    let fits = |it: char| it.is_ascii_alphanumeric() || "/._-+#@".contains(it);
    if !branch.chars().all(fits) || branch.starts_with('-') || branch.contains("..") {
        reader.fault(FIELD, "is not the name of a branch");
        return None;
    }
    Some(branch)
}

/// Reads an image and its tag.
fn image(reader: &mut Reader, value: &Value) -> Option<(String, Option<String>)> {
    const FIELD: &str = "image";
    let image = reader.text(FIELD, value, 380)?;
    // A colon before a slash separates the port of a registry.
    let (name, tag) = match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (&image[..], None),
    };
    let in_name = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || "/._-:".contains(it);
    let in_tag = |it: char| it.is_ascii_alphanumeric() || "._-".contains(it);
    let is_valid = name.starts_with(|it: char| it.is_ascii_alphanumeric())
        && name.len() <= 255
        && name.chars().all(in_name)
        && tag.is_none_or(|tag| !tag.is_empty() && tag.len() <= 128 && tag.chars().all(in_tag));
    if !is_valid {
        reader.fault(FIELD, "has to be an image and a tag, such as `nginx:1.27`");
        return None;
    }
    Some((name.to_owned(), tag.map(str::to_owned)))
}
