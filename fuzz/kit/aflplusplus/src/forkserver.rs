//! AFL++'s protocol: it asks for a process for each input, and is told how that ended.
//!
//! Words of four bytes go both ways. At first this program says what it can do, and AFL++ what it takes of that. Then,
//! for each input, AFL++ writes a word; this program answers with the number of a process, and then with its status.
//! Spoken is the protocol of AFL++ 2.63 and later; since 4.20 there is another one beside it, and AFL++ says so.

use crate::{
    inherited::{self, Input, Map},
    status,
};
use fuelbox::fuzz::Target;
use std::{
    error::Error,
    fs::File,
    io::{self, Read as _, Write as _},
};

/// The fuzzer that has started this program.
#[derive(Debug)]
pub(crate) struct Fuzzer {
    asks: File,
    answers: File,
    map: Map,
    input: Input,
}

/// Says that there are options at all.
const OPTIONS: u32 = 0x8000_0001;
/// The size of the map is in the word.
const MAP_SIZE: u32 = 0x4000_0000;
/// Inputs come in shared memory.
const SHARED_INPUT: u32 = 0x0100_0000;

/// The number that stands for the process of a run.
///
/// AFL++ kills the process that has it when its timer is over, and then waits for the status. There is none that has
/// this number, as systems give none so large; so nothing is killed, and the run ends by itself or by its fuel.
const NOBODY: i32 = i32::MAX;

impl Fuzzer {
    /// The fuzzer that has started this program, if one has; it is told how many ways the guest has.
    ///
    /// # Errors
    /// The system's, and what is missing in a fuzzer.
    pub(crate) fn connect(ways: usize) -> Result<Option<Self>, Box<dyn Error>> {
        let Some((mut asks, mut answers)) = inherited::pipes() else {
            return Ok(None);
        };
        let map = Map::inherited()?.ok_or("the fuzzer has no map")?;
        answers.write_all(&hello(Map::len_for(ways)).to_ne_bytes())?;
        let taken = word(&mut asks)?.ok_or("the fuzzer has ended")?;
        if taken & (OPTIONS | SHARED_INPUT) != OPTIONS | SHARED_INPUT {
            return Err("the fuzzer gives no input in shared memory".into());
        }
        let input = Input::inherited()?.ok_or("the fuzzer has no input")?;
        Ok(Some(Self {
            asks,
            answers,
            map,
            input,
        }))
    }

    /// Runs the target on each input that comes, until the fuzzer ends.
    ///
    /// # Errors
    /// The system's, and what keeps the target from being run.
    pub(crate) fn serve(mut self, target: &mut Target) -> Result<(), Box<dyn Error>> {
        let mut input = Vec::new();
        // The word says whether the last run took too long.
        while word(&mut self.asks)?.is_some() {
            self.answers.write_all(&NOBODY.to_ne_bytes())?;
            self.input.read(&mut input);
            let verdict = target.run(&input)?;
            self.map.note(verdict.edges);
            let status = verdict.stop.as_ref().map_or(0, status::signal);
            self.answers.write_all(&status.to_ne_bytes())?;
        }
        Ok(())
    }
}

/// The word that says what this program can do.
fn hello(map_len: usize) -> u32 {
    // Fuelbox has fewer ways than fit.
    let size = u32::try_from(map_len.saturating_sub(1)).unwrap_or(u32::MAX) << 1;
    OPTIONS | SHARED_INPUT | MAP_SIZE | size
}

/// The next word, or none where the pipe is at its end.
fn word(pipe: &mut File) -> io::Result<Option<u32>> {
    let mut word = [0; 4];
    match pipe.read_exact(&mut word) {
        Ok(()) => Ok(Some(u32::from_ne_bytes(word))),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The size that AFL++ takes out of the word.
    fn size(word: u32) -> u32 {
        ((word & 0x00ff_fffe) >> 1).saturating_add(1)
    }

    #[test]
    fn the_size_of_the_map_is_in_the_word_up_to_the_most_ways_of_a_guest() {
        for len in [1, 2, 65_536, 65_537, Map::len_for(1 << 20)] {
            let word = hello(len);
            assert_eq!(usize::try_from(size(word)), Ok(len));
            // With what else is said, and nothing more.
            assert_eq!(word & !0x00ff_fffe, 0xc100_0001);
        }
    }
}
