//! The repositories of applications: which ones are accepted, and how to change the
//! repository.

use coolify_sdk::applications::{Application, BuildPack};
use coolify_sdk::{Secret, Version};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::app::{App, is_built, repository as shown};
use super::registry::{Tools, destroys};
use crate::call::Call;
use crate::failure::{Failure, Outcome};

/// The first version that keeps the credentials in the URL of a repository.
const KEEPS_CREDENTIALS: Version = Version::new(4, 2, 0);
/// The user name for a token. Hosts check only the token.
const ANY_USER: &str = "git";

pub fn register(tools: &mut Tools) {
    tools.add(
        destroys(
            "apps_rewire",
            "Change the repository",
            "Makes an application build from another repository, in place: its domains, variables \
             and volumes stay. Pass the token or the deploy key if the new repository is private. \
             The next deployment uses it.",
        )
        .open_world(),
        rewire,
    );
}

/// How an application is built from a repository.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Build {
    Nixpacks,
    Railpack,
    Static,
    Dockerfile,
    /// With a compose file in the repository, if the operator allows it.
    Dockercompose,
}

impl From<Build> for BuildPack {
    fn from(build: Build) -> Self {
        match build {
            Build::Nixpacks => Self::Nixpacks,
            Build::Railpack => Self::Railpack,
            Build::Static => Self::Static,
            Build::Dockerfile => Self::Dockerfile,
            Build::Dockercompose => Self::DockerCompose,
        }
    }
}

/// The address of a repository on a public host.
pub struct Repository(String);

impl Repository {
    /// Checks a URL that begins with `https://`.
    pub fn https(repository: &str) -> Outcome<Self> {
        let repository = repository.trim();
        let url = Url::parse(repository).ok();
        let url = url.filter(|url| url.scheme() == "https" && !repository.contains(['@', '\\']));
        let url = url.filter(|url| url.query().is_none() && url.fragment().is_none());
        match url {
            Some(url) if matches!(url.host(), Some(Host::Domain(host)) if is_public(host)) => {
                Ok(Self(url.to_string()))
            }
            _ => Err(invalid(
                "a URL that begins with https:// and a public host, without a user or a token",
            )),
        }
    }

    /// Checks an address such as `git@github.com:owner/name.git`.
    pub fn ssh(repository: &str) -> Outcome<Self> {
        let repository = repository.trim();
        let parts = repository
            .strip_prefix("git@")
            .and_then(|rest| rest.split_once(':'));
        let fits = |it: char| it.is_ascii_alphanumeric() || "-_./~".contains(it);
        match parts {
            Some((host, path)) if is_public(host) && !path.is_empty() && path.chars().all(fits) => {
                Ok(Self(repository.to_owned()))
            }
            _ => Err(invalid("an address such as git@github.com:owner/name.git")),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the URL with a token in it.
    pub fn with_token(&self, token: &Secret, user: Option<&str>) -> Outcome<Self> {
        let mut url = Url::parse(&self.0).map_err(|_| invalid("a URL"))?;
        let user = user.unwrap_or(ANY_USER);
        let set = url.set_username(user);
        if set.is_err() || url.set_password(Some(token.expose())).is_err() {
            return Err(invalid("a URL that can have a user"));
        }
        Ok(Self(url.to_string()))
    }

    /// Returns a URL for creating an application without a source.
    ///
    /// From a URL on `github.com`, Coolify sets its public GitHub source and drops the
    /// credentials. The real URL is written before anything is fetched.
    pub fn without_source(&self) -> Self {
        Self(
            self.0
                .replacen("https://github.com/", "https://www.github.com/", 1),
        )
    }
}

/// Returns whether a host is a possible name in the public DNS.
fn is_public(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let is_label = |label: &str| {
        let fits = |it: u8| it.is_ascii_alphanumeric() || it == b'-';
        !label.is_empty() && !label.starts_with('-') && label.bytes().all(fits)
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_private = matches!(last, "local" | "internal" | "localhost" | "lan" | "home");
    host.contains('.')
        && !is_private
        && !last.bytes().all(|it| it.is_ascii_digit())
        && host.split('.').all(is_label)
}

fn invalid(expected: &str) -> Failure {
    Failure::fix(
        "invalid_arguments",
        format!("`repository` has to be {expected}"),
    )
}

/// Refuses a token on versions of Coolify that drop it.
pub async fn check_version(call: &Call) -> Outcome<()> {
    let version = call.coolify.version().await?;
    if version >= KEEPS_CREDENTIALS {
        return Ok(());
    }
    let message = format!("Coolify {version} does not keep the token of a repository");
    Err(Failure::fix("unsupported", message).hint("use a deploy key"))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Rewire {
    /// The application's uuid.
    app: String,
    /// The new repository: a URL that begins with `https://`, or an address such as
    /// `git@github.com:owner/name.git` for an application with a deploy key.
    repository: String,
    /// The branch that is deployed. Unchanged unless set.
    branch: Option<String>,
    /// The commit, or HEAD for the newest. The default is HEAD.
    commit: Option<String>,
    /// A token that may read the repository, if it is private.
    #[schemars(with = "Option<String>")]
    token: Option<Secret>,
    /// The user that the token belongs to.
    user: Option<String>,
    /// A new deploy key, for an application with one.
    #[schemars(with = "Option<String>")]
    private_key: Option<Secret>,
}

#[derive(Serialize, JsonSchema)]
struct Rewired {
    /// The repository that the application has now, without a token.
    repository: Option<String>,
    branch: Option<String>,
    commit: Option<String>,
    before: Option<String>,
}

async fn rewire(call: Call, it: Rewire) -> Outcome<Rewired> {
    let (mut handle, before) = App::single(&call, &it.app).await?;
    let repository = match way(&call, &before).await? {
        Way::Key(key) => {
            handle = call.deploy_keys.application(handle.uuid());
            if it.token.is_some() {
                return Err(
                    Failure::fix("invalid_request", "the application has a deploy key")
                        .hint("pass an SSH address, and `private_key` if the key is another one"),
                );
            }
            let repository = Repository::ssh(&it.repository)?;
            if let Some(private_key) = it.private_key {
                call.deploy_keys
                    .replace(&key, call.hide(private_key))
                    .await?;
            }
            repository.as_str().to_owned()
        }
        Way::Github if it.token.is_none() && it.private_key.is_none() => {
            let repository = Repository::https(&it.repository)?;
            let path = repository.as_str().strip_prefix("https://github.com/");
            path.ok_or_else(recreate)?.trim_end_matches('/').to_owned()
        }
        Way::Url if it.private_key.is_none() => {
            let repository = Repository::https(&it.repository)?;
            match it.token {
                Some(token) => {
                    check_version(&call).await?;
                    let private = repository.with_token(&call.hide(token), it.user.as_deref())?;
                    call.veil.learn_url(private.as_str());
                    private.as_str().to_owned()
                }
                None => repository.as_str().to_owned(),
            }
        }
        Way::Github | Way::Url => return Err(recreate()),
    };
    let mut update = handle.update().git_repository(repository);
    if let Some(branch) = it.branch {
        update = update.git_branch(branch);
    }
    update
        .git_commit_sha(it.commit.as_deref().unwrap_or("HEAD"))
        .await?;
    let after = handle.get().await?;
    Ok(Rewired {
        repository: shown(&after),
        branch: after.git_branch.clone(),
        commit: after.git_commit_sha.clone(),
        before: shown(&before),
    })
}

/// How an application reads its repository, which cannot be changed.
enum Way {
    /// With a deploy key of this workspace.
    Key(coolify_sdk::Uuid),
    /// From GitHub's public repositories, by owner and name.
    Github,
    /// From any URL.
    Url,
}

async fn way(call: &Call, application: &Application) -> Outcome<Way> {
    if !is_built(application) {
        let message = "the application is not built from a repository";
        return Err(Failure::fix("invalid_request", message).hint("create another application"));
    }
    let is_set = |id: Option<coolify_sdk::Id>| id.is_some_and(|id| id.to_string() != "0");
    if is_set(application.private_key_id) {
        let key = call.deploy_keys.of(application).await?;
        return key.map(Way::Key).ok_or_else(foreign);
    }
    if is_set(application.source_id) {
        return Err(foreign());
    }
    Ok(match application.source_id {
        Some(_) => Way::Github,
        None => Way::Url,
    })
}

/// A credential of the operator could read other repositories as well.
fn foreign() -> Failure {
    let message = "the application reads its repository with a credential of the operator";
    Failure::stop("out_of_scope", message).hint("ask the operator to change the repository")
}

fn recreate() -> Failure {
    let message = "the application cannot read that kind of repository";
    Failure::fix("invalid_request", message)
        .hint("create a new application with `apps_create`, and delete this one")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_on_public_hosts() {
        for url in [
            "https://github.com/acme/shop",
            "https://git.example.com:8443/a/b.git",
            " https://gitlab.com/a/b/c ",
        ] {
            assert!(Repository::https(url).is_ok(), "{url}");
        }
        for url in [
            "http://github.com/acme/shop",
            "git@github.com:acme/shop.git",
            "https://user@github.com/acme/shop",
            "https://user:token@github.com/acme/shop",
            "https://localhost/a/b",
            "https://coolify-db/a/b",
            "https://git.internal/a/b",
            "https://127.0.0.1/a/b",
            "https://169.254.169.254/a/b",
            "https://[::1]/a/b",
            "https://github.com/a/b?x=1",
            "file:///etc/passwd",
            "",
        ] {
            assert!(Repository::https(url).is_err(), "{url}");
        }
        assert!(Repository::ssh("git@github.com:acme/shop.git").is_ok());
        for address in [
            "git@localhost:a/b",
            "git@10.0.0.1:a/b",
            "root@github.com:a/b",
            "git@github.com",
            "git@github.com:",
            "git@github.com:a/b;id",
            "git@-oProxyCommand=x.com:a",
            "ssh://git@github.com/a/b",
            "https://github.com/a/b",
        ] {
            assert!(Repository::ssh(address).is_err(), "{address}");
        }
    }

    #[test]
    fn a_token_becomes_a_part_of_the_url() {
        let repository = Repository::https("https://github.com/acme/shop").expect("a URL");
        let private = repository
            .with_token(&"p@ss/word".into(), None)
            .expect("a token");
        assert_eq!(
            private.as_str(),
            "https://git:p%40ss%2Fword@github.com/acme/shop"
        );
        assert_eq!(
            repository.without_source().as_str(),
            "https://www.github.com/acme/shop"
        );
    }
}
