//! References of Docker images.

use crate::testing::http::php::patterns;

patterns! {
    /// Returns whether it is the tag of an image.
    tag = r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$";
    is_name = r"^(?:(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]+)?/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*)(?:@sha256)?$";
    is_hash = r"^(?i)[a-f0-9]{64}$";
    is_called_hash = r"(?i):sha(25)?6?:";
}

/// Returns whether it is the name of an image without its tag.
pub(in crate::testing) fn name(text: &str) -> bool {
    text.chars().count() <= 255 && is_name(text)
}

/// Returns whether it is the name of an image, optionally with a tag or a digest.
pub(in crate::testing) fn reference(text: &str) -> bool {
    let (name_part, tag_part) = split(text);
    let is_tag = |it: &str| it.is_empty() || tag(it);
    !is_called_hash(text)
        && (name_part.is_empty() || name(name_part))
        && (with_digest(text).is_some() || tag_part.is_none_or(is_tag))
}

/// Returns the name and the tag that Coolify stores. With a digest, the hash is
/// the tag.
pub(in crate::testing) fn kept(name: &str, tag: Option<&str>) -> (String, String) {
    let text = match tag {
        Some(tag) => format!("{name}:{tag}"),
        None => name.to_owned(),
    };
    let (name, tag) = split(&text);
    let is_digest = with_digest(&text).is_some() || tag.is_some_and(is_hash);
    let name = if is_digest && !name.ends_with("@sha256") {
        format!("{name}@sha256")
    } else {
        name.to_owned()
    };
    (name, tag.unwrap_or("latest").to_owned())
}

/// Splits the name and the hash, if there is a digest.
fn with_digest(text: &str) -> Option<(&str, &str)> {
    let marker = text.to_ascii_lowercase().rfind("@sha256:")?;
    let (name, hash) = (&text[..marker], &text[marker + "@sha256:".len()..]);
    (!name.is_empty() && is_hash(hash)).then_some((name, hash))
}

/// Splits the name and the tag, which follows the last colon unless that precedes
/// a port.
fn split(text: &str) -> (&str, Option<&str>) {
    if let Some((name, hash)) = with_digest(text) {
        return (name, Some(hash));
    }
    match text.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (text, None),
    }
}
