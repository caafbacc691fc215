//! The host names of applications. A host belongs to one application only.

use rusqlite::{OptionalExtension as _, Transaction, params};

use super::Record;
use crate::failure::Failure;

impl Record {
    /// Reserves a host for an application, which may have it already.
    pub fn take_host(db: &Transaction<'_>, id: &str, host: &str) -> Result<(), Failure> {
        let sql = "SELECT application FROM hosts WHERE host = ?1";
        let owner: Option<String> = db.query_row(sql, [host], |row| row.get(0)).optional()?;
        match owner {
            Some(owner) if owner == id => Ok(()),
            Some(_) => {
                Err(Failure::conflict(format!("{host} is taken")).with("field", "subdomain"))
            }
            None => {
                let sql = "INSERT INTO hosts (host, application) VALUES (?1, ?2)";
                db.execute(sql, params![host, id])?;
                Ok(())
            }
        }
    }

    /// Releases all hosts of an application except this one.
    pub fn keep_host(db: &Transaction<'_>, id: &str, host: &str) -> Result<(), Failure> {
        let sql = "DELETE FROM hosts WHERE application = ?1 AND host <> ?2";
        db.execute(sql, params![id, host])?;
        Ok(())
    }

    /// Releases a host.
    pub fn return_host(db: &Transaction<'_>, id: &str, host: &str) -> Result<(), Failure> {
        let sql = "DELETE FROM hosts WHERE application = ?1 AND host = ?2";
        db.execute(sql, params![id, host])?;
        Ok(())
    }

    /// Returns the hosts of an application.
    pub fn hosts(db: &Transaction<'_>, id: &str) -> Result<Vec<String>, Failure> {
        let mut query =
            db.prepare("SELECT host FROM hosts WHERE application = ?1 ORDER BY rowid")?;
        let hosts = query.query_map([id], |row| row.get(0))?;
        Ok(hosts.collect::<Result<_, _>>()?)
    }
}
