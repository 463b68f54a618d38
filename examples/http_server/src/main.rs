//! Three tenants on a server, and a client that asks each of them.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use fuelbox::Limits;
use http_server_example::{Server, Tenant, client, serve};
use hyper::StatusCode;
use std::{collections::BTreeMap, error::Error, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::mpsc};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let usual = Limits::default()
        .memory_bytes(1 << 20)
        .deadline(Duration::from_millis(50));
    let paying = usual.clone().memory_bytes(64 << 20);
    let hungry = include_str!("../guests/hungry.wat");
    let tenants = [
        (
            "letters",
            Tenant::new(include_str!("../guests/upper.wat"), usual.clone())?,
        ),
        ("guest", Tenant::new(hungry, usual)?),
        ("paying-guest", Tenant::new(hungry, paying)?),
    ];
    let tenants = tenants.map(|(name, tenant)| (name.to_owned(), tenant));
    let (ended, mut bills) = mpsc::unbounded_channel();
    let server = Server {
        tenants: Arc::new(BTreeMap::from(tenants)),
        ended,
    };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(serve(listener, server));

    for (tenant, expected) in [
        ("letters", StatusCode::OK),
        ("guest", StatusCode::SERVICE_UNAVAILABLE),
        ("paying-guest", StatusCode::OK),
        ("stranger", StatusCode::NOT_FOUND),
    ] {
        let (status, body) = client::ask(address, &format!("/{tenant}"), "a body").await?;
        println!("{tenant}: {status}, {:?}", String::from_utf8_lossy(&body));
        assert_eq!(status, expected);
    }
    while let Ok(ended) = bills.try_recv() {
        let (outcome, usage) = (&ended.report.outcome, &ended.report.usage);
        println!(
            "{}: {outcome}, {} fuel, {} bytes of memory",
            ended.tenant, usage.fuel, usage.peak_memory_bytes
        );
    }
    Ok(())
}
