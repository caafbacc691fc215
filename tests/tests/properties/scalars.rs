//! The scalar types that are read from text.

use std::fmt::Debug;
use std::str::FromStr;

use coolify_sdk::deployments::Deployment;
use coolify_sdk::limits::{Cpus, Memory};
use coolify_sdk::{
    DeploymentStatus, Health, Id, ResourceState, ResourceStatus, Timestamp, Version,
};
use proptest::prelude::*;
use serde_json::json;

use super::config;

fn read<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

fn time() -> impl Strategy<Value = (u32, u32, u32, u32, u32, u32, u32)> {
    (
        1970..2100_u32,
        1..13_u32,
        1..29_u32,
        0..24_u32,
        0..60_u32,
        0..60_u32,
        0..1_000_000_u32,
    )
}

fn version() -> impl Strategy<Value = Version> {
    "[0-4]\\.[0-3]\\.(0|[1-9][0-9]{0,3})(-(beta|rc)(\\.[0-9]{1,3})?)?".prop_map(|text| read(&text))
}

fn log(text: &str) -> Deployment {
    let reply = json!({"deployment_uuid": "d", "status": "finished", "logs": text});
    serde_json::from_value(reply).unwrap()
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn no_text_is_too_odd(text in "\\PC*|[0-9a-zA-Z:.,()+ -]{0,40}") {
        let time = Timestamp::from(&*text);
        let _ = (time.unix_seconds(), time.to_system_time());
        prop_assert_eq!(time.as_str(), &text);
        let status = ResourceStatus::from(&*text);
        let _ = (status.is_running(), status.is_healthy());
        prop_assert_eq!(status.to_string(), text.clone());
        let status = DeploymentStatus::from(&*text);
        prop_assert_eq!(status.as_str(), &text);
        let _ = (Version::from_str(&text), Memory::from_str(&text), Cpus::from_str(&text));
        let _ = serde_json::from_value::<Id>(json!(text));
        let _ = log(&text).log_lines();
    }

    #[test]
    fn times_keep_their_order_in_every_form(one in time(), other in time()) {
        let long = |(y, mo, d, h, mi, s, us)| {
            let text = format!("{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}.{us:06}Z");
            Timestamp::from(&*text)
        };
        let short = |(y, mo, d, h, mi, s, _)| {
            let text = format!("{y:04}-{mo:02}-{d:02} {h:02}:{mi:02}:{s:02}");
            Timestamp::from(&*text)
        };
        prop_assert!(long(one).unix_seconds().is_some());
        prop_assert_eq!(long(one).unix_seconds(), short(one).unix_seconds());
        let order = long(one).to_system_time().cmp(&long(other).to_system_time());
        prop_assert_eq!(order, one.cmp(&other));
    }

    #[test]
    fn versions_are_written_as_they_are_read(it in version()) {
        prop_assert_eq!(&read::<Version>(&it.to_string()), &it);
        prop_assert_eq!(&read::<Version>(&format!(" v{it}+build\n")), &it);
        let release = Version::new(it.major(), it.minor(), it.patch());
        prop_assert_eq!(it < release, !it.pre().is_empty());
    }

    #[test]
    fn versions_have_one_order(mut all in proptest::collection::vec(version(), 3)) {
        all.sort();
        prop_assert!(all[0] <= all[1] && all[1] <= all[2] && all[0] <= all[2]);
        prop_assert!(all[2] >= all[0]);
        prop_assert_eq!(all[0].cmp(&all[2]), all[2].cmp(&all[0]).reverse());
    }

    #[test]
    fn statuses_are_taken_apart(state in "[a-z]{1,9}", health in "[a-z]{1,9}", excluded: bool) {
        prop_assume!(health != "excluded");
        let end = if excluded { ":excluded" } else { "" };
        for text in [format!("{state}:{health}{end}"), format!("{state} ({health}){end}")] {
            let status = ResourceStatus::from(&*text);
            prop_assert_eq!(status.state, ResourceState::from(&*state));
            prop_assert_eq!(status.health, Some(Health::from(&*health)));
            prop_assert_eq!(status.excluded, excluded);
        }
    }

    #[test]
    fn a_log_loses_no_line(outputs in proptest::collection::vec("\\PC{0,20}", 0..6)) {
        let lines = outputs.iter().enumerate();
        let lines = lines.map(|(order, it)| json!({"output": it, "type": "stdout", "order": order}));
        let text = json!(lines.collect::<Vec<_>>()).to_string();
        let read: Vec<_> = log(&text).log_lines().into_iter().map(|it| it.output).collect();
        prop_assert_eq!(read, outputs);
    }

    #[test]
    fn memory_is_counted_as_docker_does(number in 1..5000_u64, unit in 0..5_usize, long: bool) {
        let letter = ["b", "k", "M", "g", "T"][unit];
        let unit_text = if long && unit > 0 { format!("{letter}iB") } else { letter.to_owned() };
        let memory: Memory = read(&format!("{number}{unit_text}"));
        prop_assert_eq!(memory.bytes(), Some(number << (10 * unit)));
        prop_assert_eq!(&read::<Memory>(&memory.to_string()), &memory);
        prop_assert!(memory < read("0"));
        let more = format!("{}{unit_text}", number + 1);
        prop_assert!(memory < read(&more));
    }

    #[test]
    fn processors_are_counted_in_thousandths(whole in 0..500_u64, millis in 0..1000_u64) {
        let cpus: Cpus = read(&format!("{whole}.{millis:03}"));
        let count = whole * 1000 + millis;
        prop_assert_eq!(cpus.millis(), (count > 0).then_some(count));
        prop_assert_eq!(&read::<Cpus>(&cpus.to_string()), &cpus);
    }
}
