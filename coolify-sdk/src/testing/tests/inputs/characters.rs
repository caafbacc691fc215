//! The characters that a rule accepts at a place, among those of [`all`].

use super::rules::Check;
use crate::testing::validation::{git, hosts, images, text};

/// A rule, a text in which `{}` is the place, and the accepted characters. `0-9` is a range.
const TABLE: &[(&str, Check, &str, &str)] = &[
    (
        "text::name",
        text::name,
        "a{}b",
        "-0-9A-Za-z #&()+,./:@_\t\nä²中",
    ),
    ("text::name", text::name, "{}b", "-0-9A-Za-z#&()+,./:@_ä²中"),
    ("text::name", text::name, "a{}", "-0-9A-Za-z#&()+,./:@_ä²中"),
    (
        "text::description",
        text::description,
        "a{}b",
        "-0-9A-Za-z !\"&'()*+,./=?@_\t\nä²中",
    ),
    (
        "text::description",
        text::description,
        "{}",
        r#"-0-9A-Za-z!"&'()*+,./=?@_ä²中"#,
    ),
    (
        "text::docker_name",
        text::docker_name,
        "a{}b",
        "-0-9A-Za-z._",
    ),
    ("text::docker_name", text::docker_name, "{}b", "0-9A-Za-z"),
    ("text::docker_name", text::docker_name, "{}", "0-9A-Za-z"),
    ("text::variable", text::variable, "a{}b", "0-9A-Za-z._"),
    ("text::variable", text::variable, "{}b", "A-Za-z_"),
    ("text::variable", text::variable, "{}", "A-Za-z_"),
    ("text::identifier", text::identifier, "a{}b", "0-9A-Za-z_"),
    ("text::identifier", text::identifier, "{}b", "A-Za-z_"),
    (
        "text::password",
        text::password,
        "a{}b",
        "-0-9A-Za-z!#%()*+,./:=?@[]^_{}~",
    ),
    (
        "text::password",
        text::password,
        "{}",
        "-0-9A-Za-z!#%()*+,./:=?@[]^_{}~",
    ),
    (
        "text::organization",
        text::organization,
        "a{}b",
        r#"-0-9A-Za-z!"$%&'()*+,.:;<=>@[\]^_`{|}~ä²中"#,
    ),
    ("text::user", text::user, "a{}b", "-0-9A-Za-z._"),
    ("text::user", text::user, "{}", "-0-9A-Za-z._"),
    (
        "text::command",
        text::command,
        "a{}b",
        "-0-9A-Za-z !#%*+,./:=?@[]^_{}~\t",
    ),
    (
        "text::command",
        text::command,
        "{}",
        "-0-9A-Za-z!#%*+,./:=?@[]^_{}~",
    ),
    (
        "text::command",
        text::command,
        r#""a{}b""#,
        "-0-9A-Za-z !#%&'()*+,./:;<=>?@[]^_{|}~\tä²中",
    ),
    (
        "text::command",
        text::command,
        "'a{}b'",
        "-0-9A-Za-z !\"#$%&()*+,./:;<=>?@[\\]^_`{|}~\tä²中",
    ),
    ("text::command", text::command, r#"a "{}"#, r#"""#),
    (
        "text::command",
        text::command,
        "a{}{}b",
        "-0-9A-Za-z !\"#%&'*+,./:=?@[]^_{|}~\t",
    ),
    (
        "text::health_command",
        text::health_command,
        "a{}b",
        "-0-9A-Za-z +,./:=@_",
    ),
    (
        "text::health_path",
        text::health_path,
        "/a{}b",
        "-0-9A-Za-z%,./;_~",
    ),
    (
        "text::health_host",
        text::health_host,
        "a{}b",
        "-0-9A-Za-z._",
    ),
    ("text::file", text::file, "/a{}b", "-0-9A-Za-z+./@_~"),
    ("text::file", text::file, "{}a", "/"),
    ("text::file", text::file, "/{}", "-0-9A-Za-z+./@_~"),
    ("text::folder", text::folder, "/a{}b", "-0-9A-Za-z+./@_~"),
    ("text::folder", text::folder, "{}a", "/"),
    ("text::folder", text::folder, "/{}", "-0-9A-Za-z+./@_~"),
    ("text::ports", text::ports, "1{}2", "0-9,"),
    ("text::ports", text::ports, "{}", "0-9"),
    ("text::port_mappings", text::port_mappings, "1:1{}2:2", ","),
    ("text::port_mappings", text::port_mappings, "1{}2", ":"),
    (
        "text::is_shell_safe",
        text::is_shell_safe,
        "a{}b",
        r##"-0-9A-Za-z !"#$%'()*+,./:=?@[\]^_{}~ä²中"##,
    ),
    (
        "text::is_shell_safe",
        text::is_shell_safe,
        "a{}(b",
        r##"-0-9A-Za-z !"#%'()*+,./:=?@[\]^_{}~ä²中"##,
    ),
    (
        "text::is_shell_safe",
        text::is_shell_safe,
        "a{}{b",
        r##"-0-9A-Za-z !"#%'()*+,./:=?@[\]^_{}~ä²中"##,
    ),
    ("git::commit", git::commit, "a{}b", "-0-9A-Za-z./_"),
    ("git::commit", git::commit, "{}b", "0-9A-Za-z"),
    ("git::branch", git::branch, "a{}b", "-0-9A-Za-z./_"),
    ("git::branch", git::branch, "{}b", "-0-9A-Za-z_"),
    ("git::branch", git::branch, "a{}", "-0-9A-Za-z_"),
    ("git::branch", git::branch, "a{}{}b", "-0-9A-Za-z_"),
    (
        "git::repository",
        git::repository,
        "git@a{}b:c",
        "-0-9A-Za-z.",
    ),
    (
        "git::repository",
        git::repository,
        "git@a:c{}d",
        "-0-9A-Za-z./_~",
    ),
    (
        "git::repository",
        git::repository,
        "git://a{}b/c",
        "-0-9A-Za-z./:",
    ),
    (
        "git::repository",
        git::repository,
        "git://a/c{}d",
        "-0-9A-Za-z./_~",
    ),
    (
        "git::repository",
        git::repository,
        "git://a:1{}2/c",
        "-0-9A-Za-z./:_~",
    ),
    (
        "git::repository",
        git::repository,
        "https://git{}a.com/c",
        "-0-9A-Za-z./@",
    ),
    (
        "git::repository",
        git::repository,
        "https://git.com/c{}d",
        "-0-9A-Za-z./@_~",
    ),
    (
        "git::repository",
        git::repository,
        "https://git.com{}",
        "0-9A-Za-z./:",
    ),
    ("images::tag", images::tag, "a{}b", "-0-9A-Za-z._"),
    ("images::tag", images::tag, "{}b", "0-9A-Za-z_"),
    ("images::name", images::name, "a{}b", "-0-9a-z./_"),
    ("images::name", images::name, "{}b", "0-9a-z"),
    ("images::name", images::name, "a{}", "0-9a-z"),
    ("images::name", images::name, "a.com/b{}c", "-0-9a-z./_"),
    ("images::name", images::name, "a.com{}b/c", "-0-9a-z./_"),
    ("images::name", images::name, "a{}{}b", "-0-9a-z_"),
    ("images::name", images::name, "a{}{}{}b", "-0-9a-z"),
    (
        "images::reference",
        images::reference,
        "a{}b",
        "-0-9a-z./:_",
    ),
    (
        "images::reference",
        images::reference,
        "a:b{}c",
        "-0-9A-Za-z._",
    ),
    ("images::reference", images::reference, "a:{}", "0-9A-Za-z_"),
    ("hosts::server", hosts::server, "a{}b", "-0-9A-Za-z."),
    ("hosts::server", hosts::server, "{}b", "0-9A-Za-z"),
    ("hosts::server", hosts::server, "a{}", "0-9A-Za-z"),
    ("hosts::bucket", hosts::bucket, "a{}b", "-0-9a-z."),
    ("hosts::bucket", hosts::bucket, "{}bc", "0-9a-z"),
    ("hosts::bucket", hosts::bucket, "ab{}", "0-9a-z"),
    ("hosts::bucket", hosts::bucket, "a{}{}b", "-0-9a-z"),
];

/// Printable ASCII characters, the white space inside of texts, and letters of other
/// alphabets.
fn all() -> impl Iterator<Item = char> {
    (' '..='~').chain("\t\nä²中".chars())
}

/// Writes the ranges of a class out.
fn written_out(class: &str) -> String {
    let mut letters = class.chars().peekable();
    let mut all = String::new();
    while let Some(letter) = letters.next() {
        all.push(letter);
        if letter.is_ascii_alphanumeric() && letters.next_if_eq(&'-').is_some() {
            let last = letters.next().unwrap();
            all.extend((letter..=last).skip(1));
        }
    }
    all
}

#[test]
fn each_rule_has_its_characters() {
    for (rule, check, place, class) in TABLE {
        // Texts arrive without white space around them.
        let is_outside = place.starts_with("{}") || place.ends_with("{}");
        let tried = all().filter(|it| !is_outside || !it.is_ascii_whitespace());
        let mut accepted: Vec<char> = tried
            .filter(|it| check(&place.replace("{}", &it.to_string())))
            .collect();
        let mut expected: Vec<char> = written_out(class).chars().collect();
        accepted.sort_unstable();
        expected.sort_unstable();
        assert_eq!(accepted, expected, "{rule} in {place}");
    }
}
