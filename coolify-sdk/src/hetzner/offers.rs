//! Prices and availability of server types.

use std::fmt;

use super::{HetznerImage, HetznerPrice, HetznerServerType};

impl HetznerServerType {
    /// Returns the price in a location, such as `fsn1`; `None` if it has no price there.
    ///
    /// ```no_run
    /// # async fn demo(hetzner: coolify_sdk::hetzner::Hetzner) -> coolify_sdk::Result<()> {
    /// for it in hetzner.server_types().await? {
    ///     if let Some(price) = it.price_in("fsn1") {
    ///         println!("{it}: {:?} a month", price.monthly());
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn price_in(&self, location: &str) -> Option<&HetznerPrice> {
        let mut prices = self.prices.iter().flatten();
        prices.find(|it| it.location.as_deref() == Some(location))
    }

    /// Returns whether it can be ordered in a location, such as `fsn1`. If Hetzner names
    /// neither prices nor locations, it is true. A server type may be sold out
    /// nevertheless.
    #[must_use]
    pub fn is_sold_in(&self, location: &str) -> bool {
        let prices = self.prices.as_deref().unwrap_or_default();
        let places = self.locations.as_deref().unwrap_or_default();
        let has_place = places.iter().any(|it| it.name.as_deref() == Some(location));
        (prices.is_empty() || self.price_in(location).is_some()) && (places.is_empty() || has_place)
    }

    /// Returns whether it has the architecture of an image. If one of the two is
    /// unknown, it is true.
    #[must_use]
    pub fn can_run(&self, image: &HetznerImage) -> bool {
        match (&self.architecture, &image.architecture) {
            (Some(own), Some(needed)) => own == needed,
            _ => true,
        }
    }
}

/// The name, the cores and the memory: `cpx11 (2 cores, 2 GB)`.
impl fmt::Display for HetznerServerType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match (self.cores, self.memory) {
            (Some(cores), Some(memory)) => write!(f, " ({cores} cores, {memory} GB)"),
            _ => Ok(()),
        }
    }
}

impl HetznerPrice {
    /// Returns the price of a month with tax, in the currency of the account.
    #[must_use]
    pub fn monthly(&self) -> Option<f64> {
        self.price_monthly.as_ref()?.gross
    }

    /// Returns the price of an hour with tax, in the currency of the account.
    #[must_use]
    pub fn hourly(&self) -> Option<f64> {
        self.price_hourly.as_ref()?.gross
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn server_type(fields: &Value) -> HetznerServerType {
        let mut row = json!({"id": 22, "name": "cpx11"});
        let row_fields = row.as_object_mut().unwrap();
        row_fields.extend(fields.as_object().unwrap().clone());
        serde_json::from_value(row).unwrap()
    }

    fn image(architecture: &Value) -> HetznerImage {
        serde_json::from_value(json!({"id": 1, "architecture": architecture})).unwrap()
    }

    #[test]
    fn a_type_is_sold_where_it_has_a_price_and_a_place() {
        let prices = json!([{"location": "fsn1"}, {"location": "ash"}]);
        let places = json!([{"name": "fsn1"}]);
        for (fields, fsn1, ash) in [
            (json!({}), true, true),
            (json!({"prices": prices}), true, true),
            (json!({"locations": places}), true, false),
            (json!({"prices": prices, "locations": places}), true, false),
            (json!({"prices": [], "locations": []}), true, true),
        ] {
            let kind = server_type(&fields);
            assert_eq!(kind.is_sold_in("fsn1"), fsn1, "{fields}");
            assert_eq!(kind.is_sold_in("ash"), ash, "{fields}");
        }
        let kind = server_type(&json!({"prices": prices}));
        assert!(!kind.is_sold_in("nbg1"));
        assert_eq!(kind.price_in("nbg1"), None);
    }

    #[test]
    fn prices_are_those_with_tax() {
        let price = json!({"location": "fsn1",
            "price_hourly": {"net": "0.0063", "gross": "0.0075"},
            "price_monthly": {"net": "3.85", "gross": "4.5815000000"}});
        let kind = server_type(&json!({"prices": [price], "cores": 2, "memory": 2}));
        let price = kind.price_in("fsn1").unwrap();
        assert_eq!(price.monthly(), Some(4.5815));
        assert_eq!(price.hourly(), Some(0.0075));
        assert_eq!(HetznerPrice::default().monthly(), None);
        assert_eq!(kind.to_string(), "cpx11 (2 cores, 2 GB)");
        assert_eq!(server_type(&json!({})).to_string(), "cpx11");
    }

    #[test]
    fn an_image_runs_on_its_architecture() {
        let kind = server_type(&json!({"architecture": "arm"}));
        assert!(kind.can_run(&image(&json!("arm"))));
        assert!(!kind.can_run(&image(&json!("x86"))));
        assert!(kind.can_run(&image(&Value::Null)));
        assert!(server_type(&json!({})).can_run(&image(&json!("x86"))));
    }
}
