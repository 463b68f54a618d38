//! Modules of any size, always the same for the same size, with bodies as compilers make them: locals,
//! arithmetic, loads and stores, branches, loops, calls and now and then a `br_table`.

use wasm_encoder::{
    BlockType, CodeSection, ExportKind, ExportSection, Function, FunctionSection, InstructionSink,
    MemArg, MemorySection, MemoryType, Module, TypeSection, ValType,
};

/// A module of about `bytes`. Its `execute` runs one of its functions and returns 0.
#[must_use]
pub fn module(bytes: usize) -> Vec<u8> {
    // A module is about as long as its bodies.
    let mut bodies = Bodies::default();
    while let Some(left) = bytes.checked_sub(bodies.bytes + FRAME_BYTES) {
        if left > LARGE_BYTES {
            bodies.push();
        } else {
            bodies.push_small();
        }
    }
    bodies.into_module()
}

/// A module of so many functions, each of them small.
#[must_use]
pub fn functions(count: u32) -> Vec<u8> {
    let mut bodies = Bodies::default();
    for _ in 0..count {
        bodies.push_small();
    }
    bodies.into_module()
}

/// What is around the bodies: sections, exports and the entries.
const FRAME_BYTES: usize = 130;

/// Above this there is room for a body of any size.
const LARGE_BYTES: usize = 1_000;

/// The type `(i32, i32) -> i32`, of all functions but the last.
const BINARY: u32 = 0;

/// The type `() -> i32`.
const NULLARY: u32 = 1;

/// Locals of each function: two parameters, and two i32 and one i64 of its own.
const I32_LOCALS: u32 = 4;
const I64_LOCAL: u32 = 4;

/// How deep expressions and statements nest.
const DEEPEST: u32 = 3;

#[derive(Default)]
struct Bodies {
    code: CodeSection,
    bytes: usize,
    count: u32,
    random: Random,
}

impl Bodies {
    fn push(&mut self) {
        let statements = 3 + self.random.below(12);
        self.push_with(statements, DEEPEST);
    }

    fn push_small(&mut self) {
        self.push_with(1, 1);
    }

    fn push_with(&mut self, statements: u32, depth: u32) {
        let mut function = Function::new([(2, ValType::I32), (1, ValType::I64)]);
        let mut body = Body {
            out: function.instructions(),
            random: &mut self.random,
            callees: self.count,
        };
        for _ in 0..statements {
            body.statement(depth);
        }
        body.out.local_get(2).end();
        self.add(&function);
    }

    fn add(&mut self, function: &Function) {
        self.code.function(function);
        // The body, its length, and its type.
        self.bytes += function.byte_len() + 3;
        self.count += 1;
    }

    fn into_module(mut self) -> Vec<u8> {
        let callee = self.count.checked_sub(1);
        let mut function = Function::new([]);
        if let Some(callee) = callee {
            function
                .instructions()
                .local_get(0)
                .local_get(1)
                .call(callee)
                .drop();
        }
        function.instructions().i32_const(0).end();
        self.add(&function);
        let execute = self.count - 1;
        let mut function = Function::new([]);
        function
            .instructions()
            .i32_const(0)
            .i32_const(0)
            .call(execute)
            .end();
        self.add(&function);

        let mut types = TypeSection::new();
        types
            .ty()
            .function([ValType::I32, ValType::I32], [ValType::I32]);
        types.ty().function([], [ValType::I32]);
        let mut functions = FunctionSection::new();
        for _ in 0..=execute {
            functions.function(BINARY);
        }
        functions.function(NULLARY);
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut exports = ExportSection::new();
        exports.export("memory", ExportKind::Memory, 0);
        exports.export("execute", ExportKind::Func, execute);
        exports.export("plugin", ExportKind::Func, execute + 1);
        let mut module = Module::new();
        module
            .section(&types)
            .section(&functions)
            .section(&memories)
            .section(&exports)
            .section(&self.code);
        module.finish()
    }
}

/// One function while it is written.
struct Body<'a> {
    out: InstructionSink<'a>,
    random: &'a mut Random,
    /// Functions before it, which it may call.
    callees: u32,
}

impl Body<'_> {
    fn statement(&mut self, depth: u32) {
        match self.random.below(if depth == 0 { 5 } else { 9 }) {
            0..3 => {
                self.value(depth.min(2));
                let local = self.local();
                self.out.local_set(local);
            }
            3 => {
                self.value(1);
                self.out.i64_extend_i32_u().local_get(I64_LOCAL).i64_add();
                self.out.local_set(I64_LOCAL);
            }
            4 => {
                self.address();
                self.value(1);
                self.out.i32_store(at(self.random.below(64) * 4));
            }
            5 | 6 => self.branch(depth),
            7 => self.repeat(depth),
            _ => self.select_of_four(depth),
        }
    }

    fn branch(&mut self, depth: u32) {
        self.value(1);
        self.out.if_(BlockType::Empty);
        self.statement(depth - 1);
        self.statement(depth - 1);
        if self.random.below(2) == 0 {
            self.out.else_();
            self.statement(depth - 1);
        }
        self.out.end();
    }

    /// A loop of at most four rounds.
    fn repeat(&mut self, depth: u32) {
        self.out.i32_const(4).local_set(3);
        self.out.loop_(BlockType::Empty);
        self.value(depth.min(2));
        self.out.local_set(2);
        self.out.local_get(3).i32_const(1).i32_sub().local_tee(3);
        self.out.i32_const(3).i32_and().br_if(0).end();
    }

    fn select_of_four(&mut self, depth: u32) {
        for _ in 0..4 {
            self.out.block(BlockType::Empty);
        }
        self.value(1);
        self.out.i32_const(3).i32_and().br_table([0, 1, 2], 3);
        for arm in 0..3 {
            self.out.end();
            self.statement(depth - 1);
            self.out.br(2 - arm);
        }
        self.out.end();
    }

    /// Leaves an i32 on the stack.
    fn value(&mut self, depth: u32) {
        match self.random.below(if depth == 0 { 2 } else { 8 }) {
            0 => {
                let local = self.local();
                self.out.local_get(local);
            }
            1 => {
                // Most constants of real code are small.
                let bits = 6 + self.random.below(4) * 6;
                self.out
                    .i32_const((self.random.next() >> (32 - bits)) as i32);
            }
            2 => {
                self.address();
                self.out.i32_load(at(self.random.below(64) * 4));
            }
            3 if self.callees > 0 && self.random.below(4) == 0 => {
                // Behind a condition that never holds, or runs would take as long as they like.
                self.out.local_get(0).i32_const(-1).i32_eq();
                self.out.if_(BlockType::Result(ValType::I32));
                self.value(depth - 1);
                self.value(depth - 1);
                self.out.call(self.random.below(self.callees));
                self.out.else_().i32_const(7).end();
            }
            _ => {
                self.value(depth - 1);
                self.value(depth - 1);
                match self.random.below(8) {
                    0 | 1 => self.out.i32_add(),
                    2 => self.out.i32_sub(),
                    3 => self.out.i32_mul(),
                    4 => self.out.i32_and(),
                    5 => self.out.i32_xor(),
                    6 => self.out.i32_shr_u(),
                    _ => self.out.i32_lt_s(),
                };
            }
        }
    }

    /// Leaves an address within the memory on the stack.
    fn address(&mut self) {
        let local = self.local();
        self.out.local_get(local).i32_const(0xfffc >> 1).i32_and();
    }

    fn local(&mut self) -> u32 {
        // The last one counts rounds.
        self.random.below(I32_LOCALS - 1)
    }
}

fn at(offset: u32) -> MemArg {
    MemArg {
        offset: u64::from(offset),
        align: 2,
        memory_index: 0,
    }
}

/// A xorshift that always begins with the same number.
struct Random(u32);

impl Default for Random {
    fn default() -> Self {
        Self(0x9e37_79b9)
    }
}

impl Random {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    fn below(&mut self, bound: u32) -> u32 {
        ((u64::from(self.next()) * u64::from(bound)) >> 32) as u32
    }
}
