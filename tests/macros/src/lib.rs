//! Macros of the tests of `coolify-sdk`.

mod live_test;

use proc_macro::TokenStream;
use syn::parse_macro_input;

/// Makes a test from an `async fn(Live) -> Outcome` that runs against a real
/// Coolify, in `tests/tests/live`.
///
/// The test is skipped, and reported as skipped, if there is no server to run
/// against, or if the server does not meet its requirements:
///
/// - `since = "4.2.0"`: the first Coolify that supports it.
/// - `ability = "write"`: an ability that the token needs besides `read`. Repeat
///   it for several abilities.
/// - `server`: a server that is reachable and usable, because the test runs
///   something on it.
///
/// Whatever the test creates in its project, or registers with `Live::made`, is
/// removed at the end, even if the test fails or panics.
#[proc_macro_attribute]
pub fn live_test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let function = parse_macro_input!(item as syn::ItemFn);
    live_test::expand(arguments.into(), &function)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
