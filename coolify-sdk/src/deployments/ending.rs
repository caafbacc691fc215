//! Reads the log of a deployment between its last status and its last line.

use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;

use super::{Deployment, LogLine};
use crate::DeploymentStatus;
use crate::error::Result;
use crate::wait::Wait;

/// How long a log has to stay unchanged to count as complete, if its last line
/// does not show that it is.
const STILL: Duration = Duration::from_secs(5);

/// How long a log has to stay unchanged after its last visible line. The hidden
/// output of stopping the build container follows it, if stopping is fast enough.
const ECHO: Duration = Duration::from_secs(2);

/// How long the server may be unreachable: the deployment may have restarted it.
const OUTAGE: Duration = Duration::from_secs(30);

/// How long to read on at most: as long as a post-deployment command may run.
const LONGEST: Duration = Duration::from_secs(300);

/// How long to read on at most if only the reason of a failure matters.
const BRIEFLY: Duration = Duration::from_secs(1);

/// The maximum interval between two polls, whatever the interval before.
const INTERVAL: Duration = Duration::from_secs(1);

/// The beginning of the last visible line of every complete log.
pub(super) const LAST_LINE: &str = "Gracefully shutting down build container";

/// A part of the lines before the output of the command.
const COMMAND: &str = "post-deployment command";

/// Follows what Coolify writes in this order: the status, the output of the
/// post-deployment command or the reason of the failure, `finished_at`, the last
/// visible line, and the output of stopping the build container.
pub(super) struct Ending {
    wait: Wait,
    /// Whether the deployment had already ended at the first poll.
    was_over: bool,
    /// When the log or the deployment last changed.
    changed: Instant,
    seen: Seen,
}

/// What has been seen so far.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent")]
struct Seen {
    nothing_to_come: bool,
    has_finished: bool,
    has_command: bool,
    has_last_line: bool,
    /// Whether the log contains something after the last visible line.
    has_echo: bool,
    /// Whether the server was unreachable at the last poll.
    missed: bool,
}

impl Ending {
    pub(super) fn new(wait: &Wait, was_over: bool) -> Self {
        Self::within(wait, was_over, LONGEST)
    }

    /// Returns an ending that polls once more, or for a second if the interval is
    /// shorter.
    pub(super) fn brief(wait: &Wait, was_over: bool) -> Self {
        Self::within(wait, was_over, BRIEFLY)
    }

    fn within(wait: &Wait, was_over: bool, longest: Duration) -> Self {
        Self {
            wait: wait.extended(INTERVAL, longest),
            was_over,
            changed: Instant::now(),
            seen: Seen::default(),
        }
    }

    /// Waits for the next poll, and polls; `None` if the server was unreachable.
    pub(super) async fn look(
        &mut self,
        get: impl Future<Output = Result<Deployment>>,
    ) -> Result<Option<Deployment>> {
        if !self.wait.turn().await {
            return Ok(None);
        }
        self.wait.look(Box::pin(get)).await
    }

    /// Records a poll: the deployment, the new lines of its log, and whether the
    /// log is withheld.
    pub(super) fn see(&mut self, deployment: &Deployment, new: &[LogLine], is_withheld: bool) {
        let seen = &mut self.seen;
        // The job that writes the log has not begun.
        let is_never = deployment.status == DeploymentStatus::CancelledByUser
            && deployment.horizon_job_worker.is_none();
        seen.nothing_to_come = is_never || is_withheld;
        seen.has_finished = deployment.finished_at.is_some();
        seen.missed = false;
        for line in new {
            self.changed = Instant::now();
            seen.has_command |= line.output.to_lowercase().contains(COMMAND);
            seen.has_echo |= seen.has_last_line;
            seen.has_last_line |= line.output.starts_with(LAST_LINE);
        }
    }

    /// Records a poll that failed.
    pub(super) fn miss(&mut self) {
        self.seen.missed = true;
    }

    pub(super) fn is_over(&self) -> bool {
        let (seen, still) = (&self.seen, self.changed.elapsed());
        if seen.nothing_to_come || self.wait.is_over() {
            return true;
        }
        if seen.has_last_line && (self.was_over || seen.has_echo) {
            return true;
        }
        if seen.has_command && !seen.has_finished {
            return false;
        }
        still
            >= match seen {
                Seen { missed: true, .. } => OUTAGE,
                Seen {
                    has_last_line: true,
                    ..
                } => ECHO,
                _ => STILL,
            }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn ending(was_over: bool) -> Ending {
        let wait = Wait::new(10 * SECOND, 3600 * SECOND);
        Ending::new(&wait, was_over)
    }

    fn deployment(rest: &str) -> Deployment {
        let row = format!(r#"{{"deployment_uuid": "d1", "horizon_job_worker": "vm", {rest}}}"#);
        serde_json::from_str(&row).unwrap()
    }

    fn running() -> Deployment {
        deployment(r#""status": "finished""#)
    }

    fn done() -> Deployment {
        deployment(r#""status": "finished", "finished_at": "2026-11-22T00:26:56.000000Z""#)
    }

    fn lines(outputs: &[&str]) -> Vec<LogLine> {
        let entries: Vec<_> = outputs
            .iter()
            .map(|it| serde_json::json!({"output": it}))
            .collect();
        crate::deployments::log::parse(&serde_json::to_string(&entries).unwrap())
    }

    /// Polls the same log once a second, and returns after how many seconds it
    /// counts as complete.
    async fn seconds(ending: &mut Ending, deployment: &Deployment) -> u32 {
        for second in 0.. {
            if ending.is_over() {
                return second;
            }
            advance(SECOND).await;
            ending.see(deployment, &[], false);
        }
        unreachable!()
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_after_the_last_line_ends_it() {
        let last = ["Gracefully shutting down build container: d1"];
        let mut ending = ending(false);
        ending.see(&running(), &lines(&["Rolling update completed."]), false);
        assert!(!ending.is_over());
        ending.see(&done(), &lines(&last), false);
        assert!(!ending.is_over());
        ending.see(&done(), &lines(&["d1"]), false);
        assert!(ending.is_over());
        // Both at one poll.
        let mut fast = super::tests::ending(false);
        fast.see(&done(), &lines(&[last[0], "d1"]), false);
        assert!(fast.is_over());
    }

    #[tokio::test(start_paused = true)]
    async fn what_does_not_come_after_it_is_not_waited_for() {
        let mut ending = ending(false);
        let last = lines(&["Gracefully shutting down build container: d1"]);
        ending.see(&done(), &last, false);
        assert_eq!(seconds(&mut ending, &done()).await, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_over_before_needs_no_second_look() {
        let last = [
            "New container started.",
            "Gracefully shutting down build container: d1",
        ];
        let mut early = ending(true);
        early.see(&done(), &lines(&last), false);
        assert!(early.is_over());
        let mut cut_short = ending(true);
        cut_short.see(&done(), &lines(&last[..1]), false);
        assert!(!cut_short.is_over());
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_last_line_the_log_has_to_stand_still() {
        for deployment in [running(), done(), deployment(r#""status": "failed""#)] {
            let mut ending = ending(false);
            ending.see(&deployment, &lines(&["Docker is too old."]), false);
            advance(4 * SECOND).await;
            ending.see(&deployment, &lines(&["Deployment failed: too old"]), false);
            assert_eq!(seconds(&mut ending, &deployment).await, 5);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_post_deployment_command_has_its_time() {
        let mut ending = ending(false);
        let begun = [
            "--------",
            "Executing post-deployment command (see debug log for output).",
        ];
        ending.see(&running(), &lines(&begun), false);
        for _ in 0..200 {
            advance(SECOND).await;
            ending.see(&running(), &[], false);
            assert!(!ending.is_over());
        }
        assert_eq!(seconds(&mut ending, &done()).await, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_command_without_an_end_does_not_hold_it_up() {
        let mut ending = ending(false);
        ending.see(
            &running(),
            &lines(&["Executing post-deployment command."]),
            false,
        );
        assert_eq!(seconds(&mut ending, &running()).await, 300);
    }

    #[tokio::test(start_paused = true)]
    async fn where_nothing_will_come_nothing_is_waited_for() {
        let mut hidden = ending(false);
        hidden.see(&running(), &[], true);
        assert!(hidden.is_over());
        let cancelled = r#"{"deployment_uuid": "d1", "status": "cancelled-by-user"}"#;
        let mut queued = ending(false);
        queued.see(
            &serde_json::from_str(cancelled).unwrap(),
            &lines(&["Cancelled."]),
            false,
        );
        assert!(queued.is_over());
        let mut begun = ending(false);
        begun.see(
            &deployment(r#""status": "cancelled-by-user""#),
            &lines(&["Cancelled."]),
            false,
        );
        assert!(!begun.is_over());
        // A deployment may fail before the first line is written.
        let mut failed = ending(false);
        failed.see(&deployment(r#""status": "failed""#), &[], false);
        assert!(!failed.is_over());
    }

    #[tokio::test(start_paused = true)]
    async fn an_outage_is_given_more_time() {
        let mut ending = ending(false);
        ending.see(&done(), &lines(&["Rolling update completed."]), false);
        ending.miss();
        advance(29 * SECOND).await;
        assert!(!ending.is_over());
        advance(SECOND).await;
        assert!(ending.is_over());
    }

    #[tokio::test(start_paused = true)]
    async fn the_wait_it_follows_bounds_it() {
        let wait = Wait::new(SECOND, 3 * SECOND);
        advance(2 * SECOND).await;
        let mut ending = Ending::new(&wait, false);
        ending.see(&running(), &lines(&["Rolling update completed."]), false);
        assert_eq!(seconds(&mut ending, &running()).await, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn looks_come_no_later_than_each_second() {
        for (every, pause) in [(100, 100), (999, 999), (30_000, 1000)] {
            let every = Duration::from_millis(every);
            let wait = Wait::new(every, 3600 * SECOND);
            let mut extended = wait.extended(INTERVAL, LONGEST);
            let begun = Instant::now();
            assert!(extended.turn().await);
            assert_eq!(begun.elapsed(), Duration::from_millis(pause));
        }
    }
}
