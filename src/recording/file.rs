//! The file of a recording: magic, version, length, sections with their lengths, checksum.

use super::{
    Import, Recording,
    error::RecordingError,
    wire::{Reader, Wire, Writer, read_list, write_bytes, write_list},
};
use alloc::vec::Vec;

/// What a recording begins with: no text, so that nobody takes it for one.
const MAGIC: &[u8; 8] = b"\0fbrun\r\n";

/// The version of the format; another one for each change of it.
const VERSION: u32 = 1;

/// The length of the whole file, which tells what is cut off from what is damaged.
const LENGTH_BYTES: usize = 8;

const CHECKSUM_BYTES: usize = 8;

// What sections hold, in the order in which they stand.
const ORIGIN: u8 = 1;
const CALLS: u8 = 2;
const MODULE: u8 = 3;

impl Recording {
    /// The most bytes that a recording may have when it is read: 1 GiB.
    pub const MOST_BYTES: u64 = 1 << 30;

    /// Writes it as a file, usually called `.fbrun`.
    ///
    /// The file holds what entered the guest: its input, and all that host functions gave it. Treat it as
    /// you treat that data.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut file = Vec::from(MAGIC);
        file.extend_from_slice(&VERSION.to_le_bytes());
        let whole = file.len();
        file.extend_from_slice(&[0; LENGTH_BYTES]);
        let mut origin = Writer::new();
        self.fingerprint.write(&mut origin);
        self.module_limits.write(&mut origin);
        self.limits.write(&mut origin);
        write_list(&mut origin, &self.imports);
        write_section(&mut file, ORIGIN, &origin);
        let mut calls = Writer::new();
        self.is_cut.write(&mut calls);
        write_list(&mut calls, &self.calls);
        write_section(&mut file, CALLS, &calls);
        if let Some(module) = &self.module {
            write_section(&mut file, MODULE, module);
        }
        let len = file.len().saturating_add(CHECKSUM_BYTES);
        let len = u64::try_from(len).unwrap_or(u64::MAX).to_le_bytes();
        if let Some(place) = file
            .get_mut(whole..)
            .and_then(|rest| rest.first_chunk_mut())
        {
            *place = len;
        }
        let checksum = checksum(&file);
        file.extend_from_slice(&checksum.to_le_bytes());
        file
    }

    /// Reads a file. Nothing in it is trusted, and no more is allocated than in proportion to its length.
    ///
    /// # Errors
    /// [`RecordingError`].
    pub fn from_bytes(file: &[u8]) -> Result<Self, RecordingError> {
        let sections = checked(file)?;
        let at = file
            .len()
            .saturating_sub(sections.len().saturating_add(CHECKSUM_BYTES));
        let mut reader = Reader::new(sections, at);
        let mut origin = section(&mut reader, ORIGIN)?;
        let fingerprint = Wire::read(&mut origin)?;
        let module_limits = Wire::read(&mut origin)?;
        let limits = Wire::read(&mut origin)?;
        let imports: Vec<_> = read_list(&mut origin)?;
        must_end(&origin)?;
        let mut calls = section(&mut reader, CALLS)?;
        let is_cut = Wire::read(&mut calls)?;
        let recorded = read_list(&mut calls)?;
        must_end(&calls)?;
        let module = if reader.is_at_end() {
            None
        } else {
            let mut module = section(&mut reader, MODULE)?;
            Some(module.take(module.left())?.to_vec())
        };
        must_end(&reader)?;
        Ok(Self {
            fingerprint,
            module_limits,
            limits,
            imports: imports.into(),
            calls: recorded,
            is_cut,
            module,
        })
    }
}

/// The sections of a file that is whole.
fn checked(file: &[u8]) -> Result<&[u8], RecordingError> {
    let len = u64::try_from(file.len()).unwrap_or(u64::MAX);
    if len > Recording::MOST_BYTES {
        let limit = Recording::MOST_BYTES;
        return Err(RecordingError::TooLarge { limit, found: len });
    }
    let (magic, _) = file.split_at(file.len().min(MAGIC.len()));
    if !MAGIC.starts_with(magic) {
        return Err(RecordingError::NotARecording);
    }
    let truncated = RecordingError::Truncated { len };
    let Some((version, rest)) = file
        .get(MAGIC.len()..)
        .and_then(|rest| rest.split_first_chunk())
    else {
        return Err(truncated);
    };
    let version = u32::from_le_bytes(*version);
    if version != VERSION {
        return Err(RecordingError::Version {
            expected: VERSION,
            found: version,
        });
    }
    let Some((whole, rest)) = rest.split_first_chunk() else {
        return Err(truncated);
    };
    if len < u64::from_le_bytes(*whole) {
        return Err(truncated);
    }
    let Some((sections, stored)) = rest.split_last_chunk::<CHECKSUM_BYTES>() else {
        return Err(RecordingError::Corrupted);
    };
    let covered = file.get(..file.len().saturating_sub(CHECKSUM_BYTES));
    if checksum(covered.unwrap_or_default()) == u64::from_le_bytes(*stored) {
        return Ok(sections);
    }
    Err(RecordingError::Corrupted)
}

fn write_section(file: &mut Writer, id: u8, content: &[u8]) {
    file.push(id);
    write_bytes(file, content);
}

fn section<'a>(reader: &mut Reader<'a>, id: u8) -> Result<Reader<'a>, RecordingError> {
    if reader.byte()? != id {
        return Err(reader.malformed("section that belongs here"));
    }
    let mut counted = reader.clone();
    let content = reader.bytes()?;
    counted.number()?;
    Ok(counted.part(content.len()))
}

fn must_end(reader: &Reader<'_>) -> Result<(), RecordingError> {
    if reader.is_at_end() {
        Ok(())
    } else {
        Err(reader.malformed("end"))
    }
}

/// Mixed as FNV-1a is, eight bytes at a time. It finds accidents; it does not keep anybody from writing another file.
fn checksum(bytes: &[u8]) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;

    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(PRIME).rotate_left(29);
    let (words, rest) = bytes.as_chunks::<8>();
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    let rest = rest.iter().map(|byte| u64::from(*byte));
    let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    mix(words.chain(rest).fold(OFFSET, mix), len)
}

impl Wire for Import {
    fn write(&self, to: &mut Writer) {
        self.module.write(to);
        self.name.write(to);
        self.capability.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, RecordingError> {
        Ok(Self {
            module: Wire::read(from)?,
            name: Wire::read(from)?,
            capability: Wire::read(from)?,
        })
    }
}
