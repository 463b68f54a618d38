//! One call of everything: logs at each level, writes the start of the input, the time, random bytes.
#![cfg_attr(target_arch = "wasm32", no_std)]

use fuelbox_guest::{
    Clock, Failure, Input, Output, Random, debug, entry, error, info, log, panic_handler, warn,
};

fn run(input: Input, output: Output) -> Result<(), Failure> {
    log::text("plain");
    error!("level {}", 1);
    warn!("level {}", 2);
    info!("level {}", 3);
    debug!("level {}", 4);
    output.write(input.read(&mut [0; 4]));
    output.write(&Clock.now().as_secs().to_le_bytes());
    let mut random = [0; 12];
    Random.fill(&mut random);
    output.write(&random);
    Ok(())
}

entry!(stream run);
panic_handler!();
