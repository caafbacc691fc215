//! Derives behind `coolify-sdk`. They expand to paths of that crate and are of
//! no use elsewhere.

mod request;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Gives a request body its setters.
///
/// Fields that are not optional become the arguments of `new`; every other
/// field becomes a setter of its name on `Request<Body, _>`, or on the struct
/// itself where it is part of another body (`#[request(nested)]`).
///
/// On fields:
///
/// - `#[request(base64)]`: the setter takes the plain text or bytes, the wire
///   gets base64.
/// - `#[request(comma_list)]`: the setter takes a list, the wire gets one text
///   with commas.
/// - `#[request(max_len = N)]`: a longer text (in characters) is refused before
///   anything is sent.
///
/// A field that can be emptied (`Option<Clearable<T>>`) gets a `clear_…` beside
/// its setter.
#[proc_macro_derive(Request, attributes(request))]
pub fn derive_request(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    request::expand(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
