//! Writes inputs to begin with: `seed FOLDER`, one folder within for each oracle.

use fuelbox_oracles::ORACLES;
use std::{env, error::Error, fs, path::PathBuf};

#[expect(clippy::disallowed_methods, reason = "files are what this is about")]
fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args_os()
        .nth(1)
        .ok_or("say which folder to write to")?;
    for oracle in ORACLES {
        let folder = PathBuf::from(&folder).join(oracle.name);
        fs::create_dir_all(&folder)?;
        for (index, seed) in oracle.shape.seeds().iter().enumerate() {
            fs::write(folder.join(format!("seed-{index:03}")), seed)?;
        }
    }
    Ok(())
}
