//! JSON pointers to a place and to a family of places.

/// A place in a recorded exchange.
///
/// Two places of one family differ only in the index of a list or in the key of a
/// map: a mistake in the entries of a list is one finding, no matter how long the
/// list is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    exact: String,
    family: String,
}

impl Pointer {
    /// Creates a place from a pointer.
    pub fn new(pointer: impl Into<String>) -> Self {
        let exact = pointer.into();
        Self {
            family: exact.clone(),
            exact,
        }
    }

    /// Returns the place of a field of this object.
    pub fn field(&self, name: &str) -> Self {
        let name = escape(name);
        Self {
            exact: format!("{}/{name}", self.exact),
            family: format!("{}/{name}", self.family),
        }
    }

    /// Returns the place of an entry: an index of a list, or a key of a map.
    pub fn entry(&self, key: &str) -> Self {
        Self {
            exact: format!("{}/{}", self.exact, escape(key)),
            family: format!("{}/*", self.family),
        }
    }

    /// Returns the pointer in the syntax of RFC 6901.
    pub fn exact(&self) -> &str {
        &self.exact
    }

    /// Returns the pointer with `*` for each index and each key of a map.
    pub fn family(&self) -> &str {
        &self.family
    }
}

/// Escapes one reference token of a pointer.
pub fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}
