//! `raw/replies.rs`: a table of the reply type of each operation, for tests.

use std::collections::BTreeMap;

use anyhow::Result;
use quote::{ToTokens, quote};

use super::lean::first_argument;
use super::operations::UNTAGGED;
use super::print::print;
use super::split::{Method, gate};

/// Renders the table of operations and reply types, for tests that compare the
/// decoded reply with the sent one.
pub fn render(methods: &BTreeMap<String, Vec<Method>>) -> Result<String> {
    let arms = methods.iter().flat_map(|(tag, methods)| {
        let gate = (tag != UNTAGGED).then(|| gate(std::slice::from_ref(tag)));
        methods.iter().filter_map(move |method| {
            let reply = reply_type(&method.code.sig.output)?;
            let id = &method.operation;
            Some(quote! { #gate #id => visitor.visit::<#reply>(), })
        })
    });
    let file = syn::parse2(quote! {
        use std::fmt::Debug;
        use serde::{Serialize, de::DeserializeOwned};
        use super::types;

        /// Is called with the type of a reply.
        pub(crate) trait Visit {
            type Outcome;
            fn visit<T: DeserializeOwned + Serialize + Debug>(self) -> Self::Outcome;
        }

        /// Returns `None` for an operation with a text reply, and for an unknown one.
        pub(crate) fn visit<V: Visit>(operation: &str, visitor: V) -> Option<V::Outcome> {
            Some(match operation {
                #(#arms)*
                _ => return None,
            })
        }
    })?;
    Ok(print(&file))
}

/// Returns the `T` of `Call<T>`, unless it is plain text.
fn reply_type(output: &syn::ReturnType) -> Option<syn::Type> {
    let syn::ReturnType::Type(_, call) = output else {
        return None;
    };
    let reply = first_argument(call)?;
    (reply.to_token_stream().to_string() != "String").then_some(reply)
}
