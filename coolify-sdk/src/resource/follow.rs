//! Follows a growing log by reading its end repeatedly.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

use futures_core::Stream;
use futures_util::stream;

use super::logs::{ContainerLogs, Lines, LogSource, MOST_LINES};
use crate::error::{Error, Result};
use crate::wait::Wait;
use crate::{Timestamp, Version};

/// The numbers of lines to request: the first one, and larger ones if the reply
/// does not reach back to known lines. The last is Coolify's maximum.
const WINDOWS: [i64; 4] = [200, 1_000, 5_000, MOST_LINES];

/// The numbers of lines to request if even the smallest window exceeds the
/// maximum size of a reply.
const FEWER: [i64; 2] = [20, 1];

/// The first version that can add times to lines.
const TIMES: Version = Version::new(4, 2, 0);

/// An event of a container's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LogEvent {
    /// A line was written.
    Line(ContainerLine),
    /// Lines are missing here: since the last poll, more was written than Coolify
    /// returns at once, or than [the maximum size of a
    /// reply](crate::CoolifyBuilder::max_reply_size).
    Gap,
    /// No container is running. The next line means that one is running again.
    NotRunning,
}

/// A line of a container's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ContainerLine {
    /// When it was written; `None` if Coolify returns no times.
    pub time: Option<Timestamp>,
    /// The line, without its time.
    pub text: String,
}

/// Writes the time, if there is one, and the text.
impl fmt::Display for ContainerLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(time) = &self.time {
            write!(f, "{time} ")?;
        }
        f.write_str(&self.text)
    }
}

pub(super) fn follow(
    logs: ContainerLogs,
) -> impl Stream<Item = Result<LogEvent>> + Send + Unpin + use<> {
    Box::pin(stream::unfold(Follow::new(logs), |mut follow| async {
        let event = follow.next().await?;
        Some((event, follow))
    }))
}

/// The result of requesting the last lines.
enum Window {
    Lines(String),
    /// No container is running, or the server is unreachable.
    Nothing,
    TooLarge(Error),
}

struct Follow {
    source: LogSource,
    wait: Wait,
    times: Option<bool>,
    /// The earlier lines to begin with; `None` once they were returned.
    first: Option<Lines>,
    tail: Tail,
    is_running: bool,
    events: VecDeque<LogEvent>,
    over: bool,
}

impl Follow {
    fn new(logs: ContainerLogs) -> Self {
        Self {
            wait: logs.patience.start(&logs.source.coolify, Duration::MAX),
            source: logs.source,
            times: None,
            first: Some(logs.lines.unwrap_or(Lines::Last(100))),
            tail: Tail::default(),
            is_running: true,
            events: VecDeque::new(),
            over: false,
        }
    }

    async fn next(&mut self) -> Option<Result<LogEvent>> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(Ok(event));
            }
            if self.over || !self.wait.turn().await {
                return None;
            }
            if let Err(error) = self.poll().await {
                self.over = true;
                return Some(Err(error));
            }
        }
    }

    async fn poll(&mut self) -> Result<()> {
        let times = if let Some(times) = self.times {
            times
        } else {
            let coolify = self.source.coolify.clone();
            let is_older = self.wait.look(coolify.is_older_than(&TIMES)).await?;
            let Some(is_older) = is_older else {
                return Ok(());
            };
            *self.times.insert(self.source.has_times && !is_older)
        };
        let mut widest = None;
        let mut refused = None;
        for lines in self.windows().await {
            match self.window(lines, times).await? {
                Window::Nothing => return Ok(()),
                Window::Lines(text) if self.goes_on(&text, lines, times) => return Ok(()),
                Window::Lines(text) => widest = Some(text),
                Window::TooLarge(error) => {
                    refused = Some(error);
                    break;
                }
            }
        }
        // If even the smallest window exceeds the maximum size, some lines are better
        // than none.
        for lines in FEWER {
            if widest.is_some() || refused.is_none() {
                break;
            }
            match self.window(lines, times).await? {
                Window::Nothing => return Ok(()),
                Window::Lines(text) if self.goes_on(&text, lines, times) => return Ok(()),
                Window::Lines(text) => widest = Some(text),
                Window::TooLarge(error) => refused = Some(error),
            }
        }
        let Some(text) = widest else {
            return refused.map_or(Ok(()), Err);
        };
        let window: Vec<&str> = text.lines().collect();
        self.events.push_back(LogEvent::Gap);
        let new = self.tail.fresh(&window);
        self.give(&new, times);
        self.tail.keep(&window);
        Ok(())
    }

    /// Returns the last lines.
    async fn window(&mut self, lines: i64, times: bool) -> Result<Window> {
        let read = self.source.read(Some(lines), times.then_some(true));
        match self.wait.look(read).await {
            Ok(None) => Ok(Window::Nothing),
            Ok(Some(None)) => {
                self.stopped();
                Ok(Window::Nothing)
            }
            Ok(Some(Some(text))) => {
                self.is_running = true;
                Ok(Window::Lines(text))
            }
            Err(error) if error.is_too_large() => Ok(Window::TooLarge(error)),
            Err(error) => Err(error),
        }
    }

    /// Adds the new lines at the end of the log. Returns whether the text reaches
    /// back to known lines.
    fn goes_on(&mut self, text: &str, lines: i64, times: bool) -> bool {
        let window: Vec<&str> = text.lines().collect();
        let is_whole = i64::try_from(window.len()).is_ok_and(|count| count < lines);
        let new = if let Some(first) = self.first.take() {
            let earlier = match first {
                Lines::All => 0,
                Lines::Last(lines) => window
                    .len()
                    .saturating_sub(usize::try_from(lines).unwrap_or(0)),
            };
            window[earlier..].to_vec()
        } else if let Some(new) = self.tail.new_of(&window, is_whole) {
            new
        } else {
            return false;
        };
        self.give(&new, times);
        self.tail.keep(&window);
        true
    }

    /// Returns the numbers of lines to request, one after the other.
    async fn windows(&self) -> Vec<i64> {
        match self.first {
            None => WINDOWS.to_vec(),
            Some(Lines::All) => vec![self.source.all_lines().await],
            Some(Lines::Last(lines)) => vec![lines.max(WINDOWS[0])],
        }
    }

    fn stopped(&mut self) {
        // If a container starts later, all of its lines are new.
        self.first = None;
        if self.is_running {
            self.events.push_back(LogEvent::NotRunning);
        }
        self.is_running = false;
    }

    fn give(&mut self, lines: &[&str], times: bool) {
        let lines = lines.iter().map(|line| ContainerLine::new(line, times));
        self.events.extend(lines.map(LogEvent::Line));
    }
}

impl ContainerLine {
    fn new(line: &str, times: bool) -> Self {
        match time_of(line).filter(|_| times) {
            Some((time, text)) => Self {
                time: Some(time.into()),
                text: text.to_owned(),
            },
            None => Self {
                time: None,
                text: line.to_owned(),
            },
        }
    }
}

/// Splits a line into its time, which Docker writes at the beginning, and the
/// rest.
fn time_of(line: &str) -> Option<(&str, &str)> {
    let (time, text) = line.split_once(' ').unwrap_or((line, ""));
    let is_time =
        time.as_bytes().get(10) == Some(&b'T') && humantime::parse_rfc3339_weak(time).is_ok();
    is_time.then_some((time, text))
}

/// The last known lines of a log.
#[derive(Default)]
struct Tail {
    lines: Vec<String>,
}

impl Tail {
    /// Remembers as many lines as the smallest window can contain. A log that is
    /// temporarily empty does not make all lines new.
    fn keep(&mut self, window: &[&str]) {
        if window.is_empty() {
            return;
        }
        let longest = usize::try_from(WINDOWS[0]).unwrap_or(usize::MAX);
        let skip = window.len().saturating_sub(longest);
        self.lines = window[skip..].iter().map(|&line| line.into()).collect();
    }

    /// Returns the new lines of the window; `None` if it does not reach back to
    /// known lines.
    fn new_of<'a>(&self, window: &[&'a str], is_whole: bool) -> Option<Vec<&'a str>> {
        (0..self.lines.len())
            .find_map(|start| continuation(&self.lines[start..], window))
            .or_else(|| is_whole.then(|| self.fresh(window)))
    }

    /// Returns the lines that are not older than the known ones, if they do not
    /// continue them.
    fn fresh<'a>(&self, window: &[&'a str]) -> Vec<&'a str> {
        let last = self.lines.last().and_then(|line| time_of(line));
        let is_old = |line: &str| match (time_of(line), last) {
            (Some((time, _)), Some((last, _))) => time <= last,
            _ => false,
        };
        let lines = window.iter().copied();
        lines.filter(|line| !is_old(line)).collect()
    }
}

/// Returns the lines of the window after these lines, if it begins with them.
fn continuation<'a>(known: &[String], window: &[&'a str]) -> Option<Vec<&'a str>> {
    let (last, before) = known.split_last()?;
    let rest = window.get(before.len()..)?;
    let (now, rest) = rest.split_first()?;
    // Coolify trims the ends of the whole text.
    let is_same = |known: &String, line: &&str| known.trim() == line.trim();
    if !before.iter().zip(window).all(|(a, b)| is_same(a, b)) {
        return None;
    }
    if is_same(last, now) {
        return Some(rest.to_vec());
    }
    // A line that was still incomplete when it was read.
    let added = now.strip_prefix(last.as_str())?;
    let is_certain = !before.is_empty() && !last.is_empty();
    is_certain.then(|| std::iter::once(added).chain(rest.iter().copied()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a log that grows in steps by its last `window` lines.
    fn read(steps: &[usize], window: usize, line: impl Fn(usize) -> String) -> Vec<String> {
        let mut tail = Tail::default();
        let mut seen = Vec::new();
        for (step, &length) in steps.iter().enumerate() {
            let lines: Vec<String> = (0..length).map(&line).collect();
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let window = &lines[length.saturating_sub(window)..];
            if step > 0 {
                let new = tail.new_of(window, window.len() == length).unwrap();
                seen.extend(new.into_iter().map(str::to_owned));
            }
            tail.keep(window);
        }
        seen
    }

    #[test]
    fn no_line_is_lost_or_doubled() {
        let line = |n: usize| format!("line {n}");
        let seen = read(&[3, 3, 4, 9, 60, 159, 160], 100, line);
        assert_eq!(seen, (3..160).map(line).collect::<Vec<_>>());
    }

    #[test]
    fn equal_lines_are_told_apart_by_their_times() {
        let line = |n: usize| format!("2026-11-22T02:33:27.{n:09}Z ping");
        let seen = read(&[5, 6, 60, 150], 100, line);
        assert_eq!(seen, (5..150).map(line).collect::<Vec<_>>());
    }

    #[test]
    fn blank_lines_count() {
        let line = |n: usize| {
            if n % 3 == 1 {
                String::new()
            } else {
                format!("line {n}")
            }
        };
        let seen = read(&[4, 7, 12], 100, line);
        assert_eq!(seen, (4..12).map(line).collect::<Vec<_>>());
    }

    #[test]
    fn a_window_that_does_not_reach_back_says_so() {
        let mut tail = Tail::default();
        tail.keep(&["one", "two"]);
        assert_eq!(tail.new_of(&["five", "six"], false), None);
    }

    #[test]
    fn spaces_at_the_ends_of_a_line_are_its_own() {
        let mut tail = Tail::default();
        tail.keep(&["  indented"]);
        assert_eq!(tail.new_of(&["  indented", "b"], false), Some(vec!["b"]));
        // Coolify takes those of the whole text away.
        assert_eq!(tail.new_of(&["indented", "b"], false), Some(vec!["b"]));
    }

    #[test]
    fn a_new_container_begins_anew() {
        let mut tail = Tail::default();
        tail.keep(&["2026-11-22T02:00:00.000000000Z bye"]);
        tail.keep(&[]);
        let window = [
            "2026-11-22T01:00:00.000000000Z old",
            "2026-11-22T02:00:09.000000000Z hello",
        ];
        assert_eq!(tail.new_of(&window, true), Some(vec![window[1]]));
    }

    #[test]
    fn a_line_that_was_half_written_is_completed() {
        let mut tail = Tail::default();
        tail.keep(&["start", "loading"]);
        let new = tail.new_of(&["start", "loading ... done", "next"], true);
        assert_eq!(new, Some(vec![" ... done", "next"]));
    }

    #[test]
    fn what_was_written_at_the_time_of_the_last_line_is_not_new_again() {
        let time = |n: u32| format!("2026-11-22T02:00:0{n}.000000000Z");
        let (one, two) = (format!("{} one", time(1)), format!("{} two", time(2)));
        let mut tail = Tail::default();
        tail.keep(&[&one, &two]);
        // Another container, whose log does not continue the first one.
        let (same, new) = (format!("{} 2", time(2)), format!("{} three", time(3)));
        let window = ["bare", one.as_str(), &same, &new];
        assert_eq!(tail.new_of(&window, true), Some(vec!["bare", &new]));
        assert_eq!(tail.new_of(&window, false), None);
    }

    #[test]
    fn lines_of_the_same_time_go_on_from_each_other() {
        let line = |n: usize| format!("2026-11-22T02:00:00.000000000Z line {n}");
        let seen = read(&[2, 3, 9], 100, line);
        assert_eq!(seen, (2..9).map(line).collect::<Vec<_>>());
    }

    #[test]
    fn half_a_line_is_only_known_by_what_comes_before() {
        let new = |known: &[&str], window: &[&'static str]| {
            let mut tail = Tail::default();
            tail.keep(known);
            tail.new_of(window, true)
        };
        // A single line may be another line with the same beginning.
        assert_eq!(new(&["load"], &["loading"]), Some(vec!["loading"]));
        let whole = ["start", "loading"];
        assert_eq!(new(&["start", "load"], &whole), Some(vec!["ing"]));
        // White space at the ends of the text comes and goes.
        assert_eq!(
            new(&["start", "load "], &["start", "load", "next"]),
            Some(vec!["next"])
        );
    }

    #[test]
    fn no_more_is_remembered_than_is_asked_for_again() {
        let lines: Vec<String> = (0..1_000).map(|n| format!("line {n}")).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mut tail = Tail::default();
        tail.keep(&lines);
        assert_eq!(tail.lines.len(), 200);
        assert_eq!(tail.lines[199], "line 999");
        // All remembered lines except the last may be gone.
        assert_eq!(tail.new_of(&["line 999", "new"], false), Some(vec!["new"]));
    }

    #[test]
    fn a_time_is_taken_off_where_there_is_one() {
        let line = ContainerLine::new("2026-08-22T12:04:06.000000000Z info: up", true);
        assert_eq!(line.text, "info: up");
        assert_eq!(
            line.time.unwrap().to_string(),
            "2026-08-22T12:04:06.000000000Z"
        );
        let line = ContainerLine::new("listening on 3000", true);
        assert_eq!((line.time, line.text.as_str()), (None, "listening on 3000"));
    }

    #[test]
    fn utc_may_be_written_as_an_offset() {
        let line = ContainerLine::new("2026-08-22T12:04:06.000000000+00:00 info: up", true);
        assert_eq!(line.text, "info: up");
        assert!(line.time.is_some_and(|it| it.unix_seconds().is_some()));
    }
}
