//! The class names by which Coolify refers to models.

/// Returns whether a row with this model (`App\Models\StandalonePostgresql`)
/// belongs to a database of this type (`standalone-postgresql`); `None` if one of
/// them is unknown. Coolify looks backups up by the numeric id of the database,
/// which is only unique within an engine.
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
