//! The tables of fields and the updates that they are of.

use std::fmt::Debug;

use super::Verify;
use super::table::{Field, Table};
use crate::raw::types::*;

/// Returns a table, and the fields of the update that it verifies.
fn of<B: Verify + Default + Debug>() -> (&'static Table, Vec<String>) {
    let body = format!("{:?}", B::default());
    let (_, fields) = body.split_once('{').expect("a struct with fields");
    let names = fields
        .split(',')
        .filter_map(|field| field.split_once(':'))
        .map(|(name, _)| name.trim().to_owned())
        .collect();
    (B::table(), names)
}

fn all() -> Vec<(&'static Table, Vec<String>)> {
    vec![
        of::<UpdateApplicationByUuidBody>(),
        of::<UpdateServiceByUuidBody>(),
        of::<UpdateServiceApplicationBody>(),
        of::<UpdateServiceDatabaseBody>(),
        of::<UpdateDatabaseClickhouseBody>(),
        of::<UpdateDatabaseDragonflyBody>(),
        of::<UpdateDatabaseKeydbBody>(),
        of::<UpdateDatabaseMariadbBody>(),
        of::<UpdateDatabaseMongodbBody>(),
        of::<UpdateDatabaseMysqlBody>(),
        of::<UpdateDatabasePostgresqlBody>(),
        of::<UpdateDatabaseRedisBody>(),
        of::<UpdateDatabaseSqliteBody>(),
        of::<UpdateServerByUuidBody>(),
        of::<UpdateProjectByUuidBody>(),
    ]
}

#[test]
fn each_field_that_can_be_set_is_in_a_table() {
    for (table, fields) in all() {
        assert!(fields.len() > 1, "{fields:?}");
        for field in fields {
            assert!(table.0.iter().any(|it| it.name == field), "{field}");
        }
    }
}

#[test]
fn the_tables_hold_no_other_field_and_none_twice() {
    let all = all();
    for (table, _) in &all {
        for Field { name, .. } in table.0 {
            let is_set = all.iter().any(|(other, fields)| {
                std::ptr::eq(*table, *other) && fields.iter().any(|field| field == name)
            });
            assert!(is_set, "{name}");
            let times = table.0.iter().filter(|it| it.name == *name).count();
            assert_eq!(times, 1, "{name}");
        }
    }
}
