//! Customers and their keys.

use coolify_sdk::Uuid;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use super::parsed;
use crate::failure::Failure;
use crate::keys::{self, Key};
use crate::tiers::Tier;

#[derive(Clone, Debug)]
pub struct Customer {
    pub id: i64,
    pub name: String,
    pub tier: Tier,
    /// The customer's project in Coolify, once there is one.
    pub project: Option<Uuid>,
}

/// A customer as the operator sees it.
pub struct Usage {
    pub customer: Customer,
    pub applications: usize,
    pub keys: usize,
}

const COLUMNS: &str = "customers.id, customers.name, customers.tier, customers.project";

impl Customer {
    /// Adds a customer.
    pub fn add(db: &Transaction<'_>, name: &str, tier: Tier) -> Result<Self, Failure> {
        if Self::find(db, name)?.is_some() {
            return Err(Failure::conflict(format!(
                "there is a customer {name} already"
            )));
        }
        let sql = "INSERT INTO customers (name, tier) VALUES (?1, ?2)";
        db.execute(sql, params![name, tier.name()])?;
        Ok(Self {
            id: db.last_insert_rowid(),
            name: name.to_owned(),
            tier,
            project: None,
        })
    }

    pub fn find(db: &Transaction<'_>, name: &str) -> Result<Option<Self>, Failure> {
        let sql = format!("SELECT {COLUMNS} FROM customers WHERE name = ?1");
        let row = db.query_row(&sql, [name], read).optional()?;
        row.map(Self::from_row).transpose()
    }

    pub fn named(db: &Transaction<'_>, name: &str) -> Result<Self, Failure> {
        let missing = || Failure::invalid("customer", format!("there is no customer {name:?}"));
        Self::find(db, name)?.ok_or_else(missing)
    }

    pub fn get(db: &Transaction<'_>, id: i64) -> Result<Self, Failure> {
        let sql = format!("SELECT {COLUMNS} FROM customers WHERE id = ?1");
        Self::from_row(db.query_row(&sql, [id], read)?)
    }

    pub fn all(db: &Transaction<'_>) -> Result<Vec<Self>, Failure> {
        let mut query = db.prepare(&format!("SELECT {COLUMNS} FROM customers ORDER BY name"))?;
        let rows: Vec<_> = query.query_map([], read)?.collect::<Result<_, _>>()?;
        rows.into_iter().map(Self::from_row).collect()
    }

    /// Returns the customer who has this key.
    pub fn with_key(db: &Transaction<'_>, text: &str) -> Result<Option<Self>, Failure> {
        let sql = format!(
            "SELECT {COLUMNS}, keys.hash FROM keys JOIN customers ON customers.id = keys.customer \
             WHERE keys.id = ?1 AND NOT keys.is_revoked"
        );
        let id = keys::id_of(text).unwrap_or_default();
        let found = db.query_row(&sql, [id], |row| {
            Ok((read(row)?, row.get::<_, Vec<u8>>(4)?))
        });
        match found.optional()? {
            Some((row, hash)) if keys::matches(text, &hash) => Self::from_row(row).map(Some),
            _ => Ok(None),
        }
    }

    pub fn add_key(&self, db: &Transaction<'_>, key: &Key) -> Result<(), Failure> {
        let sql = "INSERT INTO keys (id, customer, hash) VALUES (?1, ?2, ?3)";
        db.execute(sql, params![key.id, self.id, key.hash()])?;
        Ok(())
    }

    /// Revokes all keys, and returns how many there were.
    pub fn revoke_keys(&self, db: &Transaction<'_>) -> Result<usize, Failure> {
        let sql = "UPDATE keys SET is_revoked = 1 WHERE customer = ?1 AND NOT is_revoked";
        Ok(db.execute(sql, [self.id])?)
    }

    pub fn set_tier(&mut self, db: &Transaction<'_>, tier: Tier) -> Result<(), Failure> {
        let sql = "UPDATE customers SET tier = ?2 WHERE id = ?1";
        db.execute(sql, params![self.id, tier.name()])?;
        self.tier = tier;
        Ok(())
    }

    pub fn set_project(&self, db: &Transaction<'_>, project: &Uuid) -> Result<(), Failure> {
        let sql = "UPDATE customers SET project = ?2 WHERE id = ?1";
        db.execute(sql, params![self.id, project.as_str()])?;
        Ok(())
    }

    /// Removes the reference to a deleted project. If the project still exists, it is
    /// found again by its name.
    pub fn forget_project(&self, db: &Transaction<'_>) -> Result<(), Failure> {
        db.execute(
            "UPDATE customers SET project = NULL WHERE id = ?1",
            [self.id],
        )?;
        Ok(())
    }

    /// Removes the customer and everything that is recorded about them.
    pub fn remove(&self, db: &Transaction<'_>) -> Result<(), Failure> {
        db.execute("DELETE FROM customers WHERE id = ?1", [self.id])?;
        Ok(())
    }

    /// Returns how many applications the customer has or has reserved.
    pub fn applications(&self, db: &Transaction<'_>) -> Result<usize, Failure> {
        let sql = "SELECT count(*) FROM applications WHERE customer = ?1";
        let count: i64 = db.query_row(sql, [self.id], |row| row.get(0))?;
        usize::try_from(count).map_err(Failure::internal)
    }

    pub fn usage(self, db: &Transaction<'_>) -> Result<Usage, Failure> {
        let sql = "SELECT count(*) FROM keys WHERE customer = ?1 AND NOT is_revoked";
        let keys: i64 = db.query_row(sql, [self.id], |row| row.get(0))?;
        Ok(Usage {
            applications: self.applications(db)?,
            keys: usize::try_from(keys).map_err(Failure::internal)?,
            customer: self,
        })
    }

    fn from_row((id, name, tier, project): Columns) -> Result<Self, Failure> {
        Ok(Self {
            id,
            name,
            tier: parsed(&tier)?,
            project: project.map(Uuid::from),
        })
    }
}

type Columns = (i64, String, String, Option<String>);

fn read(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}
