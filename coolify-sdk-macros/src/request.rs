//! `#[derive(Request)]`.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::spanned::Spanned;
use syn::{Attribute, DeriveInput, Error, Ident, LitInt, Path, Result, Type};

use crate::wire::{self, ident, inner, plain};

pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let place = Place::read(&input.attrs)?;
    let fields = wire::fields(input)?
        .map(Field::read)
        .collect::<Result<Vec<_>>>()?;
    let name = &input.ident;
    let new = constructor(&fields);
    let checks = fields.iter().filter_map(Field::check);
    // The whole builder is marked.
    let must_use = matches!(place, Place::Nested).then(|| quote! { #[must_use] });
    let must_use = &must_use;
    let to = |body| {
        let fields = fields.iter();
        fields.map(move |field| field.setters(&body, must_use.as_ref()))
    };
    let setters = match place {
        Place::Builder(builder) => {
            let setters = to(quote! { self.0.body });
            quote! { impl #builder { #(#setters)* } }
        }
        Place::Nested => {
            let setters = to(quote! { self });
            quote! {
                impl #name { #(#setters)* }
                impl crate::request::TypedItem for #name {}
            }
        }
        Place::Bare => TokenStream::new(),
    };
    Ok(quote! {
        impl #name { #new }
        #setters
        impl crate::request::Body for #name {
            fn check(&self) -> crate::error::Result<()> {
                #(#checks)*
                Ok(())
            }
        }
    })
}

/// Where the setters of a body are.
enum Place {
    /// On the builder that sends the body.
    Builder(Path),
    /// On the body itself, because it is part of others.
    Nested,
    /// Nowhere, because the library fills the body.
    Bare,
}

impl Place {
    fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut place = None;
        for attribute in attributes.iter().filter(|a| a.path().is_ident("request")) {
            attribute.parse_nested_meta(|meta| {
                place = Some(if meta.path.is_ident("builder") {
                    Self::Builder(meta.value()?.parse()?)
                } else if meta.path.is_ident("nested") {
                    Self::Nested
                } else if meta.path.is_ident("bare") {
                    Self::Bare
                } else {
                    return Err(meta.error(KNOWN));
                });
                Ok(())
            })?;
        }
        place.ok_or_else(|| Error::new(proc_macro2::Span::call_site(), KNOWN))
    }
}

const KNOWN: &str =
    "`#[request(..)]` has to say where the setters are: `builder = path`, `nested` or `bare`";

struct Field<'a> {
    name: &'a Ident,
    docs: Vec<&'a Attribute>,
    kind: Kind<'a>,
    coding: Coding,
    max_len: Option<LitInt>,
    max_bytes: Option<LitInt>,
}

/// How a field is set, according to its type.
enum Kind<'a> {
    Required(&'a Type),
    Optional(&'a Type),
    Clearable(&'a Type),
}

/// How a value is encoded.
#[derive(Clone, Copy, PartialEq)]
enum Coding {
    Plain,
    Base64,
    CommaList,
}

impl<'a> Field<'a> {
    fn read(field: &'a syn::Field) -> Result<Self> {
        let name = ident(field)?;
        let kind = match inner(&field.ty, "Option") {
            None => Kind::Required(&field.ty),
            Some(value) => match inner(value, "Clearable") {
                None => Kind::Optional(value),
                Some(value) => Kind::Clearable(value),
            },
        };
        let mut this = Self {
            name,
            docs: field
                .attrs
                .iter()
                .filter(|a| a.path().is_ident("doc"))
                .collect(),
            kind,
            coding: Coding::Plain,
            max_len: None,
            max_bytes: None,
        };
        for attribute in field.attrs.iter().filter(|a| a.path().is_ident("request")) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("base64") {
                    this.coding = Coding::Base64;
                } else if meta.path.is_ident("comma_list") {
                    this.coding = Coding::CommaList;
                } else if meta.path.is_ident("max_len") {
                    this.max_len = Some(meta.value()?.parse()?);
                } else if meta.path.is_ident("max_bytes") {
                    this.max_bytes = Some(meta.value()?.parse()?);
                } else {
                    return Err(meta.error(
                        "expected `base64`, `comma_list`, `max_len = N` or `max_bytes = N`",
                    ));
                }
                Ok(())
            })?;
        }
        if let (Coding::CommaList, Kind::Required(_)) = (this.coding, &this.kind) {
            return Err(Error::new(field.ty.span(), "a list is never required"));
        }
        if this.coding != Coding::Plain && !is_text(this.value()) {
            return Err(Error::new(
                field.ty.span(),
                "only a text can be base64 or a comma-separated list",
            ));
        }
        Ok(this)
    }

    fn value(&self) -> &'a Type {
        match self.kind {
            Kind::Required(value) | Kind::Optional(value) | Kind::Clearable(value) => value,
        }
    }

    /// The type of the argument, and the expression that makes the field's value
    /// from it.
    fn argument(&self) -> (TokenStream, TokenStream) {
        let name = self.name;
        let value = self.value();
        match self.coding {
            Coding::Base64 => (
                quote! { impl AsRef<[u8]> },
                quote! { crate::request::base64(#name.as_ref()).into() },
            ),
            Coding::CommaList => (
                quote! { impl crate::request::IntoList<Form> },
                quote! { crate::request::comma_list(#name.into_items()) },
            ),
            Coding::Plain => match inner(value, "Vec") {
                // An argument of `new`, which has no parameter `Form`.
                Some(item) if matches!(self.kind, Kind::Required(_)) => (
                    quote! { impl IntoIterator<Item = impl Into<#item>> },
                    quote! { #name.into_iter().map(Into::into).collect() },
                ),
                Some(item) => (
                    quote! { impl crate::request::IntoList<Form, #item> },
                    quote! { #name.into_items() },
                ),
                None => (quote! { impl Into<#value> }, quote! { #name.into() }),
            },
        }
    }

    fn setters(&self, place: &TokenStream, must_use: Option<&TokenStream>) -> TokenStream {
        let name = self.name;
        let docs = if self.docs.is_empty() {
            let text = format!(" Sets `{}`.", plain(name));
            quote! { #[doc = #text] }
        } else {
            let docs = &self.docs;
            quote! { #(#docs)* }
        };
        let (argument, value) = self.argument();
        let setter = |value: TokenStream| {
            // The work of a setter is in one function, so that each of the two thousand
            // setters has little code to compile.
            let assign = match (self.coding, inner(self.value(), "Vec"), &self.kind) {
                (Coding::Plain, None, Kind::Optional(_)) => {
                    quote! { crate::request::set(&mut #place.#name, #name); }
                }
                (Coding::CommaList, _, Kind::Clearable(_)) => {
                    quote! {
                        let list = crate::request::comma_list(#name.into_items());
                        crate::request::set_clearable(&mut #place.#name, list);
                    }
                }
                (Coding::Plain, None, Kind::Clearable(_)) => {
                    quote! { crate::request::set_clearable(&mut #place.#name, #name); }
                }
                _ => quote! { #place.#name = Some(#value); },
            };
            let is_list = self.coding == Coding::CommaList || inner(self.value(), "Vec").is_some();
            let form = is_list.then(|| quote! { <Form> });
            quote! {
                #docs
                #must_use
                #[inline]
                pub fn #name #form(mut self, #name: #argument) -> Self {
                    #assign
                    self
                }
            }
        };
        match self.kind {
            Kind::Required(_) => TokenStream::new(),
            Kind::Optional(_) => setter(value),
            Kind::Clearable(_) => {
                let set = setter(quote! { crate::Clearable::Set(#value) });
                let clear = format_ident!("clear_{}", plain(name));
                let doc = format!(" Empties `{}`.", plain(name));
                quote! {
                    #set
                    #[doc = #doc]
                    #must_use
                    #[inline]
                    pub fn #clear(mut self) -> Self {
                        #place.#name = Some(crate::Clearable::Clear);
                        self
                    }
                }
            }
        }
    }

    fn check(&self) -> Option<TokenStream> {
        let is_list = self.coding == Coding::CommaList;
        let has_texts = inner(self.value(), "Vec").is_some_and(is_text);
        let is_repository = ends_with(self.value(), "GitRepository");
        let is_source = is_repository && matches!(self.kind, Kind::Required(_));
        let is_limited = self.max_len.is_some() || self.max_bytes.is_some();
        if !is_limited && !is_list && !has_texts && !is_source {
            return None;
        }
        let name = self.name;
        let wire = plain(name);
        let text = match self.kind {
            Kind::Required(_) => quote! { Some(&self.#name) },
            Kind::Optional(_) => quote! { self.#name.as_ref() },
            Kind::Clearable(_) => quote! {
                match &self.#name {
                    Some(crate::Clearable::Set(text)) => Some(text),
                    _ => None,
                }
            },
        };
        let is_hidden = is_repository || is_secret(self.value());
        let plain = is_hidden.then(|| quote! { .expose() });
        let max = self.max_len.as_ref().map(|max| {
            quote! { crate::request::max_len(#wire, text #plain, #max)?; }
        });
        let bytes = self.max_bytes.as_ref().map(|max| {
            quote! { crate::request::max_bytes(#wire, text #plain, #max)?; }
        });
        let list = is_list.then(|| quote! { crate::request::check_list(#wire, text #plain)?; });
        let items = has_texts.then(|| quote! { crate::request::check_items(#wire, text)?; });
        let source = is_source.then(|| quote! { crate::request::check_source(#wire, text)?; });
        Some(quote! {
            if let Some(text) = #text {
                #source
                #max
                #bytes
                #list
                #items
            }
        })
    }
}

/// Adds `new` with the required fields. Without required fields, `Default` is
/// enough.
fn constructor(fields: &[Field<'_>]) -> TokenStream {
    let required: Vec<_> = fields
        .iter()
        .filter(|field| matches!(field.kind, Kind::Required(_)))
        .collect();
    if required.is_empty() {
        return TokenStream::new();
    }
    let arguments = required.iter().map(|field| {
        let (name, (argument, _)) = (field.name, field.argument());
        quote! { #name: #argument }
    });
    let values = fields.iter().map(|field| {
        let name = field.name;
        if let Kind::Required(_) = field.kind {
            let (_, value) = field.argument();
            quote! { #name: #value }
        } else {
            quote! { #name: None }
        }
    });
    quote! {
        /// Makes a request with the required fields only.
        #[must_use]
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values),* }
        }
    }
}

fn is_text(ty: &Type) -> bool {
    ty.to_token_stream().to_string() == "String" || is_secret(ty)
}

fn is_secret(ty: &Type) -> bool {
    ends_with(ty, "Secret")
}

/// Returns whether this is the SDK's type with this name.
fn ends_with(ty: &Type, name: &str) -> bool {
    let text = ty.to_token_stream().to_string();
    text.strip_suffix(name)
        .is_some_and(|path| path.ends_with(":: "))
}
