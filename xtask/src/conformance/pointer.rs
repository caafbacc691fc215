//! JSON pointers, exact and as a family.

/// A place in a recorded exchange.
///
/// Two places of one family differ only in the index of a list or in the key of a free map: what
/// is wrong with one entry of a list is one finding, however long the list is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    exact: String,
    family: String,
}

impl Pointer {
    /// A place given as a pointer.
    pub fn new(pointer: impl Into<String>) -> Self {
        let exact = pointer.into();
        Self {
            family: exact.clone(),
            exact,
        }
    }

    /// A field of this object.
    pub fn field(&self, name: &str) -> Self {
        let name = escape(name);
        Self {
            exact: format!("{}/{name}", self.exact),
            family: format!("{}/{name}", self.family),
        }
    }

    /// One of many alike: an index, or the key of a map.
    pub fn entry(&self, key: &str) -> Self {
        Self {
            exact: format!("{}/{}", self.exact, escape(key)),
            family: format!("{}/*", self.family),
        }
    }

    /// As RFC 6901 writes it.
    pub fn exact(&self) -> &str {
        &self.exact
    }

    /// With `*` for each index and each key of a map.
    pub fn family(&self) -> &str {
        &self.family
    }
}

/// One reference token of a pointer.
pub fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}
