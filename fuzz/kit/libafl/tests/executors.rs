//! What executors tell LibAFL is what the guest did, and a mutator uses it.

use fuelbox::{Limits, Module, Sandbox, fuzz::Target, protocol};
use fuelbox_libafl::{CompareExecutor, Guest, GuestExecutor, Substitute};
use libafl::{
    HasMetadata,
    corpus::InMemoryCorpus,
    executors::{Executor, ExitKind, HasObservers},
    fuzzer::NopFuzzer,
    inputs::{BytesInput, HasMutatorBytes},
    mutators::{MutationResult, Mutator},
    observers::{CanTrack, CmpMap, CmpObserver, CmpValues, CmpValuesMetadata, ObserversTuple},
    state::{HasExecutions, HasMaxSize, HasRand, NopState, StdState},
};
use libafl_bolts::{
    rands::{Rand, StdRand},
    tuples::{Handled, tuple_list},
};

/// Does what the first byte says: traps, hangs, grows, misuses the host, or compares the other bytes.
const GUEST: &str = r#"(module
    (import "env" "host_log" (func $log (param i32 i32)))
    (memory (export "memory") 1)
    (func (export "malloc") (param i32) (result i32) (i32.const 1000))
    (func (export "LLVMFuzzerTestOneInput") (param $at i32) (param $len i32) (result i32)
        (local $byte i32)
        (local.set $byte (i32.load8_u (local.get $at)))
        (if (i32.eq (local.get $byte) (i32.const 116)) (then (unreachable)))
        (if (i32.eq (local.get $byte) (i32.const 104)) (then (loop (br 0))))
        (if (i32.eq (local.get $byte) (i32.const 103)) (then (drop (memory.grow (i32.const 60000)))))
        (if (i32.eq (local.get $byte) (i32.const 109)) (then (call $log (i32.const -1) (i32.const 9))))
        (if (i32.eq (local.get $byte) (i32.const 99)) (then
            (drop (i64.eq (i64.load offset=1 (local.get $at)) (i64.const 0x1122334455667788)))
            (drop (i32.eq (i32.load offset=9 (local.get $at)) (i32.const 0x11223344)))))
        (i32.const 0)))"#;

fn guest(wasm: &[u8]) -> Guest {
    let sandbox = Sandbox::new(Limits::default().fuel(1_000_000)).grant(protocol());
    Guest::new(Target::new(&sandbox, &Module::builder(), wasm).expect("it can be fuzzed"))
}

fn wasm() -> Vec<u8> {
    wat::parse_str(GUEST).expect("the text is valid")
}

/// Runs an executor as LibAFL does, observers before and after.
fn run<E>(executor: &mut E, state: &mut NopState<BytesInput>, input: &[u8]) -> ExitKind
where
    E: Executor<(), BytesInput, NopState<BytesInput>, NopFuzzer> + HasObservers,
    E::Observers: ObserversTuple<BytesInput, NopState<BytesInput>>,
{
    let input = BytesInput::new(input.to_vec());
    let mut observers = executor.observers_mut();
    observers
        .pre_exec_all(state, &input)
        .expect("they are ready");
    let kind = executor.run_target(&mut NopFuzzer::new(), state, &mut (), &input);
    let kind = kind.expect("it runs");
    let mut observers = executor.observers_mut();
    observers
        .post_exec_all(state, &input, &kind)
        .expect("they observe");
    kind
}

#[test]
fn each_end_of_a_run_has_its_kind() {
    let guest = guest(&wasm());
    let (ways, compares) = (guest.ways("ways"), guest.compares("compares"));
    let mut executor = GuestExecutor::new(&guest, ways.handle(), tuple_list!(ways));
    let mut tracer = CompareExecutor::new(&guest, compares.handle(), tuple_list!(compares));
    let mut state = NopState::new();
    let kinds = [
        ("trap", ExitKind::Crash),
        ("hang", ExitKind::Timeout),
        ("grow", ExitKind::Oom),
        ("misuse", ExitKind::Crash),
        ("nothing", ExitKind::Ok),
        ("", ExitKind::Ok),
    ];
    for _ in 0..2 {
        for (input, kind) in kinds {
            assert_eq!(
                run(&mut executor, &mut state, input.as_bytes()),
                kind,
                "{input}"
            );
            assert_eq!(
                run(&mut tracer, &mut state, input.as_bytes()),
                kind,
                "{input}"
            );
        }
    }
    assert_eq!(*state.executions(), 24);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "guests are files")]
fn the_map_has_each_way_in_its_class_and_nothing_of_the_run_before() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../guests/work-c.wasm");
    let guest = guest(&std::fs::read(path).expect("it is there"));
    let ways = guest.ways("ways").track_indices();
    let handle = ways.handle();
    let mut executor = GuestExecutor::new(&guest, handle.clone(), tuple_list!(ways));
    let mut state = NopState::new();
    let mut seen = 0;
    for rounds in [200, 3, 0, 1, 5, 17, 40] {
        let input = [rounds, 0, b'a', b'b', b'c'];
        run(&mut executor, &mut state, &input);
        let observers = executor.observers();
        let map = observers[&handle].as_ref().to_vec();
        let mut target = guest.target();
        assert_eq!(map.len(), target.ways());
        let edges = target.run(&input).expect("it runs").edges;
        for (way, class) in map.into_iter().enumerate() {
            let count = edges.count(way);
            assert_eq!(
                class,
                class_of(count),
                "{rounds}: way {way} was taken {count} times"
            );
            seen |= class;
        }
    }
    assert_eq!(seen, u8::MAX, "not all classes were seen");
}

/// The classes of AFL.
fn class_of(count: u32) -> u8 {
    match count {
        0..=2 => u8::try_from(count).expect("it is small"),
        3 => 4,
        4..=7 => 8,
        8..=15 => 16,
        16..=31 => 32,
        32..=127 => 64,
        _ => 128,
    }
}

#[test]
fn what_is_compared_is_there_in_every_size_that_it_fits_into() {
    let guest = guest(&wasm());
    let compares = guest.compares("compares");
    let handle = compares.handle();
    let mut tracer = CompareExecutor::new(&guest, handle.clone(), tuple_list!(compares));
    // `StdCmpObserver` needs a state that has metadata, and puts there what `I2SRandReplace` reads.
    let mut state = NopState::new();
    run(&mut tracer, &mut state, b"cabcdefghABCD");
    let observers = tracer.observers();
    let map = observers[&handle].cmp_map();
    let places = 0..CmpMap::len(map);
    let values: Vec<CmpValues> = places.filter_map(|place| map.values_of(place, 0)).collect();
    assert!(
        values.contains(&CmpValues::U8((b'c', 116, false))),
        "{values:?}"
    );
    assert!(
        values.contains(&CmpValues::U16((99, 116, false))),
        "{values:?}"
    );
    assert!(
        values.contains(&CmpValues::U32((99, 116, false))),
        "{values:?}"
    );
    let of_64_bits = (0x6867_6665_6463_6261, 0x1122_3344_5566_7788, false);
    assert!(values.contains(&CmpValues::U64(of_64_bits)), "{values:?}");
    let of_32_bits = (0x4443_4241, 0x1122_3344, false);
    assert!(values.contains(&CmpValues::U32(of_32_bits)), "{values:?}");
    // Five bytes are compared, three sizes each, and two larger pairs in their own.
    assert_eq!(values.len(), 17);
    run(&mut tracer, &mut state, b"t");
    let observers = tracer.observers();
    assert_eq!(
        CmpMap::len(observers[&handle].cmp_map()),
        3,
        "only the first byte was compared"
    );
}

#[test]
fn an_executor_without_its_observer_says_so() {
    let guest = guest(&wasm());
    let mut executor = GuestExecutor::new(&guest, guest.ways("ways").handle(), tuple_list!());
    let (mut state, input) = (NopState::<BytesInput>::new(), BytesInput::new(Vec::new()));
    let ran = executor.run_target(&mut NopFuzzer::new(), &mut state, &mut (), &input);
    assert!(ran.is_err_and(|error| error.to_string().contains("no observer of the ways")));
}

/// What the mutator makes of an input with each of some seeds, where it does not skip it.
fn mutated<S>(state: &mut S, input: &[u8]) -> Vec<Vec<u8>>
where
    S: HasMaxSize + HasMetadata + HasRand,
{
    let with_seed = |seed| {
        state.rand_mut().set_seed(seed);
        let mut input = BytesInput::new(input.to_vec());
        let result = Substitute::new().mutate(state, &mut input);
        let is_mutated = result.expect("it mutates or skips") == MutationResult::Mutated;
        is_mutated.then(|| input.mutator_bytes().to_vec())
    };
    (0..200).filter_map(with_seed).collect()
}

#[test]
fn the_mutator_puts_in_what_the_traced_input_was_compared_with() {
    let guest = guest(&wasm());
    let compares = guest.compares("compares");
    let mut tracer = CompareExecutor::new(&guest, compares.handle(), tuple_list!(compares));
    let (mut state, traced) = (NopState::new(), b"cabcdefghABCD");
    assert_eq!(
        mutated(&mut state, traced),
        [[0; 0]; 0],
        "nothing is traced"
    );
    run(&mut tracer, &mut state, traced);
    let inputs = mutated(&mut state, traced);
    for wanted in [
        b"c\x88\x77\x66\x55\x44\x33\x22\x11ABCD",
        b"cabcdefgh\x44\x33\x22\x11",
        b"tabcdefghABCD",
    ] {
        assert!(inputs.contains(&wanted.to_vec()), "{wanted:?}");
    }
    assert!(!inputs.contains(&traced.to_vec()), "skipped is not mutated");
    assert_eq!(mutated(&mut state, traced), inputs, "the same seeds");
    assert_eq!(
        mutated(&mut state, b"xyz"),
        [[0; 0]; 0],
        "nothing stands there"
    );
    assert_eq!(*state.executions(), 1, "it runs nothing");
}

#[test]
fn the_mutator_makes_no_input_longer_than_the_state_allows() {
    let (random, corpus) = (StdRand::with_seed(0), InMemoryCorpus::<BytesInput>::new());
    let mut state =
        StdState::new(random, corpus.clone(), corpus, &mut (), &mut ()).expect("it can be made");
    let values = CmpValues::U32((3, 9, false));
    state.add_metadata(CmpValuesMetadata { list: vec![values] });
    let mut longest = |most| {
        state.set_max_size(most);
        mutated(&mut state, b"abc").iter().map(Vec::len).max()
    };
    // Lengths beside the wanted one are tried, too.
    assert_eq!(longest(100), Some(10));
    assert_eq!(longest(9), Some(9));
    assert_eq!(longest(8), Some(8));
    assert_eq!(longest(7), None);
}
