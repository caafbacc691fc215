//! Scheduled tasks of applications.

use serde_json::{Map, Value};

use crate::testing::{
    http::{Answer, Call, Reply, php},
    rooms::{Does::Run, Routes},
    state::{Columns, Job, Owner, State, Task, clock, forms, text, without},
    validation::{
        ANY_NAME, Findings, NOTE,
        cron::is_frequency,
        hold,
        rules::{Field, Rule},
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-scheduled-tasks-by-application-uuid", Run(list)),
    ("create-scheduled-task-by-application-uuid", Run(create)),
    ("update-scheduled-task-by-application-uuid", Run(update)),
    ("delete-scheduled-task-by-application-uuid", Run(delete)),
    ("execute-scheduled-task-by-application-uuid", Run(execute)),
    (
        "list-scheduled-task-executions-by-application-uuid",
        Run(executions),
    ),
    ("list-scheduled-tasks-by-service-uuid", Run(list)),
    ("create-scheduled-task-by-service-uuid", Run(create)),
    ("update-scheduled-task-by-service-uuid", Run(update)),
    ("delete-scheduled-task-by-service-uuid", Run(delete)),
    ("execute-scheduled-task-by-service-uuid", Run(execute)),
    (
        "list-scheduled-task-executions-by-service-uuid",
        Run(executions),
    ),
];

const NEW: &[Field] = &[
    ("name", &[Rule::Required, ANY_NAME]),
    ("command", &[Rule::Required, Rule::Text]),
    ("frequency", &[Rule::Required, Rule::Text]),
    ("container", &[NOTE]),
    ("timeout", &[Rule::Whole, Rule::Min(1)]),
    ("enabled", &[Rule::Switch]),
];

const CHANGED: &[Field] = &[
    ("name", &[ANY_NAME]),
    ("command", &[Rule::Text]),
    ("frequency", &[Rule::Text]),
    ("container", &[NOTE]),
    ("timeout", &[Rule::Whole, Rule::Min(1)]),
    ("enabled", &[Rule::Switch]),
];

const COLUMNS: Columns = Columns {
    plain: &["name"],
    whole: &["timeout"],
    switch: &["enabled"],
    ..Columns::PLAIN
};

/// How many requests count as a minute, because the fake has no other clock.
const MINUTE: u32 = 8;

impl Task {
    /// Advances by one request: runs queued tasks, and returns whether a minute
    /// has passed.
    fn pass_time(&mut self) -> bool {
        for (job, _) in &mut self.executions {
            job.is_due();
        }
        let is_on = self.row["enabled"] == true && self.row["frequency"] == "* * * * *";
        let is_due = is_on && self.next == 0;
        self.next = self.next.checked_sub(1).unwrap_or(MINUTE);
        is_due
    }

    /// Returns the part of a command that runs: a guard
    /// `if ! mkdir ..;then ..;fi;` lets only the first run pass. The container
    /// contains nothing but that folder.
    fn past_guard<'c>(&mut self, command: &'c str) -> Option<&'c str> {
        if !command.starts_with("if ! mkdir ") {
            return Some(command);
        }
        let (_, command) = command.split_once(";fi;fi;")?;
        let was_run = std::mem::replace(&mut self.is_guarded, true);
        (!was_run).then_some(command)
    }

    fn shown(&self) -> Value {
        without(self.row.clone(), &["id"])
    }
}

/// Advances by one request: continues running tasks, and starts tasks that are
/// due, except those of stopped resources.
pub(in crate::testing) fn pass_time(state: &mut State) {
    for position in 0..state.tasks.len() {
        let is_due = state.tasks[position].pass_time();
        let owner = state.tasks[position].owner.clone();
        let is_running = state
            .application(&owner)
            .is_ok_and(|it| text(&it.row, "status").starts_with("running"));
        if is_due && is_running {
            start(state, position);
        }
    }
}

/// `GET /applications/{uuid}/scheduled-tasks`.
pub(in crate::testing) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    let tasks = state.tasks.iter().filter(|task| task.owner == owner.uuid);
    Ok(Reply::json(200, tasks.map(Task::shown).collect()))
}

/// `POST /applications/{uuid}/scheduled-tasks`.
pub(in crate::testing) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    let body = call.object()?;
    hold(&body, NEW, state)?;
    check_frequency(&body)?;
    let mut row = state.fresh(forms::scheduled_task());
    fill(&mut row, &body)?;
    let task = Task {
        owner: owner.uuid,
        row,
        executions: Vec::new(),
        next: MINUTE,
        is_guarded: false,
    };
    let shown = task.shown();
    state.tasks.push(task);
    Ok(Reply::json(201, shown))
}

/// Copies the tasks of a resource, without their executions.
pub(in crate::testing) fn copy(state: &mut State, original: &Owner, copied: &Owner) {
    let of_original = state.tasks.iter().filter(|it| it.owner == original.uuid);
    let rows: Vec<Value> = of_original.map(|it| it.row.clone()).collect();
    for row in rows {
        let task = Task {
            owner: copied.uuid.clone(),
            row: state.fresh(row),
            executions: Vec::new(),
            next: MINUTE,
            is_guarded: false,
        };
        state.tasks.push(task);
    }
}

/// `PATCH /applications/{uuid}/scheduled-tasks/{task}`.
pub(in crate::testing) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let position = position(state, call)?;
    hold(&body, CHANGED, state)?;
    check_frequency(&body)?;
    let task = &mut state.tasks[position];
    fill(&mut task.row, &body)?;
    task.row["updated_at"] = clock::now().into();
    Ok(Reply::json(200, task.shown()))
}

/// `DELETE /applications/{uuid}/scheduled-tasks/{task}`.
pub(in crate::testing) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let position = position(state, call)?;
    state.tasks.remove(position);
    Ok(Reply::message(200, "Scheduled task deleted."))
}

/// `POST /applications/{uuid}/scheduled-tasks/{task}/execute`.
pub(in crate::testing) fn execute(state: &mut State, call: &Call<'_>) -> Answer {
    let position = position(state, call)?;
    start(state, position);
    Ok(Reply::message(200, "Scheduled task execution queued."))
}

fn start(state: &mut State, position: usize) {
    let execution = state.fresh(forms::task_execution());
    let lag = Job::after(state.settings.job_lag);
    let task = &mut state.tasks[position];
    let command = text(&task.row, "command");
    let command = task.past_guard(&command).unwrap_or_default();
    let execution = outcome(execution, command);
    task.executions.insert(0, (lag, execution));
}

/// `GET /applications/{uuid}/scheduled-tasks/{task}/executions`.
pub(in crate::testing) fn executions(state: &mut State, call: &Call<'_>) -> Answer {
    let position = position(state, call)?;
    let shown = state.tasks[position]
        .executions
        .iter()
        .filter(|(job, _)| !job.waits())
        .map(|(_, execution)| without(execution.clone(), &["id"]))
        .collect();
    Ok(Reply::json(200, shown))
}

/// Runs `echo` and `exit`; any other command succeeds without output.
fn outcome(mut execution: Value, command: &str) -> Value {
    let code = command.strip_prefix("exit ").unwrap_or("0").trim();
    let failed = code != "0";
    execution["status"] = if failed { "failed" } else { "success" }.into();
    execution["message"] = match command.strip_prefix("echo ") {
        Some(words) => words.into(),
        None if failed => format!(
            "Job permanently failed after 1 attempts: SSH command failed with exit code: {code}"
        )
        .into(),
        None => "".into(),
    };
    if failed {
        execution["error_details"] = "#0 {main}".into();
    }
    for field in ["started_at", "finished_at"] {
        execution[field] = clock::now().into();
    }
    execution
}

fn position(state: &State, call: &Call<'_>) -> Result<usize, Reply> {
    let owner = state.owner(call)?;
    state
        .tasks
        .iter()
        .position(|task| task.owner == owner.uuid && task.row["uuid"] == call.param("task_uuid"))
        .ok_or_else(|| Reply::not_found("Scheduled task"))
}

/// Refuses an invalid frequency.
pub(in crate::testing) fn check_frequency(body: &Map<String, Value>) -> Result<(), Reply> {
    check_cron(body, "frequency")
}

/// Refuses a field with an invalid cron expression.
pub(in crate::testing) fn check_cron(body: &Map<String, Value>, field: &str) -> Result<(), Reply> {
    let mut findings = Findings::default();
    let frequency = body.get(field).map(php::text);
    if frequency.is_some_and(|frequency| !is_frequency(&frequency)) {
        findings.add(field, "Invalid cron expression or frequency format.");
    }
    findings.refuse()
}

fn fill(row: &mut Value, body: &Map<String, Value>) -> Result<(), Reply> {
    for (field, value) in body {
        COLUMNS.write(row, field, value)?;
    }
    Ok(())
}
