//! Finds paths among the tokens of a macro call, which are not parsed before the
//! macro is expanded.

use proc_macro2::{Span, TokenStream, TokenTree};

use super::modules::is_root;

/// Returns the paths that start with `crate`, `self` or `super`.
pub fn paths(tokens: TokenStream) -> Vec<(Vec<String>, Span)> {
    let mut found = Vec::new();
    collect(tokens, &mut found);
    found
}

fn collect(tokens: TokenStream, found: &mut Vec<(Vec<String>, Span)>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut index = 0;
    while index < tokens.len() {
        match &tokens[index] {
            TokenTree::Group(group) => collect(group.stream(), found),
            TokenTree::Ident(ident) if is_root(&ident.to_string()) => {
                let mut path = vec![ident.to_string()];
                while let Some(name) = next_segment(&tokens[index + 1..]) {
                    path.push(name);
                    index += 3;
                }
                if path.len() > 1 {
                    found.push((path, ident.span()));
                }
            }
            _ => {}
        }
        index += 1;
    }
}

/// Returns the name after `::`.
fn next_segment(tokens: &[TokenTree]) -> Option<String> {
    match tokens {
        [
            TokenTree::Punct(first),
            TokenTree::Punct(second),
            TokenTree::Ident(name),
            ..,
        ] if first.as_char() == ':' && second.as_char() == ':' => Some(name.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::paths;

    #[test]
    fn paths_are_found_at_any_depth() {
        let tokens = "a(crate::x::Y) => { $crate::z!(self.b, super::c::D, crate) }";
        let found: Vec<String> = paths(tokens.parse().unwrap())
            .into_iter()
            .map(|(path, _)| path.join("::"))
            .collect();
        assert_eq!(found, ["crate::x::Y", "crate::z", "super::c::D"]);
    }
}
