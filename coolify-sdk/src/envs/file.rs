//! Reads `.env` files.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use super::dotenv::Statements;
use super::sync::is_multiline;
use crate::Secret;
use crate::error::{Error, ErrorKind, Result};

/// The variables of a `.env` file, in order.
///
/// The file is read as Docker Compose does:
///
/// - Empty lines, lines that begin with `#`, `export` before a key, and keys that
///   begin with a digit are ignored.
/// - `KEY=value` and `KEY: value` mean the same.
/// - A value without quotes ends with its line or before a ` #`, and is trimmed.
/// - A value in `'…'` is literal, except that `\'` is a quote. A value in `"…"`
///   has the escapes `\n`, `\r`, `\t`, `\a`, `\b`, `\f`, `\v`, `\"`, `\\`, `\$`
///   and `\0` with three octal digits. Both can have several lines.
/// - The last value of a key counts.
///
/// It differs from Docker Compose if Coolify does, or if a mistake is likely:
///
/// - References such as `$HOME` and `${HOME:-/root}` are not replaced, and
///   certainly not from the environment of this process. Coolify replaces them
///   when it deploys.
/// - A literal `$`, in `'…$…'`, `"…\$…"` or `$$`, or without a name after it,
///   makes the variable [literal](EnvEntry::is_literal), so that Coolify replaces
///   nothing in it. A literal `$` and a reference in the same value are an error,
///   because Coolify cannot distinguish them.
/// - `KEY` alone names a variable without a value. A sync does not change or
///   create such a variable.
/// - A key that Coolify does not accept, such as `MY-KEY`, is an error, and so is
///   text after a closing quote.
/// - A line of padded base64 is an error, because it is probably a secret that
///   would become a key.
///
/// ```
/// use coolify_sdk::envs::EnvFile;
///
/// let file = EnvFile::parse("export PORT=3000 # of the container\nGREETING='hello, world'\n")?;
/// let greeting = &file.entries()[1];
/// assert_eq!(greeting.key, "GREETING");
/// assert_eq!(greeting.value.as_ref().unwrap().expose(), "hello, world");
/// # Ok::<(), coolify_sdk::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvFile {
    entries: Vec<EnvEntry>,
}

/// One variable of an [`EnvFile`].
///
/// `Debug` shows the key only if there is a value, because a line without a value
/// may be a secret in the wrong place.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EnvEntry {
    /// The variable's name.
    pub key: String,
    /// The value; `None` if the file contains only the key.
    pub value: Option<Secret>,
    /// Whether the value contains a literal `$`.
    pub is_literal: bool,
}

impl EnvEntry {
    /// Returns whether the value has several lines.
    #[must_use]
    pub fn is_multiline(&self) -> bool {
        self.value.as_ref().is_some_and(is_multiline)
    }
}

impl fmt::Debug for EnvEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = if self.value.is_some() {
            &self.key
        } else {
            "…"
        };
        f.debug_struct("EnvEntry")
            .field("key", &key)
            .field("value", &self.value)
            .field("is_literal", &self.is_literal)
            .finish()
    }
}

impl EnvFile {
    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] with the number of the invalid line, but not
    /// its text.
    pub fn parse(text: &str) -> Result<Self> {
        let mut file = Self::default();
        for statement in Statements::new(text) {
            let statement = statement.map_err(|(line, what)| {
                let summary = format!("line {line} of the file: {what}");
                Error::new(ErrorKind::InvalidRequest, summary)
            })?;
            let (value, is_literal) = match statement.value {
                Some(value) => (Some(value.text.into()), value.is_literal),
                None => (None, false),
            };
            let entry = EnvEntry {
                key: statement.key,
                value,
                is_literal,
            };
            file.put(entry);
        }
        Ok(file)
    }

    /// Adds an entry, in the place of an earlier one with its key.
    pub(super) fn put(&mut self, entry: EnvEntry) {
        match self.entries.iter().position(|it| it.key == entry.key) {
            // It adds nothing.
            Some(_) if entry.value.is_none() => return,
            Some(at) => drop(self.entries.remove(at)),
            None => {}
        }
        self.entries.push(entry);
    }

    /// Reads a file from the disk.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if the file does not exist, is not UTF-8, or
    /// contains an invalid line.
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|cause| {
            let summary = format!("the file `{}` could not be read", path.display());
            Error::new(ErrorKind::InvalidRequest, summary).with_source(cause)
        })?;
        Self::parse(&text)
    }

    /// Returns the variables.
    #[must_use]
    pub fn entries(&self) -> &[EnvEntry] {
        &self.entries
    }
}

impl FromStr for EnvFile {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

impl IntoIterator for EnvFile {
    type Item = EnvEntry;
    type IntoIter = std::vec::IntoIter<EnvEntry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::{EnvEntry, EnvFile};

    fn only(text: &str) -> EnvEntry {
        let mut file = EnvFile::parse(text)
            .unwrap_or_else(|error| panic!("{text:?}: {error}"))
            .into_iter();
        let entry = file.next().unwrap();
        assert_eq!(file.next(), None);
        entry
    }

    fn value(text: &str) -> String {
        only(text).value.unwrap().expose().to_owned()
    }

    #[test]
    fn values_are_read_as_docker_compose_reads_them() {
        let cases = [
            ("A=1", "1"),
            ("A=1\r\n", "1"),
            ("\u{feff}A=1", "1"),
            ("  export A = 1  ", "1"),
            ("\texport\tA=1", "1"),
            ("A\u{a0}=\u{a0}1\u{2003}", "1"),
            ("A=", ""),
            ("A=\n\n", ""),
            ("A= # nothing", "# nothing"),
            ("A=#1", "#1"),
            ("A=1#2 # 3", "1#2"),
            ("A=1 #", "1"),
            ("A=1\t# 2", "1\t# 2"),
            ("A=b c", "b c"),
            ("A=b=c", "b=c"),
            ("A=b:c", "b:c"),
            ("A: 1", "1"),
            ("A:1", "1"),
            ("A : b=c", "b=c"),
            ("A: 'b: c' # d", "b: c"),
            ("A=it's", "it's"),
            ("A=b\"c\"", "b\"c\""),
            ("A=\\n", "\\n"),
            ("A=C:\\", "C:\\"),
            ("A=$HOME", "$HOME"),
            // A key of twenty letters and more is no data.
            ("databasePasswordOfShops=", ""),
            ("DATABASE_PASSWORD_OF_SHOP1=", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(value(text), expected, "{text:?}");
        }
    }

    #[test]
    fn quotes_and_escapes_are_read_as_docker_compose_reads_them() {
        let cases = [
            ("A='  b # c  ' # d", "  b # c  "),
            (r"A='b\nc'", r"b\nc"),
            (r"A='it\'s'", "it's"),
            (r"A='C:\\'", r"C:\\"),
            (r#"A='\"'"#, r#"\""#),
            (r"A='b\\\'c'", r"b\\'c"),
            ("A='b\n# c'", "b\n# c"),
            ("A='b\r\nc'", "b\r\nc"),
            ("A='b\\\nc'", "b\\\nc"),
            (r#"A="C:\\""#, r"C:\"),
            (r#"A="b\nc\t\"d\" \\ \x""#, "b\nc\t\"d\" \\ \\x"),
            (r#"A="\a\b\f\v\r""#, "\u{7}\u{8}\u{c}\u{b}\r"),
            (r#"A="\c\ \'\é\u0041""#, r"\c\ \'\é\u0041"),
            (r#"A="\\n""#, r"\n"),
            (r#"A="\\\n""#, "\\\n"),
            (r#"A="\0101\0377""#, "A\u{ff}"),
            (r#"A="\01014""#, "A4"),
            (r#"A="\0\07\0400\0189""#, r"\\7\400\189"),
            ("A=\"b\nc\n\" # d\n", "b\nc\n"),
            ("A=\"ä€\"#", "ä€"),
            ("A=''", ""),
            ("A = \"\"", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(value(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_dollar_is_a_reference_or_stands_for_itself() {
        for (text, expected, is_literal) in [
            ("A=$PATH", "$PATH", false),
            ("A=\"${PATH:-/bin}\"", "${PATH:-/bin}", false),
            ("A='pa$$word'", "pa$$word", true),
            ("A='$PATH'", "$PATH", true),
            ("A=\"pa\\$word\"", "pa$word", true),
            ("A=\"\\${B}\"", "${B}", true),
            ("A=pa$$word", "pa$word", true),
            ("A=\"$${B}\"", "${B}", true),
            ("A=5$", "5$", true),
            ("A=$1 $(b) ${}", "$1 $(b) ${}", true),
            ("A='plain'", "plain", false),
        ] {
            let entry = only(text);
            assert_eq!(entry.value.unwrap().expose(), expected, "{text}");
            assert_eq!(entry.is_literal, is_literal, "{text}");
        }
        for text in ["A=\"\\$1 $HOME\"", "A=$$ ${B}"] {
            assert!(EnvFile::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_key_alone_says_nothing_about_the_value() {
        for text in ["A", "export A", "A # to be set by hand", "A\r\n", "A # b=c"] {
            assert_eq!((only(text).key.as_str(), only(text).value), ("A", None));
        }
        assert_eq!(value("A=1\nA\n"), "1");
        assert_eq!(value("A\nA=1\n"), "1");
    }

    #[test]
    fn what_docker_compose_passes_over_is_passed_over() {
        for text in [
            "",
            "\n\r\n",
            "\t # a=b",
            "1A=b",
            "456 = ABC",
            "2='b\nc'",
            "7",
            "export ",
        ] {
            assert_eq!(EnvFile::parse(text).unwrap().entries(), [], "{text:?}");
        }
    }

    #[test]
    fn several_lines_are_noticed() {
        assert!(only("A=\"-----BEGIN\\n-----END\"").is_multiline());
        assert!(only("A='b\nc'").is_multiline());
        assert!(!only("A='b\n'").is_multiline());
        assert!(!only("A='\n\u{200b}\nb'").is_multiline());
        assert!(!only("A").is_multiline());
    }

    #[test]
    fn export_is_a_word_of_its_own() {
        for (text, key) in [
            ("export A=1", "A"),
            ("exported=1", "exported"),
            ("export=1", "export"),
            ("export_to=1", "export_to"),
        ] {
            assert_eq!(only(text).key, key, "{text}");
        }
    }

    #[test]
    fn the_last_of_a_key_counts() {
        let file = EnvFile::parse("# all\n\nA=1\nB=2\nA=3\n").unwrap();
        let keys: Vec<_> = file.entries().iter().map(|e| e.key.as_str()).collect();
        assert_eq!(keys, ["B", "A"]);
        assert_eq!(file.entries()[1].value, Some("3".into()));
    }

    #[test]
    fn a_wrong_line_is_named_and_not_shown() {
        for text in [
            "A=1\nB='s3cret\n",
            "A=\"1\n2\"\n=s3cret",
            "\nmy s3cret",
            "#\nA/=s3cret",
            "\nA='b' s3cret",
            "\nA-B=s3cret",
            "\nA B=s3cret",
            "\nä=s3cret",
            "\n1 s3cret",
            "\n1/s3cret=2",
            "\ns3cretAAAAB3NzaC1yc2EA==",
            "\ns3cretAAAAB3NzaC1yc2EAA=",
        ] {
            let error = EnvFile::parse(text).unwrap_err();
            let line = if text.contains("\n2") { 3 } else { 2 };
            let shown = format!("{error} {error:?}");
            assert!(shown.contains(&format!("line {line} ")), "{shown}");
            assert!(error.is_invalid_request() && !shown.contains("s3cret"));
        }
    }

    #[test]
    fn only_what_can_be_base64_is_refused_as_such() {
        // Too short, no multiple of four, and without a digit or a capital.
        for key in [
            "Ab1Ab1Ab1Ab1Ab1Ab1",
            "Ab1Ab1Ab1Ab1Ab1Ab1Ab",
            "AbcAbcAbcAbcAbcAbcAbcAb",
            "ab1ab1ab1ab1ab1ab1ab1ab",
        ] {
            let file = EnvFile::parse(&format!("{key}=\n")).unwrap();
            assert_eq!(file.entries()[0].key, key);
        }
        assert!(EnvFile::parse("Ab1Ab1Ab1Ab1Ab1Ab1A=\n").is_err());
    }

    #[test]
    fn a_line_without_a_value_is_never_shown() {
        let file = EnvFile::parse("A=1\nghp_s3cret\n").unwrap();
        let shown = format!("{file:?} {:?}", file.entries()[1]);
        assert!(
            shown.contains("\"A\"") && !shown.contains("s3cret"),
            "{shown}"
        );
    }
}
