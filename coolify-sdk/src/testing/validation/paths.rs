//! The paths of mounted volumes, files and folders.

use super::text::is_shell_safe;

/// Returns whether it has no shell characters.
pub(in crate::testing) fn is_safe(text: &str) -> bool {
    is_shell_safe(text)
}

/// Returns a path with exactly one leading slash.
pub(in crate::testing) fn absolute(text: &str) -> String {
    format!("/{}", text.trim().trim_start_matches('/'))
}

/// Returns the path of a file that stays in its folder; `None` if it would leave
/// the folder, or if a shell would interpret it.
pub(in crate::testing) fn of_file(text: &str) -> Option<String> {
    let is_relative = |segment: &str| matches!(segment, "." | "..");
    let segments: Vec<&str> = text.split('/').filter(|it| !it.is_empty()).collect();
    let is_fine =
        is_safe(text) && !text.contains(['\\', '\0']) && !segments.iter().copied().any(is_relative);
    let end = if text.ends_with('/') && !segments.is_empty() {
        "/"
    } else {
        ""
    };
    is_fine.then(|| format!("/{}{end}", segments.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_stay_in_their_folder() {
        for (text, path) in [("a", "/a"), ("//a//b", "/a/b"), ("/..a/...", "/..a/...")] {
            assert_eq!(of_file(text).as_deref(), Some(path), "{text}");
        }
        for text in ["/../x", "/a/./b", "/a;b", "/a\\b", "/$(id)", "/a`b`"] {
            assert_eq!(of_file(text), None, "{text}");
        }
    }
}
