//! Names, signatures and versions of the protocol.
//!
//! Pointers and lengths are unsigned 32-bit numbers, although WebAssembly writes their type `i32`.
//! [`IMPORTS`] and [`EXPORTS`] hold the same names as data, for bindings to be checked against.

/// Version of the protocol, as [`ABI_VERSION_EXPORT`] returns it.
///
/// Raised when a guest built for the older version would misbehave: when a signature or a meaning
/// changes, or a function goes. A function that is added does not raise it: the guests that need it
/// say so by importing it.
pub const ABI_VERSION: i32 = 1;

/// The module that a guest imports the protocol's functions from.
pub const MODULE: &str = "env";

/// `execute(ptr: i32, len: i32) -> i32`: the entry, called with `(0, input length)`.
///
/// Its result is the guest's status; 0 says that all went well.
pub const EXECUTE_EXPORT: &str = "execute";

/// `_start()`: the entry of a guest that exports no [`EXECUTE_EXPORT`].
pub const START_EXPORT: &str = "_start";

/// `_initialize()`: runs before the entry.
pub const INITIALIZE_EXPORT: &str = "_initialize";

/// `fuelbox_abi_version() -> i32`: returns the constant [`ABI_VERSION`] that the guest was built for.
pub const ABI_VERSION_EXPORT: &str = "fuelbox_abi_version";

/// The linear memory that pointers refer to.
pub const MEMORY_EXPORT: &str = "memory";

/// `host_log(ptr: i32, len: i32)`: one log line.
///
/// By convention the line starts with one of [`LOG_LEVELS`], a colon and a blank.
pub const HOST_LOG: &str = "host_log";

/// `host_get_input_len() -> i32`: length of the input in bytes.
pub const HOST_GET_INPUT_LEN: &str = "host_get_input_len";

/// `host_read_input(ptr: i32, len: i32) -> i32`: copies the start of the input, returns how many bytes.
pub const HOST_READ_INPUT: &str = "host_read_input";

/// `host_write_output(ptr: i32, len: i32)`: appends to the output.
pub const HOST_WRITE_OUTPUT: &str = "host_write_output";

/// `host_get_time_nanos() -> i64`: nanoseconds since the Unix epoch.
pub const HOST_GET_TIME_NANOS: &str = "host_get_time_nanos";

/// `host_read_random(ptr: i32, len: i32)`: fills a range with random bytes.
pub const HOST_READ_RANDOM: &str = "host_read_random";

/// What a log line starts with by convention, most urgent first: `error: no such file`.
pub const LOG_LEVELS: [&str; 4] = ["error", "warn", "info", "debug"];

/// What a guest may import from [`MODULE`].
pub const IMPORTS: &[Signature] = &[
    Signature::new(HOST_LOG, &[Type::I32, Type::I32], &[]),
    Signature::new(HOST_GET_INPUT_LEN, &[], &[Type::I32]),
    Signature::new(HOST_READ_INPUT, &[Type::I32, Type::I32], &[Type::I32]),
    Signature::new(HOST_WRITE_OUTPUT, &[Type::I32, Type::I32], &[]),
    Signature::new(HOST_GET_TIME_NANOS, &[], &[Type::I64]),
    Signature::new(HOST_READ_RANDOM, &[Type::I32, Type::I32], &[]),
];

/// The functions that a guest may export for the host to find; [`MEMORY_EXPORT`] is no function.
pub const EXPORTS: &[Signature] = &[
    Signature::new(EXECUTE_EXPORT, &[Type::I32, Type::I32], &[Type::I32]),
    Signature::new(START_EXPORT, &[], &[]),
    Signature::new(INITIALIZE_EXPORT, &[], &[]),
    Signature::new(ABI_VERSION_EXPORT, &[], &[Type::I32]),
];

/// A function of the protocol: its name and its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signature {
    /// Its name, without the module.
    pub name: &'static str,
    /// Types of its parameters.
    pub params: &'static [Type],
    /// Types of its results; at most one.
    pub results: &'static [Type],
}

impl Signature {
    const fn new(name: &'static str, params: &'static [Type], results: &'static [Type]) -> Self {
        Self {
            name,
            params,
            results,
        }
    }
}

/// Type of a parameter or a result, as WebAssembly knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Type {
    /// 32 bits.
    I32,
    /// 64 bits.
    I64,
}
