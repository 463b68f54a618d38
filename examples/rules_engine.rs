//! How do I judge many things by one rule? One module, ten thousand inputs, and what they cost.
//!
//! ```sh
//! cargo run --example rules_engine
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it does")]
#![expect(clippy::disallowed_methods, reason = "an example reads its guest")]
#![expect(
    clippy::arithmetic_side_effects,
    reason = "amounts and counts here are small"
)]

use fuelbox::{Limits, Module, Sandbox, protocol};
use orders_types::{Invoice, Item, Order};
use std::error::Error;

const ORDERS: u32 = 10_000;

fn main() -> Result<(), Box<dyn Error>> {
    // Compiled once; each run gets a memory of its own, so that no order sees another.
    let module = Module::new(std::fs::read("tests/guests/rust-orders.wasm")?)?;
    let sandbox = Sandbox::new(Limits::default().fuel(10_000_000)).grant(protocol());

    let mut fuel = Vec::new();
    let mut discounts = 0;
    let mut rejected = 0;
    for number in 0..ORDERS {
        let report = sandbox.run(&module, serde_json::to_vec(&order(number))?)?;
        fuel.push(report.usage.fuel);
        match report.status() {
            Some(0) => {
                let invoice: Invoice = serde_json::from_slice(&report.output)?;
                discounts += u32::from(invoice.discount_percent > 0);
            }
            Some(2) => rejected += 1, // an order without items: the rule's own verdict
            _ => return Err(format!("order {number}: {}", report.outcome).into()),
        }
    }

    fuel.sort_unstable();
    println!("{ORDERS} orders: {discounts} with discount, {rejected} rejected");
    for percent in [50, 90, 99, 100] {
        let most = fuel.get((fuel.len() - 1) * percent / 100);
        println!("{percent:>3} % took at most {} fuel", most.unwrap_or(&0));
    }
    assert_eq!(rejected, ORDERS / 20);
    assert!(discounts > 0 && discounts < ORDERS);
    Ok(())
}

/// Orders of all sizes, the same in each run; one in twenty is empty.
fn order(number: u32) -> Order {
    let items = (0..number % 100 / 5)
        .map(|item| Item {
            name: format!("item {item}"),
            amount: 1 + (number + item) % 5,
            cents: 99 + 100 * (item % 7),
        })
        .collect();
    Order {
        customer: format!("customer {number}"),
        items,
    }
}
