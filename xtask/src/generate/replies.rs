//! `raw/replies.rs`: the type of each operation's reply as a table, for tests.

use std::collections::BTreeMap;

use anyhow::Result;
use quote::{ToTokens, quote};

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
        use serde::{Serialize, de::DeserializeOwned};

        use super::types;

        pub(crate) fn reread(
            operation: &str,
            json: &str,
        ) -> Option<serde_json::Result<serde_json::Value>> {
            Some(match operation {
                #(#arms)*
                _ => return None,
            })
        }

        fn through<T: DeserializeOwned + Serialize>(
            json: &str,
        ) -> serde_json::Result<serde_json::Value> {
            serde_json::to_value(serde_json::from_str::<T>(json)?)
        }
    })?;
    Ok(print(&file))
}

/// The `T` of `Result<ResponseValue<T>, _>`, unless it is a stream.
fn reply_type(output: &syn::ReturnType) -> Option<syn::Type> {
    let syn::ReturnType::Type(_, result) = output else {
        return None;
    };
    let value = first_argument(result)?;
    let reply = first_argument(&value)?;
    let is_stream = reply.to_token_stream().to_string() == "ByteStream";
    (!is_stream).then_some(reply)
}

fn first_argument(ty: &syn::Type) -> Option<syn::Type> {
    let syn::Type::Path(path) = ty else {
        return None;
    };
    let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments
    else {
        return None;
    };
    match arguments.args.first()? {
        syn::GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    }
}
