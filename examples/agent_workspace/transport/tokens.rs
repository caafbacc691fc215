//! Maps tokens to workspaces.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use coolify_sdk::Secret;
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};

/// The tokens of the workspaces. Each token has the index of its workspace.
///
/// Only their hashes are kept. A request's token is compared with all of them in
/// constant time, so that the response time reveals nothing about any of them.
pub struct Tokens(Vec<[u8; 32]>);

impl Tokens {
    pub fn new<'a>(tokens: impl IntoIterator<Item = &'a Secret>) -> Self {
        let tokens = tokens.into_iter();
        Self(tokens.map(|it| digest(it.expose())).collect())
    }

    /// Returns the index of the workspace whose token a request carries.
    pub fn find(&self, headers: &HeaderMap) -> Option<usize> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return None;
        };
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let given = digest(token.trim());
        let (mut found, mut place) = (Choice::from(0), 0_u32);
        for (index, known) in (0..).zip(&self.0) {
            let is_it = known.ct_eq(&given);
            place.conditional_assign(&index, is_it);
            found |= is_it;
        }
        bool::from(found)
            .then(|| usize::try_from(place).ok())
            .flatten()
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(values: &[&'static str]) -> Option<usize> {
        let tokens = ["first-token", "second-token"].map(Secret::from);
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, value.parse().expect("a header"));
        }
        Tokens::new(&tokens).find(&headers)
    }

    #[test]
    fn a_token_opens_its_own_place() {
        assert_eq!(found(&["Bearer first-token"]), Some(0));
        assert_eq!(found(&["bearer second-token"]), Some(1));
        assert_eq!(found(&["BEARER  second-token"]), Some(1));
    }

    #[test]
    fn nothing_else_opens_any() {
        for values in [
            &[][..],
            &["first-token"],
            &["Basic first-token"],
            &["Bearer"],
            &["Bearer "],
            &["Bearer first-toke"],
            &["Bearer first-token2"],
            &["Bearer first-token second-token"],
            &["Bearer first-token", "Bearer first-token"],
        ] {
            assert_eq!(found(values), None, "{values:?}");
        }
    }
}
