//! The caller: what a host function sees of the run that calls it.

use super::{Answer, Break, Halt, Host, Signal, StoreMut, Work, do_piece, ledger, memory};
use crate::{guard::guard, stop::Stop};
use alloc::boxed::Box;
use core::{fmt, time::Duration};
use wasmi::AsContextMut;

/// The run that calls a host function: its memory, its fuel, its extensions.
///
/// Every call has paid its base before the function runs; bytes are paid for as they are read and
/// written.
///
/// ```
/// use fuelbox::{Caller, Function, HostError};
/// use std::time::Duration;
///
/// struct Tenant(String);
///
/// let greet = Function::new("env", "greet", |caller: &mut Caller<'_>, ptr: u32, len: u32| {
///     caller.charge(1_000)?; // the price of the work below
///     if caller.is_cancelled() || caller.time_left() < Duration::from_micros(50) {
///         return Err(HostError::message("no time for that"));
///     }
///     let name = String::from_utf8_lossy(caller.read(ptr, len)?).into_owned();
///     let Tenant(tenant) = caller.get().ok_or_else(|| HostError::message("no tenant"))?;
///     let greeting = format!("Hello {name}, from {tenant}");
///     if let Some(count) = caller.get_mut::<u32>() {
///         *count += 1;
///     }
///     caller.write(ptr, greeting.as_bytes())?;
///     println!("{} fuel used, {} left", caller.fuel_used(), caller.fuel_left());
///     println!("{} bytes of memory", caller.memory_size());
///     Ok(greeting.len() as u32)
/// });
/// # let _ = greet;
/// ```
pub struct Caller<'a> {
    inner: StoreMut<'a>,
    function: &'a str,
}

impl<'a> Caller<'a> {
    /// Counts the call of `function` and takes its base price.
    #[inline]
    pub(crate) fn enter(inner: StoreMut<'a>, function: &'a str) -> Result<Self, Halt> {
        let mut caller = Self { inner, function };
        caller.host_mut().ledger.count_call();
        caller.charge(ledger::FUEL_PER_CALL)?;
        Ok(caller)
    }

    /// The `len` bytes of guest memory at `ptr`.
    ///
    /// Takes one fuel for each 64 bytes begun. Nothing is copied.
    ///
    /// # Errors
    /// A [`Halt`] of [`Stop::Fault`](crate::Stop::Fault) where the range does not lie in the exported
    /// `memory`, of [`Stop::OutOfFuel`](crate::Stop::OutOfFuel) where it cannot be paid for.
    pub fn read(&mut self, ptr: u32, len: u32) -> Result<&[u8], Halt> {
        self.part(ptr, len).map(|(bytes, _)| bytes)
    }

    /// Copies `bytes` into guest memory at `ptr`.
    ///
    /// Takes one fuel for each 64 bytes begun.
    ///
    /// # Errors
    /// As for [`read`](Self::read); nothing is written then.
    pub fn write(&mut self, ptr: u32, bytes: &[u8]) -> Result<(), Halt> {
        // What does not fit into 32 bits lies outside every memory that `ptr` can point into.
        let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let (range, _) = self.range(ptr, len)?;
        range.copy_from_slice(bytes);
        Ok(())
    }

    /// The size of the exported `memory` in bytes now; 0 where there is none. Takes no fuel.
    #[must_use]
    pub fn memory_size(&self) -> u64 {
        memory::size(&self.inner).unwrap_or(0)
    }

    /// Takes `fuel` more from the guest, for work that the base price does not cover.
    ///
    /// # Errors
    /// A [`Halt`] of [`Stop::OutOfFuel`](crate::Stop::OutOfFuel) where the run has less left.
    #[inline]
    pub fn charge(&mut self, fuel: u64) -> Result<(), Halt> {
        ledger::charge(&mut self.inner, fuel)
    }

    /// The run's value of this type; see [`Call::extensions`](crate::Call::extensions).
    #[must_use]
    pub fn get<T: 'static>(&self) -> Option<&T> {
        self.inner.data().extensions.get()
    }

    /// The run's value of this type, to be changed.
    #[must_use]
    pub fn get_mut<T: 'static>(&mut self) -> Option<&mut T> {
        self.host_mut().extensions.get_mut()
    }

    /// Fuel that the run has used so far, this call included.
    #[must_use]
    pub fn fuel_used(&self) -> u64 {
        self.inner
            .data()
            .ledger
            .used(ledger::fuel_in_slice(&self.inner))
    }

    /// Fuel that the instance has used so far, in earlier calls too: what clocks go by that go with fuel.
    pub(crate) fn fuel_used_ever(&self) -> u64 {
        self.inner
            .data()
            .ledger
            .used_ever(ledger::fuel_in_slice(&self.inner))
    }

    /// Fuel that the run has left.
    #[must_use]
    pub fn fuel_left(&self) -> u64 {
        self.inner
            .data()
            .ledger
            .left(ledger::fuel_in_slice(&self.inner))
    }

    /// Whether the run has been cancelled, so that nobody needs the result of the function.
    ///
    /// A function that returns ends the run as cancelled anyway, whatever it returns.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.inner.data().watch.is_cancelled()
    }

    /// Time until the deadline, read now from the sandbox's clock; zero once it has passed.
    ///
    /// A function that would take longer can return an error, or a part of its result.
    #[must_use]
    pub fn time_left(&self) -> Duration {
        self.inner.data().watch.time_left()
    }

    /// Reads the clock, after the host has done something that may have taken any time.
    ///
    /// Where the slice has taken its time, the guest comes up at its next check of fuel.
    ///
    /// # Errors
    /// Where the run is over: its deadline has passed or it was cancelled. Code without branches may call
    /// the host many times and never come up.
    #[inline]
    pub(crate) fn look(&mut self) -> Result<(), Halt> {
        let watch = &mut self.host_mut().watch;
        // A clock of the host that panics could not unwind through the interpreter.
        guard(|| watch.look()).map_err(|message| Halt::new(Stop::Engine { message }))?;
        if let Some(stop) = watch.stop() {
            return Err(Halt::new(stop));
        }
        if watch.slice_is_over() {
            let in_slice = ledger::fuel_in_slice(&self.inner);
            self.host_mut().ledger.end_slice(in_slice);
            self.inner
                .set_fuel(0)
                .expect("fuel is metered in every engine");
        }
        Ok(())
    }

    /// Looks as [`look`](Self::look) does, if so many bytes were moved that they may have taken long: a slice
    /// may hold many such calls.
    #[inline]
    pub(crate) fn look_after(&mut self, bytes: u32) -> Result<(), Halt> {
        /// At 1 GB a second, 16 us.
        const LONG_BYTES: u32 = 16 << 10;

        if bytes < LONG_BYTES {
            return Ok(());
        }
        self.look()
    }

    /// Does `work`, which may take long, for this call.
    ///
    /// The first piece is done here. Where there is more, the call breaks off and the execution does the
    /// rest, between looks at clock and cancel token.
    ///
    /// # Errors
    /// What the work fails with; the break.
    pub(crate) fn work(&mut self, mut work: impl Work + 'static) -> Result<Answer, Break> {
        let piece = do_piece(&mut self.inner, &mut work)?;
        if let Some(answer) = piece.answer {
            return Ok(answer);
        }
        self.host_mut().work = Some(Box::new(work));
        Err(Break::Signal(Signal::Work { waits: piece.waits }))
    }

    pub(crate) fn host(&self) -> &Host {
        self.inner.data()
    }

    pub(crate) fn host_mut(&mut self) -> &mut Host {
        self.inner.data_mut()
    }

    /// Takes the price of moving `bytes`.
    #[inline]
    pub(crate) fn charge_bytes(&mut self, bytes: u64) -> Result<(), Halt> {
        self.charge(ledger::fuel_for_bytes(bytes))
    }

    /// Checks that a range lies in guest memory; takes nothing.
    pub(crate) fn check(&self, ptr: u32, len: u32) -> Result<(), Halt> {
        memory::check(&self.inner, self.function, ptr, len)
    }

    /// A range of guest memory that is only read, checked and paid for, beside what the run owns.
    #[inline]
    pub(crate) fn part(&mut self, ptr: u32, len: u32) -> Result<(&[u8], &mut Host), Halt> {
        self.check(ptr, len)?;
        self.charge_bytes(u64::from(len))?;
        memory::part(self.inner.as_context_mut(), self.function, ptr, len)
    }

    /// A range of guest memory to be written to, checked and paid for, beside what the run owns.
    #[inline]
    pub(crate) fn range(&mut self, ptr: u32, len: u32) -> Result<(&mut [u8], &mut Host), Halt> {
        self.start_of_range(ptr, len, len)
    }

    /// The first `used` bytes of a range of `len`, which is checked as a whole; what is used is paid for.
    #[inline]
    pub(crate) fn start_of_range(
        &mut self,
        ptr: u32,
        len: u32,
        used: u32,
    ) -> Result<(&mut [u8], &mut Host), Halt> {
        self.check(ptr, len)?;
        self.charge_bytes(u64::from(used))?;
        memory::range(self.inner.as_context_mut(), self.function, ptr, used)
    }
}

impl fmt::Debug for Caller<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller")
            .field("function", &self.function)
            .finish_non_exhaustive()
    }
}
