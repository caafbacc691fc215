//! Limits on requests and on what is read.

use coolify_sdk::Result;
use coolify_sdk::limits::ResourceLimits;

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

    let now = ResourceLimits::try_from(&web.get().await?)?;
    assert_eq!(now.memory, tier.memory);
    assert!(now.fits(&tier));
    assert!(now.memory_swap.is_some_and(|swap| swap.is_unlimited()));
    Ok(())
}
