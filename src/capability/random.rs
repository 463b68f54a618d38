//! The capability `Random`: random bytes that can be repeated.

use super::{Declared, Grants, Opening, Signature};
use crate::{
    guard::guard,
    host::{Answer, Break, Caller, Halt, Host, InPieces, StoreMut, Work},
    stop::{HostError, Stop},
    value::ValueType::I32,
};
use alloc::{borrow::Cow, format, sync::Arc};
use core::fmt;
use fuelbox_guest::protocol::{self, HOST_READ_RANDOM};

/// Lets a guest ask for random bytes: `host_read_random`.
///
/// Every run starts the same sequence again. Good for shuffling and for hash tables; anyone who knows the
/// seed knows the bytes, so not for keys.
///
/// ```
/// use fuelbox::{Limits, Sandbox, capability::Random};
///
/// let sandbox = Sandbox::new(Limits::default()).grant(Random::seeded(42));
/// // Not reproducible: a source of your own, which fills the buffer that it is given.
/// let own = Random::from_source(|buffer| buffer.fill(4));
/// # let _ = (sandbox, own);
/// ```
#[derive(Clone)]
pub struct Random(Source);

#[derive(Clone)]
enum Source {
    Seeded(SplitMix64),
    Host(Fill),
}

/// Fills a buffer.
type Fill = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

impl Random {
    /// The sequence that belongs to `seed`, the same on every machine and in every version.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded(SplitMix64 { state: seed }))
    }

    /// A source of the host, such as the machine's own: runs are no longer reproducible.
    ///
    /// It fills the whole of what it is given, which is 64 KiB at the most: more is asked for in pieces. It
    /// may be called from several runs at once. If it panics the run stops as
    /// [`Stop::HostFunction`](crate::Stop::HostFunction).
    #[must_use]
    pub fn from_source(source: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Source::Host(Arc::new(source)))
    }

    /// The state of its sequence, which begins the same again; none for a source of the host.
    #[cfg(all(feature = "worker", unix))]
    pub(super) fn seed(&self) -> Option<u64> {
        match &self.0 {
            Source::Seeded(generator) => Some(generator.state),
            Source::Host(_) => None,
        }
    }

    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), Halt> {
        match &mut self.0 {
            Source::Seeded(generator) => {
                generator.fill(buffer);
                Ok(())
            }
            Source::Host(source) => guard(|| source(buffer)).map_err(|message| {
                Halt::new(Stop::HostFunction {
                    module: Cow::Borrowed(protocol::MODULE),
                    name: Cow::Borrowed(HOST_READ_RANDOM),
                    error: HostError::message(format!("the source panicked: {message}")),
                })
            }),
        }
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Source::Seeded(_) => "Random(seeded)",
            Source::Host(_) => "Random(of the host)",
        })
    }
}

impl Opening for Random {
    fn open(self, grants: &mut Grants) {
        grants.grant_with(FUNCTIONS, self);
    }
}

const CAPABILITY: &str = "Random";

pub(super) const FUNCTIONS: &[Declared] = &[Declared {
    signature: Signature {
        capability: CAPABILITY,
        module: protocol::MODULE,
        name: HOST_READ_RANDOM,
        params: &[I32, I32],
        results: &[],
        reaches_memory: true,
    },
    link: |import| import.wrap(host_read_random),
}];

fn host_read_random(caller: StoreMut<'_>, ptr: u32, len: u32) -> Result<(), wasmi::Error> {
    fn fill(caller: StoreMut<'_>, ptr: u32, len: u32) -> Result<(), Break> {
        let mut caller = Caller::enter(caller, HOST_READ_RANDOM)?;
        caller.range(ptr, len)?;
        caller.work(filling(
            (ptr, len),
            |host| {
                let random = host.states.get_mut::<Random>();
                random.expect("a granted source is prepared for every run")
            },
            Answer::Nothing,
        ))?;
        Ok(())
    }
    Ok(fill(caller, ptr, len)?)
}

/// Fills guest memory piece by piece: a range that was checked and paid for.
pub(super) fn filling(
    (ptr, len): (u32, u32),
    random: fn(&mut Host) -> &mut Random,
    answer: Answer,
) -> impl Work + use<> {
    /// Of whole numbers of the generator, so that pieces do not show. A source that gives 1 GB a
    /// second takes 66 us for it.
    const PIECE_BYTES: usize = 64 << 10;

    let fill = move |buffer: &mut [u8], host: &mut Host| random(host).fill(buffer);
    InPieces::new((ptr, len), PIECE_BYTES, fill, answer)
}

/// The generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
#[derive(Clone, Debug)]
struct SplitMix64 {
    state: u64,
}

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Fills `buffer`; each call starts with a number of its own.
    fn fill(&mut self, buffer: &mut [u8]) {
        for piece in buffer.chunks_mut(size_of::<u64>()) {
            let bytes = self.next().to_le_bytes();
            if let Some(bytes) = bytes.get(..piece.len()) {
                piece.copy_from_slice(bytes);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_the_published_one() {
        let mut random = SplitMix64 { state: 1_234_567 };
        let first: [u64; 3] = core::array::from_fn(|_| random.next());
        assert_eq!(
            first,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }
}
