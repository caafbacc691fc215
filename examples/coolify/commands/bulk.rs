//! `bulk`: does the same to many resources, after a plan.

use coolify_sdk::ResourceKind;
use coolify_sdk::bulk::{Bulk, BulkOutcome, BulkPlan, BulkRun, BulkStep};
use coolify_sdk_examples::{Interrupted, Result, eprintln, stopped};

use crate::arguments::{Action, Many};
use crate::exit::Exit;
use crate::output::{Colour, plain};
use crate::progress::Progress;
use crate::session::Session;
use crate::table::{Cell, Table};

pub async fn run(session: &Session, many: &Many) -> Result<Exit> {
    let progress = Progress::start("planning");
    let plan = tokio::select! {
        biased;
        plan = bulk(session, many).plan() => plan?,
        () = stopped() => return Err(Interrupted.into()),
    };
    drop(progress);
    if !many.yes || plan.is_empty() {
        print_plan(session, &plan)?;
        if !plan.is_empty() {
            eprintln!("nothing was done: pass --yes to do it");
        }
        return Ok(Exit::Done);
    }
    let mut run = plan.run();
    let is_over = carry_out(&mut run).await;
    let outcome = run.into_outcome();
    print_outcome(session, &outcome)?;
    if !is_over {
        if !outcome.unknown.is_empty() {
            eprintln!("interrupted; Coolify goes on with what is unknown");
        }
        return Err(Interrupted.into());
    }
    Ok(if outcome.is_success() {
        Exit::Done
    } else {
        Exit::Failed
    })
}

fn bulk(session: &Session, many: &Many) -> Bulk {
    let mut selection = session.coolify.select();
    for project in &many.project {
        selection = selection.project(project);
    }
    for environment in &many.environment {
        selection = selection.environment(environment);
    }
    for server in &many.server {
        selection = selection.server(server);
    }
    for tag in &many.tag {
        selection = selection.tag(tag);
    }
    for kind in &many.kind {
        selection = selection.kind(match kind.as_str() {
            "application" => ResourceKind::Application,
            "database" => ResourceKind::Database,
            _ => ResourceKind::Service,
        });
    }
    if many.all {
        selection = selection.all();
    }
    let bulk = match many.action {
        Action::Deploy => selection.deploy(),
        Action::Restart => selection.restart(),
        Action::Stop => selection.stop(),
        Action::Start => selection.start(),
    };
    match many.stop_after {
        Some(failures) => bulk.stop_after_failures(failures),
        None => bulk,
    }
}

/// Runs to the end, or until Ctrl-C; returns which of the two it was.
async fn carry_out(run: &mut BulkRun) -> bool {
    let progress = Progress::start(run.progress().to_string());
    let mut is_stopped = std::pin::pin!(stopped());
    loop {
        let event = tokio::select! {
            biased;
            () = &mut is_stopped => return false,
            event = run.next() => event,
        };
        let Some(event) = event else {
            return true;
        };
        progress.say(event.progress.to_string());
        match event.step {
            BulkStep::Begun | BulkStep::Deployment(_) => {}
            step => progress.line(&plain(&format!("{}: {step}", event.resource.path))),
        }
    }
}

fn print_plan(session: &Session, plan: &BulkPlan) -> Result<()> {
    session.output.print(plan, || {
        let mut table = Table::new(["PLAN", "NAME", "WHY"]);
        let action = plan.action.to_string();
        for one in &plan.planned {
            let action = Cell::coloured(&action, Colour::Green);
            table.row([action, one.path.as_str().into(), "".into()]);
        }
        for one in &plan.skipped {
            let skip = Cell::coloured(&"skip", Colour::Dim);
            table.row([skip, one.resource.path.as_str().into(), one.reason.into()]);
        }
        session.output.table(&table);
    })
}

fn print_outcome(session: &Session, outcome: &BulkOutcome) -> Result<()> {
    session.output.print(outcome, || {
        let mut table = Table::new(["OUTCOME", "NAME", "WHY"]);
        let mut row = |what: &str, colour, name: &str, why: Cell| {
            table.row([Cell::coloured(&what, colour), name.into(), why]);
        };
        for one in &outcome.done {
            row("done", Colour::Green, &one.resource.path, "".into());
        }
        for one in &outcome.failed {
            let why = Cell::from(&one.error);
            row("failed", Colour::Red, &one.resource.path, why);
        }
        for one in &outcome.unknown {
            let why = match (&one.error, &one.deployment) {
                (Some(error), _) => error.to_string(),
                (None, Some(deployment)) => format!("deployment {deployment} goes on"),
                (None, None) => "the request was being sent".to_owned(),
            };
            row("unknown", Colour::Yellow, &one.resource.path, why.into());
        }
        for one in &outcome.not_tried {
            row("not tried", Colour::Yellow, &one.path, "".into());
        }
        for one in &outcome.skipped {
            row(
                "skipped",
                Colour::Dim,
                &one.resource.path,
                one.reason.into(),
            );
        }
        session.output.table(&table);
    })
}
