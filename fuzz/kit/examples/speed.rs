//! How often a guest runs in a second on one core: `speed`, or `speed ROUNDS RUNS WAY` for one figure alone.
//!
//! `fuzz/kit/figures` runs it, and the same guest natively beside it.

use fuelbox::{
    Limits, Module, Sandbox,
    fuzz::{Probe, Target, Traced},
};
use std::{
    env,
    error::Error,
    hint::black_box,
    time::{Duration, Instant},
};

/// The guest does about 38 operations in a round: so many rounds are 1,000 operations, and 5,000.
const ROUNDS: [u16; 2] = [27, 133];

/// What is compared.
const WAYS: [&str; 4] = ["instance", "put-back", "edges", "compares"];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => table(),
        [rounds, runs, way] => {
            runner(rounds.parse()?, way)?(runs.parse()?);
            Ok(())
        }
        _ => Err("give nothing, or ROUNDS RUNS WAY".into()),
    }
}

/// The best of three for each.
#[expect(clippy::print_stdout, reason = "it is what it is for")]
fn table() -> Result<(), Box<dyn Error>> {
    println!("| operations | way | runs a second |\n| --- | --- | --- |");
    for (rounds, operations) in ROUNDS.into_iter().zip([1_000, 5_000]) {
        for way in WAYS {
            let mut run = runner(rounds, way)?;
            let best = (0..3).map(|_| speed(&mut run)).max().unwrap_or(0);
            println!("| {operations} | {way} | {best} |");
        }
    }
    Ok(())
}

type Run = Box<dyn FnMut(u64)>;

/// Runs the guest so often.
fn runner(rounds: u16, way: &str) -> Result<Run, Box<dyn Error>> {
    let wasm = include_bytes!("../guests/work-c.wasm");
    let sandbox = Sandbox::new(Limits::default().fuel(10_000_000));
    let builder = Module::builder();
    let mut input = rounds.to_le_bytes().to_vec();
    input.extend_from_slice(b"some input, with letters of all kinds");
    let mut target = Target::new(&sandbox, &builder, wasm)?;
    Ok(match way {
        "instance" => {
            let module = builder.build(wasm)?;
            Box::new(move |runs| {
                for _ in 0..runs {
                    let mut instance = sandbox.instantiate(&module).expect("it is ready");
                    let at: u32 = instance.call("malloc", 65_536).expect("it has a buffer");
                    instance
                        .memory()
                        .write(at.into(), &input)
                        .expect("it is there");
                    let len = u32::try_from(input.len()).expect("it is short");
                    let found: i32 = instance
                        .call("LLVMFuzzerTestOneInput", (at, len))
                        .expect("it ends");
                    black_box(found);
                }
            })
        }
        "put-back" => {
            let module = builder.traced(Traced::Edges).build(wasm)?;
            let mut probe = Probe::new(&sandbox, move |sandbox| sandbox.instantiate(&module))?;
            Box::new(move |runs| {
                for _ in 0..runs {
                    black_box(probe.ready().expect("it is ready").is_alive());
                }
            })
        }
        "edges" => Box::new(move |runs| {
            for _ in 0..runs {
                let verdict = target.run(&input).expect("it runs");
                black_box(verdict.edges.taken().count());
            }
        }),
        "compares" => Box::new(move |runs| {
            for _ in 0..runs {
                let verdict = target.run_comparing(&input).expect("it runs");
                black_box(verdict.compares().count());
            }
        }),
        _ => return Err(format!("no way is called {way}").into()),
    })
}

/// Runs a second, of at least half a second.
#[expect(clippy::disallowed_methods, reason = "it measures")]
fn speed(run: &mut Run) -> u128 {
    const LEAST: Duration = Duration::from_millis(500);

    let mut runs = 100;
    loop {
        let begun = Instant::now();
        run(runs);
        let took = begun.elapsed();
        if took >= LEAST {
            let nanos = u128::from(runs).saturating_mul(1_000_000_000);
            return nanos.div_euclid(took.as_nanos());
        }
        runs = u64::saturating_mul(runs, 2);
    }
}
