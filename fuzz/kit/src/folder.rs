//! A folder of inputs, each a file that is called by what is in it.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

/// A folder of inputs.
///
/// Files in it are inputs, whatever they are called; folders in it, and files whose name begins with a dot, are not.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder at `path`, which is made if it is not there.
    ///
    /// # Errors
    /// The system's, where it cannot be made, or nothing can be written there.
    #[expect(clippy::disallowed_methods, reason = "inputs are kept in files")]
    pub fn open(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        fs::create_dir_all(&path)?;
        // Better known now than when something was found.
        let probe = path.join(".fuelbox-fuzz");
        fs::write(&probe, b"")?;
        fs::remove_file(&probe)?;
        Ok(Self { path })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The inputs in it, in the order of their names. Of one longer than `most_bytes` the rest is left out.
    ///
    /// # Errors
    /// The system's.
    pub fn inputs(&self, most_bytes: usize) -> io::Result<Vec<Vec<u8>>> {
        let paths = self.files()?;
        paths.iter().map(|path| read(path, most_bytes)).collect()
    }

    /// The files in it that are inputs, in the order of their names.
    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let mut paths = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
            // Also where a link leads.
            if !is_hidden && entry.path().is_file() {
                paths.push(entry.path());
            }
        }
        paths.sort();
        Ok(paths)
    }

    /// Writes an input to a file that is called by what is in it; gives its path.
    ///
    /// # Errors
    /// The system's.
    pub fn add(&self, input: &[u8]) -> io::Result<PathBuf> {
        self.write(&name(input), input)
    }

    /// Removes all inputs but the files that [`add`](Self::add) has written of these; returns how many.
    ///
    /// # Errors
    /// The system's.
    pub fn keep_only(&self, inputs: &[Vec<u8>]) -> io::Result<usize> {
        let kept: BTreeSet<String> = inputs.iter().map(|input| name(input)).collect();
        let mut removed = 0_usize;
        for path in self.files()? {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if !kept.contains(&*name) {
                fs::remove_file(&path)?;
                removed = removed.saturating_add(1);
            }
        }
        Ok(removed)
    }

    /// The inputs in files whose names end so, with these names, in their order.
    ///
    /// # Errors
    /// The system's.
    pub fn named(&self, end: &str, most_bytes: usize) -> io::Result<Vec<(String, Vec<u8>)>> {
        let mut named = Vec::new();
        for path in self.files()? {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.ends_with(end) {
                named.push((name.into_owned(), read(&path, most_bytes)?));
            }
        }
        Ok(named)
    }

    /// Writes a file of this name, whole or not at all; gives its path.
    ///
    /// # Errors
    /// The system's.
    #[expect(clippy::disallowed_methods, reason = "inputs are kept in files")]
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
        let path = self.path.join(name);
        let unfinished = self.path.join(format!(".{name}"));
        fs::write(&unfinished, bytes)?;
        fs::rename(&unfinished, &path)?;
        Ok(path)
    }
}

#[expect(clippy::disallowed_methods, reason = "inputs are kept in files")]
fn read(path: &Path, most_bytes: usize) -> io::Result<Vec<u8>> {
    use io::Read as _;

    let most = u64::try_from(most_bytes).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// FNV-1a of 128 bits, in hexadecimal digits: two inputs of one name are not met.
fn name(input: &[u8]) -> String {
    const START: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0100_0000_0000_0000_0000_013b;

    let hash = input.iter().fold(START, |hash, byte| {
        (hash ^ u128::from(*byte)).wrapping_mul(PRIME)
    });
    format!("{hash:032x}")
}
