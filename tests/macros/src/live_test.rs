//! `#[live_test]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::meta::ParseNestedMeta;
use syn::parse::Parser as _;
use syn::{Error, ItemFn, LitStr, Result};

/// The requirements of a test.
#[derive(Default)]
struct Needs {
    abilities: Vec<LitStr>,
    since: Option<LitStr>,
    server: bool,
}

impl Needs {
    fn read(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        if meta.path.is_ident("ability") {
            self.abilities.push(meta.value()?.parse()?);
        } else if meta.path.is_ident("since") {
            self.since = Some(meta.value()?.parse()?);
        } else if meta.path.is_ident("server") {
            self.server = true;
        } else {
            return Err(
                meta.error("a live test takes `ability = \"…\"`, `since = \"…\"`, `server`")
            );
        }
        Ok(())
    }
}

/// Leaves the function unchanged and registers it as a live test.
pub fn expand(arguments: TokenStream, function: &ItemFn) -> Result<TokenStream> {
    let mut needs = Needs::default();
    syn::meta::parser(|meta| needs.read(&meta)).parse2(arguments)?;
    let signature = &function.sig;
    if signature.asyncness.is_none() || signature.inputs.len() != 1 {
        let message = "a live test is an `async fn` that takes a `Live`";
        return Err(Error::new_spanned(signature, message));
    }
    let name = &signature.ident;
    let Needs {
        abilities,
        since,
        server,
    } = &needs;
    let since = since
        .as_ref()
        .map_or_else(|| quote!(None), |since| quote!(Some(#since)));
    Ok(quote! {
        #function

        ::coolify_sdk_tests::live::inventory::submit! {
            ::coolify_sdk_tests::live::LiveTest {
                name: concat!(module_path!(), "::", stringify!(#name)),
                needs: ::coolify_sdk_tests::live::Needs {
                    abilities: &[#(#abilities),*],
                    since: #since,
                    server: #server,
                },
                run: |live| ::std::boxed::Box::pin(#name(live)),
            }
        }
    })
}
