//! What is searched: something that runs on an input, and tells what it did.

/// Something that runs on an input, the same way each time.
pub trait Guest {
    /// Why it could not be run.
    type Error;

    /// Runs on `input`, and writes what it did to `seen`, which is empty.
    ///
    /// # Errors
    /// Where it could not be run. Whatever the input leads to is no error.
    fn run(&mut self, input: &[u8], detail: Detail, seen: &mut Seen) -> Result<(), Self::Error>;

    /// The name of the bucket that `input` belongs to, which ends in `fault`: inputs of one name are one find.
    ///
    /// It is asked once for each set of ways that ends in a fault, so it may take long. The default is the fault.
    ///
    /// # Errors
    /// Where it could not be run.
    fn bucket(&mut self, input: &[u8], fault: &'static str) -> Result<String, Self::Error> {
        let _ = input;
        Ok(fault.into())
    }
}

/// What a run tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Which ways it takes.
    Ways,
    /// That, and what it compares.
    Compares,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The ways that it took, each by its number, and how often.
    pub ways: Vec<(u32, u32)>,
    /// What it compared, where it was asked to tell.
    pub compares: Vec<Compare>,
    /// What it used, in units of its own.
    pub fuel: u64,
    /// What stopped it, if it did not come to its end: a code.
    pub fault: Option<&'static str>,
}

/// Two numbers that were compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Compare {
    /// The place in the code.
    pub place: u32,
    /// The first number.
    pub left: u64,
    /// The second one.
    pub right: u64,
    /// How many bits they have.
    pub bits: u32,
}

impl Seen {
    /// Forgets all, and keeps the room.
    pub fn clear(&mut self) {
        self.ways.clear();
        self.compares.clear();
        self.fuel = 0;
        self.fault = None;
    }
}

impl Compare {
    /// Two numbers of so many bits.
    #[must_use]
    pub fn new(place: u32, left: u64, right: u64, bits: u32) -> Self {
        Self {
            place,
            left,
            right,
            bits,
        }
    }
}
