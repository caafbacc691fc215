//! The diagnosis on a server, with faults that an API call can plant.

use coolify_sdk::diagnose::{Report, Severity};
use coolify_sdk_tests::live::{Live, Outcome, live_test};

use crate::make;

/// Returns the rules that raise an alarm about this subject.
fn alarms<'a>(report: &'a Report, name: &str) -> Vec<&'a str> {
    let found = report.findings.iter();
    let about = found.filter(|it| it.severity > Severity::Info && it.subject.name == name);
    about.map(|it| &*it.rule).collect()
}

#[live_test]
async fn the_doctor_finds_nothing_wrong_with_a_server_that_works(live: Live) -> Outcome {
    let report = live.coolify().doctor().await?;
    let bad = report.findings.iter();
    let bad: Vec<_> = bad.filter(|it| it.severity > Severity::Info).collect();
    // The tests may use up the rate limit themselves, and use a server by plain HTTP.
    let known = ["rate-limit", "address"];
    assert!(bad.iter().all(|it| known.contains(&&*it.rule)), "{report}");
    assert!(
        report.passed.iter().any(|it| it.rule == "token"),
        "{report}"
    );
    Ok(())
}

#[live_test(ability = "write", server)]
async fn a_new_application_raises_no_alarm_and_its_faults_do(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    let name = application.get().await?.name;
    let report = application.diagnose().await?;
    assert_eq!(alarms(&report, &name), [""; 0], "{report}");
    application
        .update()
        .health_check_enabled(true)
        .health_check_port(8080)
        .ports_mappings("18099:80")
        .limits_memory("900000g")
        .await?;
    let other = make::application(&live).await?;
    other.update().ports_mappings("18099:80").await?;
    let report = application.diagnose().await?;
    let found = alarms(&report, &name);
    for rule in ["health-check-port", "port-conflict"] {
        assert!(found.contains(&rule), "{rule}: {report}");
    }
    let report = live.coolify().find_issues().await?;
    assert!(
        alarms(&report, &name).contains(&"port-conflict"),
        "{report}"
    );
    let quiet = live.coolify().find_issues().without("port-conflict");
    let quiet = quiet.await?;
    assert!(!alarms(&quiet, &name).contains(&"port-conflict"), "{quiet}");
    Ok(())
}

#[live_test(ability = "write", server)]
async fn a_stopped_database_and_a_new_service_raise_no_alarm(live: Live) -> Outcome {
    let database = make::database(&live).await?;
    let name = database.get().await?.name;
    let report = database.diagnose().await?;
    assert_eq!(alarms(&report, &name), [""; 0], "{report}");
    let service = make::service(&live).await?;
    let name = service.get().await?.name;
    let report = service.diagnose().await?;
    assert_eq!(alarms(&report, &name), [""; 0], "{report}");
    Ok(())
}
