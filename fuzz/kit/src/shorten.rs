//! An input, shortened.

use crate::guest::{Detail, Guest, Seen};

/// Shortens `input` as long as the guest does what `is_same` wants of it, in at most so many runs: parts are left out,
/// then bytes are made `0` where that changes nothing.
///
/// Gives `input` back if it does not do that itself.
///
/// # Errors
/// The guest's.
pub fn shorten<G: Guest>(
    guest: &mut G,
    input: &[u8],
    most_runs: u64,
    is_same: impl FnMut(&mut G, &[u8], &Seen) -> Result<bool, G::Error>,
) -> Result<Vec<u8>, G::Error> {
    let mut shortening = Shortening {
        guest,
        runs_left: most_runs,
        is_same,
        seen: Seen::default(),
    };
    let mut shortest = input.to_vec();
    if !shortening.try_input(&shortest)? {
        return Ok(shortest);
    }
    let mut len = shortest.len();
    while len > 0 {
        shortening.leave_out(&mut shortest, len)?;
        len = len.div_euclid(2);
    }
    shortening.make_plain(&mut shortest)?;
    Ok(shortest)
}

struct Shortening<'a, G, F> {
    guest: &'a mut G,
    runs_left: u64,
    is_same: F,
    seen: Seen,
}

impl<G, F> Shortening<'_, G, F>
where
    G: Guest,
    F: FnMut(&mut G, &[u8], &Seen) -> Result<bool, G::Error>,
{
    /// Leaves out parts of this length, from the end on.
    fn leave_out(&mut self, shortest: &mut Vec<u8>, len: usize) -> Result<(), G::Error> {
        let mut end = shortest.len();
        while end > 0 {
            let start = end.saturating_sub(len);
            let mut shorter = shortest.clone();
            shorter.drain(start..end.min(shorter.len()));
            if self.try_input(&shorter)? {
                *shortest = shorter;
            }
            end = start;
        }
        Ok(())
    }

    fn make_plain(&mut self, shortest: &mut Vec<u8>) -> Result<(), G::Error> {
        const PLAIN: u8 = b'0';

        for at in 0..shortest.len() {
            let mut plainer = shortest.clone();
            let byte = plainer.get_mut(at);
            let was = byte.map(|byte| std::mem::replace(byte, PLAIN));
            if was != Some(PLAIN) && self.try_input(&plainer)? {
                *shortest = plainer;
            }
        }
        Ok(())
    }

    /// Whether the guest does the same on `input`; no, once all runs are used up.
    fn try_input(&mut self, input: &[u8]) -> Result<bool, G::Error> {
        if self.runs_left == 0 {
            return Ok(false);
        }
        self.runs_left = self.runs_left.saturating_sub(1);
        self.seen.clear();
        self.guest.run(input, Detail::Ways, &mut self.seen)?;
        (self.is_same)(self.guest, input, &self.seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Wants(&'static [u8]);

    impl Guest for Wants {
        type Error = ();

        fn run(&mut self, input: &[u8], _: Detail, seen: &mut Seen) -> Result<(), ()> {
            let mut rest = input.iter();
            let has_all = self.0.iter().all(|byte| rest.any(|other| other == byte));
            seen.fault = has_all.then_some("found");
            Ok(())
        }
    }

    fn shortened(input: &[u8], most_runs: u64) -> Vec<u8> {
        let is_same = |_: &mut Wants, _: &[u8], seen: &Seen| Ok(seen.fault == Some("found"));
        shorten(&mut Wants(b"bug"), input, most_runs, is_same).unwrap()
    }

    #[test]
    fn only_what_is_needed_is_left() {
        assert_eq!(
            shortened(b"a big bug of some length, with a ug", 1_000),
            b"bug"
        );
        assert_eq!(shortened(b"no such thing", 1_000), b"no such thing");
    }

    #[test]
    fn it_ends_after_so_many_runs() {
        let input = vec![b'x'; 1_000];
        assert_eq!(shortened(&input, 3), input);
        let mut long = b"bug".to_vec();
        long.extend_from_slice(&input);
        assert!(shortened(&long, 4).len() > 3);
    }
}
