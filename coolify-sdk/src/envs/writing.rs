//! Writes `.env` files that [`EnvFile::parse`] reads back unchanged.

use super::EnvFile;
use super::file::EnvEntry;
use crate::error::{Error, ErrorKind, Result};
use crate::{Secret, envs::dotenv};

#[cfg(feature = "_resources")]
impl EnvFile {
    /// Makes a file of variables that were read from a resource.
    ///
    /// A variable whose value is hidden, from the token or because it is shown once, has
    /// only its key. A [sync](super::EnvSync) with the file leaves it alone. If several
    /// variables have the same key, the last one counts. An application has production
    /// variables and preview variables of the same keys: filter them by `is_preview`.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// use coolify_sdk::envs::EnvFile;
    ///
    /// let variables = coolify.service("z5nlnxsn1n3caj9setkwj40p").envs().list().await?;
    /// let file = EnvFile::of_variables(&variables);
    /// std::fs::write(".env", file.to_text()?.expose()).expect("a file");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn of_variables<'a>(
        variables: impl IntoIterator<Item = &'a super::EnvironmentVariable>,
    ) -> Self {
        let entries = variables.into_iter().map(|variable| EnvEntry {
            key: variable.key.clone(),
            // Without a `$` the flag means nothing, and a file cannot contain it.
            is_literal: variable.is_literal == Some(true)
                && (variable.value.as_ref()).is_some_and(|it| it.expose().contains('$')),
            value: variable.value.clone(),
        });
        let mut file = Self::default();
        for entry in entries {
            file.put(entry);
        }
        file
    }
}

impl EnvFile {
    /// Returns the text of the file, with all values. [`parse`](Self::parse) reads it back
    /// as an equal file.
    ///
    /// ```
    /// use coolify_sdk::envs::EnvFile;
    ///
    /// let file = EnvFile::parse("PORT=3000\nGREETING=\"hello, $NAME\"\n")?;
    /// assert_eq!(file.to_text()?.expose(), "PORT=3000\nGREETING=\"hello, $NAME\"\n");
    /// # Ok::<(), coolify_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] for a value that no file can contain: one with a `$`
    /// that is not followed by a name, although Coolify replaces references in it.
    pub fn to_text(&self) -> Result<Secret> {
        let mut text = String::new();
        for entry in self.entries() {
            text.push_str(&entry.key);
            if let Some(value) = &entry.value {
                text.push('=');
                text.push_str(&written(&entry.key, value.expose(), entry.is_literal)?);
            }
            text.push('\n');
        }
        Ok(text.into())
    }
}

/// Returns a value as a file contains it.
fn written(key: &str, value: &str, is_literal: bool) -> Result<String> {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "_-./:@,+%".contains(it);
    if !value.is_empty() && value.chars().all(is_plain) {
        return Ok(value.to_owned());
    }
    if !is_literal && !dotenv::has_only_references(value) {
        let problem = format!("the value of {key} contains a `$` that a file cannot contain");
        return Err(Error::new(ErrorKind::InvalidRequest, problem)
            .with_hint("set the variable to literal in Coolify, if nothing in it is a reference"));
    }
    let mut quoted = String::from('"');
    for letter in value.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '$' if is_literal => quoted.push_str("\\$"),
            // Line breaks of Windows and white space at the end of a line get lost on the
            // way through editors.
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    Ok(quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(value: &str, is_literal: bool) -> EnvEntry {
        EnvEntry {
            key: "A".to_owned(),
            value: Some(value.into()),
            is_literal,
        }
    }

    fn file(entry: EnvEntry) -> EnvFile {
        let mut file = EnvFile::default();
        file.put(entry);
        file
    }

    #[test]
    fn every_value_is_read_back() {
        for value in [
            "",
            "1",
            "https://a.example/b?c=d",
            "hello, world",
            " a ",
            "it's",
            "say \"hi\"",
            "a\\",
            "\\\"",
            "\\\\'",
            "\\n",
            "a\nb\n",
            "a\r\nb",
            "\t",
            "# no",
            "a #b",
            "a=b",
            "ä€",
            "$A",
            "${A:-$B}",
            "'",
            "`",
            "x\\$Y",
            "{\"a\": [1]}",
            "dGVzdA==",
            "\u{7}",
        ] {
            let file = file(entry(value, false));
            let text = file.to_text().unwrap();
            let read = EnvFile::parse(text.expose()).unwrap();
            assert_eq!(read, file, "{value:?} as {:?}", text.expose());
        }
        for value in [
            "$A",
            "pa$$word",
            "$",
            "a\\$b",
            "${",
            "$1 'x' \"y\"",
            "$\n$A",
        ] {
            let file = file(entry(value, true));
            let text = file.to_text().unwrap();
            let read = EnvFile::parse(text.expose()).unwrap();
            assert_eq!(read, file, "{value:?} as {:?}", text.expose());
        }
    }

    #[test]
    fn simple_values_have_no_quotes_and_a_key_alone_stays_one() {
        let text = "A=1\nB\nC=\"b c\"\nD=\"\"\n";
        let file = EnvFile::parse(text).unwrap();
        assert_eq!(file.to_text().unwrap().expose(), text);
    }

    #[test]
    fn what_no_file_can_contain_is_an_error_without_the_value() {
        for value in ["5$", "$$A", "s3cret $ $A", "$1"] {
            let error = file(entry(value, false)).to_text().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            assert!(error.to_string().starts_with("the value of A contains"));
            assert!(!error.report().to_string().contains("s3cret"));
        }
    }

    #[cfg(feature = "_resources")]
    #[test]
    fn variables_become_a_file_that_changes_nothing() {
        let variable = |key: &str, value: Option<&str>, is_literal: bool| {
            let row = serde_json::json!({
                "uuid": "u", "key": key, "value": value, "is_literal": is_literal,
            });
            serde_json::from_value::<crate::envs::EnvironmentVariable>(row).unwrap()
        };
        let variables = [
            variable("A", Some("old"), false),
            variable("PASSWORD", Some("pa$word"), true),
            variable("HIDDEN", None, false),
            variable("A", Some("1"), true),
        ];
        let file = EnvFile::of_variables(&variables);
        let text = file.to_text().unwrap();
        assert_eq!(text.expose(), "PASSWORD=\"pa\\$word\"\nHIDDEN\nA=1\n");
        assert_eq!(EnvFile::parse(text.expose()).unwrap(), file);
    }
}
