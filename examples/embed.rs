//! The whole of frontdesk in one file: a center, a store, a carrier; a text comes in, an agent answers.
//! Run it with `cargo run -p frontdesk-host --example embed`.

use std::sync::Arc;

use frontdesk::{Center, Engine, Inbound, Loopback, Parts, types::AgentStatus};

const CENTER: &str = r#"
    center = { id = "acme", company = "Acme" }
    queues = [{ id = "help", name = "Help desk", numbers = ["+12025550100"], agents = ["ana"] }]
    agents = [{ id = "ana", name = "Ana" }]
"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let center = Center::load(CENTER)?; // or every problem, with its path
    let carrier = Arc::new(Loopback::new()); // your own `Transport`, or frontdesk_twilio::Twilio
    let parts = Parts {
        transport: carrier.clone(),
        // store: Arc::new(frontdesk_store_sqlite::SqliteStore::open("acme.sqlite")?), and your own `crm`, `observer` …
        ..Parts::in_memory(&center)
    };
    let engine = Engine::open(center, parts).await?;
    let ana = "ana".parse()?;
    engine.set_status(&ana, AgentStatus::Available).await?;

    // From your webhook. After this returns the text is stored: acknowledge it. Delivered twice, it counts once.
    let (from, to) = ("+12025550123".parse()?, "+12025550100".parse()?);
    engine.receive(Inbound::new("my-provider", "SM1", from, to, "Where is my order?")).await?;

    let offer = engine.offers(&ana)?.remove(0);
    engine.accept(offer.session, &ana).await?;
    engine.send(offer.session, &ana, "Let me look.".into()).await?;
    engine.settle().await?; // a host runs `tick` and `serve` in its loops
    for text in carrier.texts() {
        println!("to {}: {}", text.line.consumer, text.body);
    }
    Ok(())
}
