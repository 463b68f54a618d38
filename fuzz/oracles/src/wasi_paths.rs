//! However a guest writes its paths, it reads nothing that does not lie within the directory that the
//! path starts at, and nothing of another mount.

use crate::{
    guest::{
        program::ANSWER,
        wasi::{self, BUFFER, BUFFER_LEN, Writer},
    },
    laws,
    plan::Plan,
};
use arbitrary::{Result, Unstructured};
use fuelbox::{
    Call, Caller, Entry, Extensions, Finished, Function, Halt, Module, Report, Sandbox, Tree,
    TreeError, capability::Wasi,
};
use std::time::Duration;

/// Descriptors of the two mounts.
const PUBLIC: u64 = 3;
const SECRET: u64 = 4;

/// Directories of the first that the guest opens next.
const OPENED: [&str; 3] = ["a", "a/b", "c"];

/// Descriptors of directories, less one.
const BASES: u64 = 1 + OPENED.len() as u64;

/// The names that are there.
const NAMES: &[&str] = &[
    "a", "b", "c", "file", "up", "over", "loop", "root", "deep", "a/b", "hard",
];

/// What files of the second mount hold.
const MARK: &[u8] = b"SECRET";

/// Most calls of one guest.
const MOST_ACTS: usize = 40;

/// Something that the guest reads, and where its path starts.
struct Peek {
    base: u64,
    /// Which of its calls reads.
    call: usize,
}

/// Runs the calls that `data` stands for.
///
/// # Panics
/// Where the guest gets out.
pub(crate) fn check(data: &[u8]) {
    let (plan, bytes) = Plan::split(data);
    let mut bytes = Unstructured::new(bytes);
    let changes = bytes.arbitrary().unwrap_or(false);
    let (program, peeks) = write(&mut bytes, changes);
    let module = Module::new(program.module()).expect("a program is valid");

    let limits = wasi::roomy(plan.timeless());
    let public = public().expect("no path is taken twice").writable();
    let grants = Wasi::new()
        .mount("/public", public.clone())
        .mount("/secret", secret().expect("no path is taken twice"));
    let sandbox = Sandbox::with_clock(limits.clone(), || Duration::ZERO)
        .grant(grants)
        .grant(Function::new(ANSWER.0, ANSWER.1, answer));
    let extensions = Extensions::new().with(Answers::default());
    let execution = sandbox
        .start(&module, Call::entry().extensions(extensions))
        .expect("all is granted");
    let Finished {
        report, extensions, ..
    } = execution.finish();
    laws::holds(&report, &limits);
    assert_eq!(report.outcome.code(), "finished");
    let answers = extensions.get::<Answers>().expect("every run has them");
    let opened = answers.0.iter().take(OPENED.len());
    assert!(opened.into_iter().all(|answer| answer.errno == 0));
    for peek in &peeks {
        stayed_inside(peek, &answers.0[peek.call].buffer, changes);
    }
    kept_apart(&report, &public, changes);
}

/// The guest: it opens directories, then does what the bytes say.
fn write(bytes: &mut Unstructured<'_>, changes: bool) -> (Writer, Vec<Peek>) {
    let (mut writer, mut peeks) = (Writer::new(), Vec::new());
    for path in OPENED {
        writer.open_dir(PUBLIC, path.as_bytes());
    }
    for _ in 0..MOST_ACTS {
        if act(&mut writer, &mut peeks, bytes, changes).is_err() || bytes.is_empty() {
            break;
        }
    }
    (writer, peeks)
}

fn act(
    writer: &mut Writer,
    peeks: &mut Vec<Peek>,
    bytes: &mut Unstructured<'_>,
    changes: bool,
) -> Result<()> {
    match bytes.int_in_range(0..=3_u8)? {
        0 if changes => writer.change(bytes, BASES, NAMES),
        1 => writer.look(bytes, BASES, NAMES),
        _ => {
            let base = PUBLIC + bytes.int_in_range(0..=BASES)?;
            // What is opened there may stay open, and be read as if it came from elsewhere.
            if !(changes && base == SECRET) {
                let (path, follow) = (wasi::path(bytes, NAMES)?, bytes.arbitrary()?);
                let call = writer.peek(base, &path, PUBLIC + BASES + 1, follow);
                peeks.push(Peek { base, call });
            }
            Ok(())
        }
    }
}

/// What was read belongs to where the path starts. Contents say where a file was made.
fn stayed_inside(peek: &Peek, read: &[u8], changes: bool) {
    if read.first().is_none_or(|byte| *byte == 0) {
        return;
    }
    let shown = String::from_utf8_lossy(read);
    assert_eq!(read.starts_with(MARK), peek.base == SECRET, "{shown}");
    let opened = peek.base.checked_sub(SECRET + 1);
    if let (Some(opened), false) = (opened, changes) {
        let within = format!("/{}/", OPENED[opened as usize]);
        assert!(shown.starts_with(&within), "{shown} is not in {within}");
    }
}

/// No file came from one mount into the other, and none changed unless the guest changed it.
fn kept_apart(report: &Report, public: &Tree, changes: bool) {
    let [tree] = &report.trees[..] else {
        panic!("{} trees can be written to", report.trees.len());
    };
    if !changes {
        assert_eq!(tree, public);
    }
    for (path, entry) in tree.paths() {
        if let Entry::File(bytes) = entry {
            assert!(!bytes.starts_with(MARK), "{path}");
        }
    }
}

/// What each call returned.
#[derive(Default)]
struct Answers(Vec<Answer>);

struct Answer {
    errno: i32,
    /// What it left in the buffer.
    buffer: Vec<u8>,
}

fn answer(caller: &mut Caller<'_>, errno: i32) -> Result<(), Halt> {
    assert!((0..=76).contains(&errno), "{errno} is no errno");
    let buffer = caller.read(BUFFER, BUFFER_LEN)?.to_vec();
    caller.write(BUFFER, &[0; BUFFER_LEN as usize])?;
    let answers = caller.get_mut::<Answers>().expect("every run has them");
    answers.0.push(Answer { errno, buffer });
    Ok(())
}

/// Each file says where it is. Links lead up, over, to the root and nowhere.
fn public() -> std::result::Result<Tree, TreeError> {
    [
        "file",
        "a/file",
        "a/b/file",
        "a/b/deep/file",
        "c/file",
        "c/a/file",
    ]
    .iter()
    .try_fold(Tree::new(), |tree, path| {
        tree.file(path, format!("/{path}"))
    })?
    .symlink("a/up", "..")?
    .symlink("a/b/up", "../..")?
    .symlink("a/b/over", "../../c/file")?
    .symlink("a/over", "../c")?
    .symlink("a/root", "/c/file")?
    .symlink("a/b/loop", "loop")?
    .symlink("a/loop", "b/up/a/loop")?
    .symlink("c/deep", "../a/b/deep")?
    .symlink("a/deep", "b/deep/../deep/file")
}

fn secret() -> std::result::Result<Tree, TreeError> {
    Tree::new()
        .file("file", MARK)?
        .file("a/b/file", MARK)?
        .symlink("up", "..")
}
