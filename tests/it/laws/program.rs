//! Guests made at random: structured programs that loop, call, grow, trap and ask the host.

use fuelbox::Module;
use proptest::{collection::vec, prelude::*};
use std::fmt::Write;

/// A guest, as what it does in each phase.
#[derive(Clone, Debug)]
pub(super) struct Program {
    start: Option<Vec<Act>>,
    initialize: Option<Vec<Act>>,
    execute: Vec<Act>,
    /// What `$called` does, by call, through the table, or by itself.
    called: Vec<Act>,
}

/// One thing that a guest does. `$n` is a number that everything it does goes into.
#[derive(Clone, Debug)]
enum Act {
    Count(i32),
    /// Traps where `$n` is a multiple of this, at zero always.
    Divide(i32),
    Unreachable,
    Loop(u8, Vec<Act>),
    Branch(Vec<Act>, Vec<Act>),
    /// Goes by `br_table` to one of four ends.
    Switch,
    Store(u32),
    Load(u32),
    Fill(u32, u32),
    Copy(u32, u32, u32),
    GrowMemory(u32),
    GrowTable(u32),
    /// Puts `$called` into the table.
    Put(u32),
    Call,
    CallThroughTable(u32),
    /// Calls itself so many times within itself.
    Recurse(u16),
    Log(u32, u32),
    Read(u32, u32),
    Write(u32, u32),
    /// Asks a function of the host.
    Twice,
    /// Has the host charge fuel.
    Charge(u16),
}

impl Program {
    pub(super) fn any() -> impl Strategy<Value = Self> {
        let phase = || proptest::option::weighted(0.3, acts(2));
        let called = acts(1).prop_map(|acts| acts.into_iter().filter(Act::calls_nothing).collect());
        (phase(), phase(), acts(3), called).prop_map(|(start, initialize, execute, called)| Self {
            start,
            initialize,
            execute,
            called,
        })
    }

    pub(super) fn module(&self) -> Module {
        Module::new(self.wasm()).expect("the program is a valid module")
    }

    pub(super) fn wasm(&self) -> Vec<u8> {
        wat::parse_str(self.text()).expect("the program is valid text")
    }

    pub(super) fn module_for_snapshots(&self) -> Module {
        let wasm = wat::parse_str(self.text()).expect("the program is valid text");
        let builder = Module::builder().snapshots(true);
        builder.build(wasm).expect("the program is a valid module")
    }

    /// The program in the text format. It returns `$n`, after writing how much memory it has.
    fn text(&self) -> String {
        let mut text = String::from(HEAD);
        let mut function = |head: &str, acts: &[Act], tail: &str| {
            text.push_str(head);
            text.push_str(LOCALS);
            write_all(&mut text, acts, 0);
            text.push_str(tail);
        };
        if let Some(acts) = &self.start {
            function("(start $start) (func $start\n", acts, ")\n");
        }
        if let Some(acts) = &self.initialize {
            function(r#"(func (export "_initialize")"#, acts, ")\n");
        }
        function("(func $called\n", &self.called, ")\n");
        function(
            r#"(func (export "execute") (param i32 i32) (result i32)"#,
            &self.execute,
            TAIL,
        );
        text
    }
}

fn acts(depth: u32) -> impl Strategy<Value = Vec<Act>> {
    vec(Act::any(depth), 0..6)
}

impl Act {
    fn any(depth: u32) -> BoxedStrategy<Self> {
        let simple = prop_oneof![
            4 => any::<i32>().prop_map(Self::Count),
            1 => (0..50).prop_map(Self::Divide),
            4 => Just(Self::Switch),
            4 => pointer().prop_map(Self::Store),
            4 => pointer().prop_map(Self::Load),
            2 => (pointer(), len()).prop_map(|(ptr, len)| Self::Fill(ptr, len)),
            2 => (pointer(), pointer(), len()).prop_map(|(to, from, len)| Self::Copy(to, from, len)),
            3 => (0_u32..4).prop_map(Self::GrowMemory),
            3 => (0_u32..20).prop_map(Self::GrowTable),
            3 => (0_u32..4).prop_map(Self::Put),
            3 => Just(Self::Call),
            2 => (0_u32..4).prop_map(Self::CallThroughTable),
            2 => (0_u16..1_500).prop_map(Self::Recurse),
            3 => (pointer(), len()).prop_map(|(ptr, len)| Self::Log(ptr, len)),
            3 => (pointer(), len()).prop_map(|(ptr, len)| Self::Read(ptr, len)),
            3 => (pointer(), len()).prop_map(|(ptr, len)| Self::Write(ptr, len)),
            3 => Just(Self::Twice),
            3 => any::<u16>().prop_map(Self::Charge),
        ];
        // Rare, since nothing comes after it.
        let simple = prop_oneof![60 => simple, 1 => Just(Self::Unreachable)];
        if depth == 0 {
            return simple.boxed();
        }
        prop_oneof![
            4 => simple,
            1 => (1_u8..20, acts(depth - 1)).prop_map(|(times, acts)| Self::Loop(times, acts)),
            1 => (acts(depth - 1), acts(depth - 1)).prop_map(|(odd, even)| Self::Branch(odd, even)),
        ]
        .boxed()
    }

    /// Whether it can stand in `$called`, which must come to an end.
    fn calls_nothing(&self) -> bool {
        match self {
            Self::Call | Self::CallThroughTable(_) => false,
            Self::Loop(_, acts) => acts.iter().all(Self::calls_nothing),
            Self::Branch(odd, even) => odd.iter().chain(even).all(Self::calls_nothing),
            _ => true,
        }
    }

    /// Writes it as it stands within so many loops.
    fn write(&self, text: &mut String, loops: usize) {
        let written = match self {
            Self::Count(n) => writeln!(
                text,
                "(global.set $n (i32.add (i32.mul (global.get $n) (i32.const 31)) (i32.const {n})))"
            ),
            Self::Divide(n) => writeln!(
                text,
                "(global.set $n (i32.div_u (i32.const 7) (i32.rem_u (global.get $n) (i32.const {n}))))"
            ),
            Self::Unreachable => writeln!(text, "unreachable"),
            Self::Loop(times, acts) => write_loop(text, *times, acts, loops),
            Self::Branch(odd, even) => write_branch(text, odd, even, loops),
            Self::Switch => writeln!(text, "(call $switch)"),
            Self::Store(ptr) => writeln!(text, "(i32.store (i32.const {ptr}) (global.get $n))"),
            Self::Load(ptr) => writeln!(text, "(call $mix (i32.load (i32.const {ptr})))"),
            Self::Fill(ptr, len) => writeln!(
                text,
                "(memory.fill (i32.const {ptr}) (global.get $n) (i32.const {len}))"
            ),
            Self::Copy(to, from, len) => writeln!(
                text,
                "(memory.copy (i32.const {to}) (i32.const {from}) (i32.const {len}))"
            ),
            Self::GrowMemory(pages) => {
                writeln!(text, "(call $mix (memory.grow (i32.const {pages})))")
            }
            Self::GrowTable(elements) => writeln!(
                text,
                "(call $mix (table.grow $t (ref.func $called) (i32.const {elements})))"
            ),
            Self::Put(at) => writeln!(text, "(table.set $t (i32.const {at}) (ref.func $called))"),
            Self::Call => writeln!(text, "(call $called)"),
            Self::CallThroughTable(at) => {
                writeln!(text, "(call_indirect $t (type $action) (i32.const {at}))")
            }
            Self::Recurse(depth) => writeln!(text, "(call $recurse (i32.const {depth}))"),
            Self::Log(ptr, len) => {
                writeln!(text, "(call $log (i32.const {ptr}) (i32.const {len}))")
            }
            Self::Read(ptr, len) => writeln!(
                text,
                "(call $mix (call $read (i32.const {ptr}) (i32.const {len})))"
            ),
            Self::Write(ptr, len) => {
                writeln!(text, "(call $write (i32.const {ptr}) (i32.const {len}))")
            }
            Self::Twice => writeln!(text, "(global.set $n (call $twice (global.get $n)))"),
            Self::Charge(fuel) => writeln!(text, "(call $charge (i64.const {fuel}))"),
        };
        written.expect("a string takes all that is written");
    }
}

fn write_all(text: &mut String, acts: &[Act], loops: usize) {
    acts.iter().for_each(|act| act.write(text, loops));
}

fn write_loop(text: &mut String, times: u8, acts: &[Act], loops: usize) -> std::fmt::Result {
    writeln!(text, "(local.set $l{loops} (i32.const {times})) (loop")?;
    write_all(text, acts, loops + 1);
    writeln!(
        text,
        "(br_if 0 (local.tee $l{loops} (i32.sub (local.get $l{loops}) (i32.const 1)))))"
    )
}

fn write_branch(text: &mut String, odd: &[Act], even: &[Act], loops: usize) -> std::fmt::Result {
    writeln!(text, "(if (i32.and (global.get $n) (i32.const 1)) (then")?;
    write_all(text, odd, loops);
    writeln!(text, ") (else")?;
    write_all(text, even, loops);
    writeln!(text, "))")
}

/// Mostly within the first page, now and then around its end.
fn pointer() -> impl Strategy<Value = u32> {
    prop_oneof![30 => 0_u32..30_000, 1 => 65_000_u32..70_000, 1 => any::<u32>()]
}

fn len() -> impl Strategy<Value = u32> {
    prop_oneof![30 => 0_u32..100, 3 => 0_u32..30_000, 1 => any::<u32>()]
}

/// Counters of loops within loops.
const LOCALS: &str = "(local $l0 i32) (local $l1 i32) (local $l2 i32)\n";

/// Imports, memory, table, and functions that every program has.
const HEAD: &str = r#"(module
(import "env" "host_log" (func $log (param i32 i32)))
(import "env" "host_read_input" (func $read (param i32 i32) (result i32)))
(import "env" "host_write_output" (func $write (param i32 i32)))
(import "host" "twice" (func $twice (param i32) (result i32)))
(import "host" "charge" (func $charge (param i64)))
(type $action (func))
(memory (export "memory") 1 8)
(table $t 4 100 funcref)
(elem declare func $called)
(global $n (mut i32) (i32.const 1))
(func $mix (param i32)
    (global.set $n (i32.xor (local.get 0) (i32.rotl (global.get $n) (i32.const 5)))))
(func $switch
    (block $a (block $b (block $c
        (br_table $a $b $c $a (i32.and (global.get $n) (i32.const 3))))
        (call $mix (i32.const 1)) (br $a))
        (call $mix (i32.const 2))))
(func $recurse (param i32)
    (if (local.get 0) (then (call $mix (local.get 0)) (call $recurse (i32.sub (local.get 0) (i32.const 1))))))
"#;

const TAIL: &str = r#"
(i32.store (i32.const 0) (memory.size))
(call $write (i32.const 0) (i32.const 4))
(global.get $n)))"#;
