//! How do host and guest speak in types? A crate that both use, and JSON between them.
//!
//! ```sh
//! cargo run --features json --example typed_payload
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it does")]
#![expect(clippy::disallowed_methods, reason = "an example reads its guest")]

use fuelbox::{JsonError, Limits, Module, Sandbox, protocol};
use orders_types::{Invoice, Item, Order};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    // The guest takes an `Order` and gives an `Invoice`: tests/guests/src/orders.
    let module = Module::new(std::fs::read("tests/guests/rust-orders.wasm")?)?;
    let sandbox = Sandbox::new(Limits::default()).grant(protocol());

    let mut order = Order {
        customer: "Ada".into(),
        items: vec![Item {
            name: "lamp".into(),
            amount: 4,
            cents: 5_000,
        }],
    };
    let invoice: Invoice = sandbox.run_json(&module, &order)?;
    println!(
        "{} pays {} cents, {} % less",
        invoice.customer, invoice.total_cents, invoice.discount_percent
    );
    assert_eq!((invoice.total_cents, invoice.discount_percent), (19_000, 5));

    // What the guest does not accept comes back with the report.
    order.items.clear();
    match sandbox.run_json::<Invoice>(&module, &order) {
        Err(JsonError::Failed(report)) => {
            println!("{}", report.outcome);
            for line in &report.logs {
                println!("{line}");
            }
            assert_eq!(report.status(), Some(2));
        }
        other => return Err(format!("an empty order gave {other:?}").into()),
    }
    Ok(())
}
