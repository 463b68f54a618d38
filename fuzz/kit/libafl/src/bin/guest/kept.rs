//! What a search keeps: a folder of inputs, and one of finds.

use crate::arguments::Arguments;
use fuelbox::{Stop, fuzz::Target};
use fuelbox_fuzz::Folder;
use libafl::{
    corpus::Corpus,
    inputs::{BytesInput, HasTargetBytes, Input},
    state::{HasExecutions, HasSolutions},
};
use std::{error::Error, path::Path};

/// The folder of inputs, and the one of finds.
pub(crate) struct Kept {
    corpus: Folder,
    finds: Folder,
    most_input: usize,
    /// The bytes of the module's file, for recordings.
    wasm: Vec<u8>,
    /// How many of each are written.
    written: Written,
}

#[derive(Default)]
struct Written {
    corpus: usize,
    finds: usize,
}

impl Kept {
    /// Opens both folders, and makes them if they are not there.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn open(arguments: &Arguments, wasm: Vec<u8>) -> Result<Self, Box<dyn Error>> {
        let open = |path: &Path| {
            Folder::open(path).map_err(|error| format!("{}: {error}", path.display()))
        };
        Ok(Self {
            corpus: open(&arguments.corpus)?,
            finds: open(&arguments.finds)?,
            most_input: arguments.most_input,
            wasm,
            written: Written::default(),
        })
    }

    /// The inputs to begin with.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn inputs(&self) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
        Ok(self.corpus.inputs(self.most_input)?)
    }

    /// Writes what LibAFL has taken into its corpus since the last time.
    ///
    /// # Errors
    /// The system's, and LibAFL's.
    pub(crate) fn add_inputs(
        &mut self,
        corpus: &impl Corpus<BytesInput>,
    ) -> Result<(), Box<dyn Error>> {
        for number in self.written.corpus..corpus.count() {
            let input = corpus.cloned_input_for_id(corpus.nth(number))?;
            self.corpus.add(&input.target_bytes())?;
        }
        self.written.corpus = corpus.count();
        Ok(())
    }

    /// Writes what LibAFL has found since the last time, each with a recording that replays.
    ///
    /// Tells of each, and how many runs there were by then.
    ///
    /// # Errors
    /// The system's, LibAFL's, and what keeps a run from being recorded.
    pub(crate) fn add_finds(
        &mut self,
        state: &(impl HasExecutions + HasSolutions<BytesInput>),
        target: &mut Target,
    ) -> Result<(), Box<dyn Error>> {
        let (finds, runs) = (state.solutions(), state.executions());
        for number in self.written.finds..finds.count() {
            let input = finds.cloned_input_for_id(finds.nth(number))?;
            let bytes = input.target_bytes();
            let stop = target.run(&bytes)?.stop;
            let code = stop.as_ref().map_or("finished", Stop::code);
            let name = format!("{code}-{}", input.generate_name(None));
            let recording = target.record(&bytes)?.with_module(self.wasm.clone());
            self.finds.write(&format!("{name}.input"), &bytes)?;
            self.finds
                .write(&format!("{name}.fbrun"), &recording.to_bytes())?;
            eprintln!("found {name} after {runs} runs");
        }
        self.written.finds = finds.count();
        Ok(())
    }
}
