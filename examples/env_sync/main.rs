//! Makes the environment variables of an application, or shared variables, match
//! a `.env` file.
//!
//! ```text
//! cargo run --example env_sync -- --dry-run                # on an embedded server
//! COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…' \
//!     cargo run --example env_sync -- .env --application UUID --prune --dry-run
//! ```

use std::process::ExitCode;

use coolify_sdk::envs::{BulkApplicationVariable, EnvFile, EnvSync, SyncTarget};
use coolify_sdk::shared_variables::SharedScope;
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk_examples::{Arguments, Misuse, Result, Target, println, program};

const USAGE: &str = "\
Makes environment variables match a .env file.

usage: env_sync FILE [options]

  --application UUID  variables of this application (or --database, --service)
  --project UUID      shared variables of this project (or --server)
  --team              shared variables of the team
  --preview           variables for previews of pull requests (applications only)
  --prune             delete variables that are not in the file
  --write-unseen      write values that cannot be compared, instead of stopping
                      or leaving them
  --dry-run           show what would be done, and do nothing

If COOLIFY_URL and COOLIFY_TOKEN are set, it works on that server. If neither is
set, it starts an embedded server with an application and a sample file.";

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "they are switches")]
struct Options {
    file: Option<String>,
    whose: Option<Whose>,
    preview: bool,
    prune: bool,
    write_unseen: bool,
    dry_run: bool,
}

/// Where the variables are.
enum Whose {
    Application(String),
    Database(String),
    Service(String),
    Shared(SharedScope),
}

#[tokio::main]
async fn main() -> ExitCode {
    program(USAGE, options, run).await
}

fn options(mut arguments: Arguments) -> Result<Options, Misuse> {
    let mut options = Options::default();
    while let Some(argument) = arguments.next() {
        let mut uuid = || arguments.value::<String>(&argument);
        match argument.as_str() {
            "--application" => options.whose = Some(Whose::Application(uuid()?)),
            "--database" => options.whose = Some(Whose::Database(uuid()?)),
            "--service" => options.whose = Some(Whose::Service(uuid()?)),
            "--project" => options.whose = Some(Whose::Shared(SharedScope::project(uuid()?))),
            "--server" => options.whose = Some(Whose::Shared(SharedScope::server(uuid()?))),
            "--team" => options.whose = Some(Whose::Shared(SharedScope::Team)),
            "--preview" => options.preview = true,
            "--prune" => options.prune = true,
            "--write-unseen" => options.write_unseen = true,
            "--dry-run" => options.dry_run = true,
            other if other.starts_with('-') => return Err(Misuse::unknown(other)),
            file if options.file.is_none() => options.file = Some(file.to_owned()),
            file => {
                return Err(Misuse::new(format!(
                    "one file at a time: {file} is a second one"
                )));
            }
        }
    }
    if options.preview && !matches!(options.whose, None | Some(Whose::Application(_))) {
        return Err(Misuse::new("only applications have previews"));
    }
    Ok(options)
}

async fn run(mut options: Options) -> Result<()> {
    let target = Target::from_env().await?;
    if let Target::Embedded(_, fake) = &target {
        println!("COOLIFY_URL and COOLIFY_TOKEN are not set: this runs on an embedded server.\n");
        // The embedded server knows only what is created here, not the arguments.
        options.whose = Some(Whose::Application(example_application(fake).await?));
    }
    let file = match &options.file {
        Some(path) => EnvFile::read(path)?,
        None if target.is_embedded() => EnvFile::parse(include_str!("sample.env"))?,
        None => return Err(Misuse::new("no file is named: pass one, such as .env").into()),
    };
    let coolify = target.coolify();
    match &options.whose {
        Some(Whose::Application(uuid)) => {
            let sync = coolify.application(uuid.as_str()).envs().sync(file);
            let sync = if options.preview {
                sync.for_previews()
            } else {
                sync
            };
            carry_out(sync, &options).await
        }
        Some(Whose::Database(uuid)) => {
            carry_out(coolify.database(uuid.as_str()).envs().sync(file), &options).await
        }
        Some(Whose::Service(uuid)) => {
            carry_out(coolify.service(uuid.as_str()).envs().sync(file), &options).await
        }
        Some(Whose::Shared(scope)) => {
            let shared = coolify.shared_variables(scope.clone());
            carry_out(shared.sync(file), &options).await
        }
        None => Err(
            Misuse::new("pass whose variables to synchronise, such as --application UUID").into(),
        ),
    }
}

async fn carry_out<T: SyncTarget>(sync: EnvSync<T>, options: &Options) -> Result<()> {
    let sync = sync
        .prune(options.prune)
        .assume_changed(options.write_unseen);
    let plan = sync.plan().await?;
    println!("{plan}");
    if options.dry_run {
        println!("\nnothing was written: this was a dry run");
    } else if !plan.is_empty() {
        println!("\n{}", plan.apply().await?);
    }
    Ok(())
}

/// Creates an application whose variables differ from the file in all ways.
async fn example_application(fake: &FakeCoolify) -> Result<String> {
    let uuid = fake.seed_application(&fake.seed_project("shop"), "web");
    let envs = fake.client().application(uuid.as_str()).envs();
    envs.bulk([
        BulkApplicationVariable::new("PORT").value("8080"),
        BulkApplicationVariable::new("NAME").value("world"),
        BulkApplicationVariable::new("PASSWORD").value("pa$$word"),
        BulkApplicationVariable::new("API_TOKEN")
            .value("set by hand")
            .is_shown_once(true),
        BulkApplicationVariable::new("LEGACY_MODE").value("1"),
    ])
    .await?;
    Ok(uuid)
}
