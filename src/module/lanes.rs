//! Lanes: copies of the code of a module for several threads, each with its own engine.
//!
//! Every start of a guest, every slice and every growth of its stack takes locks of the engine, so that threads which
//! share one wait for each other: sixteen of them start fewer guests than one does alone. A lane is the module compiled
//! once more, into another engine. Which lane a guest runs in changes nothing that a report could show.

use super::{Inner, Module, ModuleBuilder, compile};
use crate::{error::Error, thread_number};
use alloc::{borrow::Cow, boxed::Box, sync::Arc};
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, OnceLock, PoisonError};

/// How many meetings of threads make a lane, beside those that compiling it takes.
const FEW_MEETINGS: usize = 256;

/// Bytes of a module that compile in the time that one meeting costs, measured as 1 us.
const BYTES_PER_MEETING: usize = 16;

/// The lanes of a module beside the first.
pub(super) struct Lanes {
    /// What is compiled: the module as it was rewritten.
    wasm: Box<[u8]>,
    builder: ModuleBuilder,
    /// Place for all that there may be; filled from the front.
    further: Box<[OnceLock<Box<Lane>>]>,
    /// How many there are, with the first.
    count: AtomicUsize,
    making: Mutex<()>,
    /// Who uses the first lane.
    first: Traffic,
}

struct Lane {
    module: Module,
    traffic: Traffic,
}

/// Who uses a lane. On lines of its own, so that no other thread waits for what one notes.
#[derive(Default)]
#[repr(align(128))]
struct Traffic {
    /// The number of the thread that used it last.
    last: AtomicUsize,
    /// How often that was another.
    meetings: AtomicUsize,
}

impl Traffic {
    /// Notes that a thread uses the lane; returns how often the one before was another.
    fn note(&self, thread: usize) -> usize {
        if self.last.load(Relaxed) == thread {
            return 0;
        }
        self.last.store(thread, Relaxed);
        self.meetings.fetch_add(1, Relaxed).saturating_add(1)
    }
}

impl Lanes {
    /// Those of a module of which `wasm` is compiled, none of them made; none at all where there may be no more than
    /// one.
    pub(super) fn new(wasm: Cow<'_, [u8]>, builder: &ModuleBuilder) -> Option<Self> {
        let most = builder.most_lanes.unwrap_or_else(thread_number::cores);
        let further = most.checked_sub(1).filter(|further| *further > 0)?;
        Some(Self {
            wasm: wasm.into_owned().into(),
            builder: builder.clone(),
            further: core::iter::repeat_with(OnceLock::new)
                .take(further)
                .collect(),
            count: AtomicUsize::new(1),
            making: Mutex::new(()),
            first: Traffic::default(),
        })
    }

    /// The lane for the current thread, `first` or one of these.
    fn pick<'a>(&'a self, first: &'a Module) -> &'a Module {
        let thread = thread_number::of_this();
        let count = self.count.load(Relaxed).max(1);
        let lane = thread
            .checked_rem(count)
            .and_then(|lane| self.further.get(lane.checked_sub(1)?)?.get());
        let (module, traffic) = match lane {
            Some(lane) => (&lane.module, &lane.traffic),
            None => (first, &self.first),
        };
        if traffic.note(thread) > self.enough_meetings() {
            traffic.meetings.store(0, Relaxed);
            // Without one more the guest runs in this one.
            if let Ok(_making) = self.making.try_lock() {
                drop(self.make_one(first));
            }
        }
        module
    }

    fn enough_meetings(&self) -> usize {
        let bytes = self.wasm.len();
        FEW_MEETINGS.saturating_add(bytes.checked_div(BYTES_PER_MEETING).unwrap_or_default())
    }

    /// Makes one more; says whether there was room. Whoever calls holds `making`.
    ///
    /// # Errors
    /// Where the interpreter fails, which has compiled the same before.
    fn make_one(&self, first: &Module) -> Result<bool, Error> {
        let count = self.count.load(Relaxed);
        let Some(place) = count
            .checked_sub(1)
            .and_then(|place| self.further.get(place))
        else {
            return Ok(false);
        };
        let code = compile::compile(&self.wasm, &self.builder)?;
        let inner = Inner {
            code,
            about: first.inner.about.clone(),
            lanes: None,
        };
        let module = Module {
            inner: Arc::new(inner),
        };
        let traffic = Traffic::default();
        drop(place.set(Box::new(Lane { module, traffic })));
        self.count.store(count.saturating_add(1), Relaxed);
        Ok(true)
    }

    /// Makes lanes until there are `lanes`, or as many as there may be.
    fn make(&self, first: &Module, lanes: usize) -> Result<(), Error> {
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        while self.count.load(Relaxed) < lanes && self.make_one(first)? {}
        Ok(())
    }
}

impl Module {
    /// How many copies of the code there are, each for other threads; see [`make_lanes`](Self::make_lanes).
    ///
    /// ```
    /// # let wasm = wat::parse_bytes(b"(module)")?;
    /// assert_eq!(fuelbox::Module::new(&wasm)?.lanes(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn lanes(&self) -> usize {
        let lanes = self.inner.lanes.as_ref();
        lanes.map_or(1, |lanes| lanes.count.load(Relaxed))
    }

    /// Compiles the module again until there are `lanes` copies, or as many as [`ModuleBuilder::most_lanes`] says.
    ///
    /// Threads that start guests of one module wait for each other within the interpreter, unless each has a copy.
    /// Copies are also made without being asked for: where threads have met so often that it pays, by the thread that
    /// notices, within one of its starts. This makes them ahead. An instance stays in the lane that it was made in.
    ///
    /// Each takes as much memory as the module keeps, and as long as compiling it took. There is nothing to do for
    /// one thread.
    ///
    /// ```
    /// # let wasm = wat::parse_bytes(b"(module)")?;
    /// let module = fuelbox::Module::builder().most_lanes(2).build(&wasm)?;
    /// module.make_lanes(2)?; // before two threads start guests of it
    /// assert_eq!(module.lanes(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Engine`] and [`Error::Unsupported`] where the interpreter fails; what was made before stays.
    pub fn make_lanes(&self, lanes: usize) -> Result<(), Error> {
        match &self.inner.lanes {
            Some(own) => own.make(self, lanes),
            None => Ok(()),
        }
    }

    /// The copy of the module for a guest that the current thread makes.
    pub(crate) fn lane(&self) -> &Self {
        match &self.inner.lanes {
            Some(lanes) => lanes.pick(self),
            None => self,
        }
    }
}

#[cfg(all(test, feature = "wat"))]
mod tests {
    use super::*;

    #[test]
    fn without_a_lane_that_cannot_be_made_the_module_still_runs() {
        let mut module = Module::builder()
            .most_lanes(2)
            .build_wat("(module)")
            .expect("the module is valid");
        let inner = Arc::get_mut(&mut module.inner).expect("nobody else has it");
        let lanes = inner.lanes.as_mut().expect("there may be two");
        lanes.wasm = Box::from(*b"no module");
        assert!(module.make_lanes(2).is_err());

        let lanes = module.inner.lanes.as_ref().expect("there may be two");
        lanes.first.meetings.store(lanes.enough_meetings(), Relaxed);
        lanes.first.last.store(usize::MAX, Relaxed);
        assert!(Arc::ptr_eq(&module.lane().inner, &module.inner));
        assert_eq!(lanes.first.meetings.load(Relaxed), 0, "it was not tried");
        assert_eq!(module.lanes(), 1);
    }
}
