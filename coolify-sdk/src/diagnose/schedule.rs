//! How often a schedule runs at least.

use std::time::Duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Returns an upper bound of the time between two runs of a schedule: one of Coolify's
/// words, or a cron expression. `None` if it cannot be read.
pub(super) fn longest_pause(frequency: &str) -> Option<Duration> {
    let seconds = match frequency.trim().trim_start_matches('@') {
        "every_minute" => MINUTE,
        "hourly" => HOUR,
        "daily" | "midnight" => DAY,
        "weekly" => 7 * DAY,
        "monthly" => 31 * DAY,
        "yearly" | "annually" => 366 * DAY,
        cron => of_cron(cron)?,
    };
    Some(Duration::from_secs(seconds))
}

/// The greatest unit that is restricted decides.
fn of_cron(cron: &str) -> Option<u64> {
    let fields: Vec<_> = cron.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields[..] else {
        return None;
    };
    let known = |c: char| c.is_ascii_alphanumeric() || "*/,-?#".contains(c);
    if !fields.iter().all(|it| it.chars().all(known)) {
        return None;
    }
    let is_free = |field: &str| matches!(field, "*" | "?" | "*/1");
    Some(if !is_free(month) {
        366 * DAY
    } else if !is_free(day) {
        31 * DAY
    } else if !is_free(weekday) {
        7 * DAY
    } else if !is_free(hour) {
        DAY
    } else if !is_free(minute) {
        HOUR
    } else {
        MINUTE
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_is_never_underestimated() {
        for (frequency, seconds) in [
            ("every_minute", Some(MINUTE)),
            ("hourly", Some(HOUR)),
            ("daily", Some(DAY)),
            ("midnight", Some(DAY)),
            ("weekly", Some(7 * DAY)),
            (" @weekly ", Some(7 * DAY)),
            ("monthly", Some(31 * DAY)),
            ("yearly", Some(366 * DAY)),
            ("@annually", Some(366 * DAY)),
            ("*/1 */1 ? */1 *", Some(MINUTE)),
            ("5-10,20 4 ? * *", Some(DAY)),
            ("0 3 * * 1#2", Some(7 * DAY)),
            ("0 3 15 * SUN", Some(31 * DAY)),
            ("0 * * 6 *", Some(366 * DAY)),
            ("0 0 1 1 * *", None),
            ("* * * * *", Some(MINUTE)),
            ("*/5 * * * *", Some(HOUR)),
            ("0 * * * *", Some(HOUR)),
            ("0 3 * * *", Some(DAY)),
            ("@daily", Some(DAY)),
            ("0 3 * * SUN", Some(7 * DAY)),
            ("0 0 1 * *", Some(31 * DAY)),
            ("0 0 1 1 *", Some(366 * DAY)),
            ("0 0 1 1", None),
            ("sometimes", None),
            ("0 3$ * * *", None),
            ("0 $3 * * *", None),
            ("0 0 L * $", None),
        ] {
            let wanted = seconds.map(Duration::from_secs);
            assert_eq!(longest_pause(frequency), wanted, "{frequency}");
        }
    }
}
