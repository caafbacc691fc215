//! `#[derive(Serialize)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Result};

use crate::wire;

pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let entries = wire::fields(input)?
        .map(|field| {
            let (ident, wire) = (wire::ident(field)?, wire::name(field)?);
            Ok(if wire::inner(&field.ty, "Option").is_some() {
                quote! { (#wire, crate::json_object::set(self.#ident.as_ref())) }
            } else {
                quote! { (#wire, Some(&self.#ident)) }
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let ty = &input.ident;
    Ok(quote! {
        impl ::serde::Serialize for #ty {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                crate::json_object::write(serializer, &[#(#entries),*])
            }
        }
    })
}
