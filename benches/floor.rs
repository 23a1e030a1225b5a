//! The floor of `benches/compare.sh`: the YAML parser reads the files, and nothing is done with what it finds.

use std::io;
use std::path::{Path, PathBuf};

use granit_parser::Parser;

fn main() -> io::Result<()> {
    let mut events = 0_usize;
    for argument in std::env::args_os().skip(1) {
        for path in files(Path::new(&argument))? {
            let text = std::fs::read_to_string(path)?;
            for event in Parser::new_from_str(&text) {
                event.map_err(io::Error::other)?;
                events += 1;
            }
        }
    }
    println!("{events}");
    Ok(())
}

/// The files below a path.
fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path)? {
        found.extend(files(&entry?.path())?);
    }
    Ok(found)
}
