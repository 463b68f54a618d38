//! The server, driven by a real client on loopback.

mod cancels;
mod limits;
mod statuses;

use fuelbox::Limits;
use http_server_example::{Ended, Server, Tenant, serve};
use std::{collections::BTreeMap, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::mpsc};

const UPPER: &str = include_str!("../../guests/upper.wat");
const ENDLESS: &str = include_str!("../../guests/endless.wat");
const HUNGRY: &str = include_str!("../../guests/hungry.wat");
const FAULTY: &str = include_str!("../../guests/faulty.wat");

/// A server on a port of its own.
struct Running {
    address: SocketAddr,
    ended: mpsc::UnboundedReceiver<Ended>,
}

impl Running {
    async fn new(tenants: impl IntoIterator<Item = (&str, Tenant)>) -> Self {
        let tenants = tenants
            .into_iter()
            .map(|(name, tenant)| (name.to_owned(), tenant));
        let tenants = Arc::<BTreeMap<_, _>>::new(tenants.collect());
        let (sender, ended) = mpsc::unbounded_channel();
        let server = Server {
            tenants,
            ended: sender,
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("it has one");
        tokio::spawn(serve(listener, server));
        Self { address, ended }
    }

    /// The next run that is over. The time is for a server that is broken, and does not let the test wait for ever.
    async fn ended(&mut self) -> Ended {
        let ended = tokio::time::timeout(Duration::from_secs(60), self.ended.recv()).await;
        ended.expect("it ends").expect("the server goes on")
    }
}

/// Limits that no test hits by accident.
fn roomy() -> Limits {
    Limits::default()
        .fuel(u64::MAX)
        .deadline(Duration::from_secs(3_600))
        .wait(Duration::from_secs(3_600))
}

fn tenant(guest: &str, limits: Limits) -> Tenant {
    Tenant::new(guest, limits).expect("the guest is admitted")
}
