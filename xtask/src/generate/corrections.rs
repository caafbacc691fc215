//! `raw/corrections.md`: the documentation page that lists the corrections of the
//! patches.

use std::fmt::Write as _;

use anyhow::Result;

use crate::overlay::{Evidence, Patch};

/// Renders the page, in the order of the patches.
pub fn render(patches: &[Patch]) -> Result<String> {
    let mut page = String::from(
        "The differences between Coolify's `OpenAPI` document and its server that this\n\
         library corrects. Each correction is a patch, with the recordings or sources that\n\
         prove it.\n\n",
    );
    for patch in patches {
        let Some(lie) = &patch.lie else { continue };
        write!(page, "# {}\n\n{}\n\n", patch.title, lie.trim())?;
        let span = match (&patch.since, &patch.until) {
            (Some(since), Some(until)) => format!("Since Coolify {since}, until {until}. "),
            (Some(since), None) => format!("Since Coolify {since}. "),
            (None, Some(until)) => format!("Until Coolify {until}. "),
            (None, None) => String::new(),
        };
        let evidence: Vec<_> = patch.evidence.iter().map(name).collect();
        write!(page, "{span}Evidence: {}.\n\n", evidence.join(", "))?;
    }
    Ok(page)
}

fn name(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Recording { version, name } => format!("`{version}/{name}`"),
        Evidence::Allowlists => "the controllers' allow-lists".to_owned(),
        Evidence::Source(place) => format!("Coolify's source at `{place}`"),
    }
}
