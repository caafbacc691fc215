//! The diagnosis of one resource or server.

use super::{
    facts::Facts,
    gather::{self, Reading},
    report::Report,
    rules::{Rule, RuleSet},
};
use crate::{Coolify, Result, Uuid, resources::Resource, transport::awaitable};

/// How many lines of a log are shown, unless the user sets it.
pub(super) const LINES: u16 = 20;

/// The diagnosis of one application, service, database or server, which has not been
/// sent yet: `.diagnose()` of its handle.
///
/// It reads everything that the [rules](super::rules) look at, and applies them:
///
/// | of | calls |
/// |---|---|
/// | an application | 6, one for each scheduled task, one for the log if it is not well |
/// | a service | 5, one for each scheduled task, one for the log if it is not well |
/// | a database | 4 or 5, one for the log if it is not well |
/// | a server | 3 |
///
/// All of them are GET. The log is read only for a resource that is not well.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `.send()` or `.await`"]
pub struct Diagnose {
    coolify: Coolify,
    target: Target,
    rules: RuleSet,
    lines: u16,
}

#[derive(Clone, Debug)]
enum Target {
    Application(Uuid),
    Service(Uuid),
    Database(Uuid),
    Server(Uuid),
}

awaitable!(Diagnose, send -> Report);

impl Diagnose {
    fn new(coolify: &Coolify, target: Target) -> Self {
        Self {
            coolify: coolify.clone(),
            target,
            rules: RuleSet::default(),
            lines: LINES,
        }
    }

    /// Switches a rule off, by its name. An unknown name has no effect.
    pub fn without(mut self, rule: impl Into<String>) -> Self {
        self.rules.without(rule);
        self
    }

    /// Adds a rule.
    pub fn with(mut self, rule: impl Rule + 'static) -> Self {
        self.rules.with(rule);
        self
    }

    /// Sets how many of the last lines of a log are shown. The default is 20.
    pub fn log_lines(mut self, lines: u16) -> Self {
        self.lines = lines;
        self
    }

    /// Reads the facts, and applies the rules.
    ///
    /// # Errors
    ///
    /// Returns an error if the resource or server itself cannot be read; see
    /// [`Error`](crate::Error). Everything else that cannot be read is in
    /// [`Report::unread`].
    pub async fn send(self) -> Result<Report> {
        let Self {
            coolify,
            target,
            rules,
            lines,
        } = self;
        let mut report = Report::default();
        let row = match target {
            Target::Application(uuid) => {
                let row = coolify.application(uuid).get().await?;
                Resource::Application(Box::new(row))
            }
            Target::Service(uuid) => {
                Resource::Service(Box::new(coolify.service(uuid).get().await?))
            }
            Target::Database(uuid) => {
                Resource::Database(Box::new(coolify.database(uuid).get().await?))
            }
            Target::Server(uuid) => {
                let facts = gather::server(&coolify, &uuid).await?;
                rules.apply(Facts::Server(&facts), &mut report);
                return Ok(report.ordered());
            }
        };
        let reading = Reading {
            everything: true,
            lines,
        };
        let neighbours = gather::neighbours(coolify.resources().list().await);
        let mut facts = gather::resource(&coolify, row, neighbours, reading).await;
        gather::backups(&coolify, &mut facts).await;
        rules.apply(Facts::Resource(&facts), &mut report);
        Ok(report.ordered())
    }
}

macro_rules! diagnose {
    ($( $noun:literal, $handle:ty, $target:ident; )*) => { $(
        impl $handle {
            #[doc = concat!("Looks for what is wrong with the ", $noun, ", and says what to do.")]
            /// See [`Diagnose`](crate::diagnose::Diagnose).
            ///
            /// Needs the `read` ability; logs need `read:sensitive` since 4.4.0, and some
            /// rules only see what a token with `read:sensitive` sees. Since Coolify 4.0.0.
            pub fn diagnose(&self) -> Diagnose {
                use crate::resource::ResourceHandle as _;
                Diagnose::new(self.coolify(), Target::$target(self.uuid().clone()))
            }
        }
    )* };
}

diagnose! {
    "application", crate::applications::ApplicationHandle, Application;
    "service", crate::services::ServiceHandle, Service;
    "database", crate::databases::DatabaseHandle, Database;
}

impl crate::servers::ServerHandle {
    /// Looks for what is wrong with the server, and says what to do. See
    /// [`Diagnose`].
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    pub fn diagnose(&self) -> Diagnose {
        Diagnose::new(&self.coolify, Target::Server(self.uuid().clone()))
    }
}
