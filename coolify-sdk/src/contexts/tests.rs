use std::{fs, path::PathBuf};

#[cfg(unix)]
use super::reading::is_open_to_others;
use super::{ContextProblem, Contexts};
use crate::{Error, ErrorKind, Result};

/// A file in a folder of its own, which is removed at the end.
struct Sample(PathBuf);

impl Sample {
    fn new(name: &str, text: impl AsRef<[u8]>) -> Self {
        let folder = format!("coolify-sdk-contexts-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("config.json"), text).unwrap();
        Self(folder)
    }

    fn path(&self) -> PathBuf {
        self.0.join("config.json")
    }
}

impl Drop for Sample {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn read(name: &str, text: impl AsRef<[u8]>) -> Result<Contexts> {
    Contexts::read_from(Sample::new(name, text).path())
}

fn problem(error: &Error) -> &ContextProblem {
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.hint().is_some(), "{error} says what to do");
    assert!(!error.report().to_string().contains("s3cret"));
    error.context_problem().unwrap()
}

const SAMPLE: &str = r#"{
    "instances": [
        {"name": "prod", "fqdn": "https://prod.example", "token": "1|s3cret", "default": true},
        {"name": "staging", "fqdn": "http://10.0.0.7:8000/", "token": "2|s3cret"},
        {"name": "cloud", "fqdn": "https://cloud.example", "token": ""}
    ],
    "lastUpdateCheckTime": "2026-01-02T03:04:05Z"
}"#;

#[test]
fn a_context_is_found_by_its_name_and_as_the_default() {
    let contexts = read("names", SAMPLE).unwrap();
    let staging = contexts.get("staging").unwrap();
    assert_eq!(staging.url(), "http://10.0.0.7:8000/");
    assert!(!staging.is_default() && staging.has_token());
    assert_eq!(staging.client().unwrap().url(), "http://10.0.0.7:8000");
    assert_eq!(contexts.default_context().unwrap().name(), "prod");
    assert_eq!(contexts.all().len(), 3);
    assert_eq!(contexts.clone().into_iter().count(), 3);
}

#[test]
fn nothing_shows_a_token() {
    let contexts = read("tokens", SAMPLE).unwrap();
    let prod = contexts.get("prod").unwrap();
    assert_eq!(prod.to_string(), "prod (https://prod.example)");
    let data = serde_json::to_string(&crate::Exposed(prod)).unwrap();
    let expected = r#"{"name":"prod","url":"https://prod.example","is_default":true}"#;
    assert_eq!(data, expected);
    let printed = format!("{contexts:?} {:?} {:?}", prod.builder(), prod.client());
    assert!(printed.contains("https://prod.example") && !printed.contains("s3cret"));
}

/// The forms differ in the case of the fields, in `default`, and in what they leave out.
#[test]
fn every_form_of_the_command_line_is_read() {
    for (form, text) in [
        (
            "lower",
            r#"{"instances":[{"default":false,"fqdn":"https://a","name":"a","token":"t"},
                {"default":true,"fqdn":"https://b","name":"b","token":"t"}],
                "lastupdatechecktime":"2026-01-02T03:04:05.678901234+01:00"}"#,
        ),
        (
            "upper",
            r#"{"Instances":[{"Name":"a","Fqdn":"https://a","Token":"t"},
                {"Name":"b","FQDN":"https://b","Token":"t","Default":true}]}"#,
        ),
        (
            "mark",
            "\u{FEFF}{\"instances\":[{\"name\":\"a\"},\
             {\"name\":\"b\",\"fqdn\":\"https:\\/\\/b\",\"token\":null,\"default\":true}]}\r\n",
        ),
    ] {
        let contexts = read(form, text).unwrap();
        let names: Vec<_> = contexts.all().iter().map(super::Context::name).collect();
        assert_eq!(names, ["a", "b"], "{form}");
        let default = contexts.default_context().unwrap();
        assert_eq!(
            (default.name(), default.url()),
            ("b", "https://b"),
            "{form}"
        );
    }
    for empty in ["{}", r#"{"instances":null}"#, r#"{"instances":[]}"#] {
        let contexts = read("empty", empty).unwrap();
        assert!(contexts.all().is_empty());
        let error = contexts.default_context().unwrap_err();
        assert!(error.to_string().contains("there is no context in"));
        assert!(problem(&error).to_string().contains("there is no context"));
    }
}

#[test]
fn what_is_no_configuration_is_told_without_its_values() {
    for (text, expected) in [
        ("", "it is not JSON (EOF"),
        (
            "instances: [s3cret]",
            "it is not JSON (expected value at line 1 column 1)",
        ),
        ("[\"s3cret\"]", "it is not a JSON object"),
        (r#"{"instances":"s3cret"}"#, "`instances` is not a list"),
        (
            r#"{"instances":["s3cret"]}"#,
            "`instances[0]` is not an object",
        ),
        (
            r#"{"instances":[{"token":"s3cret"}]}"#,
            "`instances[0]` has no name",
        ),
        (
            r#"{"instances":[{"name":"a"},{"name":["s3cret"]}]}"#,
            "`instances[1]` has a name that is not text",
        ),
        (
            r#"{"instances":[{"name":"a","token":{"s3cret":1}}]}"#,
            "`instances[0]` has a token that is not text",
        ),
        (
            r#"{"instances":[{"name":"a","default":"s3cret"}]}"#,
            "`instances[0]` has a `default` that is neither true nor false",
        ),
    ] {
        let error = read("malformed", text).unwrap_err();
        assert!(error.to_string().contains(expected), "{text}: {error}");
        assert!(matches!(problem(&error), ContextProblem::Malformed { .. }));
    }
    let error = read("large", vec![b' '; 1024 * 1024 + 1]).unwrap_err();
    assert!(error.to_string().contains("larger than 1 MiB"), "{error}");
    let mut largest = SAMPLE.as_bytes().to_vec();
    largest.resize(1024 * 1024, b' ');
    assert_eq!(read("largest", largest).unwrap().all().len(), 3);
    let error = read("binary", [0xff, 0xfe, 0x7b]).unwrap_err();
    assert!(matches!(problem(&error), ContextProblem::Malformed { .. }));
}

#[test]
fn a_missing_and_an_unreadable_file_differ() {
    let sample = Sample::new("missing", "{}");
    let nowhere = sample.0.join("nowhere.json");
    let error = Contexts::read_from(&nowhere).unwrap_err();
    let expected = ContextProblem::FileMissing {
        paths: vec![nowhere],
    };
    assert_eq!(problem(&error), &expected);
    assert!(error.hint().unwrap().contains("COOLIFY_URL"));

    let error = Contexts::read_from(&sample.0).unwrap_err();
    assert!(
        matches!(
            problem(&error),
            ContextProblem::Unreadable { .. } | ContextProblem::Malformed { .. }
        ),
        "a folder: {error}"
    );
    #[cfg(unix)]
    assert!(
        error.report().to_string().contains("because: "),
        "{error:?}"
    );
}

#[test]
fn an_unknown_name_is_answered_with_those_that_exist() {
    let contexts = read("unknown", SAMPLE).unwrap();
    for (name, hint) in [
        (
            "prd",
            "did you mean `prod`? The contexts are `prod`, `staging` and `cloud`",
        ),
        (
            "Prod",
            "did you mean `prod`? The contexts are `prod`, `staging` and `cloud`",
        ),
        (
            "production",
            "did you mean `prod`? The contexts are `prod`, `staging` and `cloud`",
        ),
        (
            "elsewhere",
            "the contexts are `prod`, `staging` and `cloud`",
        ),
    ] {
        let error = contexts.get(name).unwrap_err();
        let said = error.to_string();
        assert!(said.starts_with(&format!("there is no context `{name}` in ")));
        assert_eq!(error.hint(), Some(hint));
        assert!(matches!(problem(&error), ContextProblem::Unknown { .. }));
    }
}

#[test]
fn no_default_and_several_are_told() {
    let text = SAMPLE.replace(r#", "default": true"#, "");
    let error = read("none", text).unwrap().default_context().unwrap_err();
    assert!(matches!(problem(&error), ContextProblem::NoDefault { .. }));
    let hint = error.hint().unwrap();
    let names = "the contexts are `prod`, `staging` and `cloud`";
    assert!(
        hint.contains("COOLIFY_CONTEXT") && hint.ends_with(names),
        "{hint}"
    );
    let text = SAMPLE.replace(r#""token": """#, r#""token": "", "default": true"#);
    let error = read("two", text).unwrap().default_context().unwrap_err();
    let said = error.to_string();
    assert!(
        said.ends_with("are the default: `prod` and `cloud`"),
        "{said}"
    );
    assert!(matches!(
        problem(&error),
        ContextProblem::SeveralDefaults { .. }
    ));
    let text = SAMPLE.replace("staging", "prod");
    let error = read("same", text)
        .unwrap()
        .get("prod")
        .unwrap_err()
        .to_string();
    assert!(error.ends_with("are named `prod`"), "{error}");
}

/// Without any context, the hint does not suggest choosing one.
#[test]
fn a_file_without_contexts_is_told_how_to_get_one() {
    let contexts = read("empty", r#"{"instances": []}"#).unwrap();
    for error in [
        contexts.default_context().unwrap_err(),
        contexts.get("prod").unwrap_err(),
    ] {
        assert!(
            error.to_string().starts_with("there is no context "),
            "{error}"
        );
        let hint = "run `coolify context add -d NAME URL TOKEN`";
        assert_eq!(error.hint(), Some(hint), "{error}");
    }
}

#[test]
fn each_place_that_was_searched_is_named() {
    let paths = ["a/config.json", "b/config.json"].map(PathBuf::from);
    let missing = ContextProblem::FileMissing {
        paths: paths.to_vec(),
    };
    let said = missing.to_string();
    let [first, second] = paths.map(|it| it.display().to_string());
    assert!(
        said.ends_with(&format!(" at {first} or {second}")),
        "{said}"
    );
}

/// Each problem as users see it: what happened, and what to do.
#[test]
fn every_problem_says_what_happened_and_what_to_do() {
    let path = || PathBuf::from("c.json");
    let names = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let unknown = |nearest: &[&str], known: &[&str]| ContextProblem::Unknown {
        name: "prdo".to_owned(),
        nearest: names(nearest),
        known: names(known),
        path: path(),
    };
    let no_default = |known: &[&str]| ContextProblem::NoDefault {
        known: names(known),
        path: path(),
    };
    let mut text = String::new();
    for problem in [
        ContextProblem::FileMissing {
            paths: vec![path()],
        },
        ContextProblem::FileMissing {
            paths: vec![path(), path(), path()],
        },
        ContextProblem::NoHome,
        ContextProblem::Unreadable {
            path: path(),
            reason: std::io::ErrorKind::PermissionDenied,
        },
        ContextProblem::Malformed {
            path: path(),
            what: "it is odd".to_owned(),
        },
        unknown(&["prod", "prod2"], &["prod", "prod2", "eu"]),
        unknown(&["prod"], &["prod"]),
        unknown(&[], &["prod", "eu"]),
        unknown(&[], &[]),
        ContextProblem::SameName {
            name: "a\u{1b}b".to_owned(),
            path: path(),
        },
        no_default(&["prod"]),
        no_default(&[]),
        ContextProblem::SeveralDefaults {
            names: names(&["prod", "eu", "us"]),
            path: path(),
        },
        ContextProblem::ChosenTwice {
            variable: "COOLIFY_URL",
        },
        ContextProblem::NotText,
    ] {
        let error = Error::from(problem.clone());
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(error.context_problem(), Some(&problem));
        text += &error.report().to_string();
        text.push('\n');
    }
    assert!(
        text == include_str!("problems.txt"),
        "the problems are:\n{text}"
    );
}

#[test]
fn a_problem_names_the_file() {
    for (name, text, mine) in [
        ("path-malformed", "[]", 0),
        ("path-unknown", SAMPLE, 1),
        ("path-default", r#"{"instances": []}"#, 2),
    ] {
        let sample = Sample::new(name, text);
        let path = sample.path();
        let error = match Contexts::read_from(&path) {
            Err(error) => error,
            Ok(contexts) if mine == 1 => contexts.get("nobody").unwrap_err(),
            Ok(contexts) => contexts.default_context().unwrap_err(),
        };
        let named = match error.context_problem().unwrap() {
            ContextProblem::Malformed { path, .. }
            | ContextProblem::Unknown { path, .. }
            | ContextProblem::NoDefault { path, .. } => path.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(named, path);
        assert!(
            error.to_string().contains(&*path.to_string_lossy()),
            "{error}"
        );
    }
    let twice = SAMPLE.replace(r#""token": """#, r#""token": "", "default": true"#);
    let sample = Sample::new("path-twice", twice.replace("staging", "prod"));
    let contexts = Contexts::read_from(sample.path()).unwrap();
    assert_eq!(contexts.path(), sample.path());
    for error in [
        contexts.get("prod").unwrap_err(),
        contexts.default_context().unwrap_err(),
    ] {
        let said = error.to_string();
        assert!(said.contains(&*sample.path().to_string_lossy()), "{said}");
    }
}

#[test]
fn a_context_that_cannot_be_used_is_named() {
    let contexts = read(
        "unusable",
        SAMPLE.replace("https://prod.example", "prod.example"),
    );
    let contexts = contexts.unwrap();
    for (name, message) in [
        ("cloud", "the token of the context `cloud` is empty"),
        (
            "prod",
            "the URL of the context `prod` has no scheme: write `https://…` in front of the host",
        ),
    ] {
        let error = contexts.get(name).unwrap().client().unwrap_err();
        assert_eq!(error.to_string(), message);
        let hint = error.hint().unwrap();
        assert!(
            hint.contains(&format!("`coolify context update {name} ")),
            "{hint}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_read_with_a_warning() {
    use std::os::unix::fs::PermissionsExt as _;

    let sample = Sample::new("mode", SAMPLE);
    for (mode, warns) in [(0o600, false), (0o640, true), (0o644, true), (0o611, false)] {
        let permissions = fs::Permissions::from_mode(mode);
        fs::set_permissions(sample.path(), permissions).unwrap();
        let file = fs::File::open(sample.path()).unwrap();
        assert_eq!(is_open_to_others(&file), warns, "{mode:o}");
        assert_eq!(Contexts::read_from(sample.path()).unwrap().all().len(), 3);
    }
}

/// Says which Coolify the variables of this process choose, if it is a child of the test
/// below.
#[test]
fn the_choice_of_a_process() {
    if std::env::var_os("CHILD_OF_A_TEST").is_some() {
        match crate::Coolify::from_default_context() {
            Ok(coolify) => println!("chosen: {}", coolify.url()),
            Err(error) => println!("chosen: {}", error.report()),
        }
    }
}

/// All tests of a process have the same variables, so each case is a process of its own.
/// Systems differ in their folders, which is tested in `location`.
#[cfg(target_os = "linux")]
#[test]
fn the_variables_of_a_process_choose_a_coolify() {
    let sample = Sample::new("environment", "{}");
    let folder = sample.0.join("coolify");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.json"), SAMPLE).unwrap();
    let folder = sample.0.to_str().unwrap();
    let url = ("COOLIFY_URL", "https://own.example");
    let token = ("COOLIFY_TOKEN", "3|s3cret");
    let xdg = ("XDG_CONFIG_HOME", folder);
    let context = |name| ("COOLIFY_CONTEXT", name);
    let mut text = String::new();
    for variables in [
        &[][..],
        &[("HOME", "/nowhere")],
        &[("HOME", "/nowhere"), ("XDG_CONFIG_HOME", "/nowhere/else")],
        &[("HOME", "/nowhere"), xdg],
        &[xdg, context("staging")],
        &[xdg, context("")],
        &[xdg, context("stage")],
        &[context("staging")],
        &[xdg, url, token],
        &[xdg, url],
        &[xdg, token],
        &[xdg, url, token, context("staging")],
        &[("COOLIFY_URL", ""), token],
    ] {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.args([
            "--exact",
            "contexts::tests::the_choice_of_a_process",
            "--nocapture",
        ]);
        let names = [
            "HOME",
            "XDG_CONFIG_HOME",
            "COOLIFY_URL",
            "COOLIFY_TOKEN",
            "COOLIFY_CONTEXT",
        ];
        for name in names {
            child.env_remove(name);
        }
        child
            .env("CHILD_OF_A_TEST", "1")
            .envs(variables.iter().copied());
        let output = child.output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let (_, said) = said.split_once("chosen: ").unwrap();
        let (said, _) = said.split_once("\n\n").unwrap_or((said, ""));
        let said = said.split("\ntest ").next().unwrap();
        text += &format!("{variables:?}\n{said}\n").replace(folder, "/own");
    }
    assert!(
        text == include_str!("environment.txt"),
        "the choices are:\n{text}"
    );
}
