//! How the clouds behave that Coolify rents servers from.

/// How the clouds behind Coolify behave; see
/// [`FakeCoolify::set_clouds`](crate::testing::FakeCoolify::set_clouds).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Clouds {
    /// They do what Coolify asks for.
    #[default]
    Work,
    /// They refuse every token.
    RejectTokens,
    /// They answer that Coolify asks too often.
    LimitRate,
}
