//! `#[builder]`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::meta::{self, ParseNestedMeta};
use syn::parse::Parser;
use syn::{Data, DeriveInput, Error, GenericArgument, PathArguments, Result, Type};

/// The arguments of the attribute.
#[derive(Default)]
struct Arguments {
    /// Whether the body is sent as the query of a call.
    options: bool,
    /// The type that waiting for the end returns.
    and_wait: Option<Type>,
}

impl Arguments {
    fn read(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        if meta.path.is_ident("options") {
            self.options = true;
        } else if meta.path.is_ident("and_wait") {
            self.and_wait = Some(meta.value()?.parse()?);
        } else {
            return Err(meta.error("expected `options` or `and_wait = type`"));
        }
        Ok(())
    }
}

pub fn expand(arguments: TokenStream, item: &DeriveInput) -> Result<TokenStream> {
    let mut options = Arguments::default();
    meta::parser(|meta| options.read(&meta)).parse2(arguments)?;
    let wrong = || Error::new_spanned(&item.ident, WANTED);
    let Data::Struct(data) = &item.data else {
        return Err(wrong());
    };
    let mut fields = data.fields.iter().map(|field| &field.ty);
    let request = fields.next().ok_or_else(wrong)?;
    let (body, reply) = body_and_reply(request)?;
    let subject = fields.next();
    let (attributes, vis, name) = (&item.attrs, &item.vis, &item.ident);
    let shown = name.to_string();
    let rest = subject.map(|subject| quote! { , pub(crate) #subject });
    let verified = subject.map(|_| verified());
    // An empty body, or the query of a call, is not written as JSON.
    let is_sent = !options.options && !matches!(body, Type::Tuple(_));
    let and_wait = options.and_wait.map(|end| and_wait(reply, &end));
    let (contents, json) = if is_sent {
        (Some(contents()), Some(json(name)))
    } else {
        (None, None)
    };
    Ok(quote! {
        #(#attributes)*
        #[must_use = "a request is not sent before `.send()` or `.await`"]
        #vis struct #name(pub(crate) #request #rest);

        impl #name {
            #contents

            /// Checks the request and sends it.
            ///
            /// # Errors
            ///
            /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest), before
            /// anything is sent, if a field breaks a limit that Coolify checks late or
            /// badly. Other errors are described above and at [`Error`](crate::Error).
            #[inline]
            pub fn send(self) -> crate::Call<#reply> {
                self.0.send()
            }

            #and_wait
            #verified
        }

        impl ::std::future::IntoFuture for #name {
            type Output = crate::error::Result<#reply>;
            type IntoFuture = crate::Call<#reply>;

            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                self.0.send()
            }
        }

        impl ::std::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.0.show(#shown, f)
            }
        }

        #json
    })
}

const WANTED: &str = "`#[builder]` takes `struct Name(Request<Body, Reply>)`, with a `Subject` behind \
                      the request if it can be verified";

fn body_and_reply(request: &Type) -> Result<(&Type, &Type)> {
    let wrong = || Error::new_spanned(request, WANTED);
    let Type::Path(path) = request else {
        return Err(wrong());
    };
    let last = path.path.segments.last().ok_or_else(wrong)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return Err(wrong());
    };
    let mut types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.next().zip(types.next()).ok_or_else(wrong)
}

fn contents() -> TokenStream {
    quote! {
        /// Returns the body as it would be sent now, to be looked at or serialised.
        /// Secrets are hidden unless the body is wrapped in
        /// [`Exposed`](crate::Exposed).
        #[inline]
        #[must_use]
        pub fn body(&self) -> &(impl ::serde::Serialize + ::std::fmt::Debug) {
            &self.0.body
        }
    }
}

fn and_wait(reply: &Type, end: &Type) -> TokenStream {
    let watch = reply.to_token_stream();
    let doc = format!(
        "Sends the request and waits for its end. See [`{watch}::wait`](crate::resource::{watch}::wait)."
    );
    quote! {
        #[doc = #doc]
        ///
        /// # Errors
        ///
        /// The errors of sending the request, and those of waiting.
        #[inline]
        pub async fn and_wait(self) -> crate::error::Result<#end> {
            self.0.send().await?.wait().await
        }
    }
}

fn verified() -> TokenStream {
    quote! {
        /// Reads the resource back after the update, and reports for each field
        /// whether it took effect. See [`Verified`](crate::verify::Verified).
        #[inline]
        pub fn verified(self) -> crate::verify::Verified {
            self.0.verified_by(self.1)
        }
    }
}

fn json(name: &syn::Ident) -> TokenStream {
    quote! {
        #[cfg(feature = "request-json")]
        impl #name {
            /// Sets fields from a JSON object, by the names that they have in Coolify's
            /// API. See [`Fields::fields`](crate::Fields::fields).
            ///
            /// # Errors
            ///
            /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) for an
            /// unknown field or a value of the wrong type.
            #[inline]
            pub fn fields(self, fields: impl ::serde::Serialize) -> crate::error::Result<Self> {
                crate::Fields::fields(self, fields)
            }
        }

        #[cfg(feature = "request-json")]
        impl crate::Fields for #name {
            fn fields(mut self, fields: impl ::serde::Serialize) -> crate::error::Result<Self> {
                crate::request::fill(&mut self.0.body, fields)?;
                Ok(self)
            }
        }
    }
}
