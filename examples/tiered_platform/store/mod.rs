//! The state of the platform, in an embedded database.
//!
//! The database blocks, so each piece of work runs on a thread for blocking work, one after
//! the other. Other processes, such as the command line of the operator, may use the
//! database at the same time.

mod applications;
mod customers;
mod hosts;
mod reserve;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::failure::Failure;

pub use applications::{Record, State};
pub use customers::{Customer, Usage};
pub use reserve::{Reservation, Reserved};

/// Raise it with each change of the schema, and migrate from each earlier number.
const VERSION: i32 = 1;
/// How long to wait for another process.
const BUSY: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub struct Store {
    connection: Arc<Mutex<Connection>>,
}

/// The lock of the serving process. It is released however the process ends.
pub struct Serving {
    _lock: Connection,
}

impl Store {
    /// Opens the database, and creates it if there is none.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        // A reservation has to survive a loss of power, because Coolify does.
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        migrate(&mut connection)?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
        })
    }

    /// Takes the lock for serving this database. The operating system releases it when
    /// the process ends.
    pub fn serve(path: &Path) -> Result<Serving, Failure> {
        let lock = Connection::open(lock_file(path))?;
        lock.pragma_update(None, "journal_mode", "delete")?;
        lock.execute_batch("BEGIN EXCLUSIVE")?;
        Ok(Serving { _lock: lock })
    }

    /// Runs work in one transaction, which is rolled back if the work fails.
    ///
    /// The transaction takes the write lock at its start, so the data that the work
    /// reads cannot change before it writes.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let connection = Arc::clone(&self.connection);
        let done = tokio::task::spawn_blocking(move || {
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        });
        done.await.map_err(Failure::internal)?
    }
}

fn lock_file(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

fn migrate(connection: &mut Connection) -> Result<(), Failure> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i32 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match version {
        0 => {
            transaction.execute_batch(include_str!("schema.sql"))?;
            transaction.pragma_update(None, "user_version", VERSION)?;
            transaction.commit()?;
            Ok(())
        }
        VERSION => Ok(()),
        newer => Err(Failure::internal(format_args!(
            "the database has version {newer}; this program knows {VERSION}"
        ))),
    }
}

/// Returns the seconds since 1970.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |it| i64::try_from(it.as_secs()).unwrap_or(i64::MAX))
}

/// Parses a column that only this program writes.
fn parsed<T: std::str::FromStr>(text: &str) -> Result<T, Failure>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(Failure::internal)
}
