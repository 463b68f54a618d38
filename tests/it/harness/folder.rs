//! The guests of a folder.

use super::Case;
use std::path::Path;

/// The guests in the text format, by their file names, in order.
pub(crate) fn texts(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut texts: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "wat"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("it can be read");
            (path.display().to_string(), text)
        })
        .collect();
    texts.sort();
    assert!(!texts.is_empty());
    texts
}

/// The same, with their headers read: those that this build can run, vectors or not.
pub(crate) fn cases(folder: &str) -> Vec<(String, Case)> {
    texts(folder)
        .into_iter()
        .map(|(path, text)| {
            let case = Case::read(&text).expect("the header is well");
            (path, case)
        })
        .filter(|(_, case)| case.is_for_this_build())
        .collect()
}
