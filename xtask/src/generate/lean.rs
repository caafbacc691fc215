//! Takes out of a generated method what the library does in one place.

use anyhow::{Context, Result, bail};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ImplItemFn, Stmt, parse_quote};

/// Shortens a method to what is its own: the URL and the request. What progenitor
/// repeats in each (hooks, status, decoding) stands once in `Client::json` and
/// `Client::text`; the headers are the transport's business.
pub fn lean(method: &mut ImplItemFn, id: &str) -> Result<()> {
    let statements = &mut method.block.stmts;
    let end = statements.iter().position(|stmt| binds(stmt, "info"));
    let end = end.with_context(|| format!("{id}: progenitor writes its methods otherwise now"))?;
    let tail = statements.split_off(end);
    let tail = quote! { #(#tail)* }.to_string().replace(' ', "");
    let is_text = match () {
        () if tail.contains("ResponseValue::from_response(") => false,
        () if tail.contains("ResponseValue::stream(") => true,
        () => bail!("{id}: progenitor reads this reply in a way that is new"),
    };
    statements.retain(|stmt| !stmt.to_token_stream().to_string().contains("header_map ."));
    statements.retain(|stmt| !binds(stmt, "header_map"));
    for statement in statements.iter_mut() {
        Own.visit_stmt_mut(statement);
        if let Stmt::Local(local) = statement
            && local.pat.to_token_stream().to_string().ends_with("request")
        {
            local.attrs.clear();
            local.pat = parse_quote! { request };
        }
    }
    let (answer, reply) = if is_text {
        (quote! { text }, quote! { String })
    } else {
        let reply = reply(&method.sig.output);
        let reply = reply.with_context(|| format!("{id}: its reply has no type"))?;
        (quote! { json }, reply.to_token_stream())
    };
    statements.push(Stmt::Expr(
        parse_quote! { self.#answer(#id, request) },
        None,
    ));
    method.sig.asyncness = None;
    method.sig.output = parse_quote! { -> Call<#reply> };
    Ok(())
}

/// Requests without headers, left unbuilt, of the library's own client.
struct Own;

impl VisitMut for Own {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::MethodCall(call) if call.method == "headers" || call.method == "header" => {
                *expr = (*call.receiver).clone();
            }
            Expr::Try(question) => {
                if let Expr::MethodCall(call) = &*question.expr
                    && call.method == "build"
                {
                    *expr = (*call.receiver).clone();
                }
            }
            Expr::Field(field) => match field.member.to_token_stream().to_string().as_str() {
                "client" => *expr = parse_quote! { self.http() },
                "baseurl" => *expr = parse_quote! { self.base() },
                _ => {}
            },
            _ => {}
        }
    }

    // The arguments of `format!` are tokens to syn.
    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        let text = call
            .tokens
            .to_string()
            .replace("self . baseurl", "self.base()");
        if let Ok(tokens) = text.parse() {
            call.tokens = tokens;
        }
    }
}

/// The `T` of `Result<ResponseValue<T>, _>`.
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

fn binds(statement: &Stmt, name: &str) -> bool {
    let Stmt::Local(local) = statement else {
        return false;
    };
    let pattern = local.pat.to_token_stream().to_string();
    pattern.split_whitespace().last() == Some(name)
}
