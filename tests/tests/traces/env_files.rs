//! How `.env` files are read and written.

use coolify_sdk::envs::{EnvFile, EnvironmentVariable};
use serde_json::json;

use crate::stage::{chapter, failure};

/// What a file says, and how it would be written again.
fn read(text: &str) -> String {
    let file = match EnvFile::parse(text) {
        Ok(file) => file,
        Err(error) => return format!("    {}\n", failure(&error)),
    };
    let entries = file.entries().iter().map(|entry| {
        let value = entry.value.as_ref().map(|it| it.expose().to_owned());
        let literal = if entry.is_literal { ", literal" } else { "" };
        let lines = if entry.is_multiline() {
            ", several lines"
        } else {
            ""
        };
        format!("    {} = {value:?}{literal}{lines}\n", entry.key)
    });
    let entries = entries.collect::<Vec<_>>().concat();
    let written = match file.to_text() {
        Ok(written) => {
            let again = EnvFile::parse(written.expose()).expect("it can be read again");
            assert_eq!(again, file, "{text:?}");
            format!("{:?}", written.expose())
        }
        Err(error) => failure(&error),
    };
    format!("{entries}    written {written}\n")
}

fn all(texts: &[&str]) -> String {
    let told = texts
        .iter()
        .map(|text| chapter(&format!("{text:?}"), read(text)));
    told.collect::<Vec<_>>().concat()
}

#[test]
fn statements_are_keys_with_values() {
    let told = all(&[
        "",
        "\u{feff}A=1",
        "A=1\nB=2\r\n\n# C=3\n  # D=4\n  E = 5  \n",
        "A=1\nB=2\nA=3\n",
        "A=1\nA\n",
        "A\nA=1\n",
        "A",
        "  A  # comment",
        "A: 1\nB : 2",
        "A=b:c\nB:c=d",
        "export A=1\nexport\tB=2\nexported=3\nexport\n",
        "export C",
        "export #C",
        "A=",
        "A=\nB=1",
        "A= # nothing",
        "A=#1",
        "A=1 #2",
        "A=1 # 2 # 3",
        "A=1# 2",
        "A=a b",
        "A=\u{a0}1\u{2003}",
        "A=\u{b}\u{c}\u{85}1",
        "1A=ignored\nB=1",
        "1\n1-[a].b\nB=1",
        "1A$=1",
    ]);
    insta::assert_snapshot!(told);
}

#[test]
fn quotes_keep_what_they_enclose() {
    let told = all(&[
        "A='1'",
        "A=\"1\"",
        "A=''",
        "A='it\\'s'",
        "A='a\\nb \\\\ \\\"'",
        "A='# no comment' # comment",
        "A='1'#comment\nB=2",
        "A='a\nb'\nB=2",
        "A=\"a\nb\"\nB=2",
        "A=\"a\\nb\\rc\\td\\ae\\bf\\fg\\vh\"",
        "A=\"\\\"\\\\\\$\"",
        "A=\"\\0101\\0377\\0400\\08\\012\\0\\q\\\"\"",
        "A=\"\u{e9}\\\u{e9}\"",
        "A='\u{200b}x\n'",
        "1A='skipped'\nB=1",
        "A='a",
        "A=\"a\\\"",
        "A=\"a\\",
        "A='a' b",
        "A=1\n\nB='a\nb' c\n",
    ]);
    insta::assert_snapshot!(told);
}

#[test]
fn a_dollar_begins_a_reference_or_is_literal() {
    let told = all(&[
        "A=$B",
        "A=${B:-x}",
        "A=$_",
        "A=$$B",
        "A=$",
        "A=5$",
        "A=$1",
        "A=${1}",
        "A=$$",
        "A=$B$$C",
        "A=$B and 5$",
        "A='$B'",
        "A='5$'",
        "A=\"\\$B\"",
        "A=\"$B\"",
        "A=\"$B \\$C\"",
        "A=\"$$B\\n\"",
    ]);
    insta::assert_snapshot!(told);
}

#[test]
fn an_invalid_key_is_an_error_with_its_line() {
    let told = all(&[
        "A-B=1",
        "A=1\nB C=2",
        "=1",
        ": 1",
        "\u{e9}=1",
        "A.B=1\n_=2\n.C=3",
        "A B",
        "# one\n\nA='x\ny'\n-",
        "c2VjcmV0LXZhbHVlIDEyMw==",
        "c2VjcmV0LXZhbHVlIDEyMzQ=",
        "c2VjcmV0dmFsdWUxMjM0NTY=",
        "SECRETVALUE12345678=",
        "Ab1Ab1Ab1Ab1Ab1Ab1A=",
        "Ab1Ab1Ab1Ab1Ab1=",
        "Ab1Ab1Ab1Ab1Ab1Ab=",
        "AbcAbcAbcAbcAbcAbcA=",
        "Ab1_b1Ab1Ab1Ab1Ab1A=",
        "Ab1Ab1Ab1Ab1Ab1Ab1A=x",
        "Ab1Ab1Ab1Ab1Ab1Ab1A=\"\"",
    ]);
    insta::assert_snapshot!(told);
}

#[test]
fn values_are_written_so_that_they_can_be_read_back() {
    let values = [
        ("plain", "aZ09_-./:@,+%", false),
        ("empty", "", false),
        ("space", "a b", false),
        ("quotes", "say \"it's\\\"", false),
        ("lines", "a\r\nb\tc\n", false),
        ("reference", "$A", false),
        ("literal", "$A", true),
        ("literal without a dollar", "A", true),
        ("both", "5$ $A", false),
        ("both, literal", "5$ $A", true),
        ("equals", "a=b", false),
        ("control", "\u{7}\u{85}", false),
    ];
    let variables = values.iter().map(|(key, value, is_literal)| {
        let key = key.replace([' ', ','], "_");
        let row = json!({"uuid": key, "key": key, "value": value, "is_literal": is_literal});
        serde_json::from_value::<EnvironmentVariable>(row).expect("a variable")
    });
    let mut told = String::new();
    for variable in variables {
        let file = EnvFile::of_variables([&variable]);
        let text = match file.to_text() {
            Ok(text) => text.expose().to_owned(),
            Err(error) => failure(&error) + "\n",
        };
        told += &chapter(&format!("{:?}", file.entries()), text);
    }
    let hidden = json!({"uuid": "u", "key": "HIDDEN", "value": null, "is_literal": true});
    let hidden: EnvironmentVariable = serde_json::from_value(hidden).expect("a variable");
    let file = EnvFile::of_variables([&hidden]);
    let text = file.to_text().expect("a text");
    told += &chapter(&format!("{file:?}"), text.expose());
    insta::assert_snapshot!(told);
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let error = EnvFile::read("/no/such/folder/.env").expect_err("it is not there");
    insta::assert_snapshot!(failure(&error));
}
