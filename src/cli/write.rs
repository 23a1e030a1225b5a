//! Files written whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::CliError;

/// Writes a file beside its place and renames it, so that nobody ever sees half of it. A link is followed; the file's
/// permissions stay.
///
/// # Errors
/// The file cannot be written; then the old one is as it was.
pub fn file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), CliError> {
    let failed = |source| CliError::Output {
        target: path.display().to_string(),
        source,
    };
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&target).is_ok_and(|metadata| !metadata.is_file()) {
        // A pipe or a device: there is nothing to put in its place.
        let mut out = BufWriter::new(
            OpenOptions::new()
                .write(true)
                .open(&target)
                .map_err(failed)?,
        );
        return write(&mut out).and_then(|()| out.flush()).map_err(failed);
    }
    let mut beside = target.clone().into_os_string();
    beside.push(".aimctl-new");
    let beside = PathBuf::from(beside);
    let result = fill(&beside, &target, write).and_then(|()| fs::rename(&beside, &target));
    result.map_err(|error| {
        let _ = fs::remove_file(&beside);
        failed(error)
    })
}

fn fill(
    beside: &Path,
    target: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    // Something left there, or a link that leads elsewhere, is not written through.
    let _ = fs::remove_file(beside);
    let mut out = BufWriter::new(File::create_new(beside)?);
    write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    if let Ok(old) = fs::metadata(target) {
        file.set_permissions(old.permissions())?;
    }
    file.sync_all()
}
