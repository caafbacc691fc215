//! The behaviour of the cloud providers.

/// The behaviour of the cloud providers behind Coolify; see
/// [`FakeCoolify::set_clouds`](crate::testing::FakeCoolify::set_clouds).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Clouds {
    /// They carry out every request.
    #[default]
    Work,
    /// They reject every token.
    RejectTokens,
    /// They answer that there were too many requests.
    LimitRate,
}
