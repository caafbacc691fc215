//! The arguments.

use coolify_sdk_examples::{Arguments, Misuse, Result};

pub const USAGE: &str = "\
Orders a server at Hetzner, adds it to Coolify, and waits until it can be used.

usage: hetzner_server [options]

  --yes            order the server, which costs money; without it, the order is only
                   shown
  --offers         list what Hetzner sells where, and stop
  --token UUID     the cloud token in Coolify, if there are several
  --location NAME  where [where the server type is cheapest]
  --type NAME      the server type [the cheapest]
  --image NAME     the operating system [ubuntu-24.04]
  --key UUID       the SSH key in Coolify [the first]
  --name NAME      the name of the server

usage: hetzner_server --remove UUID [--at-hetzner]

  --remove UUID    remove a server from Coolify; the machine goes on costing money
  --at-hetzner     delete the machine as well, since Coolify 4.4.0

If HCLOUD_TOKEN is set, it is stored in Coolify as a cloud token first, and removed
again if nothing was ordered with it.

If COOLIFY_URL and COOLIFY_TOKEN are set, it works on that server. If neither is set,
it starts an embedded server, where nothing costs money.";

#[derive(Default)]
pub struct Options {
    pub yes: bool,
    pub offers: bool,
    pub token: Option<String>,
    pub location: Option<String>,
    pub server_type: Option<String>,
    pub image: Option<String>,
    pub key: Option<String>,
    pub name: Option<String>,
    pub remove: Option<String>,
    pub at_hetzner: bool,
}

impl Options {
    pub fn parse(mut arguments: Arguments) -> Result<Self, Misuse> {
        let mut options = Self::default();
        while let Some(argument) = arguments.next() {
            let place = match argument.as_str() {
                "--yes" => {
                    options.yes = true;
                    continue;
                }
                "--offers" => {
                    options.offers = true;
                    continue;
                }
                "--at-hetzner" => {
                    options.at_hetzner = true;
                    continue;
                }
                "--token" => &mut options.token,
                "--location" => &mut options.location,
                "--type" => &mut options.server_type,
                "--image" => &mut options.image,
                "--key" => &mut options.key,
                "--name" => &mut options.name,
                "--remove" => &mut options.remove,
                other => return Err(Misuse::unknown(other)),
            };
            *place = Some(arguments.value(&argument)?);
        }
        if options.at_hetzner && options.remove.is_none() {
            return Err(Misuse::new("--at-hetzner belongs to --remove"));
        }
        Ok(options)
    }
}
