//! The verdicts of Coolify's own checks. They were obtained by running Coolify's validators
//! and PHP's functions.

use super::*;
use crate::testing::state::Settings;

/// Checks that a rule takes and refuses these texts.
#[track_caller]
fn verdicts(rule: impl Fn(&str) -> bool, taken: &[&str], refused: &[&str]) {
    let wrongly_refused: Vec<_> = taken.iter().filter(|text| !rule(text)).collect();
    let wrongly_taken: Vec<_> = refused.iter().filter(|text| rule(text)).collect();
    assert!(
        wrongly_refused.is_empty() && wrongly_taken.is_empty(),
        "refused: {wrongly_refused:?}, taken: {wrongly_taken:?}"
    );
}

/// A name of labels with one letter each, of this length.
fn labels(length: usize) -> String {
    "a.".repeat(length / 2) + &"a".repeat(length % 2)
}

#[test]
fn names_and_descriptions() {
    verdicts(
        text::name,
        &[
            "shop",
            "größe",
            "e\u{301}",
            "日本",
            "a b",
            "a-b_c.d@e/f&g()#,:+",
        ],
        &[
            "a'b", "a\"b", "a!b", "a?b", "a=b", "a*b", "a;b", "a<b", "a\\b", "a$b", "a`b", "a|b",
            "a%b", "a~b", "a[b", "",
        ],
    );
    verdicts(
        text::description,
        &["größe", "a b-_.,!?()'\"+=*@/&"],
        &[
            "a#b", "a:b", "a;b", "a<b", "a\\b", "a$b", "a`b", "a|b", "a%b", "a[b", "",
        ],
    );
}

#[test]
fn names_of_other_programs() {
    verdicts(
        text::docker_name,
        &["a", "1", "a.b_c-d"],
        &["-a", ".a", "_a", "a b", "a/b", "a:b", "ä", ""],
    );
    verdicts(
        text::variable,
        &["A", "_", "a1", "A.B", "A_B"],
        &["1A", ".A", "A-B", "A B", "Ä", ""],
    );
    let long = "a".repeat(64);
    verdicts(
        text::identifier,
        &["a", "_a1", "A", &long[1..]],
        &[&long, "1a", "a-b", "a.b", "a b", ""],
    );
    verdicts(
        text::user,
        &["root", "a.b_c-d"],
        &["a b", "a@b", "ä", "a/b", ""],
    );
    verdicts(text::old_user, &["root", "a_c-d"], &["a.b", "a b", ""]);
    verdicts(
        text::organization,
        &["acme", "a-b.c"],
        &["a b", "a/b", "a?b", "a#b", ""],
    );
    verdicts(
        text::password,
        &["aA0!@#%^*()_+-=[]{}:,.?/~"],
        &[
            "a b", "a$b", "a&b", "a'b", "a\"b", "a;b", "a<b", "a>b", "a`b", "a\\b", "a|b", "ä", "",
        ],
    );
}

#[test]
fn commands_and_paths() {
    verdicts(
        text::command,
        &[
            "npm run build",
            "a && b",
            "a || b",
            "\"a b\"",
            "'a b'",
            "'a $b'",
            "a\tb",
            "A=1 b --c=/d/e:f@g,h+i",
            "[a]",
            "{a}",
            "#a",
            "%a",
            "^a",
            "~a",
            "*a",
            "?a",
            "!a",
        ],
        &[
            "a & b",
            "a | b",
            "a;b",
            "a > b",
            "\"a $b\"",
            "\"a `b\"",
            "\"a \\b\"",
            "'a\"",
            "a$b",
            "a`b",
            "a(b",
            "a\\b",
            "a\nb",
            "ä",
            "",
        ],
    );
    let health = &["a b-_./:=@,+", "curl http://a"];
    verdicts(text::health_command, health, &["a|b", "a;b", "a?b", ""]);
    verdicts(text::health_path, &["/a-_.~%,;"], &["/a b", "/a?b", ""]);
    verdicts(text::health_host, &["a-b_c.1"], &["a:1", "a b", ""]);
    verdicts(
        text::file,
        &["/a", "/Dockerfile.web", "/a/b-c_d~e@f+g"],
        &["/", "a", "/a b", "/a:b", "/a$b", "/ä", ""],
    );
    verdicts(
        text::folder,
        &["/a", "/", "/a/b-c_d~e@f+g"],
        &["a", "/a b", "/a:b", "/a$b", "/ä", ""],
    );
    verdicts(
        text::ports,
        &["80", "80,443"],
        &["80,", ",80", "80:80", "a", ""],
    );
    verdicts(
        text::port_mappings,
        &["80:80", "80:80,443:8443"],
        &["80", "80:", "80:80,", "80:80:80", ""],
    );
    verdicts(
        text::is_shell_safe,
        &["a b", "$a", "a(b", "a'b", "a\\b", "a*", ""],
        &[
            "a`b", "a$(b", "a${b", "a|b", "a&b", "a;b", "a\nb", "a\rb", "a\tb", "a>b", "a<b",
        ],
    );
    verdicts(text::databases, &["a", "a|b"], &["a;b", "a|b;c", "a&b"]);
    let absolute = ["a", "/a", "//a", " a ", "a/", "", "/"].map(paths::absolute);
    assert_eq!(absolute, ["/a", "/a", "/a", "/a", "/a/", "/", "/"]);
    let of_file = ["a", "a/", "/", "", "//a//b//"].map(paths::of_file);
    let wanted = ["/a", "/a/", "/", "/", "/a/b/"].map(|path| Some(path.to_owned()));
    assert_eq!(of_file, wanted);
}

#[test]
fn branches() {
    verdicts(
        git::branch,
        &[
            "main",
            "feature/a",
            "release-1.2",
            "v1_2",
            "-a",
            "head",
            "HEAD1",
            "a.lock.b",
            "lock",
            "a.LOCK",
        ],
        &[
            "a b", "a..b", "a//b", "/a", "a/", ".a", "a.", "HEAD", "a.lock", "a#1", "a+b", "a@b",
            "@", "a@{b", "a~1", "a^", "a:b", "a?b", "a*b", "a[b", "a\\b", "a;b", "a|b", "a&b",
            "a$b", "a`b", "a(b", "a{b", "a<b", "a>b", "a\"b", "a'b", "a!b", "größe", "a\nb",
        ],
    );
    verdicts(
        git::commit,
        &["HEAD", "a1b2", "v1.2.3", "feature/a-b_c"],
        &["-a", ".a", "/a", "a b", "a~1", "a^", ""],
    );
}

#[test]
fn repositories() {
    verdicts(
        git::repository,
        &[
            "https://github.com/acme/app",
            "http://github.com/acme/app",
            "https://git.example.com:8443/~acme/app.git",
            "https://u:p@git.example.com/a",
            "git@github.com:acme/app.git",
            "git@github.com:acme/app",
            "git@git.example.com:~a/app_1.git",
            "git://git.example.com:9418/acme/app",
            "git://git.example.com/acme/app",
            "git://git.example.com:acme/app",
            "https://git.local.example/a",
            "https://local/a",
            "https://git.example.com/a/..",
            "https://git.example.com/a..b",
            "https://git.example.com",
            "https://git.example.com/",
            "https://git.example.com/a@b",
        ],
        &[
            "HTTPS://github.com/acme/app",
            "git@github.com/acme/app",
            "git@github.com:2222:a",
            "git@github.com:acme/app@1",
            "git@a_b.com:x",
            "git://git.example.com",
            "git://git.example.com/",
            "acme/app",
            "ssh://git@git.example.com/acme/app",
            "https://127.0.0.1/acme/app",
            "https://10.0.0.1/acme/app",
            "https://8.8.8.8/acme/app",
            "https://[2606:4700::1]/a",
            "https://localhost/a",
            "https://LOCALHOST/a",
            "https://git.local/acme/app",
            "https://0.0.0.0/a",
            "https://[::1]/a",
            "https://git.example.com/acme/app#main",
            "https://git.example.com/acme/app#",
            "https://git.example.com/acme/app?x=1",
            "https://git.example.com/acme/app;id",
            "https://git.example.com/../app",
            "https://git.example.com/a b",
            "https://git.example.com/a+b",
            "https://git.example.com/a%20b",
            "https://git.example.com/a:b",
            "https://git.example.com/a,b",
            "file:///srv/app",
            "ftp://git.example.com/a",
        ],
    );
}

#[test]
fn addresses_of_servers_and_names_of_buckets() {
    let (long, longest) = ("a".repeat(64), labels(253));
    verdicts(
        hosts::server,
        &[
            "1.2.3.4",
            "2001:db8::7",
            "::1",
            "::ffff:1.2.3.4",
            "a.example.com",
            "a",
            "A",
            "a-b.c",
            "999.1.1.1",
            "1.2.3",
            "01.2.3.4",
            &long[1..],
            &longest,
        ],
        &[
            "[::1]",
            "a..b",
            "-a.b",
            "a-.b",
            "a.-b",
            "a_b",
            "a b",
            "a.b.",
            "größe.de",
            "1.2.3.4:22",
            "1.2.3.4/24",
            "http://a",
            "fe80::1%eth0",
            &long,
            &(longest.clone() + "b"),
        ],
    );
    verdicts(
        hosts::bucket,
        &[
            "abc",
            "back-ups",
            "back.ups",
            "1ab",
            "ab1",
            "a--b",
            "192.168.1",
            "999.1.1.1",
            &long[1..],
        ],
        &[
            "ab",
            "Abc",
            "aBc",
            "a..b",
            "a.-b",
            "a-.b",
            "-ab",
            "ab-",
            ".ab",
            "ab.",
            "a_b",
            "192.168.1.1",
            &long,
        ],
    );
}

/// Returns which of the verdicts, of 4.1.2, 4.2.0 and 4.3.11, are `true`.
fn callable(url: &str) -> String {
    let versions = [("4.1.2", '1'), ("4.2.0", '2'), ("4.3.11", '3')];
    let verdict = |(version, mark): (&str, char)| {
        let mut settings = Settings {
            version: version.to_owned(),
            ..Settings::default()
        };
        settings.internal_hosts.insert("s3.lan.local".to_owned());
        hosts::may_be_called(url, &State::new(settings)).then_some(mark)
    };
    versions.into_iter().filter_map(verdict).collect()
}

#[test]
fn the_hosts_that_each_version_calls() {
    for (verdict, urls) in [
        (
            "123",
            "https://1.1.1.1 http://1.1.1.1:9000/path?q HTTP://1.1.1.1 https://11.0.0.1 \
             https://172.32.0.1 https://100.63.0.1 https://100.128.0.1 https://192.0.1.1 \
             https://192.0.3.1 https://198.17.0.1 https://198.20.0.1 https://198.51.101.1 \
             https://203.0.112.1 https://223.0.0.1",
        ),
        (
            "12",
            "https://100.64.0.1 https://100.127.255.255 https://192.0.0.1 https://192.0.2.1 \
             https://198.18.0.1 https://198.19.255.255 https://198.51.100.1 https://203.0.113.1 \
             https://224.0.0.1 https://239.255.255.255",
        ),
        (
            "23",
            "https://[::2] https://[2606:4700::1111] https://[::ffff:8.8.8.8] \
             https://[64:ff9b::1:0:1] https://[64:ff9b:1::1] https://[100:0:0:1::1] \
             https://[2001:200::1] https://[2001:db9::1] https://[2003::1] https://[3ff3::1] \
             https://[3fff::1] https://[5f00::1] https://[fbff::1] https://[fe00::1] \
             https://[fec0::1] https://[feff::1]",
        ),
        (
            "2",
            "https://[::ffff:192.0.2.1] https://[64:ff9b::1] https://[100::1] https://[2001::1] \
             https://[2001:1ff::1] https://[2001:db8::1] https://[2002::1] https://[2001:10::1] \
             https://[ff00::1] https://[ff02::1]",
        ),
        ("3", "https://s3.lan.local:9000 https://S3.LAN.local"),
        (
            "",
            "1.1.1.1 ftp://1.1.1.1 https://localhost https://LOCALHOST https://a.local \
             https://a.internal https://A.Internal:9000 https://0.0.0.0 https://10.0.0.1 \
             https://172.16.0.1 https://192.168.1.1 https://127.0.0.1 https://169.254.1.1 \
             https://240.0.0.1 https://255.255.255.255 https://[::1] https://[::] \
             https://[::ffff:10.0.0.1] https://[fc00::1] https://[fdff::1] https://[fe80::1] \
             https://[febf::1] https://b.s3.lan.local",
        ),
    ] {
        for url in urls.split(' ') {
            assert_eq!(callable(url), verdict, "{url}");
        }
    }
    // A dot at the end: the address counts without it at first, and later nothing does.
    let with_dot = ["https://1.1.1.1.", "https://localhost.", "https://a.local."];
    let later = with_dot.map(|url| callable(url).replace('1', ""));
    assert_eq!(later, ["2", "", ""]);
}

#[test]
fn images() {
    let (hash, name, tag) = ("a".repeat(64), "a".repeat(256), "t".repeat(129));
    let with = |front: &str| format!("{front}{hash}");
    verdicts(
        images::reference,
        &[
            "nginx",
            "nginx:1.27",
            "nginx:",
            ":1",
            "acme/app",
            "ghcr.io/acme/app:v1",
            "localhost:5000/app",
            "localhost:5000/app:1",
            "acme_app",
            "acme__app",
            "acme--app",
            "acme.app",
            "a@sha256",
            &with("a@sha256:"),
            &with("a@sha256:").replace('a', "A").replacen('A', "a", 1),
            &with("a@SHA256:"),
            &with("a@sha256:")[..72],
            &name[1..],
            &format!("a:{}", &tag[1..]),
        ],
        &[
            "nginx:a b",
            "nginx:-a",
            "Acme/app",
            "acme//app",
            "acme/app/",
            "acme___app",
            "acme..app",
            "-a",
            "a-",
            "a@sha512:x",
            &with("a:1@sha256:"),
            &with("a:sha256:"),
            &with("a:sha:"),
            "a:sha25:x",
            &with("@sha256:"),
            &name,
            &format!("a:{tag}"),
        ],
    );
    let kept = |name: &str, tag: Option<&str>| {
        let (name, tag) = images::kept(name, tag);
        format!("{name} {tag}").replace(&hash, "HASH")
    };
    let hashed = with("a@sha256:");
    for (stored, wanted) in [
        (kept("nginx", None), "nginx latest"),
        (kept("nginx", Some("1")), "nginx 1"),
        (kept("nginx:2", None), "nginx 2"),
        (kept("localhost:5000/a", None), "localhost:5000/a latest"),
        (kept("localhost:5000/a", Some("1")), "localhost:5000/a 1"),
        (kept(&hashed, None), "a@sha256 HASH"),
        (kept("a@sha256", Some(&hash)), "a@sha256 HASH"),
        (kept("a", Some(&hash)), "a@sha256 HASH"),
    ] {
        assert_eq!(stored, wanted);
    }
}

#[test]
fn frequencies() {
    verdicts(
        cron::is_frequency,
        &[
            "* * * * *",
            "0-30/5 * * * *",
            "0 0 * * SUN",
            "0 0 * * sun",
            "0 0 * * Sat",
            "0 0 * * 7",
            "0 0 1 jan *",
            "0 0 1 DEC *",
            "0 0 29 2 MON",
            "0 0 29 2 *",
            "0 0 30 4 *",
            "0 0 31 6,7 *",
            "0 0 31 12 *",
            "*/2.5 * * * *",
            "*/59 * * * *",
            "*/1 * * * *",
            "* */23 * * *",
            "* * */31 * *",
            "* * * */12 *",
            "* * * * */7",
            "59 23 31 12 6",
            "1,2,3 * * * *",
            "1-5,7 * * * *",
            "5-5 * * * *",
            "5/1 * * * *",
            "1-9/3 * * * *",
            "01 * * * *",
            "001 * * * *",
            " * * * * *",
            "* * * * * ",
            "*  * * * *",
            "*\t* * * *",
            "@daily",
            "@hourly",
            "@weekly",
            "@monthly",
            "@yearly",
            "every_minute",
            "hourly",
            "daily",
            "weekly",
            "monthly",
            "yearly",
        ],
        &[
            "0 0 * * 8",
            "0 0 30 2 *",
            "0 0 31 4 *",
            "0 0 31 4,6,9,11 *",
            "*/60 * * * *",
            "*/0 * * * *",
            "* */24 * * *",
            "* * */32 * *",
            "* * * */13 *",
            "* * * * */8",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * 32 * *",
            "* * * 0 *",
            "* * * 13 *",
            "1,,2 * * * *",
            "1, * * * *",
            ",1 * * * *",
            "10-5 * * * *",
            "1-60 * * * *",
            "-5 * * * *",
            "5- * * * *",
            "1-2-3 * * * *",
            "5/10 * * * *",
            "1-9/3/2 * * * *",
            "*/ * * * *",
            "*/a * * * *",
            "+1 * * * *",
            "a * * * *",
            "0 0 * * MON-FRI",
            "0 0 * * MON,TUE",
            "0 0 1 jan,feb *",
            "0 0 1 january *",
            "0 0 L * *",
            "0 0 15W * *",
            "0 0 * * 5L",
            "0 0 * * 5#2",
            "0 0 ? * *",
            "* * * *",
            "* * * * * *",
            "@annually",
            "@midnight",
            "@reboot",
            "Daily",
            "@Daily",
            "",
        ],
    );
}
