//! Images that are named after a resource.
//!
//! Coolify names a built image after the uuid of the application. Everybody who
//! knows that name could run the image, with everything that was built into it,
//! although it is not in any registry.

use crate::scope::beyond::{Beyond, Check};

/// The registry and the folder that Docker adds to a name without them. With them, a name
/// means the same image.
const IMPLIED: [&str; 3] = ["docker.io", "index.docker.io", "library"];

/// Refuses an image that is named after another resource.
pub(in crate::scope) fn check(image: &str, uuid: &str) -> Check {
    let owner = bare_name(image).unwrap_or_default();
    let owner = owner.split(['_', '-']).next().unwrap_or_default();
    let is_uuid = (20..=36).contains(&owner.len())
        && owner
            .bytes()
            .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
        && owner.bytes().any(|it| it.is_ascii_digit());
    if is_uuid && owner != uuid {
        return Err(Beyond::new(
            "an image that is named after another resource",
            "use an image from a registry",
        ));
    }
    Ok(())
}

/// Returns whether a variable of the compose file is a part of the name itself, not only
/// its registry, folder or tag.
pub(in crate::scope) fn is_named_by_variable(image: &str) -> bool {
    bare_name(image).is_some_and(|name| name.contains('$'))
}

/// Returns the name without its tag, if it has no registry and folder but those that
/// Docker implies, or that a variable could be.
fn bare_name(image: &str) -> Option<&str> {
    let mut depth = 0_usize;
    let parts = image.trim().split(|it: char| {
        match it {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        it == '/' && depth == 0
    });
    let parts: Vec<_> = parts.collect();
    let (name, before) = parts.split_last()?;
    let name = name.split([':', '@']).next().unwrap_or_default();
    let is_implied = |it: &&str| it.contains('$') || IMPLIED.contains(it);
    before.iter().all(is_implied).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_of_another_application_is_refused() {
        let uuid = "khzsv5nucvscskrm5gez3p8v";
        for image in [
            "nginx",
            "nginx:1.27",
            "ghcr.io/acme/khzsv5nucvscskrm5gez3p8w:1",
            "my-application-with-a-name",
            "anapplicationwithaverylongname",
            "version2",
            "A1MadeOfDigitsAndUpperCase",
            "2026.11.29.with.many.letters",
            "khzsv5nucvscskrm5gez3p8v:latest",
            "docker.io/library/nginx@sha256:abc",
        ] {
            assert_eq!(check(image, uuid), Ok(()), "{image}");
        }
        for image in [
            "khzsv5nucvscskrm5gez3p8w",
            "khzsv5nucvscskrm5gez3p8w:abc",
            "khzsv5nucvscskrm5gez3p8w_web:abc",
            "khzsv5nucvscskrm5gez3p8w@sha256:abc",
            "library/khzsv5nucvscskrm5gez3p8w",
            "docker.io/khzsv5nucvscskrm5gez3p8w:abc",
            "docker.io/library/khzsv5nucvscskrm5gez3p8w_web:abc",
            "index.docker.io/library/khzsv5nucvscskrm5gez3p8w:abc",
            "${R}/khzsv5nucvscskrm5gez3p8w:abc",
            "${R:-a/${B}}/$C/khzsv5nucvscskrm5gez3p8w:abc",
            "do${R}cker.io/khzsv5nucvscskrm5gez3p8w:abc",
        ] {
            assert!(check(image, uuid).is_err(), "{image}");
            assert!(check(image, "").is_err(), "{image}");
        }
    }

    #[test]
    fn a_variable_may_be_the_registry_or_the_tag() {
        for image in [
            "nginx",
            "nginx:${TAG:-1}",
            "${REGISTRY:-ghcr.io/a}/web:$TAG",
            "$REGISTRY/acme/web",
            "ghcr.io/acme/${NAME}:1",
            "acme/${NAME:-a/b}",
        ] {
            assert!(!is_named_by_variable(image), "{image}");
        }
        for image in [
            "${IMAGE}",
            "$IMAGE:1",
            "${IMAGE:-nginx:1.25}",
            "${A}${B}",
            "khzsv${B}:1",
            "docker.io/library/${NAME}:1",
            "${REGISTRY}/${NAME}:1",
            "${IMAGE:-a/${B:-c/d}}",
            "${IMAGE",
            "do${A}cker.io/$NAME",
        ] {
            assert!(is_named_by_variable(image), "{image}");
        }
    }
}
