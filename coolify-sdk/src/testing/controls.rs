//! What a test settles while the fake runs.

use serde_json::Value;

use crate::testing::{
    Clouds, DeploymentScript, FakeCoolify, Fault,
    http::auth::{Role, known_abilities},
    state::{Application, deployment_script::Ending},
};

impl FakeCoolify {
    /// Accepts another token, with these abilities.
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

    /// Accepts the token of a plain member of the team. Such a token reads what the team
    /// shares; with any ability beyond `read` it is refused everything.
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

    /// Puts the caller's address on the list of those that the API answers, or takes it
    /// off: then every call is refused but the one for the instance's health.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// fake.allow_address(false);
    /// # }
    /// ```
    pub fn allow_address(&self, allowed: bool) {
        self.running().door.address_allowed = allowed;
    }

    /// Settles how the clouds behave that Coolify rents servers from.
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

    /// Lets something go wrong with the next request that the fault fits. Faults wait
    /// in line: each strikes once.
    ///
    /// A fault that no request came for is a test that proves nothing: the fake panics
    /// with it when it is dropped. [`faults_left`](Self::faults_left) tells earlier, and
    /// [`clear_faults`](Self::clear_faults) takes faults back.
    ///
    /// # Panics
    ///
    /// Panics if the fault can never strike: if no operation of the API has its method and
    /// path, or if a connection that breaks is to carry an answer.
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
            panic!("this fault can never strike: {mistake}");
        }
        self.running().faults.push_back(fault);
    }

    /// What was set to go wrong and has not yet, in words: faults, and deployments that
    /// are to fail.
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
            .chain(failing.map(|_| "a deployment that fails".to_owned()))
            .collect()
    }

    /// Takes back everything that was set to go wrong and has not yet.
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

    /// Settles how the next deployment goes that nobody has settled yet.
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

    /// Lets the next deployment fail with these lines in its log.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// fake.fail_next_deployment(["npm ERR! missing script: build"]);
    /// # }
    /// ```
    pub fn fail_next_deployment<L: Into<String>>(&self, lines: impl IntoIterator<Item = L>) {
        self.script_next_deployment(DeploymentScript::fails(lines));
    }

    /// Writes a field of an application straight into the fake's memory.
    ///
    /// # Panics
    ///
    /// Panics if there is no such application, or if applications have no such field.
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

    /// Gives the server another proxy: `TRAEFIK`, `CADDY` or `NONE`. Without one the
    /// domains of applications are dropped without a word.
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

    /// Makes the server one that only builds, or one that runs things again. The
    /// domains of applications on a build server are dropped without a word.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// fake.set_build_server(true);
    /// # }
    /// ```
    pub fn set_build_server(&self, builds: bool) {
        self.running().state.localhost().settings["is_build_server"] = builds.into();
    }

    /// Lets an application's container write lines to its log. Until then it holds
    /// three.
    ///
    /// # Panics
    ///
    /// When there is no such application.
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
