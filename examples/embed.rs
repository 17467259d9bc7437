//! The whole of frontdesk in one file: a center, a store, a carrier; a text comes in, an agent answers.
//! Run it with `cargo run --example embed`.

use std::sync::Arc;

use frontdesk::{
    Center, Engine, Inbound, Loopback, Parts, Silence, SystemClock,
    crm::ContactBook,
    store::MemoryStore,
    types::{AgentStatus, Region},
};

const CENTER: &str = r#"
    [center]
    id = "acme"
    company = "Acme"

    [[queues]]
    id = "support"
    name = "Support"
    numbers = ["+12025550100"]
    agents = ["ana"]

    [[agents]]
    id = "ana"
    name = "Ana"
"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let carrier = Arc::new(Loopback::new()); // implement `Transport` for your own
    let engine = Engine::open(
        Center::load(CENTER)?,
        Parts {
            store: Arc::new(MemoryStore::new()), // or frontdesk_store_sqlite::SqliteStore::open("…")?
            transport: carrier.clone(),
            crm: Arc::new(ContactBook::new(Region::US)),
            clock: Arc::new(SystemClock),
            observer: Arc::new(Silence),
        },
    )
    .await?;

    let ana = "ana".parse()?;
    engine.set_status(&ana, AgentStatus::Available).await?;
    let text = Inbound {
        provider: "example",
        id: "SM1".into(), // the provider's id: delivered twice, it takes effect once
        from: "+12025550123".parse()?,
        to: "+12025550100".parse()?,
        body: "Hello!".into(),
        media: Vec::new(),
        answered_by_provider: false,
    };
    engine.receive(text).await?; // committed; acknowledge it to the provider now

    let offer = engine.offers(&ana)?.remove(0);
    engine.accept(offer.session, &ana).await?;
    engine.send(offer.session, &ana, "Hi, this is Ana. How can I help?".into()).await?;
    engine.settle().await?; // a host calls `tick` and `dispatch` in its loop instead
    for text in carrier.texts() {
        println!("to {}: {}", text.line.consumer, text.body);
    }
    assert_eq!(carrier.texts().len(), 4); // greeting, waiting, assigned, Ana's own
    Ok(())
}
