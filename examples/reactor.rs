//! How does a host use a guest that is a library? It allocates in the guest, writes there, calls, and reads, all on
//! one instance.
//!
//! The guest is QuickJS, a JavaScript engine that others published; fetched by its package name, and not needed to
//! build anything:
//!
//! ```sh
//! tests/real-modules --fetch qjs
//! cargo run --release --example reactor
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use fuelbox::{Call, CallLimits, Instance, Limits, Module, Report, Sandbox, capability::Wasi};
use std::{error::Error, path::PathBuf, time::Duration};

fn main() -> Result<(), Box<dyn Error>> {
    let Some(wasm) = quickjs() else {
        println!("skipped: QuickJS is not here; `tests/real-modules --fetch qjs` fetches it");
        return Ok(());
    };
    let module = Module::builder().name("quickjs").build(&wasm)?;
    let sandbox = Sandbox::new(Limits::default().memory_bytes(16 << 20)).grant(Wasi::new());
    let mut engine = sandbox.instantiate(&module)?;

    let squares = evaluate(&mut engine, "print([1, 2, 3].map(n => n * n))")?;
    println!("{}", String::from_utf8_lossy(&squares.output).trim_end());
    assert_eq!(squares.output, b"1,4,9\n");

    // A script that fails is no stop: the engine lives on, with the memory that it has by now.
    let failed = evaluate(&mut engine, "throw new Error('no such price')")?;
    println!("{}", String::from_utf8_lossy(&failed.stderr).trim());
    assert!(engine.is_alive());

    // One that does not end is stopped, and the engine with it, for it was in the middle of its code.
    let endless = evaluate(&mut engine, "for (;;) {}")?;
    println!("{}", endless.outcome);
    assert!(endless.stop().is_some() && !engine.is_alive());
    Ok(())
}

/// Runs a script in a JavaScript world of its own; what it prints is the output.
fn evaluate(engine: &mut Instance, script: &str) -> Result<Report, Box<dyn Error>> {
    // What a command line would have: strings that end in zero, and a table of where they are.
    let mut table = Vec::new();
    let mut blocks = Vec::new();
    for argument in ["qjs", "-e", script] {
        let block = allocate(engine, format!("{argument}\0").as_bytes())?;
        table.extend(block.to_le_bytes());
        blocks.push(block);
    }
    let table = allocate(engine, &table)?;
    blocks.push(table);

    let limits = CallLimits::default().deadline(Duration::from_millis(500));
    let call = Call::export("qjs_init_argv").args((3, table));
    let report = engine.run(call.limits(limits))?;
    if engine.is_alive() {
        engine.call::<_, ()>("qjs_destroy", ())?;
        for block in blocks {
            engine.call::<_, ()>("free", block)?;
        }
    }
    Ok(report)
}

/// Puts bytes where the guest's allocator has room for them.
fn allocate(engine: &mut Instance, bytes: &[u8]) -> Result<u32, Box<dyn Error>> {
    let block: u32 = engine.call("malloc", u32::try_from(bytes.len())?)?;
    if block == 0 {
        return Err("the guest has no memory left".into());
    }
    // Whatever the guest answers, this writes to its own memory or to none.
    engine.memory().write(block.into(), bytes)?;
    Ok(block)
}

#[expect(clippy::disallowed_methods, reason = "a host reads files")]
fn quickjs() -> Option<Vec<u8>> {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let file = "real-modules/qjs/package/qjs-wasi-reactor/qjs-wasi-reactor.wasm";
    std::fs::read(PathBuf::from(target).join(file)).ok()
}
