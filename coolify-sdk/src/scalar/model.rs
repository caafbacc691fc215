//! The class names by which Coolify says what a row is of.

/// Whether a row that names this model (`App\Models\StandalonePostgresql`) is of a
/// database of this type (`standalone-postgresql`); `None` where one of them says
/// nothing. Coolify looks backups up by the number of their database alone, which
/// every engine counts for itself.
pub(crate) fn is_of_database(model: &str, database_type: &str) -> Option<bool> {
    let (_, model) = model.rsplit_once('\\')?;
    let engine = database_type.replace('-', "");
    let says_something = !model.is_empty() && !engine.is_empty();
    says_something.then(|| model.to_lowercase() == engine)
}

#[cfg(test)]
mod tests {
    use super::is_of_database;

    #[test]
    fn a_model_is_of_one_engine() {
        let model = "App\\Models\\StandaloneKeydb";
        assert_eq!(is_of_database(model, "standalone-keydb"), Some(true));
        assert_eq!(is_of_database(model, "standalone-redis"), Some(false));
    }

    #[test]
    fn what_says_nothing_is_told_apart() {
        for (model, engine) in [
            ("", "standalone-redis"),
            ("StandaloneRedis", "standalone-redis"),
            ("App\\Models\\", "standalone-redis"),
            ("App\\Models\\StandaloneRedis", ""),
            ("App\\Models\\", "-"),
        ] {
            assert_eq!(is_of_database(model, engine), None, "{model} {engine}");
        }
    }
}
