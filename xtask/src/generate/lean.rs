//! Takes out of a generated method what the library does in one place.

use anyhow::{Context, Result, bail};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{ImplItemFn, Stmt, parse_quote};

/// Shortens a method to what is its own: the URL and the request. What progenitor
/// repeats in each (hooks, status, decoding) stands once in `Client::answer`;
/// the headers are the transport's business.
pub fn lean(method: &mut ImplItemFn, id: &str) -> Result<()> {
    struct NoHeaders;
    impl VisitMut for NoHeaders {
        fn visit_expr_mut(&mut self, expr: &mut syn::Expr) {
            visit_mut::visit_expr_mut(self, expr);
            if let syn::Expr::MethodCall(call) = expr
                && (call.method == "headers" || call.method == "header")
            {
                *expr = (*call.receiver).clone();
            }
        }
    }
    let statements = &mut method.block.stmts;
    let end = statements.iter().position(|stmt| binds(stmt, "info"));
    let end = end.with_context(|| format!("{id}: progenitor writes its methods otherwise now"))?;
    let tail = statements.split_off(end);
    let tail = quote! { #(#tail)* }.to_string().replace(' ', "");
    let answer = match () {
        () if tail.contains("ResponseValue::from_response(") => quote! { answer },
        () if tail.contains("ResponseValue::stream(") => quote! { answer_stream },
        () if tail.contains("ResponseValue::empty(") => quote! { answer_empty },
        () => bail!("{id}: progenitor reads this reply in a way that is new"),
    };
    statements.retain(|stmt| !stmt.to_token_stream().to_string().contains("header_map ."));
    statements.retain(|stmt| !binds(stmt, "header_map"));
    for statement in statements.iter_mut() {
        NoHeaders.visit_stmt_mut(statement);
        if let Stmt::Local(local) = statement
            && local.pat.to_token_stream().to_string().ends_with("request")
        {
            local.attrs.clear();
            local.pat = parse_quote! { request };
        }
    }
    statements.push(Stmt::Expr(
        parse_quote! { self.#answer(request, #id).await },
        None,
    ));
    Ok(())
}

fn binds(statement: &Stmt, name: &str) -> bool {
    let Stmt::Local(local) = statement else {
        return false;
    };
    let pattern = local.pat.to_token_stream().to_string();
    pattern.split_whitespace().last() == Some(name)
}
