//! Cron expressions, as Coolify's parser accepts them.

/// The words for expressions, such as `daily`.
const WORDS: &[(&str, &str)] = &[
    ("every_minute", "* * * * *"),
    ("hourly", "0 * * * *"),
    ("daily", "0 0 * * *"),
    ("weekly", "0 0 * * 0"),
    ("monthly", "0 0 1 * *"),
    ("yearly", "0 0 1 1 *"),
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
];

const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// The first and the last value of each field.
const BOUNDS: [(u32, u32); 5] = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)];

/// Returns whether Coolify accepts it: five fields that a date can match, or a
/// word.
pub(in crate::testing) fn is_frequency(text: &str) -> bool {
    is_expression(written_out(text))
}

/// Returns the expression for a word; anything else is returned unchanged.
pub(in crate::testing) fn written_out(text: &str) -> &str {
    let word = WORDS.iter().find(|(word, _)| *word == text);
    word.map_or(text, |(_, expression)| expression)
}

fn is_expression(text: &str) -> bool {
    let fields: Vec<&str> = text.split_ascii_whitespace().collect();
    if fields.len() != BOUNDS.len() {
        return false;
    }
    let values: Option<Vec<Vec<u32>>> = fields
        .iter()
        .enumerate()
        .map(|(i, it)| field(i, it))
        .collect();
    values.is_some_and(|values| matches_a_date(&values[2], &values[3], &values[4]))
}

/// Returns the values of a field. A name is only allowed alone, not in a list or
/// a range.
fn field(index: usize, text: &str) -> Option<Vec<u32>> {
    let names = match index {
        3 => MONTHS,
        4 => DAYS,
        _ => &[],
    };
    let name = names.iter().zip(BOUNDS[index].0..);
    let lower = text.to_ascii_lowercase();
    if let Some((_, value)) = name.into_iter().find(|(name, _)| **name == lower) {
        return Some(vec![value]);
    }
    let elements: Option<Vec<Vec<u32>>> = text.split(',').map(|it| element(index, it)).collect();
    elements.map(|it| it.concat())
}

/// Returns the values of one item: a value, a range or `*`; the last two may have
/// a step.
fn element(index: usize, text: &str) -> Option<Vec<u32>> {
    let (first, last) = BOUNDS[index];
    let (range, step) = match text.split_once('/') {
        Some((_, step)) if step.contains('/') => return None,
        Some((range, step)) => (range, leading_number(step)),
        None => (text, 1),
    };
    if step < 1 || (text.contains('/') && step > last) {
        return None;
    }
    if let Some(value) = value(index, range) {
        return (step == 1).then_some(vec![value]);
    }
    let (from, to) = match range.split_once('-') {
        _ if range == "*" => (first, last),
        Some((from, to)) => (value(index, from)?, value(index, to)?),
        None => return None,
    };
    let step = usize::try_from(step).ok()?;
    (from <= to).then(|| (from..=to).step_by(step).collect())
}

fn value(index: usize, text: &str) -> Option<u32> {
    let (first, last) = BOUNDS[index];
    let is_number = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let value = text.parse().ok().filter(|_| is_number)?;
    (first..=last).contains(&value).then_some(value)
}

/// PHP reads the leading digits as a number.
fn leading_number(text: &str) -> u32 {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    text[..digits].parse().unwrap_or_default()
}

/// Returns whether some day of the next decades has this date. A day of the week
/// narrows it down, and every combination of the three comes within 28 years.
fn matches_a_date(days: &[u32], months: &[u32], weekdays: &[u32]) -> bool {
    let mut dates = (2024..2024 + 28).flat_map(|year| {
        let of_month = move |month: &u32| {
            days.iter().map({
                let month = *month;
                move |day| (year, month, *day)
            })
        };
        months.iter().flat_map(of_month)
    });
    dates.any(|(year, month, day)| {
        day <= length(year, month)
            && weekdays
                .iter()
                .any(|it| it % 7 == weekday(year, month, day))
    })
}

fn length(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Returns the day of the week, Sunday being 0, by Sakamoto's method.
fn weekday(year: u32, month: u32, day: u32) -> u32 {
    const SHIFTS: [u32; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
    let year = if month < 3 { year - 1 } else { year };
    let shift = SHIFTS.iter().zip(1..).find(|(_, it)| *it == month);
    let shift = shift.map(|(shift, _)| *shift).unwrap_or_default();
    (year + year / 4 - year / 100 + year / 400 + shift + day) % 7
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_what_the_parser_takes() {
        for text in [
            "* * * * *",
            "0-30/5 * * * *",
            "0 0 * * SUN",
            "0 0 1 jan *",
            "0 0 29 2 MON",
            "*/2.5 * * * *",
            "@daily",
            "every_minute",
        ] {
            assert!(is_frequency(text), "{text}");
        }
        for text in [
            "60 * * * *",
            "0 0 31 2 *",
            "0 0 31 4,6,9,11 *",
            "0 0 * * MON-FRI",
            "0 0 1 jan,feb *",
            "5/10 * * * *",
            "*/60 * * * *",
            "*/0 * * * *",
            "10-5 * * * *",
            "+1 * * * *",
            "* * * *",
            "@reboot",
            "Daily",
            "",
        ] {
            assert!(!is_frequency(text), "{text}");
        }
    }

    #[test]
    fn days_of_the_week_are_known() {
        assert_eq!(weekday(2024, 2, 29), 4);
        assert_eq!(weekday(2026, 11, 28), 6);
        assert_eq!((weekday(2000, 2, 29), weekday(2100, 3, 1)), (2, 1));
        let firsts = (1..=12).map(|month| weekday(2024, month, 1));
        let firsts: Vec<_> = firsts.collect();
        assert_eq!(firsts, [1, 4, 5, 1, 3, 6, 1, 4, 0, 2, 5, 0]);
        let lengths: Vec<_> = (1..=12).map(|month| length(2023, month)).collect();
        assert_eq!(lengths, [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
        assert_eq!(length(2024, 2), 29);
    }
}
