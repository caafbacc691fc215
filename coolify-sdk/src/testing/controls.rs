//! Changes the behaviour of the fake while it runs.

use serde_json::Value;

use crate::testing::{
    Clouds, DeploymentScript, FakeCoolify, Fault,
    http::auth::{Role, known_abilities},
    state::{Application, deployment_script::Ending},
};

impl FakeCoolify {
    /// Adds a token with these abilities.
    ///
    /// # Panics
    ///
    /// Panics if Coolify has no such ability.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// fake.add_token("2|reader", ["read"]);
    /// # }
    /// ```
    #[track_caller]
    pub fn add_token<A: Into<String>>(
        &self,
        token: impl Into<String>,
        abilities: impl IntoIterator<Item = A>,
    ) {
        let abilities = known_abilities(abilities);
        self.running()
            .door
            .admit(token.into(), abilities, Role::Admin);
    }

    /// Adds the token of a plain member of the team. Such a token can read what
    /// the team shares; with any ability besides `read`, every request is
    /// refused.
    ///
    /// # Panics
    ///
    /// Panics if Coolify has no such ability.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// fake.add_member_token("3|member", ["read"]);
    /// # }
    /// ```
    #[track_caller]
    pub fn add_member_token<A: Into<String>>(
        &self,
        token: impl Into<String>,
        abilities: impl IntoIterator<Item = A>,
    ) {
        let abilities = known_abilities(abilities);
        let door = &mut self.running().door;
        door.admit(token.into(), abilities, Role::Member);
    }

    /// Adds the caller's address to the list of allowed addresses, or removes it.
    /// Without it, every call except the one for the instance's health is
    /// refused.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// fake.allow_address(false);
    /// # }
    /// ```
    pub fn allow_address(&self, allowed: bool) {
        self.running().door.address_allowed = allowed;
    }

    /// Sets how the cloud providers behave.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::{Clouds, FakeCoolify};
    /// # fn show(fake: &FakeCoolify) {
    /// fake.set_clouds(Clouds::RejectTokens);
    /// # }
    /// ```
    pub fn set_clouds(&self, clouds: Clouds) {
        self.running().state.clouds = clouds;
    }

    /// Makes the next request that matches the fault fail. Faults are queued, and
    /// each is used once.
    ///
    /// A test with an unused fault proves nothing, so the fake panics when it is
    /// dropped. [`faults_left`](Self::faults_left) returns unused faults earlier,
    /// and [`clear_faults`](Self::clear_faults) removes them.
    ///
    /// # Panics
    ///
    /// Panics if the fault can never be used: if no operation of the API has its
    /// method and path, or if a broken connection should have an answer.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::{FakeCoolify, Fault};
    /// # fn show(fake: &FakeCoolify) {
    /// fake.fail_next(Fault::status(502).html("<h1>Bad gateway</h1>"));
    /// # }
    /// ```
    #[track_caller]
    pub fn fail_next(&self, fault: Fault) {
        if let Some(mistake) = fault.mistake() {
            panic!("this fault can never be used: {mistake}");
        }
        self.running().faults.push_back(fault);
    }

    /// Returns descriptions of the unused faults and failing deployments.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::{FakeCoolify, Fault};
    /// # fn show(fake: &FakeCoolify) {
    /// fake.fail_next(Fault::status(503).on("GET", "/projects"));
    /// assert_eq!(fake.faults_left(), ["503 on GET /projects"]);
    /// # }
    /// ```
    #[must_use]
    pub fn faults_left(&self) -> Vec<String> {
        let running = self.running();
        let scripts = running.state.scripts.iter();
        let failing = scripts.filter(|script| script.ends == Ending::Failed);
        let faults = running.faults.iter().map(ToString::to_string);
        faults
            .chain(failing.map(|_| "a failing deployment".to_owned()))
            .collect()
    }

    /// Removes all unused faults and failing deployments.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::{FakeCoolify, Fault};
    /// # fn show(fake: &FakeCoolify) {
    /// fake.fail_next(Fault::cut());
    /// fake.clear_faults();
    /// # }
    /// ```
    pub fn clear_faults(&self) {
        let mut running = self.running();
        running.faults.clear();
        let scripts = &mut running.state.scripts;
        scripts.retain(|script| script.ends != Ending::Failed);
    }

    /// Sets the script of the next deployment that has none yet.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::{DeploymentScript, FakeCoolify};
    /// # fn show(fake: &FakeCoolify) {
    /// fake.script_next_deployment(DeploymentScript::finishes(["Building.", "Started."]));
    /// # }
    /// ```
    pub fn script_next_deployment(&self, script: DeploymentScript) {
        self.running().state.scripts.push_back(script);
    }

    /// Makes the next deployment fail, with these lines in its log.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// fake.fail_next_deployment(["npm ERR! missing script: build"]);
    /// # }
    /// ```
    pub fn fail_next_deployment<L: Into<String>>(&self, lines: impl IntoIterator<Item = L>) {
        self.script_next_deployment(DeploymentScript::fails(lines));
    }

    /// Sets a field of an application in the state of the fake.
    ///
    /// # Panics
    ///
    /// Panics if the application does not exist, or if applications have no such
    /// field.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify, app: &str) {
    /// fake.set_application(app, "status", "running:unhealthy");
    /// # }
    /// ```
    #[track_caller]
    pub fn set_application(&self, uuid: &str, field: &str, value: impl Into<Value>) {
        let is_known = self.with_application(uuid, |application| {
            let column = application.row.get_mut(field);
            column.map(|column| *column = value.into()).is_some()
        });
        assert!(is_known, "applications have no field {field:?}");
    }

    /// Sets the proxy of the server: `TRAEFIK`, `CADDY` or `NONE`. Without a
    /// proxy, domains of applications are silently dropped.
    ///
    /// # Panics
    ///
    /// Panics if Coolify has no such proxy.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// fake.set_proxy("NONE");
    /// # }
    /// ```
    #[track_caller]
    pub fn set_proxy(&self, kind: &str) {
        let is_known = ["TRAEFIK", "CADDY", "NONE"].contains(&kind);
        assert!(is_known, "{kind:?} is not TRAEFIK, CADDY or NONE");
        self.running().state.localhost().row["proxy"]["type"] = kind.into();
    }

    /// Makes the server a build server, or a normal one again. On a build server,
    /// domains of applications are silently dropped.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// fake.set_build_server(true);
    /// # }
    /// ```
    pub fn set_build_server(&self, builds: bool) {
        self.running().state.localhost().settings["is_build_server"] = builds.into();
    }

    /// Adds lines to the log of an application's container. The log begins with
    /// three lines.
    ///
    /// # Panics
    ///
    /// Panics if the application does not exist.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify, app: &str) {
    /// fake.write_log(app, ["listening on 3000"]);
    /// # }
    /// ```
    pub fn write_log<L: Into<String>>(&self, uuid: &str, lines: impl IntoIterator<Item = L>) {
        self.with_application(uuid, |application| {
            lines
                .into_iter()
                .for_each(|line| application.log.write(line));
        });
    }

    #[track_caller]
    pub(in crate::testing) fn with_application<R>(
        &self,
        uuid: &str,
        change: impl FnOnce(&mut Application) -> R,
    ) -> R {
        let mut running = self.running();
        let Ok(application) = running.state.application_mut(uuid) else {
            drop(running);
            panic!("the fake has no application {uuid:?}");
        };
        change(application)
    }
}
