//! A mutator that puts a number that the guest compared in the place of the other one.

use fuelbox_fuzz::Compare;
use libafl::{
    Error, HasMetadata,
    corpus::CorpusId,
    inputs::{HasMutatorBytes, ResizableMutator},
    mutators::{MutationResult, Mutator},
    observers::{CmpValues, CmpValuesMetadata},
    state::{HasMaxSize, HasRand},
};
use libafl_bolts::{Named, rands::Rand};
use std::borrow::Cow;

/// Puts a number that the guest compared in the place of the other one, by [`fuelbox_fuzz::substitute`].
///
/// It finds a number in either order of bytes and as decimal digits, and makes the input as long as a length says.
///
/// It reads what a [`ComparesObserver`](crate::ComparesObserver) told of the last traced run, and runs nothing. So give
/// it a stage of its own, after a `TracingStage` with a [`CompareExecutor`](crate::CompareExecutor): there, the traced
/// input is the one to mutate. It skips an input where no number that was compared stands in it, or where the result
/// would be longer than the state's `max_size`, in bytes.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Substitute;

impl Substitute {
    /// A mutator. It keeps nothing from one input to the next.
    #[must_use]
    pub fn new() -> Self {
        Self
    }
}

impl<I, S> Mutator<I, S> for Substitute
where
    I: HasMutatorBytes + ResizableMutator<u8>,
    S: HasMaxSize + HasMetadata + HasRand,
{
    fn mutate(&mut self, state: &mut S, input: &mut I) -> Result<MutationResult, Error> {
        let seed = state.rand_mut().next();
        let Some(values) = state.metadata_map().get::<CmpValuesMetadata>() else {
            return Ok(MutationResult::Skipped);
        };
        let compares: Vec<Compare> = values.list.iter().filter_map(compare).collect();
        let bytes = input.mutator_bytes();
        let Some(bytes) = fuelbox_fuzz::substitute(bytes, &compares, state.max_size(), seed) else {
            return Ok(MutationResult::Skipped);
        };
        drop(input.splice(.., bytes));
        Ok(MutationResult::Mutated)
    }

    fn post_exec(&mut self, _: &mut S, _: Option<CorpusId>) -> Result<(), Error> {
        Ok(())
    }
}

impl Named for Substitute {
    fn name(&self) -> &Cow<'static, str> {
        static NAME: Cow<'static, str> = Cow::Borrowed("Substitute");
        &NAME
    }
}

/// What was compared in 32 or 64 bits: [`Compares`](crate::Compares) has each pair of 8 or 16 bits as one of 32, too.
///
/// A pair of 64 bits that fits into 32 is taken twice, which does no harm.
fn compare(values: &CmpValues) -> Option<Compare> {
    // No place is told here, and none is needed to substitute.
    const PLACE: u32 = 0;

    match values {
        CmpValues::U32((left, right, _)) => {
            Some(Compare::new(PLACE, (*left).into(), (*right).into(), 32))
        }
        CmpValues::U64((left, right, _)) => Some(Compare::new(PLACE, *left, *right, 64)),
        CmpValues::U8(_) | CmpValues::U16(_) | CmpValues::Bytes(_) => None,
    }
}
