//! Uploads of files for imports, in chunks.

use std::collections::BTreeMap;

use serde_json::json;

use super::{is_upload_id, target};
use crate::testing::{
    http::{Answer, Call, Reply},
    state::{State, Upload},
    validation::Findings,
};

/// The largest file, in bytes.
const MOST: u64 = 10 * 1024 * 1024 * 1024;

/// The endings of files that Coolify 4.3.11 imports. Those that 4.4.0 has added for
/// `SQLite` are not known, so all that are likely are taken.
const ENDINGS: &[&str] = &[
    "archive",
    "archive.gz",
    "backup",
    "bak",
    "bson",
    "bson.gz",
    "bz2",
    "db",
    "dmp",
    "dump",
    "gz",
    "sql",
    "sql.gz",
    "sqlite",
    "sqlite3",
    "tar",
    "tar.gz",
    "tgz",
    "xz",
    "zip",
];

const PROGRAMS: &[&str] = &[
    "asp", "aspx", "bash", "bat", "cgi", "cmd", "com", "exe", "htm", "html", "jar", "js", "jsp",
    "php", "php3", "php4", "php5", "phtml", "pl", "ps1", "py", "rb", "sh",
];

/// The number of bytes that are looked at.
const SAMPLE: usize = 4096;

const NOTHING: &Vec<u8> = &Vec::new();

/// `POST …/imports/uploads`.
pub(super) fn upload(state: &mut State, call: &Call<'_>) -> Answer {
    let target = target(state, call)?;
    let form = call.form();
    let field = |name: &str| {
        let part = form.iter().find(|it| it.name == name && it.file.is_none());
        part.map(|it| String::from_utf8_lossy(&it.content).into_owned())
    };
    let number = |name: &str| field(name).map(|it| it.parse::<u64>().unwrap_or_default());
    let id = field("upload_id").unwrap_or_default();
    let file = form.iter().find(|it| it.name == "file");
    let file = file.and_then(|it| Some((it.file.as_deref()?, &it.content)));
    let mut findings = Findings::default();
    if id.is_empty() {
        findings.add("upload_id", "The upload id field is required.");
    } else if !is_upload_id(&id) {
        findings.add("upload_id", "The upload id field must be a valid UUID.");
    }
    if file.is_none() {
        findings.add("file", "The file field is required.");
    }
    findings.refuse()?;
    let (name, content) = file.unwrap_or(("", NOTHING));
    if ending(name).is_none() {
        return refuse("Unsupported backup file extension.");
    }
    if number("dzTotalFilesize").is_some_and(|it| it > MOST) {
        return refuse("The backup exceeds the 10 GiB limit.");
    }
    let chunk = number("dzchunkindex").zip(number("dztotalchunkcount"));
    let whole = match chunk {
        None => content.clone(),
        Some((index, chunks)) => {
            let parts = parts(state, &target.uuid, &id, name);
            parts.insert(index, content.clone());
            let taken = u64::try_from(parts.len()).unwrap_or(u64::MAX);
            let done = taken.saturating_mul(100) / chunks.max(1);
            if done < 100 {
                let reply = json!({"upload_id": id, "done": done, "status": true});
                return Ok(Reply::json(200, reply));
            }
            parts.values().flatten().copied().collect()
        }
    };
    state
        .uploads
        .retain(|it| it.owner != target.uuid || it.id != id);
    if !is_of_its_ending(name, &whole) {
        return refuse("Uploaded file failed validation.");
    }
    state.uploads.push(Upload {
        owner: target.uuid,
        id: id.clone(),
        name: name.to_owned(),
        chunks: BTreeMap::new(),
        is_whole: true,
    });
    Ok(Reply::json(
        201,
        json!({
            "upload_id": id,
            "filename": name,
            "mime_type": "text/plain",
            "size": whole.len(),
        }),
    ))
}

fn refuse(said: &str) -> Answer {
    Err(Reply::invalid(json!({ "file": [said] })))
}

/// Returns the chunks of an unfinished upload. The name of the file counts: another name
/// begins another upload.
fn parts<'a>(
    state: &'a mut State,
    owner: &str,
    id: &str,
    name: &str,
) -> &'a mut BTreeMap<u64, Vec<u8>> {
    let uploads = &mut state.uploads;
    let mut known = uploads.iter();
    let position = known
        .position(|it| !it.is_whole && it.owner == owner && it.id == id && it.name == name)
        .unwrap_or_else(|| {
            uploads.push(Upload {
                owner: owner.to_owned(),
                id: id.to_owned(),
                name: name.to_owned(),
                chunks: BTreeMap::new(),
                is_whole: false,
            });
            uploads.len() - 1
        });
    &mut uploads[position].chunks
}

/// Returns the longest known ending of a file's name, unless the name is refused.
pub(super) fn ending(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let stem = |ending: &str| {
        let stem = name.strip_suffix(ending)?.strip_suffix('.')?;
        (!stem.is_empty() && !stem.ends_with('.')).then(|| stem.to_owned())
    };
    let fitting = ENDINGS
        .iter()
        .filter(|it| name.ends_with(&format!(".{it}")));
    let ending = fitting.max_by_key(|it| it.len())?;
    let stem = stem(ending)?;
    let is_program = stem.split('.').any(|part| PROGRAMS.contains(&part));
    (!is_program).then_some(ending)
}

fn is_of_its_ending(name: &str, content: &[u8]) -> bool {
    let sample = &content[..content.len().min(SAMPLE)];
    let is_text = !sample.is_empty() && !sample.contains(&0) && std::str::from_utf8(sample).is_ok();
    match ending(name).unwrap_or_default() {
        it if it == "tgz" || it.ends_with("gz") => sample.starts_with(b"\x1f\x8b"),
        "sql" => is_text,
        "zip" => sample.starts_with(b"PK"),
        "tar" => sample.get(257..262) == Some(b"ustar"),
        "bz2" => sample.starts_with(b"BZh"),
        "xz" => sample.starts_with(b"\xfd7zXZ\0"),
        "dump" | "bak" | "archive" | "dmp" => sample.starts_with(b"PGDMP") || is_text,
        "bson" => sample.first_chunk().is_some_and(|it| {
            let announced = u32::from_le_bytes(*it) as usize;
            (5..=content.len()).contains(&announced)
        }),
        _ => !sample.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_as_a_backup_does() {
        for (name, wanted) in [
            ("a.sql", Some("sql")),
            ("A.SQL.GZ", Some("sql.gz")),
            ("a.tar.gz", Some("tar.gz")),
            ("a.gz", Some("gz")),
            ("a.b.archive.gz", Some("archive.gz")),
            (".sql", None),
            ("a..sql", None),
            ("sql", None),
            ("a.txt", None),
            ("a.sql.txt", None),
            ("a.php.sql", None),
            ("php.sql", None),
            ("a.sh.tar.gz", None),
            ("phpx.sql", Some("sql")),
        ] {
            assert_eq!(ending(name), wanted, "{name}");
        }
        for program in PROGRAMS {
            assert_eq!(ending(&format!("a.{program}.sql")), None);
        }
    }

    #[test]
    fn the_content_fits_the_name() {
        let tar = [vec![b'-'; 257], b"ustar".to_vec()].concat();
        let long = |end: &[u8]| [vec![b'-'; SAMPLE], end.to_vec()].concat();
        for (names, content, fits) in [
            (
                "a.sql a.dump a.bak a.archive a.dmp a.db",
                b"text".to_vec(),
                true,
            ),
            ("a.gz a.tgz a.zip a.tar a.bz2 a.xz", b"text".to_vec(), false),
            (
                "a.sql a.dump a.gz a.zip a.tar a.bz2 a.xz a.bson a.db",
                Vec::new(),
                false,
            ),
            ("a.sql a.dump a.bak", b"te\0xt".to_vec(), false),
            ("a.sql a.dump a.bak", b"te\xffxt".to_vec(), false),
            ("a.sql a.dump", long(b"\0"), true),
            ("a.dump a.bak a.archive a.dmp", b"PGDMP\0".to_vec(), true),
            ("a.sql", b"PGDMP\0".to_vec(), false),
            (
                "a.gz a.sql.gz a.tar.gz a.tgz a.bson.gz a.archive.gz",
                b"\x1f\x8b".to_vec(),
                true,
            ),
            ("a.zip", b"PK\x03\x04".to_vec(), true),
            ("a.tar", tar.clone(), true),
            ("a.tar", tar[1..].to_vec(), false),
            ("a.bz2", b"BZh9".to_vec(), true),
            ("a.xz", b"\xfd7zXZ\0".to_vec(), true),
            ("a.bson", vec![5, 0, 0, 0, 0], true),
            ("a.bson", vec![4, 0, 0, 0, 0], false),
            ("a.bson", vec![6, 0, 0, 0, 0], false),
            ("a.bson", vec![5, 0, 0], false),
            ("a.sqlite a.backup", vec![0], true),
        ] {
            for name in names.split(' ') {
                assert_eq!(is_of_its_ending(name, &content), fits, "{name} {content:?}");
            }
        }
    }
}
