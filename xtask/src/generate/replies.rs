//! `raw/replies.rs`: the type of each operation's reply as a table, for tests.

use std::collections::BTreeMap;

use anyhow::Result;
use quote::{ToTokens, quote};

use super::lean::first_argument;
use super::operations::UNTAGGED;
use super::print::print;
use super::split::{Method, gate};

/// Which type reads the reply of which operation, for tests that hold what was
/// read against what was sent.
pub fn render(methods: &BTreeMap<String, Vec<Method>>) -> Result<String> {
    let arms = methods.iter().flat_map(|(tag, methods)| {
        let gate = (tag != UNTAGGED).then(|| gate(std::slice::from_ref(tag)));
        methods.iter().filter_map(move |method| {
            let reply = reply_type(&method.code.sig.output)?;
            let id = &method.operation;
            Some(quote! { #gate #id => through::<#reply>(json), })
        })
    });
    let file = syn::parse2(quote! {
        use super::types;
        use crate::testing::inspect::{Inspection, through};

        pub(crate) fn inspect(
            operation: &str,
            json: &str,
        ) -> Option<serde_json::Result<Inspection>> {
            Some(match operation {
                #(#arms)*
                _ => return None,
            })
        }
    })?;
    Ok(print(&file))
}

/// The `T` of `Call<T>`, unless it is plain text.
fn reply_type(output: &syn::ReturnType) -> Option<syn::Type> {
    let syn::ReturnType::Type(_, call) = output else {
        return None;
    };
    let reply = first_argument(call)?;
    (reply.to_token_stream().to_string() != "String").then_some(reply)
}
