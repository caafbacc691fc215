//! Forms of several parts.

/// A field or a file of a form.
#[derive(Debug, PartialEq)]
pub(in crate::testing) struct Part {
    pub(in crate::testing) name: String,
    /// The name of the file; fields have none.
    pub(in crate::testing) file: Option<String>,
    pub(in crate::testing) content: Vec<u8>,
}

/// Returns the parts of a form; none if it is not a form.
pub(in crate::testing) fn parts(content_type: &str, body: &[u8]) -> Vec<Part> {
    let boundary = content_type
        .strip_prefix("multipart/form-data")
        .and_then(|it| it.split_once("boundary="))
        .map(|(_, it)| it.split(';').next().unwrap_or_default().trim_matches('"'));
    let Some(boundary) = boundary.filter(|it| !it.is_empty()) else {
        return Vec::new();
    };
    let line = format!("\r\n--{boundary}");
    // The first boundary has no line break before it.
    let body = [b"\r\n", body].concat();
    let mut parts = Vec::new();
    let mut rest = after(&body, line.as_bytes());
    while let Some(begun) = rest {
        let Some(end) = position(begun, line.as_bytes()) else {
            break;
        };
        parts.extend(part(&begun[..end]));
        rest = after(begun, line.as_bytes());
    }
    parts
}

fn part(bytes: &[u8]) -> Option<Part> {
    let end = position(bytes, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]);
    let disposition = head
        .lines()
        .find(|it| it.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let value = |key: &str| {
        let begun = disposition.split_once(&format!("; {key}=\""))?.1;
        Some(begun.split_once('"')?.0.to_owned())
    };
    Some(Part {
        name: value("name")?,
        file: value("filename"),
        content: bytes[end + 4..].to_vec(),
    })
}

fn after<'a>(bytes: &'a [u8], wanted: &[u8]) -> Option<&'a [u8]> {
    position(bytes, wanted).map(|it| &bytes[it + wanted.len()..])
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|it| it == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_have_fields_and_files() {
        let body = "--X\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n7\r\n\
            --X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.sql\"\r\n\
            Content-Type: text/plain\r\n\r\nSELECT\r\n1;\r\n--X--\r\n";
        let read = parts("multipart/form-data; boundary=\"X\"", body.as_bytes());
        let part = |name: &str, file: Option<&str>, content: &str| Part {
            name: name.to_owned(),
            file: file.map(str::to_owned),
            content: content.as_bytes().to_vec(),
        };
        let wanted = [
            part("id", None, "7"),
            part("file", Some("a.sql"), "SELECT\r\n1;"),
        ];
        assert_eq!(read, wanted);
        assert_eq!(parts("application/json", body.as_bytes()), []);
    }
}
