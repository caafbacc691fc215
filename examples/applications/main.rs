//! Lists all applications that a token can see, one per line: uuid, status, name,
//! domains.

use std::process::ExitCode;

use coolify_sdk_examples::{Arguments, Misuse, Result, Target, println, program};

const USAGE: &str = "\
Lists applications, one per line: uuid, status, name and domains, separated by tabs.

usage: applications [--tag NAME]

  --tag NAME   only applications with this tag

If COOLIFY_URL and COOLIFY_TOKEN are set, it calls that server. If neither is set, it
starts an embedded server.";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    program(USAGE, tag, run).await
}

fn tag(mut arguments: Arguments) -> Result<Option<String>, Misuse> {
    let mut tag = None;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--tag" => tag = Some(arguments.value("--tag")?),
            other => return Err(Misuse::unknown(other)),
        }
    }
    Ok(tag)
}

async fn run(tag: Option<String>) -> Result<()> {
    let target = Target::from_env().await?;
    if let Target::Embedded(_, fake) = &target {
        let shop = fake.seed_project("shop");
        for name in ["web", "worker"] {
            fake.seed_application(&shop, name);
        }
    }
    let applications = target.coolify().applications();
    let all = match &tag {
        Some(tag) => applications.list_tagged(tag).await?,
        None => applications.list().await?,
    };
    for one in all {
        let status = one
            .status
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let domains: Vec<_> = one.domains().collect();
        println!(
            "{}\t{status}\t{}\t{}",
            one.uuid,
            one.name,
            domains.join(" ")
        );
    }
    Ok(())
}
