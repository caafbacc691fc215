//! Reports as people and programs read them: the order of the findings, every kind of
//! subject and evidence, and the summary.

use std::fmt::Write as _;

use coolify_sdk::diagnose::{
    Evidence, Facts, Finding, Report, Rule, Severity, Subject, SubjectKind, rules,
};
use coolify_sdk::{Result, Timestamp};
use serde_json::json;

use crate::planted::{Planted, Standing};

const KINDS: [SubjectKind; 10] = [
    SubjectKind::Resource,
    SubjectKind::S3Storage,
    SubjectKind::CloudToken,
    SubjectKind::PrivateKey,
    SubjectKind::Database,
    SubjectKind::Service,
    SubjectKind::Application,
    SubjectKind::Server,
    SubjectKind::Team,
    SubjectKind::Coolify,
];

/// Makes findings.
type Make = fn() -> Vec<Finding>;

/// A rule that finds these things about the team.
struct Finds(&'static str, Make);

impl Rule for Finds {
    fn name(&self) -> &str {
        self.0
    }

    fn check(&self, facts: Facts<'_>) -> Vec<Finding> {
        match facts {
            Facts::Team(_) => self.1(),
            _ => Vec::new(),
        }
    }
}

/// A team that has nothing.
async fn nobody() -> Standing {
    let mut planted = Planted::new("4.3.11");
    for list in [
        "/resources",
        "/databases",
        "/servers",
        "/deployments",
        "/security/keys",
        "/cloud-tokens",
        "/s3-storages",
    ] {
        planted = planted.on(list, json!([]));
    }
    planted.start().await
}

/// A report that contains only what these rules find.
async fn report(found: impl IntoIterator<Item = Finds>) -> Result<Report> {
    let standing = nobody().await;
    let mut issues = standing.client().find_issues();
    for rule in rules() {
        issues = issues.without(rule.name);
    }
    for rule in found {
        issues = issues.with(rule);
    }
    let mut report = issues.await?;
    for finding in &mut report.findings {
        // The team has the address of the server as its name.
        finding.subject.name = standing.named(&finding.subject.name);
    }
    Ok(report)
}

fn shown(report: &Report) -> String {
    let data = serde_json::to_value(report).expect("JSON");
    let mut text = format!("{report}\n");
    for (part, rows) in data.as_object().expect("an object") {
        for row in rows.as_array().expect("a list") {
            let _ = writeln!(text, "{part} {row}");
        }
    }
    text
}

/// The worst come first, then the kinds in a fixed order, the names, and the rules.
#[tokio::test]
async fn findings_are_ordered() -> Result<()> {
    let all = || {
        let mut all = Vec::new();
        for kind in KINDS {
            for name in ["b", "a"] {
                let about = || Subject::new(kind, name);
                all.push(Finding::info("One.").about(about()));
                all.push(Finding::critical("Two.").about(about()));
                all.push(Finding::warning("Three.").about(about()));
                all.push(Finding::critical("Two.").about(about()));
            }
        }
        all
    };
    let report = report([Finds("z-rule", all), Finds("a-rule", all)]).await?;
    let lines = report.findings.iter().map(|it| {
        let Finding {
            severity,
            subject,
            rule,
            ..
        } = it;
        format!(
            "{severity:<8} {:<11} {} {rule}\n",
            subject.kind, subject.name
        )
    });
    insta::assert_snapshot!(lines.collect::<String>());
    Ok(())
}

#[tokio::test]
async fn every_kind_of_subject_and_evidence_is_printed_and_is_data() -> Result<()> {
    let all = || {
        let mut all: Vec<_> = KINDS
            .iter()
            .map(|kind| Finding::info("It is of this kind.").about(Subject::new(*kind, "one")))
            .collect();
        let subject = Subject::new(SubjectKind::Application, "web");
        let subject = subject.uuid("web1").server("main");
        let at = Timestamp::from("2026-11-29T12:00:00.000000Z");
        all.push(
            Finding::critical("It has evidence of each kind.")
                .about(subject.clone())
                .evidence(Evidence::Status("running:un\u{1b}[2Jhealthy".to_owned()))
                .value("restart_count", 3)
                .value("odd", "a\u{7}b\tc\nd")
                .evidence(Evidence::time("last crash", &at))
                .evidence(None)
                .evidence(Evidence::Other(subject))
                .evidence(Evidence::Log(vec![
                    "one\r".to_owned(),
                    String::new(),
                    "\u{1b}[31mthree".to_owned(),
                ]))
                .next("Do this. Then do that."),
        );
        all.push(Finding::warning("Nothing is to be done."));
        all
    };
    insta::assert_snapshot!(shown(&report([Finds("of-mine", all)]).await?));
    Ok(())
}

#[tokio::test]
async fn the_summary_counts_each_severity() -> Result<()> {
    let mut text = String::new();
    let info = || vec![Finding::info("An info.")];
    let infos = || vec![Finding::info("An info."), Finding::info("Another one.")];
    let warning = || vec![Finding::warning("A warning.")];
    let mixed = || vec![Finding::warning("A warning."), Finding::info("An info.")];
    let critical = || vec![Finding::info("An info."), Finding::critical("A disaster.")];
    let cases: [(&str, Make); 6] = [
        ("nothing", Vec::new),
        ("an info", info),
        ("two infos", infos),
        ("a warning", warning),
        ("a warning and an info", mixed),
        ("something critical and an info", critical),
    ];
    for (case, found) in cases {
        let report = report([Finds("mine", found), Finds("other", Vec::new)]).await?;
        let passed: Vec<_> = report.passed.iter().map(|it| &*it.rule).collect();
        let _ = writeln!(
            text,
            "# {case}\n{report}\nworst {:?}, clean {}, of `mine` {}, of `other` {}, passed \
             {passed:?}",
            report.worst(),
            report.is_clean(),
            report.of_rule("mine").count(),
            report.of_rule("other").count(),
        );
        for severity in [Severity::Info, Severity::Warning, Severity::Critical] {
            let is_reached = report.worst() >= Some(severity);
            let _ = writeln!(text, "at least {severity:>8}: {is_reached}");
        }
    }
    insta::assert_snapshot!(text);
    Ok(())
}

/// From the fourth of the same kind on, infos are only counted. Warnings are all shown.
#[tokio::test]
async fn infos_that_say_the_same_are_counted() -> Result<()> {
    fn web(number: usize) -> Subject {
        Subject::new(SubjectKind::Application, format!("web{number}"))
    }
    let first = || -> Vec<_> {
        let infos = (1..=5).map(|it| Finding::info("The same.").about(web(it)));
        let others = (1..=4).map(|it| Finding::info("Something else.").about(web(it)));
        let worse = (1..=4).map(|it| Finding::critical("The same.").about(web(it)));
        infos.chain(others).chain(worse).collect()
    };
    let second = || -> Vec<_> {
        let infos = (1..=3).map(|it| Finding::info("The same.").about(web(it)));
        infos.collect()
    };
    let report = report([Finds("first", first), Finds("second", second)]).await?;
    insta::assert_snapshot!(report);
    Ok(())
}
