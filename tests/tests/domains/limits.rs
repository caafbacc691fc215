//! Limits in requests and in replies.

use coolify_sdk::Result;
use coolify_sdk::limits::{Cpus, Memory, ResourceLimits};

use serde_json::json;

use crate::fake;

#[tokio::test]
async fn capped_limits_are_written_and_read() -> Result<()> {
    let (_fake, web) = fake().await;
    let tier = ResourceLimits::default().memory("512M")?.cpus("0.5")?;
    let asked = ResourceLimits::default().memory("2G")?;
    let granted = asked.capped_at(&tier);
    assert_eq!(granted.capped.len(), 1);
    let report = web.update().limits(&granted.limits).verified().await?;
    assert_eq!(report.applied, ["limits_cpus", "limits_memory"]);

    let now = ResourceLimits::from(&web.get().await?);
    assert_eq!(now.memory, tier.memory);
    assert!(now.fits(&tier));
    assert!(now.memory_swap.is_some_and(|swap| swap.is_unlimited()));
    Ok(())
}

/// Coolify stores any text: each can be read.
#[tokio::test]
async fn what_coolify_took_can_be_read() -> Result<()> {
    let (fake, web) = fake().await;
    let tier = ResourceLimits::default().memory("1G")?.cpus("1")?;
    let uuid = web.uuid().as_str();
    for (memory, cpus, bytes, millis) in [
        (json!(".5g"), json!(".5"), Some(1 << 29), Some(500)),
        (json!("1e3"), json!("5e-1"), Some(1000), Some(500)),
        (json!("512 MiB"), json!("1/2"), Some(512 << 20), Some(1000)),
        (json!("plenty"), json!("half"), None, None),
        (json!("-1"), json!("-1"), None, None),
        (json!(null), json!(null), None, None),
    ] {
        fake.set_application(uuid, "limits_memory", memory.clone());
        fake.set_application(uuid, "limits_cpus", cpus.clone());
        let now = ResourceLimits::from(&web.get().await?);
        let read = now.memory.as_ref().and_then(Memory::bytes);
        assert_eq!(read, bytes, "{memory}");
        assert_eq!(now.cpus.as_ref().and_then(Cpus::millis), millis, "{cpus}");
        assert_eq!(now.memory.is_some(), memory.is_string());
        // No limit exceeds every tier.
        let is_unlimited = memory.is_string() && bytes.is_none();
        assert_eq!(now.fits(&tier), !is_unlimited, "{memory} {cpus}");
    }
    Ok(())
}

#[tokio::test]
#[expect(
    clippy::unnecessary_fallible_conversions,
    reason = "what programs call where some kinds can fail"
)]
async fn limits_go_through_try_from_too() -> Result<()> {
    let (_fake, web) = fake().await;
    let now = ResourceLimits::try_from(&web.get().await?)?;
    assert!(now.memory.is_some_and(|memory| memory.is_unlimited()));
    Ok(())
}
