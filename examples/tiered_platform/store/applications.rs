//! The records of applications.

use coolify_sdk::Uuid;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use super::parsed;
use crate::failure::Failure;
use crate::tiers::{Asked, Tier};

/// An application, or the reservation of one.
#[derive(Clone, Debug)]
pub struct Record {
    pub id: String,
    pub customer: i64,
    pub state: State,
    /// The uuid in Coolify.
    pub coolify: Option<Uuid>,
    pub name: String,
    pub build_pack: String,
    pub asked: Asked,
    /// The tier whose limits Coolify has, if that is certain.
    pub limits_of: Option<Tier>,
    /// Whether the variables of its creation may be missing.
    pub lacks_variables: bool,
    pub created_at: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Coolify may have been asked to create it.
    Reserved,
    Created,
    /// Coolify was asked to delete it, perhaps with its volumes.
    Deleting {
        volumes: bool,
    },
}

const COLUMNS: &str = "id, customer, state, coolify, name, asked_cpu, asked_memory, limits_of, \
                       lacks_variables, created_at, build_pack";

impl Record {
    pub fn insert(&self, db: &Transaction<'_>) -> Result<(), Failure> {
        let sql = format!(
            "INSERT INTO applications ({COLUMNS}) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
        );
        let Asked { cpu, memory } = &self.asked;
        let row = params![
            self.id,
            self.customer,
            self.state.name(),
            self.coolify.as_ref().map(Uuid::as_str),
            self.name,
            cpu.as_ref().map(ToString::to_string),
            memory.as_ref().map(ToString::to_string),
            self.limits_of.map(Tier::name),
            self.lacks_variables,
            self.created_at,
            self.build_pack,
        ];
        db.execute(&sql, row)?;
        Ok(())
    }

    /// Returns an application of this customer, and no other.
    pub fn of(db: &Transaction<'_>, customer: i64, id: &str) -> Result<Option<Self>, Failure> {
        let sql = format!("SELECT {COLUMNS} FROM applications WHERE id = ?1 AND customer = ?2");
        let row = db.query_row(&sql, params![id, customer], read).optional()?;
        row.map(Columns::record).transpose()
    }

    /// Returns the applications of a customer, the oldest first.
    pub fn all_of(db: &Transaction<'_>, customer: i64) -> Result<Vec<Self>, Failure> {
        let sql = format!(
            "SELECT {COLUMNS} FROM applications WHERE customer = ?1 ORDER BY created_at, rowid"
        );
        let mut query = db.prepare(&sql)?;
        let rows: Vec<_> = query
            .query_map([customer], read)?
            .collect::<Result<_, _>>()?;
        rows.into_iter().map(Columns::record).collect()
    }

    /// Records that Coolify has created it.
    pub fn confirm(db: &Transaction<'_>, id: &str, coolify: &Uuid) -> Result<(), Failure> {
        let sql = "UPDATE applications SET state = 'created', coolify = ?2 \
                   WHERE id = ?1 AND state = 'reserved'";
        db.execute(sql, params![id, coolify.as_str()])?;
        Ok(())
    }

    /// Removes it, and returns its place in the quota and its hosts.
    pub fn release(db: &Transaction<'_>, id: &str) -> Result<(), Failure> {
        db.execute("DELETE FROM applications WHERE id = ?1", [id])?;
        let sql = "DELETE FROM idempotency_keys WHERE application = ?1 AND answer IS NULL";
        db.execute(sql, [id])?;
        Ok(())
    }

    pub fn set_state(db: &Transaction<'_>, id: &str, state: State) -> Result<(), Failure> {
        let sql = "UPDATE applications SET state = ?2 WHERE id = ?1";
        db.execute(sql, params![id, state.name()])?;
        Ok(())
    }

    pub fn set_name(db: &Transaction<'_>, id: &str, name: &str) -> Result<(), Failure> {
        db.execute(
            "UPDATE applications SET name = ?2 WHERE id = ?1",
            params![id, name],
        )?;
        Ok(())
    }

    pub fn set_asked(db: &Transaction<'_>, id: &str, asked: &Asked) -> Result<(), Failure> {
        let sql = "UPDATE applications SET asked_cpu = ?2, asked_memory = ?3 WHERE id = ?1";
        let cpu = asked.cpu.as_ref().map(ToString::to_string);
        let memory = asked.memory.as_ref().map(ToString::to_string);
        db.execute(sql, params![id, cpu, memory])?;
        Ok(())
    }

    /// Stores which tier's limits Coolify has; `None` while that is not certain.
    pub fn set_limits_of(
        db: &Transaction<'_>,
        id: &str,
        tier: Option<Tier>,
    ) -> Result<(), Failure> {
        let sql = "UPDATE applications SET limits_of = ?2 WHERE id = ?1";
        db.execute(sql, params![id, tier.map(Tier::name)])?;
        Ok(())
    }

    /// Stores which tier's limits Coolify has, unless a request has changed them since
    /// this record was read.
    pub fn settle_limits(&self, db: &Transaction<'_>, tier: Tier) -> Result<(), Failure> {
        let sql = "UPDATE applications SET limits_of = ?2 WHERE id = ?1 AND limits_of IS ?3";
        let before = self.limits_of.map(Tier::name);
        db.execute(sql, params![self.id, tier.name(), before])?;
        Ok(())
    }

    pub fn set_lacks_variables(db: &Transaction<'_>, id: &str, lacks: bool) -> Result<(), Failure> {
        let sql = "UPDATE applications SET lacks_variables = ?2 WHERE id = ?1";
        db.execute(sql, params![id, lacks])?;
        Ok(())
    }

    /// Returns whether its state is uncertain, so that Coolify has to be read.
    pub fn is_unsettled(&self, tier: Tier) -> bool {
        self.state != State::Created || self.limits_of != Some(tier)
    }
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            Self::Reserved => "reserved",
            Self::Created => "created",
            Self::Deleting { volumes: false } => "deleting",
            Self::Deleting { volumes: true } => "deleting_volumes",
        }
    }

    /// Returns the state as customers see it.
    pub fn shown(self) -> &'static str {
        match self {
            Self::Reserved => "creating",
            Self::Created => "created",
            Self::Deleting { .. } => "deleting",
        }
    }

    fn parse(name: &str) -> Result<Self, Failure> {
        let all = [
            Self::Reserved,
            Self::Created,
            Self::Deleting { volumes: false },
            Self::Deleting { volumes: true },
        ];
        let known = all.into_iter().find(|state| state.name() == name);
        known.ok_or_else(|| Failure::internal(format_args!("there is no state {name:?}")))
    }
}

struct Columns {
    id: String,
    customer: i64,
    state: String,
    coolify: Option<String>,
    name: String,
    asked_cpu: Option<String>,
    asked_memory: Option<String>,
    limits_of: Option<String>,
    lacks_variables: bool,
    created_at: i64,
    build_pack: String,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok(Columns {
        id: row.get(0)?,
        customer: row.get(1)?,
        state: row.get(2)?,
        coolify: row.get(3)?,
        name: row.get(4)?,
        asked_cpu: row.get(5)?,
        asked_memory: row.get(6)?,
        limits_of: row.get(7)?,
        lacks_variables: row.get(8)?,
        created_at: row.get(9)?,
        build_pack: row.get(10)?,
    })
}

impl Columns {
    fn record(self) -> Result<Record, Failure> {
        Ok(Record {
            state: State::parse(&self.state)?,
            coolify: self.coolify.map(Uuid::from),
            asked: Asked {
                cpu: self.asked_cpu.as_deref().map(parsed).transpose()?,
                memory: self.asked_memory.as_deref().map(parsed).transpose()?,
            },
            limits_of: self.limits_of.as_deref().map(parsed).transpose()?,
            id: self.id,
            customer: self.customer,
            name: self.name,
            build_pack: self.build_pack,
            lacks_variables: self.lacks_variables,
            created_at: self.created_at,
        })
    }
}
