//! Questions that a fleet asks all its Coolifys.

use super::{Answers, Fleet};
use crate::Version;
#[cfg(feature = "estate")]
use crate::estate::{Found, Overview};

impl Fleet {
    /// Requests the version of each Coolify.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// ```no_run
    /// # async fn example(fleet: coolify_sdk::fleet::Fleet) {
    /// println!("{}", fleet.versions().await); // a line for each Coolify
    /// # }
    /// ```
    pub async fn versions(&self) -> Answers<Version> {
        self.read(|_, coolify| coolify.version()).await
    }

    /// Finds all matches of a name, a domain, a path, an address or a uuid, on each
    /// Coolify: see [`Find`](crate::estate::Find). A Coolify that has no such thing
    /// answers with an empty list.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// ```no_run
    /// # async fn example(fleet: coolify_sdk::fleet::Fleet) {
    /// for (name, found) in fleet.find("shop.example.com").await.answered() {
    ///     for one in found {
    ///         println!("{name}: {one}");
    ///     }
    /// }
    /// # }
    /// ```
    #[cfg(feature = "estate")]
    pub async fn find(&self, query: &str) -> Answers<Vec<Found>> {
        self.read(|_, coolify| coolify.find(query).all()).await
    }

    /// Takes a snapshot of each Coolify: see [`TakeOverview`](crate::estate::TakeOverview).
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// ```no_run
    /// # async fn example(fleet: coolify_sdk::fleet::Fleet) {
    /// for (name, overview) in fleet.overview().await.answered() {
    ///     println!("{name}: {} resources", overview.resources.len());
    /// }
    /// # }
    /// ```
    #[cfg(feature = "estate")]
    pub async fn overview(&self) -> Answers<Overview> {
        self.read(|_, coolify| coolify.overview().send()).await
    }

    /// Examines the way to each Coolify: see [`Doctor`](crate::diagnose::Doctor). A Coolify
    /// that cannot be reached answers with a finding.
    ///
    /// Needs no ability. Since Coolify 4.0.0.
    ///
    /// ```no_run
    /// # async fn example(fleet: coolify_sdk::fleet::Fleet) {
    /// for (name, report) in fleet.doctor().await.answered() {
    ///     println!("{name}:\n{report}");
    /// }
    /// # }
    /// ```
    #[cfg(feature = "diagnose")]
    pub async fn doctor(&self) -> Answers<crate::diagnose::Report> {
        self.read(|_, coolify| coolify.doctor().send()).await
    }

    /// Looks for what is wrong with the resources and servers of each Coolify: see
    /// [`FindIssues`](crate::diagnose::FindIssues).
    ///
    /// Needs the `read` ability; logs need `read:sensitive` since 4.4.0. Since Coolify
    /// 4.0.0.
    ///
    /// ```no_run
    /// # async fn example(fleet: coolify_sdk::fleet::Fleet) {
    /// for (name, report) in fleet.find_issues().await.answered() {
    ///     println!("{name}: {} findings", report.findings.len());
    /// }
    /// # }
    /// ```
    #[cfg(feature = "diagnose")]
    pub async fn find_issues(&self) -> Answers<crate::diagnose::Report> {
        self.read(|_, coolify| coolify.find_issues().send()).await
    }
}
