//! Imports: nothing that was not granted is reached, and that is found before any guest code runs.

use crate::selftest::{
    attack::Attack,
    grant::Grant::{Input, Output, Protocol},
};

pub(super) const ATTACKS: &[Attack] = &[
    hostile!(
        "not_granted",
        "an import that was not granted",
        "import-not-granted"
    )
    .granted(&[Input, Output]),
    hostile!(
        "clock_not_granted",
        "the time, which was not granted",
        "import-not-granted"
    )
    .granted(&[Protocol]),
    hostile!(
        "unknown_module",
        "a known name in an unknown module",
        "import-unknown"
    )
    .granted(&[Protocol]),
    hostile!(
        "wrong_signature",
        "a known function of another type",
        "import-type"
    )
    .granted(&[Protocol]),
    hostile!(
        "imported_memory",
        "a memory of the host, which no capability offers",
        "import-unknown"
    )
    .granted(&[Protocol]),
    hostile!(
        "import_called_fuel_gauge",
        "a missing import whose name speaks of fuel",
        "import-unknown"
    ),
];
