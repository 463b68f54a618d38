//! Modules that cost much to admit for their size: a family for each section and each kind of operator.
//!
//! Each family has modules of any size, so that a cost that grows faster than the size shows.

mod code;
mod control;
mod functions;
mod operators;
mod pattern;
mod sections;
mod wasm;

use wasm::Wasm;

/// Modules of one kind, of any size.
pub struct Family {
    /// What they are made of.
    pub name: String,
    /// The sizes that it is measured at.
    pub sizes: &'static [usize],
    make: Box<dyn Fn(usize) -> Vec<u8>>,
}

impl Family {
    fn new(name: impl Into<String>, make: impl Fn(usize) -> Vec<u8> + 'static) -> Self {
        Self {
            name: name.into(),
            sizes: &SIZES,
            make: Box::new(make),
        }
    }

    /// Adds one thing after another to `around`.
    fn repeating(name: impl Into<String>, around: Wasm, add: impl Fn(&mut Wasm) + 'static) -> Self {
        Self::new(name, move |bytes| {
            let mut wasm = around.clone();
            while wasm.len() < bytes {
                add(&mut wasm);
            }
            wasm.finish()
        })
    }

    /// A module of about `bytes`, which is seldom less than 12,000.
    #[must_use]
    pub fn make(&self, bytes: usize) -> Vec<u8> {
        (self.make)(bytes)
    }
}

/// Each four times the last, so that what grows faster than the size shows.
const SIZES: [usize; 3] = [64 << 10, 256 << 10, 1 << 20];

/// All families.
#[must_use]
pub fn families() -> Vec<Family> {
    [
        control::families(),
        functions::families(),
        sections::families(),
        operators::families(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
