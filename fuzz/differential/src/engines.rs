//! How wasmtime is set up: to be safe, to be sure, or to be quick.

use std::sync::LazyLock;
use wasmtime::{
    Config, Engine, OperatorCost, OptLevel, RegallocAlgorithm, Strategy, VariableOperatorCost,
};

/// For fuzzers, which have handlers of their own for signals.
pub(crate) static WITHOUT_SIGNALS: LazyLock<Engine> = LazyLock::new(|| {
    let mut config = config();
    config.signals_based_traps(false);
    Engine::new(&config).expect("the settings fit together")
});

/// Compiled by Cranelift, into code as short as it gets. It has the last word.
pub(crate) static SURE: LazyLock<Engine> = LazyLock::new(|| {
    let mut config = short();
    config.table_lazy_init(false);
    Engine::new(&config).expect("the settings fit together")
});

/// Compiled by Winch in one pass over each function, where Winch can do it. It is a compiler of its own, so its word
/// counts where it agrees. `None` where Winch does not know this processor.
pub(crate) static QUICK: LazyLock<Option<Engine>> = LazyLock::new(|| {
    let mut config = short();
    config
        .strategy(Strategy::Winch)
        // It has none of these, nor references to what is outside.
        .gc_support(false)
        .wasm_tail_call(false)
        .wasm_relaxed_simd(false);
    Engine::new(&config).ok()
});

/// Code as short as it gets.
fn short() -> Config {
    let mut config = config();
    config
        .generate_address_map(false)
        .native_unwind_info(false)
        .debug_symbols(false)
        .cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass);
    config
}

fn config() -> Config {
    let mut config = Config::new();
    config
        .wasm_tail_call(true)
        .wasm_multi_memory(true)
        .wasm_memory64(true)
        .wasm_custom_page_sizes(true)
        .wasm_wide_arithmetic(true)
        .wasm_relaxed_simd(true)
        .relaxed_simd_deterministic(true)
        .wasm_function_references(false)
        .wasm_gc(false)
        .wasm_exceptions(false);
    config
        // It ends what runs on and on.
        .consume_fuel(true)
        .operator_cost(one_each())
        // As the interpreter does it, whose results are the same on every platform.
        .cranelift_nan_canonicalization(true)
        // It is not the optimiser that is asked.
        .cranelift_opt_level(OptLevel::None)
        // To reserve gigabytes for each memory takes longer than to check addresses.
        .memory_reservation(0)
        .memory_reservation_for_growth(0)
        .memory_guard_size(0)
        .memory_init_cow(false);
    config
}

/// One for each instruction, however long: what is outside the memory is paid for here, but not there.
fn one_each() -> OperatorCost {
    let mut cost = OperatorCost::new();
    cost.variable = VariableOperatorCost {
        memory_copy_per_byte: 0,
        memory_fill_per_byte: 0,
        memory_init_per_byte: 0,
        memory_grow_per_page: 0,
        table_copy_per_element: 0,
        table_fill_per_element: 0,
        table_init_per_element: 0,
        table_grow_per_element: 0,
        ..VariableOperatorCost::new()
    };
    cost
}
