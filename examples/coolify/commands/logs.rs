//! `logs`: the log of a container.

use coolify_sdk::estate::{Found, FoundKind};
use coolify_sdk::resource::{ContainerLogs, LogEvent};
use coolify_sdk::services::ServiceHandle;
use coolify_sdk_examples::{Misuse, Result, eprintln, println};
use futures_util::StreamExt as _;
use serde_json::json;

use crate::arguments::Logs;
use crate::exit::Exit;
use crate::output::Output;
use crate::session::Session;

pub async fn run(session: &Session, args: &Logs) -> Result<Exit> {
    let found = session.find(&args.name).await?;
    let logs = logs_of(&found, args.container.as_deref()).await?;
    let logs = logs.lines(args.lines);
    if !args.follow {
        return once(session, args, logs).await;
    }
    let play = async {
        match &session.demo {
            Some(demo) => demo.play().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        exit = follow(session.output, args, logs) => exit,
        () = play => Ok(Exit::Done),
    }
}

async fn logs_of(found: &Found, container: Option<&str>) -> Result<ContainerLogs> {
    if let Some(application) = found.application() {
        return Ok(match container {
            Some(container) => application.logs_of(container),
            None => application.logs(),
        });
    }
    if let Some(service) = found.service() {
        let container = match container {
            Some(container) => container.to_owned(),
            None => only_container(&service).await?,
        };
        return Ok(service.logs(container));
    }
    match (found.database(), container) {
        (Some(database), None) => Ok(database.logs()),
        (Some(_), Some(_)) => Err(Misuse::new("a database has one container").into()),
        (None, _) if found.kind == FoundKind::Server => {
            Err(Misuse::new("Coolify shows no log of a server").into())
        }
        (None, _) => Err(Misuse::new(format!("a {} has no log", found.kind)).into()),
    }
}

async fn only_container(service: &ServiceHandle) -> Result<String> {
    let service = service.get().await?;
    let applications = service.applications.into_iter().flatten().map(|it| it.name);
    let databases = service.databases.into_iter().flatten().map(|it| it.name);
    let mut names: Vec<_> = applications.chain(databases).collect();
    match (names.pop(), names.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => Err("the service has no containers".into()),
        (Some(last), false) => {
            names.push(last);
            let problem = format!("which container? --container {}", names.join(" | "));
            Err(Misuse::new(problem).into())
        }
    }
}

async fn once(session: &Session, args: &Logs, logs: ContainerLogs) -> Result<Exit> {
    let Some(text) = logs.show_timestamps(args.timestamps).await? else {
        eprintln!("nothing is running");
        return Ok(Exit::Issues);
    };
    for line in text.lines() {
        if session.output.json {
            Output::json_line(&json!({ "line": line }))?;
        } else {
            println!("{line}");
        }
    }
    Ok(Exit::Done)
}

async fn follow(output: Output, args: &Logs, logs: ContainerLogs) -> Result<Exit> {
    let mut events = logs.follow();
    while let Some(event) = events.next().await {
        match event? {
            event if output.json => Output::json_line(&event)?,
            LogEvent::Line(line) if args.timestamps => println!("{line}"),
            LogEvent::Line(line) => println!("{}", line.text),
            LogEvent::NotRunning => eprintln!("-- nothing is running"),
            LogEvent::Gap => eprintln!("-- lines are missing here"),
            other => eprintln!("-- {other:?}"),
        }
    }
    Ok(Exit::Done)
}
