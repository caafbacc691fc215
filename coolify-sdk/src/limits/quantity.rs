//! Amounts as Coolify writes them: texts that go to Docker.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};

/// Docker counts processors in billionths.
const NANO: u64 = 1_000_000_000;

/// An amount that is compared by what it means and written as it was given.
macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $read:path, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            /// 0 for no limit.
            amount: u64,
            text: Box<str>,
        }

        impl $name {
            /// Whether it is no limit at all.
            #[must_use]
            pub fn is_unlimited(&self) -> bool {
                self.amount == 0
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self> {
                let text = text.trim();
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
                // With one taken off, no limit becomes the highest.
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
    /// The units are Docker's: `b`, `k`, `m`, `g`, `t`, in either case, also as
    /// `mb` or `MiB`; each is 1024 of the one before. Two amounts are equal when
    /// they are the same number of bytes.
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
    memory,
    "no amount of memory: a number and `b`, `k`, `m` or `g`, as in `512M`"
);

quantity!(
    /// A number of processors, such as `0.5` or `2`; `0` is no limit.
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
    cpus,
    "no number of processors, as in `0.5`"
);

impl Memory {
    /// The number of bytes; `None` for no limit.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        (!self.is_unlimited()).then_some(self.amount)
    }
}

impl Cpus {
    /// In thousandths of a processor; `None` for no limit.
    #[must_use]
    pub fn millis(&self) -> Option<u64> {
        (!self.is_unlimited()).then_some(self.amount / (NANO / 1000))
    }
}

fn memory(text: &str) -> Option<u64> {
    // Docker's word for swap space without a limit.
    if text == "-1" {
        return Some(0);
    }
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = unit.trim().to_ascii_lowercase();
    let power = match unit
        .strip_suffix("ib")
        .or(unit.strip_suffix('b'))
        .unwrap_or(&unit)
    {
        "" if unit != "ib" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        _ => return None,
    };
    decimal(number, 1 << (10 * power))
}

fn cpus(text: &str) -> Option<u64> {
    decimal(text, NANO)
}

/// A number with an optional fraction, in `scale`ths.
fn decimal(text: &str, scale: u64) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(fraction) || fraction.len() > 18 {
        return None;
    }
    let whole = whole.parse::<u64>().ok()?.checked_mul(scale)?;
    if fraction.is_empty() {
        return Some(whole);
    }
    let parts = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let rest = fraction.parse::<u128>().ok()? * u128::from(scale) / parts;
    let amount = whole.checked_add(u64::try_from(rest).ok()?)?;
    // What is too small to be counted is not the same as no limit.
    let vanished = amount == 0 && fraction.bytes().any(|digit| digit != b'0');
    (!vanished).then_some(amount)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_dockers() {
        for (text, bytes) in [
            ("0", 0),
            ("0M", 0),
            ("-1", 0),
            ("1048576", 1 << 20),
            ("512b", 512),
            ("64k", 64 << 10),
            ("512M", 512 << 20),
            ("512 MiB", 512 << 20),
            ("512mb", 512 << 20),
            ("1.5G", 3 << 29),
            ("2t", 2 << 40),
        ] {
            assert_eq!(memory(text), Some(bytes), "{text}");
        }
        for bad in [
            "",
            "M",
            "-2",
            "1,5G",
            "1.2.3",
            "5x",
            "5ib",
            "half",
            "1e3",
            "99999999999t",
        ] {
            assert_eq!(memory(bad), None, "{bad}");
        }
    }

    #[test]
    fn processors_are_decimal_numbers() {
        for (text, nanos) in [
            ("0", 0),
            ("2", 2 * NANO),
            ("0.5", NANO / 2),
            ("1.250", NANO * 5 / 4),
        ] {
            assert_eq!(cpus(text), Some(nanos), "{text}");
        }
        for bad in ["", ".5", "-1", "1 core", "0.0000000000001"] {
            assert_eq!(cpus(bad), None, "{bad}");
        }
    }

    #[test]
    fn amounts_are_compared_by_what_they_mean() {
        let read = |text: &str| text.parse::<Memory>().unwrap();
        assert_eq!(read("1024m"), read("1G"));
        assert!(read("0") > read("900g"));
        assert!(read("2g") > read("1500m"));
        assert_eq!(
            "half".parse::<Memory>().unwrap_err().kind(),
            ErrorKind::InvalidRequest
        );
    }
}
