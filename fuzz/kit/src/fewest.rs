//! As few inputs as take all ways.

use crate::{
    coverage::Coverage,
    guest::{Detail, Guest, Seen},
};
use std::cmp::{Ordering, Reverse};

/// The inputs of `inputs` that are needed to take all ways that these take, the shortest first, and then those that end
/// in a fault.
///
/// # Errors
/// The guest's.
pub fn fewest<G: Guest>(
    guest: &mut G,
    inputs: impl IntoIterator<Item = Vec<u8>>,
) -> Result<Vec<Vec<u8>>, G::Error> {
    let mut inputs: Vec<Vec<u8>> = inputs.into_iter().collect();
    inputs.sort_by(shortest_first);
    inputs.dedup();
    let (mut ran, mut faults) = (Vec::with_capacity(inputs.len()), Vec::new());
    for input in inputs {
        let mut seen = Seen::default();
        guest.run(&input, Detail::Ways, &mut seen)?;
        if seen.fault.is_some() {
            faults.push(input);
        } else {
            ran.push((input, seen));
        }
    }
    // Those with the most ways first: others are not needed for what they take. Then the other way round.
    ran.sort_by_key(|(_, seen)| Reverse(seen.ways.len()));
    let mut ran = needed(ran);
    ran.reverse();
    let mut fewest: Vec<_> = needed(ran).into_iter().map(|(input, _)| input).collect();
    fewest.sort_by(shortest_first);
    fewest.append(&mut faults);
    Ok(fewest)
}

fn shortest_first(one: &Vec<u8>, other: &Vec<u8>) -> Ordering {
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

/// Those that take something new.
fn needed(mut ran: Vec<(Vec<u8>, Seen)>) -> Vec<(Vec<u8>, Seen)> {
    let mut coverage = Coverage::default();
    ran.retain(|(_, seen)| coverage.add(seen));
    ran
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Takes one way for each of its letters.
    struct Letters;

    impl Guest for Letters {
        type Error = ();

        fn run(&mut self, input: &[u8], _: Detail, seen: &mut Seen) -> Result<(), ()> {
            let letters: BTreeSet<u8> = input.iter().copied().collect();
            seen.ways
                .extend(letters.into_iter().map(|letter| (letter.into(), 1)));
            seen.fault = input.contains(&b'!').then_some("fault");
            Ok(())
        }
    }

    #[test]
    fn all_ways_are_taken_by_what_is_left() {
        let inputs = [&b"a"[..], b"b", b"aab", b"aabc", b"c", b"d", b"!", b"abc"];
        let fewest = fewest(&mut Letters, inputs.map(Vec::from)).unwrap();
        assert_eq!(fewest, [&b"d"[..], b"abc", b"!"]);
    }
}
