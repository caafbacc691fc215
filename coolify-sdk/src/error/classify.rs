//! Turns a reply with an error status into a kind and a hint.

use std::borrow::Cow;

use super::{ErrorKind, ErrorReply};
use crate::{
    Version,
    operations::{Ability, Operation},
};

/// The meaning of an error reply, judged by Coolify's message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Class {
    pub(crate) kind: ErrorKind,
    pub(crate) summary: &'static str,
    pub(crate) hint: Option<Cow<'static, str>>,
    /// Whether the router answered 404, because the server has no such route.
    pub(crate) unknown_route: bool,
}

impl Class {
    fn of(kind: ErrorKind, summary: &'static str) -> Self {
        Self {
            kind,
            summary,
            hint: None,
            unknown_route: false,
        }
    }

    fn hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    fn maybe(mut self, hint: Option<&'static str>) -> Self {
        self.hint = hint.map(Cow::Borrowed);
        self
    }

    /// `own_limit` tells whether a 429 carries the marks of Coolify's own
    /// limiter.
    pub(crate) fn new(reply: &ErrorReply, operation: Option<&str>, own_limit: bool) -> Self {
        let message = reply.message().unwrap_or_default();
        if says(message, &["queue is full"]) {
            return Self::of(ErrorKind::QueueFull, "the deployment queue is full").hint(
                "wait until running deployments end or cancel some; waiting for the rate limit \
                 does not help",
            );
        }
        match reply.status() {
            400 => bad_request(reply, message),
            401 if is_coolifys(reply) => unauthenticated(message, operation),
            403 => forbidden(reply, message, operation),
            404 => not_found(reply, message, operation),
            405 if is_coolifys(reply) => Self::of(
                ErrorKind::Unsupported,
                "this Coolify expects another HTTP method for the operation",
            )
            .hint("update this SDK: the method of the operation changed"),
            // The request was refused before anything was done. This is not a server
            // failure.
            501 if is_coolifys(reply) => unsupported_here(message),
            401 | 405 | 407 | 413 | 501 | 505 | 511 => of_a_proxy(reply.status()),
            409 => Self::of(ErrorKind::Conflict, "conflict").maybe(conflict_hint(reply, message)),
            // A form of the dashboard received the request: the URL is that of one of its
            // pages.
            419 => not_coolify(),
            429 => rate_limited(own_limit),
            500.. => server(reply, message, operation),
            _ if reply.is_json() => Self::of(ErrorKind::Validation, "Coolify refused the request")
                .maybe(validation_hint(reply, message)),
            _ => not_coolify(),
        }
    }
}

fn bad_request(reply: &ErrorReply, message: &str) -> Class {
    const STATE: &[&str] = &[
        "already",
        "cannot be",
        "cannot delete",
        "has resources",
        "has no destinations",
        "not running",
        "not functional",
    ];
    if message == "Invalid token." {
        return Class::of(ErrorKind::Unauthenticated, "the token belongs to no team")
            .hint("make a new token as a member of the team");
    }
    if reply.wants_https() {
        return Class::of(
            ErrorKind::NotCoolify,
            "the port expects HTTPS, and the request was plain HTTP",
        )
        .hint("write `https://` in the configured URL");
    }
    if !reply.is_json() {
        return not_coolify();
    }
    if says(message, STATE) {
        let hint = conflict_hint(reply, message);
        return Class::of(ErrorKind::Conflict, "conflict").maybe(hint);
    }
    Class::of(ErrorKind::Validation, "Coolify refused the request")
        .maybe(validation_hint(reply, message))
}

/// Every refusal of Coolify has a message. A reply without one, or a web page,
/// comes from something in front of Coolify.
fn is_coolifys(reply: &ErrorReply) -> bool {
    reply.is_json() && reply.message().is_some()
}

fn of_a_proxy(status: u16) -> Class {
    let class = Class::of(
        ErrorKind::NotCoolify,
        "the refusal does not come from Coolify",
    );
    class.hint(match status {
        401 => {
            "something in front of Coolify requires a login of its own: let `/api` through there, or \
             give `http_client` a client that signs in"
        }
        407 | 511 => {
            "the network between here and Coolify requires a login: give `http_client` a client \
             that has the credentials"
        }
        413 => "something in front of Coolify refuses requests of this size: raise its limit",
        _ => {
            "something in front of Coolify blocks such requests: let all HTTP \
             methods through to `/api`, and check the configured URL"
        }
    })
}

fn unsupported_here(message: &str) -> Class {
    let class = Class::of(
        ErrorKind::Unsupported,
        "Coolify does not support the operation on this resource",
    );
    class.hint(if says(message, &["swarm"]) {
        "it works on servers without Docker Swarm only"
    } else {
        "the message says where it is not supported"
    })
}

fn unauthenticated(message: &str, operation: Option<&str>) -> Class {
    let class = Class::of(ErrorKind::Unauthenticated, "the token was not accepted");
    if operation.is_some_and(|id| id.contains("hetzner")) {
        class.hint(
            "the token may be wrong or expired; some versions of Coolify give the same answer when a \
             valid token lacks an ability for the Hetzner operations",
        )
    } else if message != "Unauthenticated." {
        class.hint(
            "make a new token under Keys & Tokens, unless the message is one of something in \
             front of Coolify: then let `/api` through there",
        )
    } else {
        class.hint(
            "the token is wrong, expired or revoked, or belongs to another Coolify: make \
                    a new one under Keys & Tokens",
        )
    }
}

fn forbidden(reply: &ErrorReply, message: &str, operation: Option<&str>) -> Class {
    let class = Class::of(ErrorKind::Forbidden, "not allowed");
    let changed = operation
        .and_then(Operation::find)
        .and_then(ability_changed);
    if let Some(ability) = missing_ability(message) {
        let since = match changed {
            Some((since, needed)) if *needed == ability => {
                format!(", which this needs since Coolify {since}")
            }
            _ => String::new(),
        };
        return class.hint(format!(
            "use a token that has the ability `{ability}`{since}"
        ));
    }
    if is_about_role(message)
        && let Some((since, ability)) = changed
    {
        return class.hint(format!(
            "since Coolify {since} this needs the ability `{ability}`, and the owner of a token \
             that has it has to be an admin or the owner of the team"
        ));
    }
    class.hint(if !is_coolifys(reply) {
        "the refusal is not Coolify's: look at the proxy or firewall in front of it"
    } else if says(message, &["api is disabled"]) {
        "switch the API on in the settings of the instance, under Advanced"
    } else if says(message, &["allowed to access the api"]) {
        "the address you call from is not on the allow-list of the instance: add it in the \
         settings, under Advanced"
    } else if says(message, EXCEEDS_ROLE) {
        "the token has more abilities than its owner has as a plain member: make one that has \
         only `read`"
    } else if is_about_role(message) || says(message, &["not authorized"]) {
        "the owner of the token has to be an admin or the owner of the team"
    } else {
        "the token, its owner or the calling address is not allowed to do this"
    })
}

/// The phrases by which Coolify rejects a token that may do more than its owner.
const EXCEEDS_ROLE: &[&str] = &["exceed your current role", "this api token has permissions"];

fn is_about_role(message: &str) -> bool {
    says(message, &["team role"]) || says(message, EXCEEDS_ROLE)
}

/// Returns the ability that an operation needs on the newest servers, and since when,
/// if older ones need another.
fn ability_changed(operation: &Operation) -> Option<&(Version, Ability)> {
    match operation.abilities {
        [.., _, newest] => Some(newest),
        _ => None,
    }
}

/// Before 4.3.0 the router mistakes the path of a project's shared variables for
/// that of an environment named `envs`.
fn is_of_another_route(message: &str, operation: Option<&str>) -> bool {
    operation == Some("list-project-shared-envs") && message == "Environment not found."
}

fn not_found(reply: &ErrorReply, message: &str, operation: Option<&str>) -> Class {
    if !reply.is_json() {
        return not_coolify();
    }
    if !reply.valid_service_types().is_empty() {
        return Class::of(ErrorKind::Validation, "there is no such one-click service")
            .hint("`valid_service_types()` of this error lists the types that exist");
    }
    let is_unknown = message == "Not found." && reply.docs().is_some();
    if is_unknown || is_of_another_route(message, operation) {
        return Class {
            unknown_route: true,
            ..Class::of(
                ErrorKind::Unsupported,
                "this Coolify does not have the operation",
            )
        };
    }
    if says(message, &["is required"]) {
        return Class::of(ErrorKind::Validation, "Coolify refused the request");
    }
    match reply.message() {
        Some("") => Class::of(
            ErrorKind::Unsupported,
            "this Coolify does not offer the operation",
        )
        .hint("it exists on development instances only"),
        Some(_) => Class::of(ErrorKind::NotFound, "not found").hint(format!(
            "check {}, and that the token belongs to the right team: resources of other teams are \
             not found either",
            sought(message, operation)
        )),
        None => not_coolify(),
    }
}

/// Returns what the hint asks the user to check, depending on what was looked up.
fn sought(message: &str, operation: Option<&str>) -> &'static str {
    let path = operation
        .and_then(Operation::find)
        .map_or("", |operation| operation.path);
    let by = |parameter: &str| path.contains(parameter);
    if says(message, &["with this tag"]) {
        "the tag"
    } else if says(message, &["environment variable"]) {
        if by("{env_id}") {
            "the id of the variable"
        } else {
            "the uuid of the variable"
        }
    } else if says(message, &["environment"]) {
        "the name or uuid of the environment"
    } else if says(message, &["repository", "branch"]) {
        "the names of owner, repository and branch"
    } else if says(message, &["container", "sub service", "service_name"]) {
        "the name of the container"
    } else if says(message, &["preview"]) && by("{pull_request_id}") {
        "the number of the pull request"
    } else if by("{id}") || (by("_id}") && !by("uuid}")) {
        "the id"
    } else if path.contains('{') {
        "the uuid"
    } else {
        "the uuids and names in the request"
    }
}

fn rate_limited(own_limit: bool) -> Class {
    if own_limit {
        Class::of(ErrorKind::RateLimited, "too many requests").hint(
            "wait as long as `retry_after()` says; the limit is per user and minute, and all \
             tokens and programs of the user share it",
        )
    } else {
        Class::of(
            ErrorKind::RateLimited,
            "too many requests for the cloud provider",
        )
        .hint(
            "the limit is that of the cloud provider, not Coolify's: wait as long as \
             `retry_after()` says",
        )
    }
}

fn server(reply: &ErrorReply, message: &str, operation: Option<&str>) -> Class {
    let operation = operation.unwrap_or_default();
    let writes_task = operation.contains("scheduled-task")
        && (operation.starts_with("create") || operation.starts_with("update"));
    let class = Class::of(ErrorKind::Server, "the server failed");
    if reply.status() > 500 {
        return class.hint(
            "Coolify or the proxy in front of it is down, restarting or overloaded: try again in \
             a while",
        );
    }
    class.hint(if writes_task {
        "Coolify fails like this if a command has more than 255 characters: shorten it, or put it \
         into a script"
    } else if operation == "cancel-deployment-by-uuid" {
        "Coolify up to 4.2.0 fails like this although it cancels the deployment: read the \
         deployment before you try again"
    } else if says(message, &["hetzner", "vultr", "digitalocean"]) {
        "the cloud provider refused the request or limits requests, and Coolify does not say why: check its \
         token and quota"
    } else if says(operation, &["load-repositories", "load-branches"]) {
        "Coolify cannot reach GitHub, or GitHub does not accept the app: its private key has to be \
         the RSA key from GitHub, and the app has to be installed"
    } else {
        "Coolify's own log on the server says why"
    })
}

fn not_coolify() -> Class {
    Class::of(
        ErrorKind::NotCoolify,
        "the reply did not come from Coolify's API",
    )
    .hint(
        "check the configured URL: it is the one under which the dashboard opens in a browser, \
         and a proxy in front of it has to let `/api` through",
    )
}

fn conflict_hint(reply: &ErrorReply, message: &str) -> Option<&'static str> {
    let hint = if !reply.conflicts().is_empty() {
        "`conflicts()` names the resources that have the domains; `force_domain_override` sets \
         the domains anyway"
    } else if says(message, &["environment variable already exists"]) {
        "update the variable instead of creating it"
    } else if says(message, &["has resources", "used by"]) {
        "delete or move what still uses it first"
    } else if says(message, &["not running"]) {
        "start it first"
    } else if says(message, &["already running", "already in progress"]) {
        "wait until what is in progress is over, then try again"
    } else {
        return None;
    };
    Some(hint)
}

/// The phrases by which versions of Coolify reject an address of their own
/// network.
const OWN_NETWORK: [&str; 4] = [
    "private address",
    "private, reserved",
    "link-local",
    "localhost or internal",
];

fn validation_hint(reply: &ErrorReply, message: &str) -> Option<&'static str> {
    let any_field = |text: &str| {
        reply
            .field_errors()
            .iter()
            .any(|e| says(e.message(), &[text]))
    };
    let hint = if reply.error() == Some("Empty JSON.") {
        "set at least one field"
    } else if says(message, &["multiple destinations"]) {
        "the server has several destinations: choose one with `destination_uuid`"
    } else if any_field("this field is not allowed") {
        "this operation does not accept the field; create and update accept different fields"
    } else if OWN_NETWORK.iter().any(|text| any_field(text)) {
        "Coolify does not send requests to its own network: use a public address, or allow this one in the \
         settings of the instance, under Advanced, where Coolify has a setting for it"
    } else if any_field("without docker_compose_raw") {
        "Coolify has not read the compose file from the repository yet: deploy the application once"
    } else if any_field("base64") {
        "the value of the field has to be base64"
    } else if says(message, &["in use", "backup schedule"]) {
        "delete or change what still uses it first"
    } else if !reply.read_only_fields().is_empty() || says(message, &["read-only"]) {
        "the value comes from the compose file: change it there"
    } else {
        return None;
    };
    Some(hint)
}

/// Returns the ability that a 403 asks for; `None` if it is about something else.
pub(crate) fn missing_ability(message: &str) -> Option<Ability> {
    let (_, wanted) = message
        .split_once("Missing required permissions:")
        .or_else(|| message.split_once("requires a token with "))?;
    let mut words = wanted.split([',', ' ']);
    words.find_map(|word| word.trim_end_matches('.').parse().ok())
}

fn says(text: &str, phrases: &[&str]) -> bool {
    let text = text.to_ascii_lowercase();
    phrases.iter().any(|phrase| text.contains(phrase))
}
