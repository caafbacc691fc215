//! Teams and their members.

use crate::Call;
use crate::error::{Error, ErrorKind, Result};
use crate::{Coolify, Id};

pub use crate::raw::types::{Team, User};

/// The teams: [`Coolify::teams`].
///
/// A token belongs to one team, the current one, whatever other teams its user
/// is in. It lists those others, and can read no more of them.
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

/// One team: [`Coolify::team`].
#[derive(Clone, Debug)]
pub struct TeamHandle {
    coolify: Coolify,
    id: Id,
}

impl Coolify {
    /// The teams of the token's user.
    #[must_use]
    pub fn teams(&self) -> Teams {
        Teams {
            coolify: self.clone(),
        }
    }

    /// One team, by its numeric id; the first team has 0.
    #[must_use]
    pub fn team(&self, id: impl Into<Id>) -> TeamHandle {
        TeamHandle {
            coolify: self.clone(),
            id: id.into(),
        }
    }
}

impl Teams {
    /// All teams that the token's user is in.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// What the server answers; see [`Error`].
    pub async fn list(&self) -> Result<Vec<Team>> {
        let raw = self.coolify.raw();
        let list = raw.list_teams().await?;
        Ok(list.0)
    }

    /// The team that the token belongs to.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// What the server answers; see [`Error`].
    pub async fn current(&self) -> Result<Team> {
        let raw = self.coolify.raw();
        match raw.get_token_team().await {
            Err(error) if is_too_new(&error) => raw.get_current_team().await,
            settled => settled,
        }
    }

    /// The members of the team that the token belongs to.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// What the server answers; see [`Error`].
    pub async fn current_members(&self) -> Result<Vec<User>> {
        let raw = self.coolify.raw();
        match raw.get_token_team_members().await {
            Err(error) if is_too_new(&error) => raw.get_current_team_members().await,
            settled => settled,
        }
    }
}

/// `/team` is the address that stays and that servers before 4.3.0 do not know;
/// `/teams/current` is the one that all know and that is to go.
fn is_too_new(error: &Error) -> bool {
    error.kind() == ErrorKind::Unsupported
}

impl TeamHandle {
    /// The team's id.
    #[must_use]
    pub fn id(&self) -> Id {
        self.id
    }

    /// The team as it is now.
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

    /// Its members.
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
