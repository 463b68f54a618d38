//! Makes modules of texts: `assemble FOLDER TEXT..` writes `FOLDER/NAME.wasm` for each `NAME.wat`.

#![expect(clippy::disallowed_methods, reason = "it makes files of files")]

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args_os().skip(1);
    let folder = args.next().ok_or("usage: assemble FOLDER TEXT..")?;
    fs::create_dir_all(&folder)?;
    for text in args {
        let text = Path::new(&text);
        let name = text.file_stem().ok_or("a file has a name")?;
        let wasm = wat::parse_file(text)?;
        fs::write(Path::new(&folder).join(name).with_extension("wasm"), wasm)?;
    }
    Ok(())
}
