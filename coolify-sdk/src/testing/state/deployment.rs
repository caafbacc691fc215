//! Deployments: their progress and their logs.

use std::time::Instant;

use serde_json::{Value, json};

use crate::testing::state::{
    clock,
    deployment_script::{DeploymentScript, Ending, Line, Pace},
    text, without,
};

pub(in crate::testing) const CANCELLED: &str = "cancelled-by-user";

/// A deployment with its script.
pub(in crate::testing) struct Deployment {
    pub(in crate::testing) row: Value,
    /// The uuid of its application.
    pub(in crate::testing) application: String,
    pub(in crate::testing) script: DeploymentScript,
    pub(in crate::testing) logged: Vec<Value>,
    pub(in crate::testing) looks: u32,
    /// When it was started.
    pub(in crate::testing) since: Option<Instant>,
    /// The lines to log after the last status.
    pub(in crate::testing) late: Vec<Line>,
    /// When the last status was set, and how many polls there were since.
    pub(in crate::testing) ended: Option<(Instant, u32)>,
}

impl Deployment {
    pub(in crate::testing) fn is_open(&self) -> bool {
        matches!(self.row["status"].as_str(), Some("queued" | "in_progress"))
    }

    /// Returns the progress in percent.
    pub(in crate::testing) fn progress(&mut self, pace: Pace) -> u64 {
        match pace {
            Pace::Looks(needed) => {
                let steps = u64::from(needed.saturating_sub(1)).max(1);
                let looks = if needed <= 1 {
                    1
                } else {
                    u64::from(self.looks)
                };
                looks * 100 / steps
            }
            Pace::Time(whole) => {
                let since = self.since.get_or_insert_with(Instant::now).elapsed();
                let hundredths = since.as_millis() * 100 / whole.as_millis().max(1);
                // Every deployment is queued for a moment.
                u64::try_from(hundredths).map_or(100, |done| if done < 10 { 0 } else { done })
            }
        }
    }

    /// Advances the deployment. Returns whether it has just succeeded.
    pub(in crate::testing) fn advance(&mut self, pace: Pace) -> bool {
        let progress = self.progress(pace).min(100);
        if progress == 0 {
            return false;
        }
        self.row["status"] = "in_progress".into();
        self.row["horizon_job_worker"] = "fake".into();
        let due = self.script.lines.len() * usize::try_from(progress).unwrap_or(100) / 100;
        for line in self
            .script
            .lines
            .clone()
            .into_iter()
            .take(due)
            .skip(self.logged.len())
        {
            self.log(&line);
        }
        if progress < 100 {
            return false;
        }
        let succeeded = self.script.ends == Ending::Finished;
        self.end(if succeeded { "finished" } else { "failed" });
        self.row["horizon_job_id"] = "00000000-0000-4000-8000-000000000000".into();
        self.row["current_process_id"] = "4711".into();
        if succeeded {
            self.row["configuration_hash"] = "0123456789abcdef".repeat(4).into();
        }
        succeeded
    }

    /// Sets the last status. A job that has begun writes the rest of its log after it.
    pub(in crate::testing) fn end(&mut self, status: &str) {
        self.ended = Some((Instant::now(), 0));
        if self.row["status"] != "queued" {
            let uuid = text(&self.row, "deployment_uuid");
            let last = format!("Gracefully shutting down build container: {uuid}");
            self.late = std::mem::take(&mut self.script.late);
            self.late.push(Line::output(last));
            // Docker's output when the build container is stopped.
            self.late.push(Line {
                hidden: true,
                ..Line::output(uuid)
            });
        }
        self.row["status"] = status.into();
    }

    /// Writes the rest of the log when it is due: at the second poll after the
    /// last status, or by the clock after a moment.
    pub(in crate::testing) fn write_late(&mut self, pace: Pace) {
        let Some((since, looks)) = self.ended else {
            return;
        };
        let is_due = match pace {
            Pace::Looks(_) => looks > 1,
            Pace::Time(whole) => since.elapsed() >= whole / 10,
        };
        if !is_due || self.late.is_empty() {
            return;
        }
        self.row["finished_at"] = clock::now().into();
        for line in std::mem::take(&mut self.late) {
            self.log(&line);
        }
    }

    /// Returns the log: an array of entries, as JSON in a text.
    pub(in crate::testing) fn log(&mut self, line: &Line) {
        let mut entry = json!({
            "command": null,
            "output": line.text,
            "type": if line.stderr { "stderr" } else { "stdout" },
            "timestamp": clock::now_precise(),
            "hidden": line.hidden,
            "batch": 1,
        });
        // The first entry has no number, and the next one has the number 2.
        if !self.logged.is_empty() {
            entry["order"] = (self.logged.len() + 1).into();
        }
        self.logged.push(entry);
        self.row["logs"] = Value::Array(self.logged.clone()).to_string().into();
        self.row["updated_at"] = clock::now().into();
    }

    pub(in crate::testing) fn shown(&self, sensitive: bool) -> Value {
        if sensitive {
            self.row.clone()
        } else {
            without(self.row.clone(), &["logs"])
        }
    }
}
