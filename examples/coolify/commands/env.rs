//! `env`: compares and copies environment variables.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use coolify_sdk::envs::{EnvFile, EnvSync, EnvironmentVariable, Envs, HasEnvs, SyncTarget};
use coolify_sdk::estate::Found;
use coolify_sdk_examples::{Misuse, Result, eprintln, println};
use serde_json::json;

use crate::arguments::{Copy, Env};
use crate::exit::Exit;
use crate::output::Output;
use crate::progress::Progress;
use crate::session::Session;

pub async fn run(session: &Session, env: Env) -> Result<Exit> {
    match env {
        Env::Diff(copy) => sync(session, &copy, false).await,
        Env::Push(copy) => sync(session, &copy, true).await,
        Env::Pull {
            name,
            file,
            preview,
            force,
        } => pull(session, &name, &file, preview, force).await,
    }
}

async fn sync(session: &Session, args: &Copy, writes: bool) -> Result<Exit> {
    // A wrong file is told before anything is asked for.
    let file = if args.file.as_os_str() == "-" {
        EnvFile::parse(&io::read_to_string(io::stdin())?)?
    } else {
        EnvFile::read(&args.file)?
    };
    let found = session.find(&args.name).await?;
    let output = session.output;
    if let Some(application) = found.application() {
        let sync = application.envs().sync(file);
        let sync = if args.preview {
            sync.for_previews()
        } else {
            sync
        };
        return carry_out(output, sync.prune(args.prune), writes).await;
    }
    if args.preview {
        return Err(Misuse::new("only applications have previews").into());
    }
    if let Some(database) = found.database() {
        return carry_out(output, database.envs().sync(file).prune(args.prune), writes).await;
    }
    match found.service() {
        Some(service) => {
            carry_out(output, service.envs().sync(file).prune(args.prune), writes).await
        }
        None => Err(without_variables(&found).into()),
    }
}

async fn carry_out<T: SyncTarget>(output: Output, sync: EnvSync<T>, writes: bool) -> Result<Exit> {
    let progress = Progress::start("comparing");
    let plan = sync.plan().await?;
    let value = json!({
        "create": plan.create(),
        "update": plan.update(),
        "delete": plan.delete(),
        "not_compared": plan.not_compared(),
        "kept": plan.spared(),
        "written": writes && !plan.is_empty(),
    });
    let text = plan.to_string();
    let differs = !plan.is_empty();
    if writes && differs {
        progress.say("writing");
        plan.apply().await?;
    }
    drop(progress);
    output.print(&value, || println!("{text}"))?;
    if writes && differs {
        eprintln!("written; the next deployment uses it");
    }
    Ok(if differs && !writes {
        Exit::Issues
    } else {
        Exit::Done
    })
}

async fn pull(
    session: &Session,
    name: &str,
    path: &Path,
    preview: bool,
    force: bool,
) -> Result<Exit> {
    let is_stdout = path.as_os_str() == "-";
    if !is_stdout && !force && path.exists() {
        let problem = format!("{} exists: pass --force to replace it", path.display());
        return Err(Misuse::new(problem).into());
    }
    let found = session.find(name).await?;
    if preview && found.application().is_none() {
        return Err(Misuse::new("only applications have previews").into());
    }
    let progress = Progress::start("reading the variables");
    let mut variables = list(&found).await?;
    drop(progress);
    if found.application().is_some() {
        variables.retain(|it| it.is_preview.unwrap_or(false) == preview);
    }
    let hidden = variables.iter().filter(|it| it.value.is_none()).count();
    if hidden > 0 && hidden == variables.len() {
        return Err("all values are hidden: use a token with the ability read:sensitive".into());
    }
    let text = EnvFile::of_variables(&variables).to_text()?;
    if is_stdout {
        for line in text.expose().lines() {
            println!("{line}");
        }
    } else {
        write(path, text.expose(), force)
            .map_err(|error| format!("{} could not be written: {error}", path.display()))?;
        let count = variables.len();
        eprintln!("wrote {count} variables to {}", path.display());
    }
    if hidden > 0 {
        eprintln!("{hidden} of them without their values, which Coolify hides");
    }
    Ok(Exit::Done)
}

async fn list(found: &Found) -> Result<Vec<EnvironmentVariable>> {
    async fn of<R: HasEnvs>(envs: Envs<R>) -> Result<Vec<EnvironmentVariable>> {
        Ok(envs.list().await?)
    }
    if let Some(application) = found.application() {
        return of(application.envs()).await;
    }
    if let Some(database) = found.database() {
        return of(database.envs()).await;
    }
    match found.service() {
        Some(service) => of(service.envs()).await,
        None => Err(without_variables(found).into()),
    }
}

fn without_variables(found: &Found) -> Misuse {
    Misuse::new(format!("{found} has no variables of its own"))
}

/// Writes a file that only its owner can read.
fn write(path: &Path, text: &str, force: bool) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
