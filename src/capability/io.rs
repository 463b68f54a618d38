//! The capabilities `Input` and `Output`: the input and output of a run.

use super::{Declared, Grants, Log, Opening, Signature};
use crate::{
    host::{Answer, Break, Caller, Halt, Host, InPieces, StoreMut},
    value::ValueType::I32,
};
use fuelbox_guest::protocol::{self, HOST_GET_INPUT_LEN, HOST_READ_INPUT, HOST_WRITE_OUTPUT};

/// Lets a guest read the run's input: `host_get_input_len`, `host_read_input`.
#[derive(Clone, Copy, Debug)]
pub struct Input;

/// Lets a guest write the run's output: `host_write_output`.
#[derive(Clone, Copy, Debug)]
pub struct Output;

/// [`Input`], [`Output`] and [`Log`] together; see [`protocol()`].
#[derive(Clone, Copy, Debug)]
pub struct Protocol(());

/// The three capabilities that reach nothing but the report: [`Input`], [`Output`] and [`Log`].
///
/// ```
/// use fuelbox::{Limits, Module, Sandbox, protocol};
///
/// # let text = std::fs::read_to_string("examples/guests/upper.wat")?;
/// # let wasm = wat::parse_str(text)?;
/// let sandbox = Sandbox::new(Limits::default()).grant(protocol());
/// let report = sandbox.run(&Module::new(&wasm)?, b"hello")?;
/// assert_eq!(report.into_output()?, b"HELLO");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn protocol() -> Protocol {
    Protocol(())
}

impl Opening for Input {
    fn open(self, grants: &mut Grants) {
        grants.grant(INPUT_FUNCTIONS);
    }
}

impl Opening for Output {
    fn open(self, grants: &mut Grants) {
        grants.grant(OUTPUT_FUNCTIONS);
    }
}

impl Opening for Protocol {
    fn open(self, grants: &mut Grants) {
        Input.open(grants);
        Output.open(grants);
        Log.open(grants);
    }
}

const INPUT: &str = "Input";
const OUTPUT: &str = "Output";

pub(super) const INPUT_FUNCTIONS: &[Declared] = &[
    Declared {
        signature: Signature {
            capability: INPUT,
            module: protocol::MODULE,
            name: HOST_GET_INPUT_LEN,
            params: &[],
            results: &[I32],
            reaches_memory: false,
        },
        link: |import| import.wrap(host_get_input_len),
    },
    Declared {
        signature: Signature {
            capability: INPUT,
            module: protocol::MODULE,
            name: HOST_READ_INPUT,
            params: &[I32, I32],
            results: &[I32],
            reaches_memory: true,
        },
        link: |import| import.wrap(host_read_input),
    },
];

pub(super) const OUTPUT_FUNCTIONS: &[Declared] = &[Declared {
    signature: Signature {
        capability: OUTPUT,
        module: protocol::MODULE,
        name: HOST_WRITE_OUTPUT,
        params: &[I32, I32],
        results: &[],
        reaches_memory: true,
    },
    link: |import| import.wrap(host_write_output),
}];

fn host_get_input_len(caller: StoreMut<'_>) -> Result<u32, wasmi::Error> {
    let caller = Caller::enter(caller, HOST_GET_INPUT_LEN).map_err(Halt::raise)?;
    Ok(input_len(caller.host()))
}

fn host_read_input(caller: StoreMut<'_>, ptr: u32, len: u32) -> Result<u32, wasmi::Error> {
    fn read(caller: StoreMut<'_>, ptr: u32, len: u32) -> Result<u32, Break> {
        let mut caller = Caller::enter(caller, HOST_READ_INPUT)?;
        let copied = len.min(input_len(caller.host()));
        let (buffer, host) = caller.start_of_range(ptr, len, copied)?;
        if buffer.len() <= PIECE_BYTES {
            if let Some(start) = host.input.get(..buffer.len()) {
                buffer.copy_from_slice(start);
            }
            caller.look_after(copied)?;
            return Ok(copied);
        }
        let mut read = 0_usize;
        let each = move |buffer: &mut [u8], host: &mut Host| {
            let end = read.saturating_add(buffer.len());
            if let Some(bytes) = host.input.get(read..end) {
                buffer.copy_from_slice(bytes);
            }
            read = end;
            Ok(())
        };
        let answer = Answer::Number(copied.cast_signed());
        caller.work(InPieces::new((ptr, copied), PIECE_BYTES, each, answer))?;
        Ok(copied)
    }
    Ok(read(caller, ptr, len)?)
}

fn host_write_output(caller: StoreMut<'_>, ptr: u32, len: u32) -> Result<(), wasmi::Error> {
    fn write(caller: StoreMut<'_>, ptr: u32, len: u32) -> Result<(), Break> {
        let mut caller = Caller::enter(caller, HOST_WRITE_OUTPUT)?;
        let (bytes, host) = caller.part(ptr, len)?;
        if bytes.len() <= PIECE_BYTES {
            host.record.write(bytes)?;
            return Ok(caller.look_after(len)?);
        }
        let each = |bytes: &mut [u8], host: &mut Host| host.record.write(bytes);
        caller.work(InPieces::new(
            (ptr, len),
            PIECE_BYTES,
            each,
            Answer::Nothing,
        ))?;
        Ok(())
    }
    Ok(write(caller, ptr, len)?)
}

/// As many bytes are moved at once: some 100 us, where the host has to find memory for them.
const PIECE_BYTES: usize = 256 << 10;

/// Length of the input as the guest is told: what does not fit into 32 bits cannot be read either.
fn input_len(host: &Host) -> u32 {
    u32::try_from(host.input.len()).unwrap_or(u32::MAX)
}
