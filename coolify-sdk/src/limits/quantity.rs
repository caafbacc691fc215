//! Amounts, which Coolify stores as texts and passes to Docker.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::docker;
use crate::error::{Error, ErrorKind, Result};
use crate::scalar::stripped;

/// Defines an amount that is compared by its value and written in its original
/// form.
macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $read:path, $stored:path, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            /// 0 for no limit.
            amount: u64,
            text: Box<str>,
        }

        impl $name {
            /// Returns whether it means no limit.
            #[must_use]
            pub fn is_unlimited(&self) -> bool {
                self.amount == 0
            }

            /// Reads a text that Coolify has stored. It never fails.
            pub(super) fn stored(text: &str) -> Self {
                let text = stripped(text);
                Self { amount: $stored(text), text: text.into() }
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self> {
                let text = stripped(text);
                let Some(amount) = $read(text) else {
                    let summary = format!(concat!("{:?} is ", $what), text);
                    return Err(Error::new(ErrorKind::InvalidRequest, summary));
                };
                Ok(Self { amount, text: text.into() })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.text)
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                // Subtracting one turns 0, which means no limit, into the highest value.
                self.amount.wrapping_sub(1).cmp(&other.amount.wrapping_sub(1))
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.amount == other.amount
            }
        }

        impl Eq for $name {}
    };
}

quantity!(
    /// An amount of memory, such as `512M`, `1.5g` or `1048576`; `0` is no limit.
    ///
    /// The units are Docker's: `b`, `k`, `m`, `g`, `t`, `p`, in either case, also
    /// as `mb` or `MiB`. Each is 1024 of the previous one. Two amounts are equal
    /// if they are the same number of bytes. Docker drops fractions of a byte. An
    /// amount of less than one byte, such as `0.5`, is an error here, because
    /// Docker reads it as no limit.
    ///
    /// ```
    /// use coolify_sdk::limits::Memory;
    ///
    /// let half: Memory = "512M".parse()?;
    /// assert!(half < "1g".parse()?);
    /// assert!(half < "0".parse()?);
    /// assert_eq!(half.bytes(), Some(536_870_912));
    /// # Ok::<(), coolify_sdk::Error>(())
    /// ```
    Memory,
    docker::bytes,
    docker::stored_bytes,
    "not an amount of memory: write a number and `b`, `k`, `m` or `g`, such as `512M`"
);

quantity!(
    /// A number of processors, such as `0.5` or `2`; `0` is no limit.
    ///
    /// It is a decimal number, such as `.5` or `5e-1`. A text that Docker accepts
    /// but that Coolify reads as another number, such as `1/2`, is an error.
    ///
    /// ```
    /// use coolify_sdk::limits::Cpus;
    ///
    /// let half: Cpus = "0.5".parse()?;
    /// assert!(half < "1".parse()?);
    /// assert_eq!(half.millis(), Some(500));
    /// # Ok::<(), coolify_sdk::Error>(())
    /// ```
    Cpus,
    docker::nanos,
    docker::stored_nanos,
    "not a number of processors: write a decimal number, such as `0.5`"
);

impl Memory {
    /// Returns the number of bytes; `None` for no limit.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        (!self.is_unlimited()).then_some(self.amount)
    }
}

impl Cpus {
    /// Returns the number of thousandths of a processor; `None` for no limit.
    #[must_use]
    pub fn millis(&self) -> Option<u64> {
        (!self.is_unlimited()).then_some(self.amount / 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(text: &str) -> Memory {
        text.parse().unwrap()
    }

    #[test]
    fn amounts_are_compared_by_what_they_mean() {
        assert_eq!(memory("1024m"), memory("1G"));
        assert!(memory("0") > memory("900g"));
        assert!(memory("2g") > memory("1500m"));
        assert_eq!(
            "half".parse::<Memory>().unwrap_err().kind(),
            ErrorKind::InvalidRequest
        );
    }

    #[test]
    fn amounts_are_written_as_they_were_given() {
        assert_eq!(memory("\u{200b} 1.50G\n").to_string(), "1.50G");
        assert_eq!(Cpus::stored(" half ").to_string(), "half");
    }

    #[test]
    fn units_of_the_accessors() {
        assert_eq!(memory("2k").bytes(), Some(2048));
        assert_eq!(memory("-1").bytes(), None);
        let cpus: Cpus = "1.25".parse().unwrap();
        assert_eq!(cpus.millis(), Some(1250));
        let none: Cpus = "0.0".parse().unwrap();
        assert!(none.is_unlimited());
        assert_eq!(none.millis(), None);
    }
}
