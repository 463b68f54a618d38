//! As few inputs as take all ways.

use crate::{
    coverage::Coverage,
    guest::{Detail, Guest, Seen},
};

/// The inputs of `inputs` that are needed to take all ways that these take, the shortest first. Those that end in a
/// fault are left out.
///
/// # Errors
/// The guest's.
pub fn fewest<G: Guest>(
    guest: &mut G,
    inputs: impl IntoIterator<Item = Vec<u8>>,
) -> Result<Vec<Vec<u8>>, G::Error> {
    let mut inputs: Vec<Vec<u8>> = inputs.into_iter().collect();
    inputs.sort_by(|one, other| one.len().cmp(&other.len()).then_with(|| one.cmp(other)));
    inputs.dedup();
    let mut ran = Vec::with_capacity(inputs.len());
    for input in inputs {
        let mut seen = Seen::default();
        guest.run(&input, Detail::Ways, &mut seen)?;
        if seen.fault.is_none() {
            ran.push((input, seen));
        }
    }
    // What a longer one takes too is not needed of a shorter one: twice, from either end.
    ran.reverse();
    let ran = needed(ran);
    Ok(needed(ran).into_iter().map(|(input, _)| input).collect())
}

/// Those that take something new, in reverse order.
fn needed(ran: Vec<(Vec<u8>, Seen)>) -> Vec<(Vec<u8>, Seen)> {
    let mut coverage = Coverage::default();
    let mut needed: Vec<_> = ran
        .into_iter()
        .filter(|(_, seen)| coverage.add(seen))
        .collect();
    needed.reverse();
    needed
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes one way for each of its letters.
    struct Letters;

    impl Guest for Letters {
        type Error = ();

        fn run(&mut self, input: &[u8], _: Detail, seen: &mut Seen) -> Result<(), ()> {
            seen.ways
                .extend(input.iter().map(|letter| ((*letter).into(), 1)));
            seen.fault = input.contains(&b'!').then_some("fault");
            Ok(())
        }
    }

    #[test]
    fn all_ways_are_taken_by_what_is_left() {
        let inputs = [&b"a"[..], b"b", b"ab", b"abc", b"c", b"d", b"!", b"d"];
        let fewest = fewest(&mut Letters, inputs.map(Vec::from)).unwrap();
        assert_eq!(fewest, [b"d".to_vec(), b"abc".to_vec()]);
    }
}
