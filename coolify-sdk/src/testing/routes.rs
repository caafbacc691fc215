//! Every route of the fake, at a glance.

use super::{
    application_creation, applications,
    auth::Needs,
    backups,
    call::{Call, decode_segment},
    databases, deployments, environments, envs, projects,
    release::Release,
    reply::Answer,
    servers,
    state::State,
    storages, system, tags, tasks,
};

/// How an endpoint is carried out.
pub(super) type Handler = fn(&mut State, &Call<'_>) -> Answer;

/// One line of the table.
pub(super) struct Route {
    method: &'static str,
    path: &'static str,
    pub(super) needs: Needs,
    since: &'static str,
    get: Get,
    pub(super) does: Does,
}

/// What a route leads to.
#[derive(Clone, Copy)]
pub(super) enum Does {
    /// A handler.
    Run(Handler),
    /// The switch of the API, which also works while it is off.
    Switch(bool),
}

/// What GET does where the method is POST.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Get {
    /// The route never knew GET.
    Never,
    /// GET did the same before 4.2.0.
    AlsoBefore42,
    /// Before 4.2.0 there was GET only.
    InsteadBefore42,
}

/// What the table has for a method and a path.
pub(super) enum Found {
    /// A route and the parameters of the path.
    Route(&'static Route, Vec<(&'static str, String)>),
    /// GET where only POST is left.
    PostOnly(&'static Route),
    /// Nothing.
    Nothing,
}

const NONE: Needs = Needs::Nothing;
const READ: Needs = Needs::Ability("read");
const WRITE: Needs = Needs::Ability("write");
const DEPLOY: Needs = Needs::Ability("deploy");

#[rustfmt::skip]
const ROUTES: &[Route] = &[
    //    method    path                                                                 needs   since    what it does
    route("GET",    "/version",                                                          READ,   "4.0.0", system::version),
    route("GET",    "/health",                                                           NONE,   "4.0.0", system::health),
    switch("/enable",  true),
    switch("/disable", false),

    route("GET",    "/team",                                                             READ,   "4.3.0", system::team),
    route("GET",    "/teams",                                                            READ,   "4.0.0", system::teams),
    route("GET",    "/teams/current",                                                    READ,   "4.0.0", system::team),

    route("GET",    "/servers",                                                          READ,   "4.0.0", servers::list),
    route("GET",    "/servers/{uuid}",                                                   READ,   "4.0.0", servers::get),
    route("POST",   "/servers/{uuid}/validate",                                          WRITE,  "4.0.0", servers::validate).get(Get::InsteadBefore42),

    route("GET",    "/projects",                                                         READ,   "4.0.0", projects::list),
    route("POST",   "/projects",                                                         WRITE,  "4.0.0", projects::create),
    route("GET",    "/projects/{uuid}",                                                  READ,   "4.0.0", projects::get),
    route("PATCH",  "/projects/{uuid}",                                                  WRITE,  "4.0.0", projects::update),
    route("DELETE", "/projects/{uuid}",                                                  WRITE,  "4.0.0", projects::delete),

    route("GET",    "/projects/{uuid}/environments",                                     READ,   "4.0.0", environments::list),
    route("POST",   "/projects/{uuid}/environments",                                     WRITE,  "4.0.0", environments::create),
    route("PATCH",  "/projects/{uuid}/environments/{environment}",                       WRITE,  "4.3.0", environments::update),
    route("DELETE", "/projects/{uuid}/environments/{environment}",                       WRITE,  "4.0.0", environments::delete),
    route("GET",    "/projects/{uuid}/{environment}",                                    READ,   "4.0.0", environments::get),

    route("GET",    "/applications",                                                     READ,   "4.0.0", applications::list),
    route("POST",   "/applications/public",                                              WRITE,  "4.0.0", application_creation::public),
    route("POST",   "/applications/dockerimage",                                         WRITE,  "4.0.0", application_creation::dockerimage),
    route("POST",   "/applications/dockerfile",                                          WRITE,  "4.0.0", application_creation::dockerfile),
    route("GET",    "/applications/{uuid}",                                              READ,   "4.0.0", applications::get),
    route("PATCH",  "/applications/{uuid}",                                              WRITE,  "4.0.0", applications::update),
    route("DELETE", "/applications/{uuid}",                                              WRITE,  "4.0.0", applications::delete),
    route("POST",   "/applications/{uuid}/start",                                        DEPLOY, "4.0.0", applications::start).get(Get::AlsoBefore42),
    route("POST",   "/applications/{uuid}/restart",                                      DEPLOY, "4.0.0", applications::restart).get(Get::AlsoBefore42),
    route("POST",   "/applications/{uuid}/stop",                                         DEPLOY, "4.0.0", applications::stop).get(Get::AlsoBefore42),
    route("GET",    "/applications/{uuid}/logs",                                         READ,   "4.0.0", applications::logs),

    route("GET",    "/applications/{uuid}/envs",                                         READ,   "4.0.0", envs::list),
    route("POST",   "/applications/{uuid}/envs",                                         WRITE,  "4.0.0", envs::create),
    route("PATCH",  "/applications/{uuid}/envs",                                         WRITE,  "4.0.0", envs::update),
    route("PATCH",  "/applications/{uuid}/envs/bulk",                                    WRITE,  "4.0.0", envs::update_many),
    route("DELETE", "/applications/{uuid}/envs/{env}",                                   WRITE,  "4.0.0", envs::delete),
    route("GET",    "/applications/{uuid}/storages",                                     READ,   "4.0.0", storages::list),
    route("POST",   "/applications/{uuid}/storages",                                     WRITE,  "4.0.0", storages::create),
    route("PATCH",  "/applications/{uuid}/storages",                                     WRITE,  "4.0.0", storages::update),
    route("DELETE", "/applications/{uuid}/storages/{storage}",                           WRITE,  "4.0.0", storages::delete),
    route("GET",    "/applications/{uuid}/tags",                                         READ,   "4.2.0", tags::list_on),
    route("POST",   "/applications/{uuid}/tags",                                         WRITE,  "4.2.0", tags::put_on),
    route("DELETE", "/applications/{uuid}/tags/{tag}",                                   WRITE,  "4.2.0", tags::take_off),
    route("GET",    "/applications/{uuid}/scheduled-tasks",                              READ,   "4.0.0", tasks::list),
    route("POST",   "/applications/{uuid}/scheduled-tasks",                              WRITE,  "4.0.0", tasks::create),
    route("PATCH",  "/applications/{uuid}/scheduled-tasks/{task}",                       WRITE,  "4.0.0", tasks::update),
    route("DELETE", "/applications/{uuid}/scheduled-tasks/{task}",                       WRITE,  "4.0.0", tasks::delete),
    route("POST",   "/applications/{uuid}/scheduled-tasks/{task}/execute",               WRITE,  "4.3.0", tasks::execute),
    route("GET",    "/applications/{uuid}/scheduled-tasks/{task}/executions",            READ,   "4.0.0", tasks::executions),

    route("GET",    "/databases",                                                        READ,   "4.0.0", databases::list),
    route("POST",   "/databases/{engine}",                                               WRITE,  "4.0.0", databases::create),
    route("GET",    "/databases/{uuid}",                                                 READ,   "4.0.0", databases::get),
    route("PATCH",  "/databases/{uuid}",                                                 WRITE,  "4.0.0", databases::update),
    route("DELETE", "/databases/{uuid}",                                                 WRITE,  "4.0.0", databases::delete),
    route("POST",   "/databases/{uuid}/start",                                           DEPLOY, "4.0.0", databases::start).get(Get::AlsoBefore42),
    route("POST",   "/databases/{uuid}/restart",                                         DEPLOY, "4.0.0", databases::restart).get(Get::AlsoBefore42),
    route("POST",   "/databases/{uuid}/stop",                                            DEPLOY, "4.0.0", databases::stop).get(Get::AlsoBefore42),
    route("GET",    "/databases/{uuid}/envs",                                            READ,   "4.0.0", envs::list),
    route("POST",   "/databases/{uuid}/envs",                                            WRITE,  "4.0.0", envs::create),
    route("PATCH",  "/databases/{uuid}/envs",                                            WRITE,  "4.0.0", envs::update),
    route("PATCH",  "/databases/{uuid}/envs/bulk",                                       WRITE,  "4.0.0", envs::update_many),
    route("DELETE", "/databases/{uuid}/envs/{env}",                                      WRITE,  "4.0.0", envs::delete),
    route("GET",    "/databases/{uuid}/storages",                                        READ,   "4.0.0", storages::list),
    route("POST",   "/databases/{uuid}/storages",                                        WRITE,  "4.0.0", storages::create),
    route("PATCH",  "/databases/{uuid}/storages",                                        WRITE,  "4.0.0", storages::update),
    route("DELETE", "/databases/{uuid}/storages/{storage}",                              WRITE,  "4.0.0", storages::delete),
    route("GET",    "/databases/{uuid}/tags",                                            READ,   "4.2.0", tags::list_on),
    route("POST",   "/databases/{uuid}/tags",                                            WRITE,  "4.2.0", tags::put_on),
    route("DELETE", "/databases/{uuid}/tags/{tag}",                                      WRITE,  "4.2.0", tags::take_off),
    route("GET",    "/databases/{uuid}/backups",                                         READ,   "4.0.0", backups::list),
    route("POST",   "/databases/{uuid}/backups",                                         WRITE,  "4.0.0", backups::create),
    route("PATCH",  "/databases/{uuid}/backups/{backup}",                                WRITE,  "4.0.0", backups::update),
    route("DELETE", "/databases/{uuid}/backups/{backup}",                                WRITE,  "4.0.0", backups::delete),
    route("GET",    "/databases/{uuid}/backups/{backup}/executions",                     READ,   "4.0.0", backups::executions),
    route("DELETE", "/databases/{uuid}/backups/{backup}/executions/{execution}",         WRITE,  "4.0.0", backups::delete_execution),

    route("GET",    "/tags",                                                             READ,   "4.2.0", tags::list),
    route("POST",   "/tags",                                                             WRITE,  "4.3.0", tags::create),
    route("PATCH",  "/tags/{tag}",                                                       WRITE,  "4.3.0", tags::update),
    route("DELETE", "/tags/{tag}",                                                       WRITE,  "4.3.0", tags::delete),

    route("POST",   "/deploy",                                                           DEPLOY, "4.0.0", deployments::deploy).get(Get::AlsoBefore42),
    route("GET",    "/deployments",                                                      READ,   "4.0.0", deployments::list),
    route("GET",    "/deployments/applications/{uuid}",                                  READ,   "4.0.0", deployments::list_of_application),
    route("GET",    "/deployments/{uuid}",                                               READ,   "4.0.0", deployments::get),
    route("POST",   "/deployments/{uuid}/cancel",                                        DEPLOY, "4.0.0", deployments::cancel),
];

const fn route(
    method: &'static str,
    path: &'static str,
    needs: Needs,
    since: &'static str,
    handler: Handler,
) -> Route {
    Route {
        method,
        path,
        needs,
        since,
        get: Get::Never,
        does: Does::Run(handler),
    }
}

const fn switch(path: &'static str, on: bool) -> Route {
    Route {
        method: "POST",
        path,
        needs: Needs::Ability("write"),
        since: "4.0.0",
        get: Get::InsteadBefore42,
        does: Does::Switch(on),
    }
}

impl Route {
    const fn get(mut self, get: Get) -> Self {
        self.get = get;
        self
    }

    /// The parameters, if the path is this route's.
    fn params(&self, path: &str) -> Option<Vec<(&'static str, String)>> {
        let mut given = path.split('/');
        let mut params = Vec::new();
        for expected in self.path.split('/') {
            let segment = given.next()?;
            match expected
                .strip_prefix('{')
                .and_then(|it| it.strip_suffix('}'))
            {
                Some(name) if !segment.is_empty() => params.push((name, decode_segment(segment))),
                None if segment == expected => {}
                Some(_) | None => return None,
            }
        }
        given.next().is_none().then_some(params)
    }

    /// Whether a Coolify of that version takes this method here.
    fn takes(&self, method: &str, release: Release) -> bool {
        let old = !release.has("4.2.0");
        match (self.get, old) {
            (Get::AlsoBefore42, true) => method == "GET" || method == self.method,
            (Get::InsteadBefore42, true) => method == "GET",
            (Get::Never | Get::AlsoBefore42 | Get::InsteadBefore42, _) => method == self.method,
        }
    }
}

/// Finds a route. A path of the API that is newer than the version is not there.
pub(super) fn find(method: &str, path: &str, release: Release) -> Found {
    let known = || ROUTES.iter().filter(|route| release.has(route.since));
    for route in known() {
        if let Some(params) = route.params(path).filter(|_| route.takes(method, release)) {
            return Found::Route(route, params);
        }
    }
    known()
        .find(|route| method == "GET" && route.get != Get::Never && route.params(path).is_some())
        .filter(|_| release.has("4.2.0"))
        .map_or(Found::Nothing, Found::PostOnly)
}

/// The table's facts, for its test.
#[cfg(test)]
pub(super) fn facts() -> impl Iterator<Item = (String, &'static str, &'static str)> {
    ROUTES.iter().map(|route| {
        let needs = match route.needs {
            Needs::Nothing => "",
            Needs::Ability(ability) => ability,
        };
        // Each engine is an operation of its own.
        let path = route.path.replace("{engine}", "postgresql");
        (format!("{} {path}", route.method), needs, route.since)
    })
}
