//! Teams and their members.

use crate::Call;
use crate::error::{Error, ErrorKind};
use crate::{Coolify, Id};

use crate::raw::types::UpdateTokenTeamBody;
pub use crate::raw::types::{Team, User};

/// A handle for the teams: [`Coolify::teams`].
///
/// A token belongs to one team, the current one, even if its user is in other
/// teams. It can list those, but read nothing else about them.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let team = coolify.teams().current().await?;
/// for member in coolify.team(team.id).members().await? {
///     println!("{}", member.email);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Teams {
    coolify: Coolify,
}

/// A handle for one team: [`Coolify::team`].
#[derive(Clone, Debug)]
pub struct TeamHandle {
    coolify: Coolify,
    id: Id,
}

impl Coolify {
    /// Returns a handle for the teams of the token's user.
    #[must_use]
    pub fn teams(&self) -> Teams {
        Teams {
            coolify: self.clone(),
        }
    }

    /// Returns a handle for one team, by its numeric id; the first team has 0.
    #[must_use]
    pub fn team(&self, id: impl Into<Id>) -> TeamHandle {
        TeamHandle {
            coolify: self.clone(),
            id: id.into(),
        }
    }
}

impl Teams {
    /// Returns all teams of the token's user.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails; see [`Error`].
    #[inline]
    pub fn list(&self) -> Call<Vec<Team>> {
        self.coolify.raw().list_teams().map(|list| list.0)
    }

    /// Returns the team that the token belongs to.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails; see [`Error`].
    pub fn current(&self) -> Call<Team> {
        let raw = self.coolify.raw();
        Call::several(async move {
            match raw.get_token_team().await {
                Err(error) if is_too_new(&error) => raw.get_current_team().await,
                settled => settled,
            }
        })
    }

    /// Sets whether applications of the token's team are built on their own server while
    /// no build server is usable, and returns the team.
    ///
    /// Needs the `write` ability. Since Coolify 4.4.0.
    ///
    /// # Errors
    ///
    /// [`Error::status`] is 403 if the token's user is only a member of the team.
    #[inline]
    pub fn set_build_server_fallback(&self, enabled: bool) -> Call<Team> {
        let body = UpdateTokenTeamBody::new(enabled);
        self.coolify.raw().update_token_team(&body)
    }

    /// Returns the members of the team that the token belongs to.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails; see [`Error`].
    pub fn current_members(&self) -> Call<Vec<User>> {
        let raw = self.coolify.raw();
        Call::several(async move {
            match raw.get_token_team_members().await {
                Err(error) if is_too_new(&error) => raw.get_current_team_members().await,
                settled => settled,
            }
        })
    }
}

/// Servers before 4.3.0 do not have the route `/team`. All servers have
/// `/teams/current`, which Coolify is going to remove.
fn is_too_new(error: &Error) -> bool {
    error.kind() == ErrorKind::Unsupported
}

impl TeamHandle {
    /// Returns the team's id.
    #[must_use]
    pub fn id(&self) -> Id {
        self.id
    }

    /// Returns the team as it is now.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] for every team but
    /// the token's own.
    #[inline]
    pub fn get(&self) -> Call<Team> {
        self.coolify.raw().get_team_by_id(self.id.get())
    }

    /// Returns the members of the team.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] for every team but
    /// the token's own.
    #[inline]
    pub fn members(&self) -> Call<Vec<User>> {
        self.coolify.raw().get_members_by_team_id(self.id.get())
    }
}
