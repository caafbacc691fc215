//! Finds secrets that are not marked as such, by their names.

use super::shapes::{Shapes, files, parts, source};

/// Names of fields with secrets.
const SECRET: &[&str] = &[
    "password",
    "passphrase",
    "secret",
    "token",
    "credential",
    "private_key",
    "api_key",
    "license_key",
    "user_key",
    "webhook_url",
    "db_url",
];

/// Fields with such names that contain no secret.
const OPEN: &[&str] = &[
    // Numbers of rows.
    ".cloud_provider_token_id",
    // The name that the user gave a token, and the path of a folder.
    "AuditEvent.actor_token_name",
    "SecretManagerSettings.secret_path",
    // Has a `Debug` of its own.
    "CoolifyBuilder.token",
];

#[test]
fn no_field_with_the_name_of_a_secret_is_plain_text() {
    let source = source();
    let by_library = |path: &std::path::PathBuf| !path.starts_with(source.join("testing"));
    let files: Vec<_> = files(&source).into_iter().filter(by_library).collect();
    let shapes = Shapes::read(&files);
    assert!(shapes.0.len() > 300, "only {} types", shapes.0.len());
    let mut wrong = Vec::new();
    for (name, fields) in &shapes.0 {
        for field in fields {
            let secret = SECRET.iter().any(|it| field.name.contains(it));
            let field_of = format!("{name}.{}", field.name);
            let open = OPEN.iter().any(|it| field_of.ends_with(it));
            if secret && is_text(&field.of) && !open {
                wrong.push(field_of);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn is_text(of: &syn::Type) -> bool {
    let (name, inner) = parts(of);
    match (&*name, inner) {
        ("Option" | "Clearable" | "Box" | "Vec" | "List", Some(inner)) => is_text(inner),
        // `Box<str>` ends here as well.
        (name, _) => matches!(name, "String" | "str" | "Value"),
    }
}
