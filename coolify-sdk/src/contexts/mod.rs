//! Several Coolifys by name, from the configuration file of Coolify's official command
//! line.
//!
//! A *context* is a Coolify with a name, a URL and a token. The official command line
//! keeps its contexts in `~/.config/coolify/config.json`; this module reads that file and
//! never writes it. To add a context, run `coolify context add NAME URL TOKEN`.
//!
//! ```no_run
//! use coolify_sdk::{Coolify, contexts};
//!
//! # async fn example() -> coolify_sdk::Result<()> {
//! for context in contexts::list()? {
//!     println!("{} at {}", context.name(), context.url());
//! }
//! let production = Coolify::from_context("prod")?;
//! println!("Coolify {}", production.version().await?);
//! # Ok(())
//! # }
//! ```
//!
//! [`Coolify::from_default_context`] lets the environment choose. [`Fleet`](crate::fleet)
//! works on all contexts at once.
//!
//! # Where the file is
//!
//! | system | path |
//! |---|---|
//! | Linux, macOS, BSD | `~/.config/coolify/config.json` |
//! | Windows | `%APPDATA%\coolify\config.json` |
//!
//! The official command line ignores `XDG_CONFIG_HOME`, but its first versions did not. So
//! if there is no file at the path above, `$XDG_CONFIG_HOME/coolify/config.json` is read; on
//! macOS `~/Library/Application Support/coolify/config.json`, and on Windows
//! `%LOCALAPPDATA%\coolify\config.json`. [`Contexts::read_from`] takes any other path.

mod choice;
mod context;
mod location;
mod problem;
mod reading;

use std::path::{Path, PathBuf};

use self::choice::Choice;
pub use self::context::Context;
pub use self::problem::ContextProblem;
use crate::{Coolify, Result};

/// The contexts of a configuration file, in the order of the file.
///
/// ```no_run
/// use coolify_sdk::contexts::Contexts;
///
/// # fn example() -> coolify_sdk::Result<()> {
/// let contexts = Contexts::read_from("/etc/coolify/config.json")?;
/// let coolify = contexts.get("prod")?.client()?;
/// # let _ = coolify;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contexts {
    path: PathBuf,
    contexts: Vec<Context>,
}

impl Contexts {
    /// Reads the configuration file of the official command line. The
    /// [module](self) lists where it is.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config), with a
    /// [`ContextProblem`]: the file is missing, cannot be read, or is not a
    /// configuration file.
    pub fn read() -> Result<Self> {
        let path = location::find()?;
        Self::read_from(path)
    }

    /// Reads a configuration file at another path.
    ///
    /// If other users of the computer can read the file, a warning is traced.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn read_from(path: impl AsRef<Path>) -> Result<Self> {
        reading::read(path.as_ref())
    }

    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns all contexts.
    #[must_use]
    pub fn all(&self) -> &[Context] {
        &self.contexts
    }

    /// Returns the context with this name. Upper and lower case differ.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if no context, or several
    /// contexts, have this name. The message names the contexts that exist.
    pub fn get(&self, name: &str) -> Result<&Context> {
        let mut same = self.contexts.iter().filter(|it| it.name() == name);
        match (same.next(), same.next()) {
            (Some(context), None) => Ok(context),
            (Some(_), Some(_)) => Err(ContextProblem::same_name(self, name).into()),
            (None, _) => Err(ContextProblem::unknown(self, name).into()),
        }
    }

    /// Returns the context that the file marks as the default.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if no context or several
    /// contexts are marked.
    pub fn default_context(&self) -> Result<&Context> {
        let mut marked = self.contexts.iter().filter(|it| it.is_default());
        match (marked.next(), marked.next()) {
            (Some(context), None) => Ok(context),
            (Some(_), Some(_)) => Err(ContextProblem::several_defaults(self).into()),
            (None, _) => Err(ContextProblem::no_default(self).into()),
        }
    }

    fn names(&self) -> Vec<String> {
        let names = self.contexts.iter().map(Context::name);
        names.map(str::to_owned).collect()
    }
}

impl IntoIterator for Contexts {
    type Item = Context;
    type IntoIter = std::vec::IntoIter<Context>;

    fn into_iter(self) -> Self::IntoIter {
        self.contexts.into_iter()
    }
}

/// Returns all contexts of the official command line, in the order of its file.
///
/// # Errors
///
/// As [`Contexts::read`].
pub fn list() -> Result<Vec<Context>> {
    Ok(Contexts::read()?.contexts)
}

impl Coolify {
    /// Makes a client for a [context](crate::contexts) of the official command line, by its
    /// name. Environment variables have no effect.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config), with a
    /// [`ContextProblem`](crate::contexts::ContextProblem) if the file cannot be read or has
    /// no such context. The message names the contexts that are most alike.
    ///
    /// ```no_run
    /// # fn example() -> coolify_sdk::Result<()> {
    /// let production = coolify_sdk::Coolify::from_context("prod")?;
    /// # let _ = production;
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_context(name: &str) -> Result<Self> {
        Contexts::read()?.get(name)?.client()
    }

    /// Makes a client for the Coolify that the user has chosen: by `COOLIFY_URL` and
    /// `COOLIFY_TOKEN`, otherwise by the name of a [context](crate::contexts) in
    /// `COOLIFY_CONTEXT`, otherwise by the default context of the official command
    /// line.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config):
    ///
    /// - only one of `COOLIFY_URL` and `COOLIFY_TOKEN` is set, because a token must not go
    ///   to a server that it was not made for;
    /// - they are set, and so is `COOLIFY_CONTEXT`;
    /// - the context cannot be found: see [`from_context`](Self::from_context).
    ///
    /// ```no_run
    /// # fn example() -> coolify_sdk::Result<()> {
    /// let coolify = coolify_sdk::Coolify::from_default_context()?;
    /// # let _ = coolify;
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_default_context() -> Result<Self> {
        match Choice::of_environment()? {
            Choice::Variables => Self::from_env().map_err(|error| match error.hint() {
                None => error.with_hint(
                    "set both COOLIFY_URL and COOLIFY_TOKEN, or none of them to use a context",
                ),
                Some(_) => error,
            }),
            Choice::Context(name) => Self::from_context(&name),
            Choice::Default => Contexts::read()?.default_context()?.client(),
        }
    }
}

#[cfg(test)]
mod tests;
