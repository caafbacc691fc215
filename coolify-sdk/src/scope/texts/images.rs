//! Images that are named after a resource.
//!
//! Coolify names a built image after the uuid of the application. Everybody who
//! knows that name could run the image, with everything that was built into it,
//! although it is not in any registry.

use crate::scope::beyond::{Beyond, Check};

/// Refuses an image that is named after another resource.
pub(in crate::scope) fn check(image: &str, uuid: &str) -> Check {
    let name = image.trim().split([':', '@']).next().unwrap_or_default();
    let owner = name.split(['_', '-']).next().unwrap_or_default();
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
        ] {
            assert!(check(image, uuid).is_err(), "{image}");
            assert!(check(image, "").is_err(), "{image}");
        }
    }
}
