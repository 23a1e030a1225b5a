//! Which files are patches of a kustomization, and so no whole documents: to complain that something is missing in them
//! would be wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::git::normal;
use crate::source::{KUSTOMIZATIONS, patches};

/// The patches that the kustomizations around some files name.
#[derive(Debug, Default)]
pub(in crate::cli) struct Patches {
    folders: BTreeMap<PathBuf, Folder>,
}

#[derive(Debug)]
struct Folder {
    /// The patches that its own kustomization names.
    patches: BTreeSet<PathBuf>,
    /// It holds `.git`.
    is_top: bool,
}

impl Patches {
    /// The patches that kustomizations among these files name.
    pub(in crate::cli) fn among<'f>(
        files: impl Iterator<Item = (&'f Path, &'f [u8])>,
    ) -> BTreeSet<PathBuf> {
        files
            .filter(|(path, _)| is_kustomization(path))
            .flat_map(|(path, bytes)| {
                let folder = path.parent().unwrap_or(Path::new(""));
                named(folder, &String::from_utf8_lossy(bytes))
            })
            .collect()
    }

    /// Whether a kustomization in the file's folder or one above it, up to the one that holds `.git`, takes it as a patch.
    pub(in crate::cli) fn contain(&mut self, path: &Path) -> bool {
        let Ok(path) = std::path::absolute(path).map(|path| normal(&path)) else {
            return false;
        };
        for folder in path.ancestors().skip(1) {
            let known = self
                .folders
                .entry(folder.to_owned())
                .or_insert_with(|| Folder {
                    patches: read(folder),
                    is_top: folder.join(".git").exists(),
                });
            if known.patches.contains(&path) {
                return true;
            }
            if known.is_top {
                return false;
            }
        }
        false
    }
}

fn read(folder: &Path) -> BTreeSet<PathBuf> {
    let texts = KUSTOMIZATIONS
        .iter()
        .filter_map(|name| fs::read_to_string(folder.join(name)).ok());
    texts.flat_map(|text| named(folder, &text)).collect()
}

fn named(folder: &Path, kustomization: &str) -> Vec<PathBuf> {
    patches(kustomization)
        .iter()
        .map(|path| normal(&folder.join(path)))
        .collect()
}

fn is_kustomization(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| KUSTOMIZATIONS.contains(&name))
}

/// What is said of patches that were passed over; `None` when there are none.
pub(super) fn note(patches: &BTreeSet<PathBuf>) -> Option<String> {
    let first = patches.first()?;
    let what = match patches.len() {
        1 => format!(
            "{} is a patch of a kustomization, no whole document, so it is",
            first.display()
        ),
        count => format!(
            "{} and {} more are patches of kustomizations, no whole documents, so they are",
            first.display(),
            count - 1
        ),
    };
    Some(format!(
        "note: {what} passed over; to see what comes out: `kustomize build … | aimctl …`"
    ))
}
