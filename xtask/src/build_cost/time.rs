//! The time that a program takes: on the clock, and of the processor.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// The time that a command took, with all programs that it started.
#[derive(Clone, Copy)]
pub struct Time {
    /// Time of the processors, in the program and in the system. Unlike the time on the
    /// clock it hardly depends on what else the machine does, so the limits hold for it.
    pub cpu: Duration,
    /// Time on the clock.
    pub wall: Duration,
}

impl Time {
    /// Runs `command`, which has to wait for the programs that it starts, and returns its
    /// result with the time that it took.
    pub fn of<T>(command: impl FnOnce() -> Result<T>) -> Result<(T, Self)> {
        let (begun, before) = (Instant::now(), of_children()?);
        let result = command()?;
        let (wall, after) = (begun.elapsed(), of_children()?);
        let cpu = after.saturating_sub(before);
        Ok((result, Self { cpu, wall }))
    }

    /// Returns the smaller of each: other programs can only add to it.
    pub fn min(self, other: Self) -> Self {
        Self {
            cpu: self.cpu.min(other.cpu),
            wall: self.wall.min(other.wall),
        }
    }
}

/// Returns the processor time of all child processes that have ended, and of those that
/// they have waited for. The standard library cannot tell it, and Linux writes it into a
/// file, so no crate is needed.
fn of_children() -> Result<Duration> {
    const FILE: &str = "/proc/self/stat";
    let stat = fs::read_to_string(FILE)
        .with_context(|| format!("reading {FILE}: the processor time is known on Linux only"))?;
    children(&stat).with_context(|| format!("{FILE} has another form"))
}

/// Reads `cutime` and `cstime`, the 16th and 17th field.
fn children(stat: &str) -> Option<Duration> {
    /// The unit is 1/100 s on all architectures, whatever the kernel counts in.
    const TICK: u64 = 10;
    // The second field is the name of the program, which may contain spaces.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(13);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    Some(Duration::from_millis((ticks()? + ticks()?) * TICK))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn the_time_of_children_is_read() {
        let stat = "7 (a ) b) S 1 7 7 0 -1 4 1 2 0 0 11 12 250 50 20 0 1 0 99 0 0";
        assert_eq!(children(stat), Some(Duration::from_secs(3)));
        assert_eq!(children("7 (a) S 1"), None);
    }

    #[test]
    fn a_program_that_sleeps_takes_no_processor_time() {
        let sleep = || Ok(Command::new("sleep").arg("0.3").status()?);
        let (status, time) = Time::of(sleep).unwrap();
        assert!(status.success());
        assert!(time.wall >= Duration::from_millis(300));
        assert!(time.cpu < time.wall);
    }
}
