//! How does a guest call into my program? Grant a function, and give each run data of its own.
//!
//! ```sh
//! cargo run --example host_function
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it does")]
#![expect(
    clippy::arithmetic_side_effects,
    reason = "prices and counts here are small"
)]

use fuelbox::{Caller, Extensions, Function, HostError, Limits, Module, Sandbox};
use std::error::Error;

/// What the host knows about one run.
struct Cart {
    cents: u64,
    items: u32,
}

/// Fuel of looking up one price: the work is ours, the guest pays.
const FUEL_PER_LOOKUP: u64 = 500;

fn main() -> Result<(), Box<dyn Error>> {
    let wasm = wat::parse_str(
        r#"(module
            (import "shop" "add" (func $add (param i32) (result i64)))
            (func (export "_start")
                (drop (call $add (i32.const 7)))
                (drop (call $add (i32.const 9)))))"#,
    )?;
    let module = Module::new(&wasm)?;

    let add = Function::new("shop", "add", |caller: &mut Caller<'_>, item: u32| {
        caller.charge(FUEL_PER_LOOKUP)?;
        let price = price(item).ok_or_else(|| HostError::message("no such item"))?;
        let cart = caller
            .get_mut::<Cart>()
            .ok_or_else(|| HostError::message("this run has no cart"))?;
        cart.cents += price;
        cart.items += 1;
        Ok::<_, HostError>(price)
    });
    let sandbox = Sandbox::new(Limits::default()).grant(add);

    let cart = Extensions::new().with(Cart { cents: 0, items: 0 });
    let (report, cart) = sandbox
        .start_with(&module, b"", cart)?
        .finish_with_extensions();
    let cart = cart.get::<Cart>().ok_or("the cart comes back")?;

    println!("outcome: {}", report.outcome);
    println!("{} items, {} cents", cart.items, cart.cents);
    assert_eq!((cart.items, cart.cents), (2, 1_600));
    assert!(report.usage.fuel >= 2 * FUEL_PER_LOOKUP);
    Ok(())
}

fn price(item: u32) -> Option<u64> {
    (item < 100).then(|| u64::from(item) * 100)
}
