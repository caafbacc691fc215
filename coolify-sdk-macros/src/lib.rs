//! Macros for `coolify-sdk`. They expand to paths of that crate and cannot be used
//! without it.

mod builder;
mod deserialize;
mod request;
mod serialize;
mod wire;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Gives a request body its setters.
///
/// Fields that are not optional become the arguments of `new`. Every other field
/// gets a setter of its name: on the builder that sends the body
/// (`#[request(builder = crate::room::Name)]`), or on the struct itself if it is
/// part of another body (`#[request(nested)]`). A body that only the library
/// fills gets no setters (`#[request(bare)]`).
///
/// On fields:
///
/// - `#[request(base64)]`: the setter takes plain text or bytes, and base64 is
///   sent.
/// - `#[request(comma_list)]`: the setter takes an `IntoList`, and one text with
///   commas is sent. An empty item is refused before anything is sent.
/// - `#[request(max_len = N)]`: a text of more than N characters is refused
///   before anything is sent.
/// - `#[request(max_bytes = N)]`: the same for a text of more than N bytes in UTF-8.
///
/// The setter of a `Vec` takes an `IntoList` as well. A field that can be emptied
/// (`Option<Clearable<T>>`) also gets a `clear_…` method.
#[proc_macro_derive(Request, attributes(request))]
pub fn derive_request(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    request::expand(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Makes a builder from `struct Name(Request<Body, Reply>)`: a request that has
/// not been sent yet, with a documentation page of its own.
///
/// The builder gets `send`, `IntoFuture` and `Debug`. It gets `body` and `fields`
/// unless the body is empty or is sent as a query (`#[builder(options)]`),
/// `and_wait` if the reply is a watch (`#[builder(and_wait = ResourceStatus)]`),
/// and `verified` if there is a `Subject` to read back. The setters come from the
/// body's `#[derive(Request)]`.
#[proc_macro_attribute]
pub fn builder(arguments: TokenStream, item: TokenStream) -> TokenStream {
    // As for a derive, because syn then needs the fewest features.
    let item = parse_macro_input!(item as DeriveInput);
    builder::expand(arguments.into(), &item)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Reads a JSON object. Fields have their names in the JSON
/// (`#[serde(rename = "…")]` where those differ), and an `Option` may be absent
/// or null. Unknown fields are skipped.
///
/// `#[wire(number)]` marks a number that may be sent as text.
#[proc_macro_derive(Deserialize, attributes(serde, wire))]
pub fn derive_deserialize(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    deserialize::expand(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Writes a JSON object, without the fields that are `None`.
#[proc_macro_derive(Serialize, attributes(serde, wire))]
pub fn derive_serialize(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    serialize::expand(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
