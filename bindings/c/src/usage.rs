//! What a call has used, by name.

use crate::status::Status;
use fuelbox::Usage;
use std::time::Duration;

/// The field of `usage` called `name`; times in nanoseconds.
pub(crate) fn field(usage: &Usage, name: &str) -> Result<u64, Status> {
    Ok(match name {
        "fuel" => usage.fuel,
        "fuel_schedule" => u64::from(usage.fuel_schedule),
        "peak_memory_bytes" => usage.peak_memory_bytes,
        "memory_growths_denied" => usage.memory_growths_denied,
        "peak_table_elements" => usage.peak_table_elements,
        "table_growths_denied" => usage.table_growths_denied,
        "host_calls" => usage.host_calls,
        "log_lines_lost" => usage.log_lines_lost,
        "stderr_bytes_lost" => usage.stderr_bytes_lost,
        "names_left_out" => usage.names_left_out,
        "time" => nanos(usage.time),
        "overrun" => nanos(usage.overrun),
        "waited" => nanos(usage.waited),
        "slices" => usage.slices,
        _ => return Err(Status::UNKNOWN_NAME),
    })
}

/// Nanoseconds of a time, for what is longer than 584 years the most there are.
pub(crate) fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
