//! Macros behind `coolify-sdk` and its tests. They expand to paths of those
//! crates and are of no use elsewhere.

mod builder;
mod deserialize;
#[cfg(feature = "live-test")]
mod live_test;
mod request;
mod serialize;
mod wire;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Gives a request body its setters.
///
/// Fields that are not optional become the arguments of `new`; every other
/// field becomes a setter of its name on the builder that sends the body
/// (`#[request(builder = crate::room::Name)]`), or on the struct itself where it
/// is part of another body (`#[request(nested)]`). A body that only the library
/// fills has none (`#[request(bare)]`).
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

/// Makes a builder of `struct Name(Request<Body, Reply>)`: a request that waits
/// to be sent, on a page of its own.
///
/// It gets `send`, `IntoFuture` and `Debug`; `body` and `fields` unless the body
/// is nothing or travels as a query (`#[builder(options)]`); `and_wait` where the
/// reply is a watch (`#[builder(and_wait = ResourceStatus)]`); and `verified` where a
/// `Subject` stands behind the request. The setters come from the body's
/// `#[derive(Request)]`.
#[proc_macro_attribute]
pub fn builder(arguments: TokenStream, item: TokenStream) -> TokenStream {
    // As for a derive, for which syn needs least.
    let item = parse_macro_input!(item as DeriveInput);
    builder::expand(arguments.into(), &item)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Makes a test of an `async fn(Live) -> Outcome` that runs against a real
/// Coolify, in `tests/tests/live`.
///
/// It is skipped, and reported as skipped, when there is no server to run
/// against, or when the server is not what the test needs:
///
/// - `since = "4.2.0"`: the first Coolify that can do it.
/// - `ability = "write"`: what the token may do, beside `read`; once for each
///   ability.
/// - `server`: a server that is reachable and usable, because something is run
///   on it.
///
/// What the test makes in its project, or names to `Live::made`, is removed in
/// the end, also when it fails or panics.
#[cfg(feature = "live-test")]
#[proc_macro_attribute]
pub fn live_test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let function = parse_macro_input!(item as syn::ItemFn);
    live_test::expand(arguments.into(), &function)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Reads what comes as an object: fields by their names on the wire
/// (`#[serde(rename = "…")]` where those differ), an `Option` where one may be
/// absent or null. What nobody knows is skipped.
///
/// `#[wire(number)]` is on a number that may come as text.
#[proc_macro_derive(Deserialize, attributes(serde, wire))]
pub fn derive_deserialize(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    deserialize::expand(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Writes an object by the names on the wire, without what is not set.
#[proc_macro_derive(Serialize, attributes(serde, wire))]
pub fn derive_serialize(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    serialize::expand(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
