//! Panics with the input as its message, in a guest with `std`.

use fuelbox_guest::{Failure, Input, Output, entry};

fn run(input: Input, output: Output) -> Result<(), Failure> {
    output.write(b"so far");
    panic!("{}", std::str::from_utf8(&input.to_vec())?)
}

entry!(stream run);
