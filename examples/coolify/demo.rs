//! An embedded server with a few projects, for trying out the commands.

use std::time::Duration;

use coolify_sdk::Coolify;
use coolify_sdk::envs::BulkApplicationVariable;
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk_examples::Result;

const COMPOSE: &str = "\
services:
  front:
    image: nginx:alpine
  cache:
    image: redis:7
";

/// A running embedded server.
pub struct Demo {
    fake: FakeCoolify,
    /// The application that is running.
    web: String,
}

impl Demo {
    pub async fn start() -> Result<Self> {
        // Long enough to be seen, short enough to wait for.
        let pace = Duration::from_secs(2);
        let fake = FakeCoolify::builder().deploy_pace(pace).start().await;
        let (shop, blog) = (fake.seed_project("shop"), fake.seed_project("blog"));
        let application = |project: &str, name: &str, status: &str, domain: &str| {
            let uuid = fake.seed_application(project, name);
            fake.set_application(&uuid, "status", status);
            fake.set_application(&uuid, "fqdn", domain);
            uuid
        };
        let web = application(&shop, "web", "running:healthy", "https://shop.example.com");
        application(&shop, "api", "running:unhealthy", "https://api.example.com");
        application(&blog, "web", "running:unknown", "https://blog.example.com");
        let client = fake.client();
        let orders = fake.seed_database(&shop, "postgresql", "orders");
        client.database(orders).start().await?;
        let front = fake.seed_service(&shop, "front", COMPOSE);
        client.service(front).start().await?;
        fake.write_log(&web, ["listening on port 3000", "GET /health 200"]);
        let envs = client.application(web.as_str()).envs();
        envs.bulk([
            BulkApplicationVariable::new("PORT").value("3000"),
            BulkApplicationVariable::new("GREETING").value("hello, world"),
        ])
        .await?;
        Ok(Self { fake, web })
    }

    pub fn client(&self) -> Coolify {
        self.fake.client()
    }

    /// Plays the running application: it writes a line now and then.
    pub async fn play(&self) {
        for request in 1.. {
            tokio::time::sleep(Duration::from_millis(500)).await;
            let line = format!("GET /health 200 ({request})");
            self.fake.write_log(&self.web, [line]);
        }
    }
}
