//! Questions that a fleet asks all its Coolifys.

use super::{Answers, Fleet};
use crate::Version;

impl Fleet {
    /// Requests the version of each Coolify.
    ///
    /// ```no_run
    /// # async fn example(fleet: coolify_sdk::fleet::Fleet) {
    /// println!("{}", fleet.versions().await); // a line for each Coolify
    /// # }
    /// ```
    pub async fn versions(&self) -> Answers<Version> {
        self.read(|_, coolify| coolify.version()).await
    }
}
