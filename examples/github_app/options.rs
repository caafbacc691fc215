//! The arguments.

use coolify_sdk::applications::BuildPack;
use coolify_sdk_examples::{Arguments, Misuse, Result};

pub const USAGE: &str = "\
Deploys a repository that a GitHub app can read, and removes the application again.

usage: github_app [options] [OWNER/NAME]

  OWNER/NAME             the repository; without it, the repositories are listed
  --app NAME             the GitHub app, if Coolify has several
  --branch NAME          the branch [the default branch of the repository]
  --build-pack NAME      how it is built [nixpacks]
  --base-directory PATH  the folder in the repository [/]
  --port PORT            the port on which it listens [3000]
  --keep                 do not remove the project and the application

usage: github_app --register FILE [--app NAME] [--url URL] [--api-url URL]

  --register FILE        add an app that exists at GitHub, with the private key in
                         FILE, and list its repositories
  --url URL              the address of GitHub [https://github.com]
  --api-url URL          the address of its API [https://api.github.com]

--register reads GITHUB_APP_ID, GITHUB_INSTALLATION_ID, GITHUB_CLIENT_ID,
GITHUB_CLIENT_SECRET and GITHUB_WEBHOOK_SECRET.

If COOLIFY_URL and COOLIFY_TOKEN are set, it works on that server. If neither is
set, it starts an embedded server with a GitHub app.";

pub struct Options {
    pub app: Option<String>,
    pub repository: Option<String>,
    pub branch: Option<String>,
    pub build_pack: BuildPack,
    pub base_directory: String,
    pub port: u16,
    pub keep: bool,
    pub register: Option<String>,
    pub url: String,
    pub api_url: Option<String>,
}

impl Options {
    pub fn parse(mut arguments: Arguments) -> Result<Self, Misuse> {
        let mut options = Self {
            app: None,
            repository: None,
            branch: None,
            build_pack: BuildPack::Nixpacks,
            base_directory: "/".to_owned(),
            port: 3000,
            keep: false,
            register: None,
            url: "https://github.com".to_owned(),
            api_url: None,
        };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--app" => options.app = Some(arguments.value(&argument)?),
                "--branch" => options.branch = Some(arguments.value(&argument)?),
                "--build-pack" => {
                    let name: String = arguments.value(&argument)?;
                    options.build_pack = name.into();
                }
                "--base-directory" => options.base_directory = arguments.value(&argument)?,
                "--port" => options.port = arguments.value(&argument)?,
                "--keep" => options.keep = true,
                "--register" => options.register = Some(arguments.value(&argument)?),
                "--url" => options.url = arguments.value(&argument)?,
                "--api-url" => options.api_url = Some(arguments.value(&argument)?),
                name if is_repository(name) && options.repository.is_none() => {
                    options.repository = Some(argument);
                }
                other => return Err(Misuse::unknown(other)),
            }
        }
        if options.register.is_some() && options.repository.is_some() {
            return Err(Misuse::new(
                "register the app first, and deploy a repository of it afterwards",
            ));
        }
        Ok(options)
    }
}

fn is_repository(name: &str) -> bool {
    !name.starts_with('-') && name.split('/').filter(|it| !it.is_empty()).count() == 2
}
