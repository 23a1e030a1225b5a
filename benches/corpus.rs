//! Makes a corpus of AIMServices: `corpus COUNT FILE`, or `corpus COUNT FOLDER/` for one file a service.
//!
//! The services differ as those of a monorepo do: a dozen images, a hundred to a namespace, static ones and autoscaled
//! ones, with and without env variables, resources and comments, about 800 bytes each. All are right, as most are in a
//! repository whose checks run. The same arguments give the same bytes.

use std::fs;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

#[path = "service.rs"]
mod service;

use service::{NAMESPACE, service};

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [count, target] = arguments.as_slice() else {
        return Err(io::Error::other("usage: corpus COUNT FILE | corpus COUNT FOLDER/"));
    };
    let count: usize = count.parse().map_err(io::Error::other)?;
    if target.ends_with('/') {
        for index in 0..count {
            let folder = Path::new(target).join(format!("team-{:04}", index / NAMESPACE));
            if index % NAMESPACE == 0 {
                fs::create_dir_all(&folder)?;
            }
            fs::write(folder.join(format!("service-{index:06}.yaml")), service(index))?;
        }
        return Ok(());
    }
    let mut out = BufWriter::new(fs::File::create(target)?);
    for index in 0..count {
        writeln!(out, "---")?;
        out.write_all(service(index).as_bytes())?;
    }
    out.flush()
}
