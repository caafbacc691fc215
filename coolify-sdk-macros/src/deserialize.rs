//! `#[derive(Deserialize)]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{DeriveInput, Ident, Result};

use crate::wire;

pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let fields = wire::fields(input)?
        .map(Field::read)
        .collect::<Result<Vec<_>>>()?;
    let slots = (2 * fields.len()).next_power_of_two();
    let ty = &input.ident;
    let name = ty.to_string();
    // Not the names of the fields, because one of them may be `map` or `key`.
    let places: Vec<_> = (0..fields.len())
        .map(|index| format_ident!("field_{index}"))
        .collect();
    let wires = fields.iter().map(|field| &field.wire);
    let reads = fields.iter().enumerate().map(|(index, field)| {
        let place = &places[index];
        let read = match (field.number, field.optional) {
            (true, _) => quote! { number },
            (false, true) => quote! { value },
            (false, false) => quote! { some },
        };
        quote! { #index => crate::json_object::#read(&mut map, &mut #place), }
    });
    let values = fields.iter().zip(&places).map(|(field, place)| {
        let (ident, wire) = (field.ident, &field.wire);
        if field.optional {
            quote! { #ident: #place }
        } else {
            quote! { #ident: crate::json_object::required(#place, #wire)? }
        }
    });
    Ok(quote! {
        impl<'de> crate::json_object::Object<'de> for #ty {
            const NAME: &'static str = #name;
            const KEYS: crate::json_object::Keys = {
                const NAMES: &[&str] = &[#(#wires),*];
                crate::json_object::Keys::new(NAMES, &crate::json_object::slots::<#slots>(NAMES))
            };

            fn read<A: ::serde::de::MapAccess<'de>>(
                mut map: A,
            ) -> ::core::result::Result<Self, A::Error> {
                #(let mut #places = None;)*
                while let Some(key) = crate::json_object::key(&mut map, &Self::KEYS)? {
                    match key {
                        #(#reads)*
                        _ => crate::json_object::skip(&mut map),
                    }?;
                }
                Ok(Self { #(#values),* })
            }
        }

        impl<'de> ::serde::Deserialize<'de> for #ty {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                crate::json_object::read(deserializer)
            }
        }
    })
}

struct Field<'a> {
    ident: &'a Ident,
    wire: String,
    optional: bool,
    number: bool,
}

impl<'a> Field<'a> {
    fn read(field: &'a syn::Field) -> Result<Self> {
        Ok(Self {
            ident: wire::ident(field)?,
            wire: wire::name(field)?,
            optional: wire::inner(&field.ty, "Option").is_some(),
            number: wire::says(&field.attrs, "wire", "number")?,
        })
    }
}
