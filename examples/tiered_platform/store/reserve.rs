//! Reserving a place in the quota, before Coolify is asked for anything.

use rusqlite::{OptionalExtension as _, Transaction, params};

use super::{Customer, Record, State, now};
use crate::failure::Failure;
use crate::tiers::Asked;

/// How long the answer to an `Idempotency-Key` is kept.
const DAY: i64 = 24 * 60 * 60;

/// A reservation to make.
pub struct Reservation {
    pub id: String,
    pub customer: i64,
    pub name: String,
    pub build_pack: String,
    pub asked: Asked,
    pub host: Option<String>,
    pub has_variables: bool,
    /// The `Idempotency-Key`, and the hash of the request.
    pub idempotency: Option<(String, Vec<u8>)>,
}

pub enum Reserved {
    /// There is room; the tier is the customer's at this moment.
    Place(Customer),
    /// The request was carried out before, with this answer.
    Before(String),
    /// The request was made before, for this application, and has no answer yet.
    Unanswered(String),
}

impl Reservation {
    /// Counts and reserves in one transaction, so that no two requests see the same
    /// last place.
    pub fn reserve(self, db: &Transaction<'_>) -> Result<Reserved, Failure> {
        if let Some(before) = self.made_before(db)? {
            return Ok(before);
        }
        let customer = Customer::get(db, self.customer)?;
        let used = customer.applications(db)?;
        let usage = customer.tier.quota().used(used);
        if !usage.has_room(1) {
            return Err(Failure::quota(customer.tier, usage));
        }
        let record = Record {
            id: self.id,
            customer: self.customer,
            state: State::Reserved,
            coolify: None,
            name: self.name,
            build_pack: self.build_pack,
            asked: self.asked,
            limits_of: None,
            lacks_variables: self.has_variables,
            created_at: now(),
        };
        record.insert(db)?;
        if let Some(host) = &self.host {
            Record::take_host(db, &record.id, host)?;
        }
        if let Some((key, request)) = &self.idempotency {
            let sql = "INSERT INTO idempotency_keys (customer, key, request, application, created_at) \
                       VALUES (?1, ?2, ?3, ?4, ?5)";
            db.execute(sql, params![self.customer, key, request, record.id, now()])?;
        }
        Ok(Reserved::Place(customer))
    }

    fn made_before(&self, db: &Transaction<'_>) -> Result<Option<Reserved>, Failure> {
        let Some((key, request)) = &self.idempotency else {
            return Ok(None);
        };
        let sql = "DELETE FROM idempotency_keys WHERE created_at < ?1 AND answer IS NOT NULL";
        db.execute(sql, [now() - DAY])?;
        let sql = "SELECT request, answer, application FROM idempotency_keys \
                   WHERE customer = ?1 AND key = ?2";
        let found = db.query_row(sql, params![self.customer, key], |row| {
            let request: Vec<u8> = row.get(0)?;
            Ok((request, row.get::<_, Option<String>>(1)?, row.get(2)?))
        });
        Ok(match found.optional()? {
            None => None,
            Some((earlier, ..)) if earlier != *request => {
                let message = "this Idempotency-Key was used for another request";
                return Err(Failure::conflict(message));
            }
            Some((_, Some(answer), _)) => Some(Reserved::Before(answer)),
            Some((_, None, id)) => Some(Reserved::Unanswered(id)),
        })
    }

    /// Stores the answer for a repetition of the request.
    pub fn answer(db: &Transaction<'_>, id: &str, answer: &str) -> Result<(), Failure> {
        let sql = "UPDATE idempotency_keys SET answer = ?2 WHERE application = ?1";
        db.execute(sql, params![id, answer])?;
        Ok(())
    }
}
