//! The public name of the builder that sends a request body.

use anyhow::{Result, ensure};
use proc_macro2::TokenStream;
use quote::quote;

use super::split::feature;

/// Bodies that a method of the library fills, so that users set no fields: a tag is
/// a name, and a storage is one of several kinds.
const WITHOUT: [&str; 13] = [
    "AddApplicationDestinationBody",
    "CreateResourceTagBody",
    "CreateStorageBody",
    "CreateStorageByServiceUuidBody",
    "CreateTagBody",
    "LoginServerRegistryBody",
    "MoveResourceBody",
    "RollbackApplicationByUuidBody",
    "UpdateEnvsByApplicationUuidBody",
    "UpdateStorageBody",
    "UpdateTagByUuidBody",
    "UpdateTokenTeamBody",
    "UpdateVariablesBody",
];

/// Builders for which the rule gives a bad name, each with the reason.
const EXCEPTIONS: [(&str, &str, &str); 18] = [
    (
        "CreateDockerimageApplicationBody",
        "applications::CreateDockerImage",
        "a Docker image is two words",
    ),
    (
        "CreatePreviewDeploymentByApplicationUuidBody",
        "applications::OpenPreview",
        "the preview that a pull request opens, which may exist already",
    ),
    (
        "UpdatePreviewDomainsByPullRequestIdBody",
        "applications::UpdatePreviewDomains",
        "the pull request is an argument",
    ),
    (
        "CreateServerDestinationBody",
        "destinations::Create",
        "the server is where it is created",
    ),
    (
        "CreateDigitaloceanServerBody",
        "digitalocean::CreateServer",
        "the company's name has a capital that the operation does not write",
    ),
    (
        "CreateEnvByApplicationUuidBody",
        "envs::CreateApplicationVariable",
        "an application's variable has more fields than those of the others",
    ),
    (
        "UpdateEnvByApplicationUuidBody",
        "envs::UpdateApplicationVariable",
        "an application's variable has more fields than those of the others",
    ),
    (
        "CreateVariableBody",
        "envs::CreateVariable",
        "databases and services share it",
    ),
    (
        "UpdateVariableBody",
        "envs::UpdateVariable",
        "databases and services share it",
    ),
    (
        "CloneResourceBody",
        "resource::CloneTo",
        "all resources share it, and `Clone` is a trait",
    ),
    (
        "MigrateResourceBody",
        "resource::Migrate",
        "all resources share it",
    ),
    (
        "ClaimServerBody",
        "servers::ClaimTransfer",
        "the transfer of a server is claimed",
    ),
    (
        "ImportS3Body",
        "imports::ImportFromS3",
        "databases and databases of services share it",
    ),
    (
        "ImportServerFileBody",
        "imports::ImportFromServer",
        "databases and databases of services share it",
    ),
    (
        "ImportUploadBody",
        "imports::ImportFromUpload",
        "databases and databases of services share it",
    ),
    (
        "NewSharedEnvironmentVariable",
        "shared_variables::Create",
        "a patch names the body, and the verb comes first",
    ),
    (
        "SharedEnvironmentVariableUpdate",
        "shared_variables::Update",
        "a patch names the body, and the verb comes first",
    ),
    (
        "VolumeBackupScheduleRequest",
        "storages::SetBackupSchedule",
        "all resources share it, and the verb comes first",
    ),
];

/// Rooms that exist under other features than their own.
const GATES: [(&str, &[&str]); 1] = [("scheduled_tasks", &["applications", "services"])];

/// The builder of a body: its room and its name.
pub struct Builder {
    room: String,
    name: String,
}

impl Builder {
    /// Returns the builder of the body that the operations of these tags take, or
    /// `None` if the library fills the body itself.
    ///
    /// The name is the name of the body without `Body`, without the address of the
    /// resource (`ByUuid`, `CurrentTeam`) and without the room's noun.
    pub fn of(body: &str, tags: &[String]) -> Result<Option<Self>> {
        if WITHOUT.contains(&body) {
            return Ok(None);
        }
        let exception = EXCEPTIONS.iter().find(|(it, ..)| *it == body);
        if let Some((room, name)) = exception.and_then(|(_, path, _)| path.split_once("::")) {
            return Ok(Some(Self {
                room: room.into(),
                name: name.into(),
            }));
        }
        let [tag] = tags else {
            anyhow::bail!("{body}: several rooms use this body: choose one of them in EXCEPTIONS");
        };
        let room = feature(tag).replace('-', "_");
        let mut name = body.strip_suffix("Body").unwrap_or(body).to_owned();
        for part in ["ByUuid", "CurrentTeam", &noun(&room)] {
            name = name.replacen(part, "", 1);
        }
        let verb = name.starts_with(|c: char| c.is_ascii_uppercase());
        ensure!(
            verb,
            "{body}: the rule leaves no name for its builder: choose one in EXCEPTIONS"
        );
        Ok(Some(Self { room, name }))
    }

    /// Returns the attribute that generates the setters of the builder.
    pub fn attribute(&self) -> Result<TokenStream> {
        let path: syn::Path = syn::parse_str(&format!("crate::{}::{}", self.room, self.name))?;
        let gate = GATES.iter().find(|(room, _)| *room == self.room);
        Ok(match gate {
            None => quote! { #[request(builder = #path)] },
            Some((_, features)) => quote! {
                #[cfg_attr(any(#(feature = #features),*), request(builder = #path))]
                #[cfg_attr(not(any(#(feature = #features),*)), request(bare))]
            },
        })
    }
}

/// Returns the room's noun as operations write it: `private_keys` becomes
/// `PrivateKey`.
fn noun(room: &str) -> String {
    if room == "notifications" {
        return "Notifications".to_owned();
    }
    super::normalize::pascal(room.strip_suffix('s').unwrap_or(room))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(body: &str, tag: &str) -> String {
        let builder = Builder::of(body, &[tag.to_owned()]).unwrap().unwrap();
        format!("{}::{}", builder.room, builder.name)
    }

    #[test]
    fn the_verb_is_left_and_what_the_room_does_not_say() {
        for (body, tag, wanted) in [
            (
                "UpdateApplicationByUuidBody",
                "Applications",
                "applications::Update",
            ),
            (
                "CreatePublicApplicationBody",
                "Applications",
                "applications::CreatePublic",
            ),
            (
                "CreatePrivateKeyBody",
                "Private Keys",
                "private_keys::Create",
            ),
            (
                "CreateDatabaseBackupBody",
                "Databases",
                "databases::CreateBackup",
            ),
            (
                "CreateEnvironmentBody",
                "Projects",
                "projects::CreateEnvironment",
            ),
            (
                "CreateHetznerServerBody",
                "Hetzner",
                "hetzner::CreateServer",
            ),
            (
                "UpdateCurrentTeamEmailNotificationsBody",
                "Notifications",
                "notifications::UpdateEmail",
            ),
            (
                "UpdateServiceDatabaseBody",
                "Service Databases",
                "services::UpdateDatabase",
            ),
            (
                "CreateDockerimageApplicationBody",
                "Applications",
                "applications::CreateDockerImage",
            ),
        ] {
            assert_eq!(path(body, tag), wanted);
        }
    }

    #[test]
    fn a_body_of_several_rooms_has_to_be_placed() {
        let tags = ["Applications".to_owned(), "Databases".to_owned()];
        assert!(Builder::of("RenameBody", &tags).is_err());
        assert!(Builder::of("CreateTagBody", &tags).unwrap().is_none());
    }
}
