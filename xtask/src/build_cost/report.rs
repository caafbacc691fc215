//! Prints the table, and checks the promised limits.

use std::fmt::Write as _;
use std::time::Duration;

use super::build::Cost;
use super::user::{DEFAULT, FLOOR, User};

/// Maximum processor time with default features, as a multiple of the floor's.
const RATIO: f64 = 1.3;
/// Maximum number of packages with default features.
const PACKAGES: usize = 120;
/// Maximum processor time after a change of the user's own code.
const TOUCHED: Duration = Duration::from_secs(2);

pub fn render(measured: &[(&User, Cost)]) -> String {
    let of = |name| {
        let found = measured.iter().find(|(user, _)| user.name == name);
        found.map(|(_, cost)| cost)
    };
    let to_floor = |cost: &Cost| {
        let floor = of(FLOOR)?.cold.cpu;
        Some(cost.cold.cpu.as_secs_f64() / floor.as_secs_f64())
    };

    let mut text = String::from(
        "| user | packages | from nothing, CPU | to the floor | on the clock | after a touch, CPU | \
         on the clock |\n\
         |---|---:|---:|---:|---:|---:|---:|\n",
    );
    for (user, cost) in measured {
        let ratio = to_floor(cost).map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}"));
        let _ = writeln!(
            text,
            "| {} | {} | {:.1} s | {ratio} | {:.1} s | {:.2} s | {:.2} s |",
            user.name,
            cost.packages,
            cost.cold.cpu.as_secs_f64(),
            cost.cold.wall.as_secs_f64(),
            cost.touched.cpu.as_secs_f64(),
            cost.touched.wall.as_secs_f64(),
        );
    }

    if let Some(cost) = of(DEFAULT) {
        text.push_str("\nThe default features:\n\n");
        let mut bound = |what: &str, holds: bool| {
            let verdict = if holds { "holds" } else { "DOES NOT HOLD" };
            let _ = writeln!(text, "- {what}: {verdict}");
        };
        if let Some(ratio) = to_floor(cost) {
            bound(&format!("at most {RATIO} times the floor"), ratio <= RATIO);
        }
        bound(
            &format!("at most {PACKAGES} packages"),
            cost.packages <= PACKAGES,
        );
        bound(
            &format!("less than {} s after a touch", TOUCHED.as_secs()),
            cost.touched.cpu < TOUCHED,
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::time::Time;
    use super::super::user::USERS;
    use super::*;

    /// On the clock, everything takes 100 s.
    fn cost(packages: usize, cold: u64, touched: u64) -> Cost {
        let time = |cpu| Time {
            cpu,
            wall: Duration::from_secs(100),
        };
        Cost {
            packages,
            cold: time(Duration::from_secs(cold)),
            touched: time(Duration::from_millis(touched)),
        }
    }

    #[test]
    fn what_is_too_much_is_said() {
        let [floor, default, ..] = &USERS;
        let text = render(&[(floor, cost(90, 50, 400)), (default, cost(121, 65, 2_000))]);
        assert!(
            text.contains("| default | 121 | 65.0 s | 1.30 | 100.0 s | 2.00 s | 100.00 s |"),
            "{text}"
        );
        assert!(text.contains("times the floor: holds"), "{text}");
        assert!(text.contains("packages: DOES NOT HOLD"), "{text}");
        assert!(text.contains("after a touch: DOES NOT HOLD"), "{text}");
    }

    #[test]
    fn without_the_floor_nothing_is_compared_with_it() {
        let text = render(&[(&USERS[1], cost(100, 65, 900))]);
        assert!(text.contains("| – |"), "{text}");
        assert!(!text.contains("times the floor"), "{text}");
    }
}
