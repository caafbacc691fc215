//! Parses texts into types of the lowest layer, which knows no errors.

use std::str::FromStr;

use super::{Error, ErrorKind};
use crate::operations::Ability;
use crate::version::{self, Version};

impl FromStr for Version {
    type Err = Error;

    /// Reads `4.3.11`, `v4.3.11`, `4.2.0-beta.1` and the short form of release
    /// candidates, `4.4-rc.1`; build metadata after a `+` is dropped. Anything
    /// else is an error of kind [`ErrorKind::InvalidRequest`].
    fn from_str(text: &str) -> Result<Self, Error> {
        version::parse(text).ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidRequest,
                "a Coolify version has the form `4.3.11`, `4.2.0-beta.1` or `4.4-rc.1`",
            )
        })
    }
}

impl FromStr for Ability {
    type Err = Error;

    /// Reads an ability as Coolify writes it; anything else is an error of
    /// kind [`ErrorKind::InvalidRequest`].
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::of_name(text)
            .ok_or_else(|| Error::new(ErrorKind::InvalidRequest, "Coolify has no such ability"))
    }
}
