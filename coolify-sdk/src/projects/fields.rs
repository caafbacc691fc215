//! The fields of a project, each in the form in which Coolify stores it,
//! according to its source and to servers from 4.0.0 to 4.3.11.

use crate::raw::types::UpdateProjectByUuidBody;
use crate::verify::{Field, Form, Table, verifies};

static PROJECT: Table = Table::new(&[
    Field::new("description", Form::NoTags),
    Field::new("name", Form::NoTags),
]);

verifies!(PROJECT, UpdateProjectByUuidBody);
