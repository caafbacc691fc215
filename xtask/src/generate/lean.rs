//! Reduces a generated method to the parts that differ between methods.

use anyhow::{Context, Result, bail, ensure};
use quote::{ToTokens, format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{FnArg, ImplItemFn, parse_quote};

use super::operations::Operation;

/// Rewrites a method as the draft of a call: its operation, its parameters and its
/// body. The transport builds URL, query and body from the draft, and contains
/// everything that progenitor repeats in each method (hooks, status, decoding).
pub fn lean(method: &mut ImplItemFn, operation: &Operation) -> Result<()> {
    let id = &operation.id;
    let written = method.block.to_token_stream().to_string().replace(' ', "");
    let ids = between(&written, "encode_path(&", ".to_string())");
    let queries = between(&written, "QueryParam::new(\"", "))");
    let queries: Vec<_> = queries
        .iter()
        .filter_map(|it| it.split_once("\",&"))
        .collect();
    let has_body = written.contains(".json(&body)");
    ensure!(
        ids.len() == operation.path.matches('{').count(),
        "{id}: progenitor changed the way it writes paths"
    );

    let about = ids.iter().map(|name| format_ident!("{name}"));
    let mut draft = quote! { self.draft(#id, &[#(&#about),*]) };
    for argument in &method.sig.inputs {
        let FnArg::Typed(argument) = argument else {
            continue;
        };
        let name = argument.pat.to_token_stream().to_string();
        let (ident, ty) = (format_ident!("{name}"), argument.ty.to_token_stream());
        if let Some((wire, _)) = queries.iter().find(|(_, value)| *value == name) {
            let is_optional = ty.to_string().starts_with("Option");
            let value = if is_optional {
                quote! { #ident }
            } else {
                quote! { Some(#ident) }
            };
            draft.extend(quote! { .query(#wire, #value) });
        } else if has_body && name == "body" {
            draft.extend(quote! { .body(body) });
        } else if !ids.contains(&&*name) {
            bail!("{id}: progenitor uses `{name}` in an unknown way");
        }
    }
    let (read, reply) = if written.contains("ResponseValue::from_response(") {
        let reply = reply(&method.sig.output);
        let reply = reply.with_context(|| format!("{id}: the reply has no type"))?;
        (quote! { json }, reply.to_token_stream())
    } else if written.contains("ResponseValue::stream(") {
        (quote! { text }, quote! { String })
    } else {
        bail!("{id}: progenitor reads this reply in an unknown way")
    };
    end_sentences(&mut method.attrs);
    // Compiles the method only in programs that use it.
    method.attrs.push(parse_quote! { #[inline] });
    method.block = parse_quote! { { #draft.#read() } };
    // A call borrows nothing.
    method.sig.generics = syn::Generics::default();
    Plain.visit_signature_mut(&mut method.sig);
    method.sig.asyncness = None;
    method.sig.output = parse_quote! { -> Call<#reply> };
    Ok(())
}

/// Ends the sentences of a doc comment with a period, which progenitor leaves out.
fn end_sentences(attributes: &mut [syn::Attribute]) {
    for attribute in attributes {
        let syn::Meta::NameValue(pair) = &mut attribute.meta else {
            continue;
        };
        let syn::Expr::Lit(literal) = &mut pair.value else {
            continue;
        };
        let syn::Lit::Str(text) = &mut literal.lit else {
            continue;
        };
        let ended = text.value();
        let ended: Vec<_> = ended.lines().map(ended_line).collect();
        *text = syn::LitStr::new(&ended.join("\n"), text.span());
    }
}

fn ended_line(line: &str) -> String {
    let line = line.trim_end();
    match line.chars().last() {
        None | Some('.' | ':') => line.to_owned(),
        Some(_) => format!("{line}."),
    }
}

/// Removes lifetimes from references.
struct Plain;

impl VisitMut for Plain {
    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        reference.lifetime = None;
        visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_receiver_mut(&mut self, receiver: &mut syn::Receiver) {
        *receiver = parse_quote! { &self };
    }
}

/// Returns the text between each `start` and the next `end`.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    let parts = text.split(start).skip(1);
    parts
        .filter_map(|part| Some(part.split_once(end)?.0))
        .collect()
}

/// Returns the `T` of `Result<ResponseValue<T>, _>`.
fn reply(output: &syn::ReturnType) -> Option<syn::Type> {
    let syn::ReturnType::Type(_, result) = output else {
        return None;
    };
    first_argument(&first_argument(result)?)
}

pub fn first_argument(ty: &syn::Type) -> Option<syn::Type> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_with_a_period() {
        let mut method: ImplItemFn = parse_quote! {
            #[doc = "Lists tags\n\nNeeds nothing.\n\nArguments:\n- `tag`: A tag"]
            fn list(&self) {}
        };
        end_sentences(&mut method.attrs);
        let text = method.attrs[0].to_token_stream().to_string();
        assert!(
            text.contains(r"Lists tags.\n\nNeeds nothing.\n\nArguments:\n- `tag`: A tag."),
            "{text}"
        );
    }
}
