//! How does a guest call into my program? Grant functions, and give each run data of its own.
//!
//! ```sh
//! cargo run --example host_functions
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it does")]
#![expect(clippy::disallowed_methods, reason = "an example reads its guest")]
#![expect(
    clippy::arithmetic_side_effects,
    reason = "prices and counts here are small"
)]

use fuelbox::{
    Call, Caller, Error, Extensions, Finished, Function, HostError, Limits, Module, Sandbox, Stop,
};
use std::collections::BTreeMap;

/// What a shop asks for its goods, and what it has sold: data of one run.
#[derive(Default)]
struct Shop {
    cents: BTreeMap<&'static str, i64>,
    sold: BTreeMap<String, u32>,
}

/// The guest named something that the shop does not have.
#[derive(Debug, PartialEq)]
struct NoSuchItem(String);

impl std::error::Error for NoSuchItem {}

impl std::fmt::Display for NoSuchItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no such item: {:?}", self.0)
    }
}

/// Fuel of looking up one price: the work is ours, the guest pays.
const FUEL_PER_LOOKUP: u64 = 500;

fn price(caller: &mut Caller<'_>, name: u32, len: u32) -> Result<i64, HostError> {
    caller.charge(FUEL_PER_LOOKUP)?;
    let name = text(caller, name, len)?;
    let shop = caller.get::<Shop>();
    let cents = shop.and_then(|shop| shop.cents.get(&*name).copied());
    Ok(cents.ok_or(NoSuchItem(name))?)
}

fn sold(caller: &mut Caller<'_>, name: u32, len: u32, amount: u32) -> Result<(), HostError> {
    let name = text(caller, name, len)?;
    if let Some(shop) = caller.get_mut::<Shop>() {
        *shop.sold.entry(name).or_default() += amount;
    }
    Ok(())
}

/// A text in the guest's memory. A range outside of it stops the run: `?` passes that up.
fn text(caller: &mut Caller<'_>, ptr: u32, len: u32) -> Result<String, HostError> {
    Ok(String::from_utf8_lossy(caller.read(ptr, len)?).into_owned())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The guest is written in C: tests/guests/src/c/basket.c.
    let module = Module::new(std::fs::read("tests/guests/c-basket.wasm")?)?;
    let sandbox = Sandbox::new(Limits::default()).grant(fuelbox::protocol());
    // What a guest imports and nobody granted is found before any of its code runs.
    let refused = sandbox.run(&module, "3 apple");
    assert!(matches!(refused, Err(Error::ImportUnknown { .. })));

    let sandbox = sandbox
        .grant(Function::new("shop", "price", price))
        .grant(Function::new("shop", "sold", sold));
    let market = BTreeMap::from([("apple", 40), ("bread", 250)]);
    let airport = BTreeMap::from([("apple", 190)]);

    for (place, cents) in [("market", market), ("airport", airport)] {
        let shop = Extensions::new().with(Shop {
            cents,
            ..Shop::default()
        });
        let Finished {
            report,
            extensions: shop,
            ..
        } = sandbox
            .start(
                &module,
                Call::entry().input("3 apple\n1 bread").extensions(shop),
            )?
            .finish();
        let sold = &shop.get::<Shop>().ok_or("the shop comes back")?.sold;
        let total = String::from_utf8_lossy(&report.output);
        println!("{place}: {}, sold {sold:?}, total {total}", report.outcome);

        assert!(report.usage.fuel >= 2 * FUEL_PER_LOOKUP);
        assert_eq!(sold.get("apple"), Some(&3));
        match report.stop() {
            None => assert_eq!((place, &*total), ("market", "370")),
            Some(Stop::HostFunction { error, .. }) => {
                // The error comes back as what it was.
                let missing = NoSuchItem("bread".into());
                assert_eq!(error.downcast_ref(), Some(&missing));
                assert_eq!(place, "airport");
            }
            Some(other) => return Err(other.clone().into()),
        }
    }
    Ok(())
}
