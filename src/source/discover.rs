//! Paths as typed to files.

use std::collections::BTreeMap;
use std::fs::{self, FileType};
use std::io;
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use ignore::WalkBuilder;

use crate::diag::nearest;

/// Something to read, or why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Standard input.
    Stdin,
    /// A file.
    File {
        /// Its path as the user would type it.
        path: PathBuf,
        /// The user named it; it was not found in a directory.
        named: bool,
    },
    /// A path that cannot be read.
    Problem {
        /// The path.
        path: PathBuf,
        /// Why.
        why: String,
        /// What to do about it.
        help: Option<String>,
    },
}

impl Found {
    fn path(&self) -> Option<&Path> {
        match self {
            Self::Stdin => None,
            Self::File { path, .. } | Self::Problem { path, .. } => Some(path),
        }
    }

    fn problem(path: &Path, why: impl Into<String>) -> Self {
        Self::Problem {
            path: path.to_owned(),
            why: why.into(),
            help: None,
        }
    }
}

/// Finds the files of paths: files as they are, directories searched for `.yaml`, `.yml` and `.json` (with `.gitignore`
/// honoured and dotfiles passed over), globs expanded, `-` as standard input.
///
/// Sorted by path, each once, whatever the order of the paths. Links to directories are not followed inside
/// directories, as kubectl does it. Touches the file system, reads no file.
#[must_use]
pub fn discover(paths: &[PathBuf]) -> Vec<Found> {
    let mut found = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            found.push(Found::Stdin);
            continue;
        }
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => directory(path, &mut found),
            Ok(metadata) => found.push(named(path, metadata.file_type())),
            Err(error) => match Pattern::new(path) {
                Some(pattern) if error.kind() == io::ErrorKind::NotFound => {
                    pattern.expand(&mut found)
                }
                _ => found.push(missing(path, &error)),
            },
        }
    }
    in_order(found, paths.len() > 1)
}

/// Sorted by path and without repetition; a file that was named stays named.
fn in_order(found: Vec<Found>, several: bool) -> Vec<Found> {
    let mut unique: BTreeMap<(bool, PathBuf), Found> = BTreeMap::new();
    for item in found {
        let key = match item.path() {
            None => (false, PathBuf::new()),
            // Different spellings of one file come from several paths only.
            Some(path) if several => (true, fs::canonicalize(path).unwrap_or_else(|_| plain(path))),
            Some(path) => (true, plain(path)),
        };
        let slot = unique.entry(key).or_insert_with(|| item.clone());
        if let (Found::File { named, .. }, Found::File { named: true, .. }) = (slot, &item) {
            *named = true;
        }
    }
    let mut found: Vec<Found> = unique.into_values().collect();
    found.sort_by(|a, b| a.path().cmp(&b.path()));
    found
}

/// The path without `.` in it.
fn plain(path: &Path) -> PathBuf {
    path.components()
        .filter(|component| *component != Component::CurDir)
        .collect()
}

fn named(path: &Path, kind: FileType) -> Found {
    if kind.is_file() || is_open_descriptor(path) {
        return Found::File {
            path: path.to_owned(),
            named: true,
        };
    }
    Found::Problem {
        path: path.to_owned(),
        why: format!("{}, not a file", special(kind)),
        help: Some("pipe it in and name it `-`".to_owned()),
    }
}

/// A pipe that the shell opened (`<(command)`): it can be read, and opening it cannot hang.
fn is_open_descriptor(path: &Path) -> bool {
    ["/dev/fd", "/proc/self/fd", "/dev/stdin"]
        .iter()
        .any(|directory| path.starts_with(directory))
}

#[cfg(unix)]
fn special(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special(_: FileType) -> &'static str {
    "something special"
}

fn missing(path: &Path, error: &io::Error) -> Found {
    let mut help = None;
    if error.kind() == io::ErrorKind::NotFound {
        let directory = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let names: Vec<String> = fs::read_dir(directory.unwrap_or_else(|| Path::new(".")))
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        let wanted = path.file_name().and_then(|name| name.to_str());
        help = wanted
            .and_then(|wanted| nearest(wanted, names.iter().map(String::as_str)))
            .map(|name| {
                let meant =
                    directory.map_or_else(|| PathBuf::from(name), |directory| directory.join(name));
                format!("did you mean `{}`?", meant.display())
            });
    }
    Found::Problem {
        path: path.to_owned(),
        why: reason(error),
        help,
    }
}

/// Why a path cannot be read, in few words that do not depend on the system.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::NotADirectory => "a part of the path is no directory".to_owned(),
        _ if is_link_loop(error) => "a symbolic link that leads to itself".to_owned(),
        _ => error.to_string(),
    }
}

/// `ELOOP`, for which the standard library has no stable name.
fn is_link_loop(error: &io::Error) -> bool {
    cfg!(unix) && matches!(error.raw_os_error(), Some(40 | 62))
}

/// Whether a file's name says that it holds documents.
#[must_use]
pub fn has_extension(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| matches!(extension, "yaml" | "yml" | "json"))
}

fn directory(root: &Path, found: &mut Vec<Found>) {
    let walk = WalkBuilder::new(root)
        .hidden(true)
        .ignore(false)
        .git_global(false)
        .require_git(false)
        .follow_links(false)
        .build();
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                found.push(walk_problem(root, &error));
                continue;
            }
        };
        if has_extension(entry.path())
            && let Some(kind) = entry.file_type()
            && !kind.is_dir()
        {
            // What is below `.` is shown as it would be typed: without it.
            found.extend(inside(&plain(entry.path()), kind));
        }
    }
}

/// An entry of a directory that is none itself.
fn inside(path: &Path, kind: FileType) -> Option<Found> {
    let kind = if kind.is_symlink() {
        match fs::metadata(path) {
            Ok(target) if target.is_dir() => return None,
            Ok(target) => target.file_type(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Some(Found::problem(path, "a symbolic link that leads nowhere"));
            }
            Err(error) => return Some(Found::problem(path, reason(&error))),
        }
    } else {
        kind
    };
    Some(if kind.is_file() {
        Found::File {
            path: path.to_owned(),
            named: false,
        }
    } else {
        Found::problem(path, format!("{}, not a file", special(kind)))
    })
}

fn walk_problem(root: &Path, error: &ignore::Error) -> Found {
    let mut path = root;
    let mut inner = error;
    loop {
        match inner {
            ignore::Error::WithPath { path: at, err } => {
                path = at;
                inner = err;
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
                inner = err
            }
            ignore::Error::Io(error) => return Found::problem(path, reason(error)),
            other => return Found::problem(path, other.to_string()),
        }
    }
}

/// A glob, and the directory below which it can match.
struct Pattern {
    typed: PathBuf,
    base: PathBuf,
    /// A part with wildcards begins with a dot: dotfiles are meant.
    hidden: bool,
    matcher: GlobMatcher,
    depth: Option<usize>,
}

impl Pattern {
    /// `None` for a path without wildcards.
    fn new(path: &Path) -> Option<Self> {
        let is_wild = |component: &Component<'_>| {
            component
                .as_os_str()
                .to_str()
                .is_some_and(|text| text.contains(['*', '?', '[', '{']))
        };
        let components: Vec<Component<'_>> = path.components().collect();
        let fixed = components.iter().position(is_wild)?;
        let (base, wild) = components.split_at_checked(fixed)?;
        let recursive = wild.iter().any(|component| {
            component
                .as_os_str()
                .to_str()
                .is_some_and(|text| text.contains("**"))
        });
        let hidden = wild.iter().any(|component| {
            component
                .as_os_str()
                .to_str()
                .is_some_and(|text| text.starts_with('.'))
        });
        let matcher = GlobBuilder::new(plain(path).to_str()?)
            .literal_separator(true)
            .build()
            .ok()?
            .compile_matcher();
        Some(Self {
            typed: path.to_owned(),
            base: base.iter().collect(),
            hidden,
            matcher,
            depth: (!recursive).then_some(wild.len()),
        })
    }

    fn expand(&self, found: &mut Vec<Found>) {
        let before = found.len();
        let here = self.base.as_os_str().is_empty();
        let base = if here { Path::new(".") } else { &self.base };
        let walk = WalkBuilder::new(base)
            .standard_filters(false)
            .hidden(!self.hidden)
            .max_depth(self.depth)
            .build();
        for entry in walk.filter_map(Result::ok).skip(1) {
            let path = if here {
                plain(entry.path())
            } else {
                entry.path().to_owned()
            };
            if !self.matcher.is_match(plain(&path)) {
                continue;
            }
            match fs::metadata(&path) {
                Ok(metadata) if metadata.is_dir() => directory(&path, found),
                Ok(metadata) => found.push(named(&path, metadata.file_type())),
                Err(error) => found.push(Found::problem(&path, reason(&error))),
            }
        }
        if found.len() == before {
            found.push(Found::problem(&self.typed, "no file matches this pattern"));
        }
    }
}
