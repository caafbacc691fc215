//! Why a context cannot be used.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use super::Contexts;
use crate::{
    Error, ErrorKind,
    error::{Detail, nearest},
};

/// Why there is no context to use: [`Error::context_problem`].
///
/// `Display` prints the message of the error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContextProblem {
    /// There is no configuration file.
    #[non_exhaustive]
    FileMissing {
        /// Where it was looked for.
        paths: Vec<PathBuf>,
    },
    /// No environment variable says where the configuration of the user is.
    NoHome,
    /// The file exists, but cannot be read.
    #[non_exhaustive]
    Unreadable {
        /// The path of the file.
        path: PathBuf,
        /// Why it cannot be read.
        reason: io::ErrorKind,
    },
    /// The file is not a configuration file of the official command line.
    #[non_exhaustive]
    Malformed {
        /// The path of the file.
        path: PathBuf,
        /// What is wrong with it. It contains no value of the file.
        what: String,
    },
    /// No context has this name.
    #[non_exhaustive]
    Unknown {
        /// The name.
        name: String,
        /// The names of the contexts that are most alike; the most similar one is first.
        nearest: Vec<String>,
        /// The names of all contexts.
        known: Vec<String>,
        /// The path of the file.
        path: PathBuf,
    },
    /// Several contexts have this name.
    #[non_exhaustive]
    SameName {
        /// The name.
        name: String,
        /// The path of the file.
        path: PathBuf,
    },
    /// No context is the default.
    #[non_exhaustive]
    NoDefault {
        /// The names of all contexts.
        known: Vec<String>,
        /// The path of the file.
        path: PathBuf,
    },
    /// Several contexts are marked as the default.
    #[non_exhaustive]
    SeveralDefaults {
        /// Their names.
        names: Vec<String>,
        /// The path of the file.
        path: PathBuf,
    },
    /// `COOLIFY_CONTEXT` is set, and so is this variable, which chooses another Coolify.
    #[non_exhaustive]
    ChosenTwice {
        /// `COOLIFY_URL` or `COOLIFY_TOKEN`.
        variable: &'static str,
    },
    /// `COOLIFY_CONTEXT` is not valid Unicode.
    NotText,
}

impl ContextProblem {
    pub(super) fn malformed(path: &Path, what: impl Into<String>) -> Self {
        Self::Malformed {
            path: path.to_owned(),
            what: what.into(),
        }
    }

    pub(super) fn unreadable(path: &Path, error: io::Error) -> Error {
        if error.kind() == io::ErrorKind::NotFound {
            let paths = vec![path.to_owned()];
            return Self::FileMissing { paths }.into();
        }
        let problem = Self::Unreadable {
            path: path.to_owned(),
            reason: error.kind(),
        };
        Error::from(problem).with_source(error)
    }

    pub(super) fn unknown(contexts: &Contexts, name: &str) -> Self {
        let known = contexts.names();
        Self::Unknown {
            name: name.to_owned(),
            nearest: nearest(name, known.iter().map(String::as_str)),
            known,
            path: contexts.path.clone(),
        }
    }

    pub(super) fn same_name(contexts: &Contexts, name: &str) -> Self {
        Self::SameName {
            name: name.to_owned(),
            path: contexts.path.clone(),
        }
    }

    pub(super) fn no_default(contexts: &Contexts) -> Self {
        Self::NoDefault {
            known: contexts.names(),
            path: contexts.path.clone(),
        }
    }

    pub(super) fn several_defaults(contexts: &Contexts) -> Self {
        let marked = contexts.contexts.iter().filter(|it| it.is_default());
        Self::SeveralDefaults {
            names: marked.map(|it| it.name().to_owned()).collect(),
            path: contexts.path.clone(),
        }
    }

    fn hint(&self) -> String {
        match self {
            Self::FileMissing { .. } => "set COOLIFY_URL and COOLIFY_TOKEN, or install the \
                 official command line and run `coolify context add -d NAME URL TOKEN`"
                .to_owned(),
            Self::NoHome => "set HOME, or pass the path of the file".to_owned(),
            Self::Unreadable { .. } => "check who may read it".to_owned(),
            Self::Malformed { .. } => {
                "correct the file, or delete it and run `coolify context add -d NAME URL TOKEN`"
                    .to_owned()
            }
            Self::Unknown { nearest, known, .. } => match (nearest.as_slice(), known.as_slice()) {
                (_, []) => "run `coolify context add -d NAME URL TOKEN`".to_owned(),
                ([], known) => format!("the contexts are {}", Names("and", known)),
                (nearest, known) => {
                    format!(
                        "did you mean {}? The contexts are {}",
                        Names("or", nearest),
                        Names("and", known)
                    )
                }
            },
            Self::SameName { .. } => "rename one of them in the file".to_owned(),
            Self::NoDefault { known, .. } if known.is_empty() => {
                "run `coolify context add -d NAME URL TOKEN`".to_owned()
            }
            Self::NoDefault { known, .. } => format!(
                "name one in COOLIFY_CONTEXT, or run `coolify context use NAME`; the contexts \
                 are {}",
                Names("and", known)
            ),
            Self::SeveralDefaults { .. } => {
                "run `coolify context use NAME`, which leaves one default".to_owned()
            }
            Self::ChosenTwice { variable } => {
                format!("unset COOLIFY_CONTEXT or {variable}: they choose different Coolifys")
            }
            Self::NotText => "set it to the name of a context".to_owned(),
        }
    }
}

impl fmt::Display for ContextProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FileMissing { paths } => {
                f.write_str("there is no configuration file of Coolify's command line at ")?;
                for (index, path) in paths.iter().enumerate() {
                    let before = if index == 0 { "" } else { " or " };
                    write!(f, "{before}{}", path.display())?;
                }
                Ok(())
            }
            Self::NoHome => f.write_str(
                "no environment variable says where the configuration of Coolify's command \
                 line is",
            ),
            Self::Unreadable { path, .. } => write!(f, "{} cannot be read", path.display()),
            Self::Malformed { path, what } => write!(
                f,
                "{} is not a configuration file of Coolify's command line: {what}",
                path.display()
            ),
            Self::Unknown { name, path, .. } => write!(
                f,
                "there is no context `{}` in {}",
                name.escape_debug(),
                path.display()
            ),
            Self::SameName { name, path } => write!(
                f,
                "several contexts in {} are named `{}`",
                path.display(),
                name.escape_debug()
            ),
            Self::NoDefault { known, path } if known.is_empty() => {
                write!(f, "there is no context in {}", path.display())
            }
            Self::NoDefault { path, .. } => {
                write!(f, "no context in {} is the default", path.display())
            }
            Self::SeveralDefaults { names, path } => write!(
                f,
                "several contexts in {} are the default: {}",
                path.display(),
                Names("and", names)
            ),
            Self::ChosenTwice { variable } => {
                write!(f, "COOLIFY_CONTEXT and {variable} are both set")
            }
            Self::NotText => f.write_str("COOLIFY_CONTEXT is not text"),
        }
    }
}

impl std::error::Error for ContextProblem {}

impl Detail for ContextProblem {}

impl From<ContextProblem> for Error {
    fn from(problem: ContextProblem) -> Self {
        Self::new(ErrorKind::Config, problem.to_string())
            .with_hint(problem.hint())
            .with_detail(problem)
    }
}

impl Error {
    /// Returns why a [context](crate::contexts) cannot be used.
    ///
    /// ```no_run
    /// use coolify_sdk::{Coolify, contexts::ContextProblem};
    ///
    /// let coolify = Coolify::from_default_context();
    /// if let Err(error) = &coolify
    ///     && let Some(ContextProblem::FileMissing { .. }) = error.context_problem()
    /// {
    ///     println!("no Coolify is configured yet");
    /// }
    /// ```
    #[must_use]
    pub fn context_problem(&self) -> Option<&ContextProblem> {
        self.detail()
    }
}

/// Names in a sentence, and the word before the last one.
struct Names<'a>(&'a str, &'a [String]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(word, names) = self;
        for (index, name) in names.iter().enumerate() {
            match index {
                0 => {}
                _ if index + 1 == names.len() => write!(f, " {word} ")?,
                _ => f.write_str(", ")?,
            }
            write!(f, "`{}`", name.escape_debug())?;
        }
        Ok(())
    }
}
