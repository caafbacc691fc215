//! URLs, as PHP takes them apart.

use super::rules::written_out;
use crate::testing::validation::url;

/// A URL, whether PHP's filter accepts it, and its parts; empty if it has none.
const TABLE: &[(&str, bool, &str)] = &[
    (
        "https://example.com",
        true,
        r#"scheme: "https", host: "example.com""#,
    ),
    (
        "HTTP://Example.com:8080/A?b=c#d",
        true,
        r#"scheme: "HTTP", host: "Example.com", port: 8080, path: "/A", query: "b=c", fragment: "d""#,
    ),
    (
        "https://u:p@example.com/a",
        true,
        r#"scheme: "https", user: "u", password: "p", host: "example.com", path: "/a""#,
    ),
    (
        "https://u@example.com",
        true,
        r#"scheme: "https", user: "u", host: "example.com""#,
    ),
    (
        "https://u:@example.com",
        true,
        r#"scheme: "https", user: "u", password: "", host: "example.com""#,
    ),
    (
        "https://:p@example.com",
        true,
        r#"scheme: "https", user: "", password: "p", host: "example.com""#,
    ),
    (
        "https://a@b@example.com",
        false,
        r#"scheme: "https", user: "a@b", host: "example.com""#,
    ),
    (
        "https://a:b:c@example.com",
        true,
        r#"scheme: "https", user: "a", password: "b:c", host: "example.com""#,
    ),
    (
        "https://u p@example.com",
        false,
        r#"scheme: "https", user: "u p", host: "example.com""#,
    ),
    (
        "https://u<x>@example.com",
        false,
        r#"scheme: "https", user: "u<x>", host: "example.com""#,
    ),
    (
        "https://u:p<x>@example.com",
        false,
        r#"scheme: "https", user: "u", password: "p<x>", host: "example.com""#,
    ),
    (
        "ftp://u<x>@a_b",
        false,
        r#"scheme: "ftp", user: "u<x>", host: "a_b""#,
    ),
    (
        "https://example.com:",
        true,
        r#"scheme: "https", host: "example.com""#,
    ),
    (
        "https://example.com:/a",
        true,
        r#"scheme: "https", host: "example.com", path: "/a""#,
    ),
    (
        "https://example.com:0",
        true,
        r#"scheme: "https", host: "example.com", port: 0"#,
    ),
    (
        "https://example.com:1",
        true,
        r#"scheme: "https", host: "example.com", port: 1"#,
    ),
    (
        "https://example.com:65535",
        true,
        r#"scheme: "https", host: "example.com", port: 65535"#,
    ),
    ("https://example.com:65536", false, ""),
    ("https://example.com:99999", false, ""),
    ("https://example.com:100000", false, ""),
    (
        "https://example.com:080",
        true,
        r#"scheme: "https", host: "example.com", port: 80"#,
    ),
    ("https://example.com:port", false, ""),
    (
        "https://example.com:80:81",
        false,
        r#"scheme: "https", host: "example.com:80", port: 81"#,
    ),
    ("https://:80", false, ""),
    ("https://", false, ""),
    ("https:///a", false, ""),
    ("https:/a", false, r#"scheme: "https", path: "/a""#),
    ("https:a", false, r#"scheme: "https", path: "a""#),
    ("https:", false, r#"scheme: "https""#),
    (
        "//example.com/a",
        false,
        r#"host: "example.com", path: "/a""#,
    ),
    (
        "//example.com:80/a",
        false,
        r#"host: "example.com", port: 80, path: "/a""#,
    ),
    (
        "//u:p@example.com",
        false,
        r#"user: "u", password: "p", host: "example.com""#,
    ),
    ("//", false, ""),
    ("/a:80", false, ""),
    ("/a:80/b", false, ""),
    ("/a?b:c", false, r#"path: "/a", query: "b:c""#),
    ("/a:b", false, r#"path: "/a:b""#),
    ("a:80", false, r#"host: "a", port: 80"#),
    ("a:80/b", false, r#"host: "a", port: 80, path: "/b""#),
    ("a:80b", false, r#"scheme: "a", path: "80b""#),
    ("a:99999", false, ""),
    ("a:123456", false, r#"scheme: "a", path: "123456""#),
    ("a:65536", false, ""),
    ("a_b:80", false, r#"host: "a_b", port: 80"#),
    ("a_b:c", false, r#"path: "a_b:c""#),
    ("a b:80", false, r#"host: "a b", port: 80"#),
    (":80", false, ""),
    (":", false, ""),
    (":a", false, r#"path: ":a""#),
    ("a", false, r#"path: "a""#),
    ("a/b", false, r#"path: "a/b""#),
    ("a?b", false, r#"path: "a", query: "b""#),
    ("a#b", false, r#"path: "a", fragment: "b""#),
    ("?b:c", false, r#"query: "b:c""#),
    ("#b:c", false, r#"fragment: "b:c""#),
    ("a?b#c", false, r#"path: "a", query: "b", fragment: "c""#),
    ("a#b?c", false, r#"path: "a", fragment: "b?c""#),
    ("a#b#c", false, r#"path: "a", fragment: "b#c""#),
    ("a?b?c", false, r#"path: "a", query: "b?c""#),
    (
        "https://example.com?b",
        true,
        r#"scheme: "https", host: "example.com", query: "b""#,
    ),
    (
        "https://example.com#c",
        true,
        r#"scheme: "https", host: "example.com", fragment: "c""#,
    ),
    (
        "https://example.com?b/c",
        true,
        r#"scheme: "https", host: "example.com", query: "b/c""#,
    ),
    (
        "https://example.com/?#",
        true,
        r#"scheme: "https", host: "example.com", path: "/", query: "", fragment: """#,
    ),
    (
        "https://example.com/a?",
        true,
        r#"scheme: "https", host: "example.com", path: "/a", query: """#,
    ),
    (
        "https://example.com/a#",
        true,
        r#"scheme: "https", host: "example.com", path: "/a", fragment: """#,
    ),
    (
        "https://example.com/a:b",
        true,
        r#"scheme: "https", host: "example.com", path: "/a:b""#,
    ),
    ("https://[::1]", true, r#"scheme: "https", host: "[::1]""#),
    (
        "https://[::1]:80",
        true,
        r#"scheme: "https", host: "[::1]", port: 80"#,
    ),
    ("https://[::1]:port", false, ""),
    (
        "https://[::1",
        false,
        r#"scheme: "https", host: "[:", port: 1"#,
    ),
    (
        "https://::1",
        false,
        r#"scheme: "https", host: ":", port: 1"#,
    ),
    ("https://[::g]", false, r#"scheme: "https", host: "[::g]""#),
    (
        "https://[fe80::1]/a",
        true,
        r#"scheme: "https", host: "[fe80::1]", path: "/a""#,
    ),
    (
        "https://1.2.3.4",
        true,
        r#"scheme: "https", host: "1.2.3.4""#,
    ),
    (
        "https://999.1.1.1",
        true,
        r#"scheme: "https", host: "999.1.1.1""#,
    ),
    (
        "https://localhost",
        true,
        r#"scheme: "https", host: "localhost""#,
    ),
    (
        "https://example.com.",
        true,
        r#"scheme: "https", host: "example.com.""#,
    ),
    (
        "https://example.com..",
        false,
        r#"scheme: "https", host: "example.com..""#,
    ),
    (
        "https://.example.com",
        false,
        r#"scheme: "https", host: ".example.com""#,
    ),
    ("https://a..b", false, r#"scheme: "https", host: "a..b""#),
    (
        "https://-a.example.com",
        false,
        r#"scheme: "https", host: "-a.example.com""#,
    ),
    (
        "https://a-.example.com",
        false,
        r#"scheme: "https", host: "a-.example.com""#,
    ),
    (
        "https://a-b.example.com",
        true,
        r#"scheme: "https", host: "a-b.example.com""#,
    ),
    (
        "https://a_b.example.com",
        false,
        r#"scheme: "https", host: "a_b.example.com""#,
    ),
    (
        "https://*.example.com",
        false,
        r#"scheme: "https", host: "*.example.com""#,
    ),
    (
        "https://größe.de",
        false,
        r#"scheme: "https", host: "größe.de""#,
    ),
    (
        "https://example.com/größe",
        false,
        r#"scheme: "https", host: "example.com", path: "/größe""#,
    ),
    (
        "https://example.com/a b",
        false,
        r#"scheme: "https", host: "example.com", path: "/a b""#,
    ),
    (
        "https://example.com/a|b",
        true,
        r#"scheme: "https", host: "example.com", path: "/a|b""#,
    ),
    (
        "https://example.com/<a>",
        true,
        r#"scheme: "https", host: "example.com", path: "/<a>""#,
    ),
    (
        "https://example.com/a^b~c",
        true,
        r#"scheme: "https", host: "example.com", path: "/a^b~c""#,
    ),
    ("ftp://a_b", true, r#"scheme: "ftp", host: "a_b""#),
    (
        "ftp://*.example.com",
        true,
        r#"scheme: "ftp", host: "*.example.com""#,
    ),
    ("ftp:/a", false, r#"scheme: "ftp", path: "/a""#),
    (
        "mailto:a@example.com",
        true,
        r#"scheme: "mailto", path: "a@example.com""#,
    ),
    ("news:a", true, r#"scheme: "news", path: "a""#),
    ("file:/a", true, r#"scheme: "file", path: "/a""#),
    ("file:///a", true, r#"scheme: "file", path: "/a""#),
    ("file://", false, ""),
    ("urn:a", false, r#"scheme: "urn", path: "a""#),
    (
        "MAILTO:a@example.com",
        false,
        r#"scheme: "MAILTO", path: "a@example.com""#,
    ),
    (
        "javascript:alert(1)",
        false,
        r#"scheme: "javascript", path: "alert(1)""#,
    ),
    ("a+b.c-d://e", true, r#"scheme: "a+b.c-d", host: "e""#),
    ("a_b://c", false, r#"path: "a_b://c""#),
    ("1a://b", true, r#"scheme: "1a", host: "b""#),
    ("https+x://a", true, r#"scheme: "https+x", host: "a""#),
    (
        "git@example.com:a/b",
        false,
        r#"path: "git@example.com:a/b""#,
    ),
    (
        "git@example.com:80/b",
        false,
        r#"user: "git", host: "example.com", port: 80, path: "/b""#,
    ),
    (
        "ssh://git@example.com:22/a",
        true,
        r#"scheme: "ssh", user: "git", host: "example.com", port: 22, path: "/a""#,
    ),
    (
        "example.com:80/a",
        false,
        r#"host: "example.com", port: 80, path: "/a""#,
    ),
    ("localhost:3000", false, r#"host: "localhost", port: 3000"#),
    (
        "https://{a*62}.example.com",
        true,
        r#"scheme: "https", host: "{a*62}.example.com""#,
    ),
    (
        "https://{a*63}.example.com",
        true,
        r#"scheme: "https", host: "{a*63}.example.com""#,
    ),
    (
        "https://{a*64}.example.com",
        false,
        r#"scheme: "https", host: "{a*64}.example.com""#,
    ),
    (
        "https://{a*49}.{a*49}.{a*49}.{a*49}.{a*49}.bbb",
        true,
        r#"scheme: "https", host: "{a*49}.{a*49}.{a*49}.{a*49}.{a*49}.bbb""#,
    ),
    (
        "https://{a*49}.{a*49}.{a*49}.{a*49}.{a*49}.bbbb",
        false,
        r#"scheme: "https", host: "{a*49}.{a*49}.{a*49}.{a*49}.{a*49}.bbbb""#,
    ),
    (
        "https://{a*49}.{a*49}.{a*49}.{a*49}.{a*49}.bbbbb",
        false,
        r#"scheme: "https", host: "{a*49}.{a*49}.{a*49}.{a*49}.{a*49}.bbbbb""#,
    ),
];

/// Returns the parts that a URL has.
fn told(url: &str) -> String {
    let parts = format!("{:?}", url::parse(url));
    let part = regex::Regex::new(r#"(\w+): Some\(("(?:[^"\\]|\\.)*"|\d+)\)"#).unwrap();
    let parts = part
        .captures_iter(&parts)
        .map(|it| format!("{}: {}", &it[1], &it[2]));
    parts.collect::<Vec<_>>().join(", ")
}

#[test]
fn urls_are_taken_apart_as_php_does() {
    for (text, is_url, parts) in TABLE {
        let url = written_out(text);
        assert_eq!(url::is_url(&url), *is_url, "{text}");
        assert_eq!(told(&url), written_out(parts), "{text}");
    }
}
