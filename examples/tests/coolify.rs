//! The command line, as people and scripts use it.

mod common;

use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Duration;

use common::{example, run, text};
use coolify_sdk::testing::FakeCoolify;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::Command;

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("coolify-sdk-example-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    fn file(&self, name: &str) -> String {
        let path = self.0.join(name);
        path.to_str().expect("a name in Unicode").to_owned()
    }

    /// Makes it a home with the configuration of the official command line.
    fn configure(&self, instances: &Value) {
        let folder = self.0.join(".config/coolify");
        std::fs::create_dir_all(&folder).expect("a folder");
        let text = json!({ "instances": instances }).to_string();
        std::fs::write(folder.join("config.json"), text).expect("a file");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn command(fake: Option<&FakeCoolify>, arguments: &[&str]) -> Command {
    let mut command = example("coolify");
    command.args(arguments);
    if let Some(fake) = fake {
        command
            .env("COOLIFY_URL", fake.url())
            .env("COOLIFY_TOKEN", fake.token());
    }
    command
}

/// Runs a command on a server, which has to end with this code, and returns its output.
async fn on(fake: &FakeCoolify, arguments: &[&str], code: i32) -> (String, String) {
    ended(
        &run(&mut command(Some(fake), arguments)).await,
        arguments,
        code,
    )
}

/// Runs a command without a configured Coolify.
async fn alone(arguments: &[&str], code: i32) -> (String, String) {
    ended(&run(&mut command(None, arguments)).await, arguments, code)
}

fn ended(output: &Output, arguments: &[&str], code: i32) -> (String, String) {
    let (said, told) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(
        output.status.code(),
        Some(code),
        "{arguments:?}: {said}{told}"
    );
    (said, told)
}

fn read(said: &str) -> Value {
    serde_json::from_str(said).unwrap_or_else(|error| panic!("{error}: {said}"))
}

#[tokio::test]
async fn it_explains_itself() {
    let (said, told) = alone(&["--help"], 0).await;
    assert_eq!(told, "");
    for part in ["Usage: coolify", "deploy", "Exit codes:", "NO_COLOR", "130"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let (said, _) = alone(&["--version"], 0).await;
    assert!(said.starts_with("coolify 0."), "{said}");
    let (said, _) = alone(&["deploy", "--help"], 0).await;
    assert!(said.contains("--wait"), "{said}");
    for (arguments, complaint) in [
        (&["ls", "--nonsense"][..], "--nonsense"),
        (&[][..], "Usage: coolify"),
        (&["logs", "web", "-n", "many"][..], "many"),
        (&["logs", "web", "-n", "10001"][..], "10001"),
        (&["ls", "--kind", "server"][..], "database"),
    ] {
        let (said, told) = alone(arguments, 2).await;
        assert!(told.contains(complaint), "{arguments:?}: {told}");
        assert_eq!(said, "", "{arguments:?}");
    }
}

#[tokio::test]
async fn without_a_coolify_it_brings_its_own() {
    let (said, told) = alone(&["ls"], 0).await;
    assert!(told.contains("embedded server"), "{told}");
    let lines: Vec<Vec<_>> = said.lines().map(|it| it.split('\t').collect()).collect();
    assert_eq!(lines.len(), 5, "{said}");
    assert!(lines.iter().all(|it| it.len() == 5), "{said}");
    let web = lines.iter().find(|it| it[0] == "shop/production/web");
    let web = web.expect("it is there");
    assert_eq!(web[1..3], ["application", "running:healthy"]);
    assert_eq!(web[4], "https://shop.example.com");
    assert!(!said.contains('\u{1b}'), "no colours in a pipe");

    let (said, told) = alone(&["ls", "--demo", "--kind", "database", "--json"], 0).await;
    assert_eq!(told, "");
    assert_eq!(read(&said)[0]["name"], "orders");
}

#[tokio::test]
async fn a_name_is_found_is_unknown_or_stands_for_several() {
    let (said, _) = alone(&["find", "shop.example.com"], 0).await;
    assert!(
        said.starts_with("application\tshop/production/web\t"),
        "{said}"
    );
    let (said, _) = alone(&["find", "web"], 0).await;
    assert_eq!(said.lines().count(), 2, "{said}");
    let (said, told) = alone(&["find", "ordres"], 3).await;
    assert_eq!(said, "");
    assert!(told.contains("orders"), "{told}");
    let (_, told) = alone(&["status", "web"], 4).await;
    assert!(told.contains("blog/production/web"), "{told}");
    let (_, told) = alone(&["deploy", "shop/production/web", "nowhere"], 3).await;
    assert!(told.contains("nowhere"), "{told}");
    let (_, told) = alone(&["deploy", "orders"], 2).await;
    assert!(told.contains("only applications"), "{told}");
}

#[tokio::test]
async fn a_status_is_an_exit_code() {
    let (said, _) = alone(&["status", "shop/production/web"], 0).await;
    assert!(said.contains("status\trunning:healthy"), "{said}");
    let (said, _) = alone(&["status", "api", "--json"], 5).await;
    assert_eq!(read(&said)["resource"]["status"], "running:unhealthy");
    let (said, _) = alone(&["status"], 5).await;
    assert!(said.contains("resources\t5"), "{said}");
    assert!(said.contains("shop/production/api"), "{said}");
    let (said, _) = alone(&["status", "blog"], 0).await;
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[tokio::test]
async fn a_deployment_is_started_and_watched() {
    let fake = FakeCoolify::start().await;
    let shop = fake.seed_project("shop");
    let web = fake.seed_application(&shop, "web");
    fake.seed_application(&shop, "api");
    let (said, _) = on(&fake, &["deploy", "web"], 0).await;
    assert!(
        said.starts_with("web\t") && said.ends_with("\tqueued\n"),
        "{said}"
    );

    let arguments = ["deploy", "web", "api", "web", "--wait", "--json"];
    let (said, _) = on(&fake, &arguments, 0).await;
    let said = read(&said);
    assert_eq!(said.as_array().map(Vec::len), Some(2), "each once: {said}");
    assert_eq!(said[0]["application"], web);
    assert_eq!(said[1]["status"], "finished");

    fake.fail_next_deployment(["npm ERR! missing script: build"]);
    let (said, told) = on(&fake, &["deploy", "web", "--wait"], 1).await;
    assert!(
        said.starts_with("web\t") && said.ends_with("\tfailed\n"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(told.contains("npm ERR! missing script: build"), "{told}");
    assert!(told.contains("ended as failed"), "{told}");
    assert!(!told.contains(fake.token()) && !said.contains(fake.token()));
}

#[tokio::test]
async fn many_are_planned_and_done() {
    let fake = FakeCoolify::start().await;
    let shop = fake.seed_project("shop");
    for name in ["web", "api"] {
        let uuid = fake.seed_application(&shop, name);
        fake.set_application(&uuid, "status", "running:healthy");
    }
    fake.seed_application(&shop, "old");
    let arguments = ["bulk", "stop", "--project", "shop"];
    let (said, told) = on(&fake, &arguments, 0).await;
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines.len(), 3, "{said}");
    assert_eq!(lines[0], "stop\tshop/production/api\t");
    assert!(
        lines[2].starts_with("skip\tshop/production/old\t"),
        "{said}"
    );
    assert!(told.contains("nothing was done"), "{told}");
    let writes = |it: &coolify_sdk::testing::ReceivedRequest| it.path.ends_with("/stop");
    assert!(!fake.requests().iter().any(writes));

    let (said, _) = on(&fake, &[&arguments[..], &["--yes", "--json"]].concat(), 0).await;
    let outcome = read(&said);
    assert_eq!(outcome["done"].as_array().map(Vec::len), Some(2));
    assert_eq!(outcome["skipped"].as_array().map(Vec::len), Some(1));
    let (_, told) = on(&fake, &["bulk", "stop", "--project", "shpo"], 3).await;
    assert!(told.contains("shop"), "{told}");
    let (_, told) = on(&fake, &["bulk", "stop"], 2).await;
    assert!(told.contains("--project"), "{told}");
}

#[tokio::test]
async fn variables_are_copied_and_compared_without_being_shown() {
    let fake = FakeCoolify::start().await;
    let web = fake.seed_application(&fake.seed_project("shop"), "web");
    let envs = fake.client().application(web.as_str()).envs();
    let variables = [("PORT", "3000"), ("PASSWORD", "s3cret \"$word\n")];
    envs.sync(variables).await.expect("they are written");

    let folder = Folder::new("env");
    let file = folder.file("pulled.env");
    let (said, told) = on(&fake, &["env", "pull", "web", &file], 0).await;
    assert_eq!(said, "");
    assert!(told.contains("wrote 3 variables"), "{told}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&file)
            .expect("a file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let (_, told) = on(&fake, &["env", "pull", "web", &file], 2).await;
    assert!(told.contains("--force"), "{told}");

    let (said, _) = on(&fake, &["env", "diff", "web", &file], 0).await;
    assert!(said.contains("3 unchanged"), "{said}");
    std::fs::write(&file, "PORT=8080\nTOKEN=hidden\n").expect("a file");
    let (said, _) = on(&fake, &["env", "diff", "web", &file, "--prune"], 5).await;
    for line in ["+ TOKEN", "~ PORT: value", "- PASSWORD"] {
        assert!(said.contains(line), "{line}: {said}");
    }
    let (said, _) = on(&fake, &["env", "push", "web", &file, "--json"], 0).await;
    assert_eq!(read(&said)["written"], true);
    assert!(!said.contains("hidden") && !said.contains("8080"), "{said}");
    on(&fake, &["env", "diff", "web", &file], 0).await;
    let (said, _) = on(&fake, &["env", "pull", "web", "-"], 0).await;
    assert!(said.contains("TOKEN=hidden\n"), "{said}");

    fake.seed_application(&fake.seed_project("blog"), "copy");
    let mut push = command(Some(&fake), &["env", "push", "copy", "-", "--json"]);
    let push = push.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = push.spawn().expect("it runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(said.as_bytes()).await.expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().await.expect("it ends");
    let (said, _) = ended(&output, &["env", "push", "copy", "-"], 0);
    assert!(said.contains("TOKEN"), "{said}");

    let (_, told) = on(&fake, &["env", "diff", "web", "nowhere.env"], 2).await;
    assert!(told.contains("nowhere.env"), "{told}");
    let (_, told) = on(&fake, &["env", "pull", "shop", "-"], 2).await;
    assert!(told.contains("no variables"), "{told}");
}

#[tokio::test]
async fn logs_are_printed_and_followed() {
    let (said, _) = alone(&["logs", "shop/production/web", "-n", "1"], 0).await;
    assert_eq!(said, "GET /health 200\n");
    let (said, _) = alone(&["logs", "shop/production/web", "--json"], 0).await;
    assert_eq!(
        read(said.lines().next().unwrap_or_default())["line"],
        "listening on port 3000"
    );
    let (_, told) = alone(&["logs", "front"], 2).await;
    assert!(told.contains("front | cache"), "{told}");

    let mut follows = command(None, &["logs", "shop/production/web", "-f", "-n", "0"]);
    let mut child = follows.stdout(Stdio::piped()).spawn().expect("it runs");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let line = tokio::time::timeout(Duration::from_secs(30), lines.next_line()).await;
    let line = line.expect("in time").expect("a line");
    assert!(line.is_some_and(|it| it.starts_with("GET /health 200 (")));
    interrupt(&child);
    assert_eq!(child.wait().await.expect("it ends").code(), Some(130));
}

#[cfg(unix)]
#[tokio::test]
async fn an_interrupted_wait_says_what_goes_on() {
    let pace = Duration::from_secs(3600);
    let fake = FakeCoolify::builder().deploy_pace(pace).start().await;
    fake.seed_application(&fake.seed_project("shop"), "web");
    let mut waits = command(Some(&fake), &["deploy", "web", "--wait"]);
    let waits = waits.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = waits.spawn().expect("it runs");
    let is_watched = || {
        fake.requests()
            .iter()
            .any(|it| it.path.contains("deployments"))
    };
    while !is_watched() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    interrupt(&child);
    let output = child.wait_with_output().await.expect("it ends");
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{told}");
    assert!(
        told.contains("Coolify goes on with:\n  web (deployment "),
        "{told}"
    );
}

fn interrupt(child: &tokio::process::Child) {
    let id = child.id().expect("it is running").to_string();
    let killed = std::process::Command::new("kill")
        .args(["-INT", &id])
        .status();
    assert!(killed.expect("a kill").success());
}

#[tokio::test]
async fn a_context_chooses_the_coolify() {
    let (one, two) = (FakeCoolify::start().await, FakeCoolify::start().await);
    one.seed_application(&one.seed_project("shop"), "of-one");
    two.seed_application(&two.seed_project("shop"), "of-two");
    let home = Folder::new("home");
    home.configure(&json!([
        {"name": "one", "fqdn": one.url(), "token": one.token(), "default": true},
        {"name": "two", "fqdn": two.url(), "token": two.token()},
        {"name": "cloud", "fqdn": "http://127.0.0.1:1", "token": ""},
    ]));
    let at_home = |arguments: &[&str]| {
        let mut command = command(None, arguments);
        command.env("HOME", &home.0);
        command
    };
    let of_two = ["--context", "two", "ls"];
    for (mut command, expected) in [(at_home(&["ls"]), "of-one"), (at_home(&of_two), "of-two")] {
        let (said, _) = ended(&run(&mut command).await, &of_two, 0);
        assert!(said.contains(expected), "{said}");
    }
    let named = run(at_home(&["ls"]).env("COOLIFY_CONTEXT", "two")).await;
    assert!(text(&named.stdout).contains("of-two"));

    let unknown = run(&mut at_home(&["--context", "on", "ls"])).await;
    let (_, told) = ended(&unknown, &["--context", "on"], 2);
    assert!(told.contains("did you mean `one`"), "{told}");
    let mut command = at_home(&["--context", "cloud", "ls"]);
    let (_, told) = ended(&run(&mut command).await, &["cloud"], 2);
    assert!(
        told.contains("the token of the context `cloud` is empty"),
        "{told}"
    );
    // A name is never ignored, not even if there is no file.
    let missing = run(command_without_home().env("COOLIFY_CONTEXT", "one")).await;
    let (_, told) = ended(&missing, &["COOLIFY_CONTEXT"], 2);
    assert!(told.contains("no configuration file"), "{told}");

    let (said, told) = ended(&run(&mut at_home(&["contexts"])).await, &["contexts"], 5);
    let lines: Vec<_> = said.lines().collect();
    assert!(lines[0].starts_with("*\tone\thttp://"), "{said}");
    assert!(lines[0].ends_with("\t4.3.11"), "{said}");
    assert!(lines[2].contains("is empty"), "{said}");
    assert!(!format!("{said}{told}").contains(one.token()));
    let everywhere = ["find", "shop", "--everywhere"];
    let (said, _) = ended(&run(&mut at_home(&everywhere)).await, &everywhere, 0);
    let coolifys = said.lines().filter_map(|it| it.split('\t').next());
    assert_eq!(coolifys.collect::<Vec<_>>(), ["one", "two"], "{said}");
    let everywhere = ["find", "nowhere", "--everywhere", "--json"];
    let (said, _) = ended(&run(&mut at_home(&everywhere)).await, &everywhere, 3);
    assert_eq!(read(&said)[1]["ok"], json!([]));

    let (said, _) = ended(
        &run(&mut at_home(&["contexts", "--offline", "--json"])).await,
        &["contexts"],
        0,
    );
    assert_eq!(read(&said)[0]["is_default"], true);
}

fn command_without_home() -> Command {
    command(None, &["ls"])
}

#[tokio::test]
async fn a_page_of_the_dashboard_is_named() {
    let fake = FakeCoolify::start().await;
    let project = fake.seed_project("shop");
    let web = fake.seed_application(&project, "web");
    let (said, _) = on(&fake, &["open", "web"], 0).await;
    let page = said.lines().next().unwrap_or_default();
    assert!(page.starts_with(&format!("{}/project/{project}/environment/", fake.url())));
    assert!(page.ends_with(&format!("/application/{web}")), "{page}");
    let (said, _) = on(&fake, &["open", "shop", "--json"], 0).await;
    assert_eq!(
        read(&said)["page"],
        format!("{}/project/{project}", fake.url())
    );
}

#[tokio::test]
async fn what_is_wrong_is_an_exit_code() {
    let (said, _) = alone(&["doctor", "--json"], 0).await;
    assert!(read(&said)["passed"].is_array(), "{said}");
    let (said, _) = alone(&["diagnose", "shop/production/web", "--json"], 0).await;
    assert!(read(&said)["findings"].is_array(), "{said}");
    let (said, _) = alone(&["diagnose", "api"], 5).await;
    assert!(said.contains("application `api`"), "{said}");
    let (all, _) = alone(&["diagnose"], 5).await;
    assert!(all.contains("application `api`"), "{all}");
    let (_, told) = alone(&["diagnose", "shop"], 2).await;
    assert!(told.contains("cannot be diagnosed"), "{told}");
    let fake = FakeCoolify::start().await;
    let mut command = command(Some(&fake), &["doctor"]);
    let wrong = command.env("COOLIFY_TOKEN", "1|wrong-token");
    let (said, _) = ended(&run(wrong).await, &["doctor"], 5);
    assert!(
        said.contains("token") && !said.contains("wrong-token"),
        "{said}"
    );
}

#[tokio::test]
async fn a_reader_that_has_gone_is_no_failure() {
    let mut command = command(None, &["logs", "shop/production/web", "-f"]);
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().await.expect("it ends");
    let told = text(&output.stderr);
    assert!(output.status.success(), "{told}");
    assert!(
        !told.contains("panicked") && !told.contains("interrupted"),
        "{told}"
    );
}
