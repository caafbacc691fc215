//! What the derives read about a field: its name in the JSON and whether it may
//! be absent.

use syn::{
    Attribute, Data, DeriveInput, Error, Fields, GenericArgument, Ident, LitStr, PathArguments,
    Result, Type, spanned::Spanned,
};

/// Returns the fields of a struct with named fields.
pub fn fields(input: &DeriveInput) -> Result<impl Iterator<Item = &syn::Field>> {
    match &input.data {
        Data::Struct(data) if matches!(data.fields, Fields::Named(_)) => Ok(data.fields.iter()),
        _ => Err(Error::new(
            input.span(),
            "only for structs with named fields",
        )),
    }
}

pub fn ident(field: &syn::Field) -> Result<&Ident> {
    let ident = field.ident.as_ref();
    ident.ok_or_else(|| Error::new(field.span(), "fields have names here"))
}

/// Returns the field's name in the JSON: that of `#[serde(rename = "…")]`, or its
/// own.
pub fn name(field: &syn::Field) -> Result<String> {
    let mut name = plain(ident(field)?);
    for attribute in field.attrs.iter().filter(|a| a.path().is_ident("serde")) {
        attribute.parse_nested_meta(|meta| {
            let value = meta
                .value()
                .and_then(syn::parse::ParseBuffer::parse::<LitStr>);
            if meta.path.is_ident("rename") {
                name = value?.value();
            }
            Ok(())
        })?;
    }
    Ok(name)
}

/// Returns a field's name without `r#`.
pub fn plain(ident: &Ident) -> String {
    let ident = ident.to_string();
    ident.strip_prefix("r#").unwrap_or(&ident).to_owned()
}

/// Returns whether an attribute of a derive, as in `#[wire(number)]`, has this
/// word.
pub fn says(attributes: &[Attribute], derive: &str, word: &str) -> Result<bool> {
    let mut said = false;
    for attribute in attributes.iter().filter(|a| a.path().is_ident(derive)) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident(word) {
                said = true;
                Ok(())
            } else {
                Err(meta.error(format!("expected `{word}`")))
            }
        })?;
    }
    Ok(said)
}

/// Returns the `T` of `wrapper<T>`, whatever the path of the wrapper.
pub fn inner<'a>(ty: &'a Type, wrapper: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    if last.ident != wrapper {
        return None;
    }
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}
