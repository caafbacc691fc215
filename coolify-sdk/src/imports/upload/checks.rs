//! Which files Coolify takes, as its source says: by their names and first bytes.

use super::invalid;
use crate::error::Result;

/// The number of bytes at the beginning of a file that Coolify looks at.
pub(super) const SAMPLE: usize = 4096;

/// The longest name of a file on the usual file systems, in bytes.
const LONGEST: usize = 255;

/// The endings that Coolify takes. The last ones are those of `SQLite`, which newer
/// versions may take.
const ENDINGS: &[&str] = &[
    "sql", "gz", "zip", "tar", "tgz", "dump", "bak", "bson", "archive", "bz2", "xz", "dmp", "db",
    "sqlite", "sqlite3", "backup",
];

/// The words that Coolify does not take between the dots before the ending.
const PROGRAMS: &[&str] = &[
    "asp", "aspx", "bat", "bash", "cgi", "cmd", "com", "exe", "htm", "html", "jar", "js", "jsp",
    "php", "php3", "php4", "php5", "phtml", "pl", "ps1", "py", "rb", "sh",
];

/// Refuses an empty name, a name that is too long, and one that a form cannot contain.
pub(super) fn shape(name: &str) -> Result<()> {
    let is_odd = |c: char| c.is_control() || matches!(c, '/' | '\\' | '"');
    if name.is_empty() || name.len() > LONGEST || name.contains(is_odd) {
        return Err(
            invalid(format!("{name:?} is not a name of a file")).with_hint(format!(
                "set a `name` of at most {LONGEST} bytes without quotes and slashes"
            )),
        );
    }
    Ok(())
}

/// Refuses a name whose ending Coolify does not take.
pub(super) fn ending(name: &str) -> Result<()> {
    let lower = name.to_ascii_lowercase();
    let mut parts = lower.split('.').rev();
    let ending = parts.next().unwrap_or_default();
    let rest: Vec<_> = parts.collect();
    let has_stem = rest.iter().any(|part| !part.is_empty()) && !rest[0].is_empty();
    if !has_stem || !ENDINGS.contains(&ending) {
        let refused = format!("Coolify does not import files with a name like {name:?}");
        return Err(invalid(refused).with_hint(
            "the ending says what the file is, such as `.sql`, `.sql.gz`, `.dmp` or `.zip`: set \
             `name`",
        ));
    }
    if let Some(program) = rest.iter().find(|part| PROGRAMS.contains(part)) {
        let refused = format!("Coolify takes no file with `.{program}` in its name {name:?}");
        return Err(invalid(refused).with_hint("set another `name`"));
    }
    Ok(())
}

/// Refuses a content that does not match the ending. Coolify notices it only after the
/// whole file was uploaded.
pub(super) fn content(name: &str, beginning: &[u8], length: u64) -> Result<()> {
    let sample = &beginning[..beginning.len().min(SAMPLE)];
    let ending = name.rsplit('.').next().unwrap_or_default();
    let ending = ending.to_ascii_lowercase();
    let (fits, wanted) = match ending.as_str() {
        "gz" | "tgz" => (sample.starts_with(&[0x1f, 0x8b]), "compressed by gzip"),
        "zip" => (is_zip(sample), "a zip archive"),
        "tar" => (sample.get(257..262) == Some(b"ustar"), "a tar archive"),
        "bz2" => (sample.starts_with(b"BZh"), "compressed by bzip2"),
        "xz" => (sample.starts_with(b"\xfd7zXZ\0"), "compressed by xz"),
        "sql" => (is_text(sample), "text in UTF-8"),
        "dump" | "bak" | "archive" | "dmp" => (
            sample.starts_with(b"PGDMP") || is_text(sample),
            "an archive of pg_dump or text in UTF-8",
        ),
        "bson" => (is_bson(sample, length), "BSON"),
        _ => return Ok(()),
    };
    if fits {
        return Ok(());
    }
    let summary = format!("the content of {name:?} is not {wanted}, as its ending says");
    Err(invalid(summary).with_hint(
        "set the `name` to one with the right ending; Coolify takes anything that was \
         compressed by gzip, as `.gz`",
    ))
}

fn is_zip(sample: &[u8]) -> bool {
    let kinds = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"];
    kinds.iter().any(|kind| sample.starts_with(*kind))
}

/// Coolify takes no text whose sample ends within a character.
fn is_text(sample: &[u8]) -> bool {
    !sample.contains(&0) && str::from_utf8(sample).is_ok()
}

fn is_bson(sample: &[u8], length: u64) -> bool {
    let announced = sample.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
    announced.is_some_and(|announced| announced >= 5 && u64::from(announced) <= length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_a_stem_and_a_known_ending() {
        for good in [
            "a.sql",
            "A.SQL.GZ",
            "pg-dump-shop-1.dmp",
            "a.b.zip",
            "ä.tar",
        ] {
            assert!(shape(good).and_then(|()| ending(good)).is_ok(), "{good}");
        }
        for bad in [
            "sql",
            ".sql",
            "a..sql",
            "a.exe",
            "a.php.sql",
            "a",
            "..gz",
            "a.sql.",
        ] {
            assert!(shape(bad).is_ok(), "{bad}");
            assert!(ending(bad).unwrap_err().is_invalid_request(), "{bad}");
        }
        for odd in [
            "",
            "a/b.sql",
            "a\\b.sql",
            "a\".sql",
            "a\n.sql",
            &"a".repeat(256),
        ] {
            assert!(shape(odd).unwrap_err().is_invalid_request(), "{odd}");
        }
    }

    #[test]
    fn contents_match_the_ending() {
        let mut tar = vec![b'a'; 512];
        tar[257..262].copy_from_slice(b"ustar");
        let cut = ["a".repeat(SAMPLE - 1), "ä".to_owned()].concat();
        for (name, content, fits) in [
            ("a.sql", b"SELECT 1;".as_slice(), true),
            ("a.sql", b"SELECT \0;", false),
            ("a.sql", b"\xff", false),
            ("a.sql", cut.as_bytes(), false),
            ("a.SQL.GZ", b"\x1f\x8b\x08", true),
            ("a.tgz", b"SELECT 1;", false),
            ("a.zip", b"PK\x03\x04", true),
            ("a.zip", b"PK", false),
            ("a.tar", &tar, true),
            ("a.tar", b"ustar", false),
            ("a.bz2", b"BZh9", true),
            ("a.bz2", b"bz", false),
            ("a.xz", b"\xfd7zXZ\0", true),
            ("a.xz", b"7z", false),
            ("a.dmp", b"PGDMP\0\x01", true),
            ("a.dmp", b"SELECT 1;", true),
            ("a.dmp", b"\0PGDMP", false),
            ("a.bson", b"\x05\0\0\0\0", true),
            ("a.bson", b"\x06\0\0\0\0", false),
            ("a.bson", b"\x04\0\0\0\0", false),
            ("a.bson", b"\x05\0", false),
            ("a.sqlite", b"\0", true),
        ] {
            let length = content.len() as u64;
            let checked = self::content(name, content, length);
            assert_eq!(checked.is_ok(), fits, "{name} {content:?}");
        }
    }
}
