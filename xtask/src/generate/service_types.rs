//! The table behind the catalogue of one-click services.

use std::path::Path;

use anyhow::{Context, Result};
use quote::quote;

use super::operations::version;
use crate::spec::source::service_types::{self, ServiceType};

/// Renders `spec/service-types.yaml`, sorted by name.
pub fn render(root: &Path) -> Result<String> {
    let rows = service_types::load(root)?.into_iter().map(|(name, it)| {
        let row = row(&name, &it);
        row.with_context(|| format!("spec/service-types.yaml: {name}"))
    });
    let rows = rows.collect::<Result<Vec<_>>>()?;
    let file = syn::parse2(quote! {
        use crate::services::{ServiceContainer, ServiceType};
        use crate::version::Version;

        pub(crate) static SERVICE_TYPES: &[ServiceType] = &[#(#rows),*];
    })?;
    Ok(super::print::print(&file))
}

fn row(name: &str, it: &ServiceType) -> Result<proc_macro2::TokenStream> {
    let since = version(&it.since)?;
    let until = it.until.as_deref().map(version).transpose()?;
    let (until, port) = (optional(until), optional(it.port));
    let containers = it.containers.iter().map(|(name, image)| {
        let image = optional(image.as_ref());
        quote! { ServiceContainer { name: #name, image: #image } }
    });
    Ok(quote! {
        ServiceType {
            name: #name,
            since: #since,
            until: #until,
            port: #port,
            containers: &[#(#containers),*],
        }
    })
}

fn optional(value: Option<impl quote::ToTokens>) -> proc_macro2::TokenStream {
    value.map_or_else(|| quote! { None }, |value| quote! { Some(#value) })
}
