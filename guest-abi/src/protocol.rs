//! Names, signatures and versions of the protocol.
//!
//! Pointers and lengths are unsigned 32-bit numbers, although WebAssembly writes their type `i32`.

/// Version of the protocol, as [`ABI_VERSION_EXPORT`] returns it.
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
