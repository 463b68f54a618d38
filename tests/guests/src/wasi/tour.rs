//! The same from another standard library: arguments, environment, files, clocks, streams and exit.

use std::{
    env, fs,
    io::{self, Read, Write},
    process,
    time::{Duration, Instant, SystemTime},
};

fn main() -> io::Result<()> {
    let begin = Instant::now();
    let mut input = String::new();
    io::stdin().read_to_string(&mut input)?;
    let name = env::args().nth(1).expect("an argument");
    let greeting = env::var("GREETING").expect("a variable");

    fs::create_dir_all("/a/b")?;
    fs::write("/a/b/file", &input)?;
    fs::rename("/a/b/file", "/a/file")?;
    fs::copy("/a/file", "/a/copy")?;
    fs::remove_file("/a/file")?;
    fs::remove_dir("/a/b")?;
    let mut names = Vec::new();
    for entry in fs::read_dir("/a")? {
        let entry = entry?;
        assert_eq!(entry.metadata()?.len(), 5);
        names.push(entry.file_name());
    }
    assert_eq!(names, ["copy"]);
    let missing = fs::read("/a/file").expect_err("it was removed");
    assert_eq!(missing.kind(), io::ErrorKind::NotFound);

    std::thread::sleep(Duration::from_secs(60));
    assert_eq!(begin.elapsed().as_secs(), 60);
    assert!(SystemTime::now() > fs::metadata("/a/copy")?.modified()?);

    eprintln!("so far so good");
    println!("{greeting}, {name}: {}", fs::read_to_string("/a/copy")?);
    io::stdout().flush()?;
    process::exit(4)
}
