//! What git keeps of the input, read by the git program: it knows every repository that its user has (worktrees,
//! alternates, partial and shallow clones), and costs no dependency.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use super::error::CliError;

/// A repository with a working tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// The working tree's top.
    top: PathBuf,
}

/// A state of the files that git keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// A commit, as typed.
    Revision(String),
    /// `HEAD`, and nothing at all before the first commit.
    Head,
    /// What is staged.
    Index,
    /// What lies in the working tree: tracked, or new and not ignored.
    WorkTree,
}

/// One file of a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackedFile {
    /// Its path, relative to the current directory where it is below it.
    pub path: PathBuf,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Repository {
    /// The repository that a directory is in.
    ///
    /// # Errors
    /// There is none, or git is not installed.
    pub fn find(directory: &Path) -> Result<Self, CliError> {
        let output = git(directory, ["rev-parse", "--show-toplevel"])?;
        if !output.status.success() {
            return Err(
                CliError::input(format!("{} is in no git repository", shown(directory)))
                    .with_help("compare two paths instead: `aimctl diff OLD NEW`"),
            );
        }
        let top = String::from_utf8_lossy(&output.stdout)
            .trim_end()
            .to_owned();
        Ok(Self {
            top: PathBuf::from(top),
        })
    }

    /// Whether a text names a commit.
    #[must_use]
    pub fn has_revision(&self, text: &str) -> bool {
        let commit = format!("{text}^{{commit}}");
        git(
            &self.top,
            [
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &commit,
            ],
        )
        .is_ok_and(|output| output.status.success())
    }

    /// The YAML and JSON files that a state holds at or below these paths. Links and submodules are passed over.
    ///
    /// # Errors
    /// The revision is not there, or git fails.
    pub fn files(&self, state: &State, paths: &[PathBuf]) -> Result<Vec<TrackedFile>, CliError> {
        let listing = match state {
            State::WorkTree => return self.work_tree(paths),
            State::Index => self.list(&["ls-files", "--stage", "-z", "--"], paths)?,
            State::Head if !self.has_revision("HEAD") => Vec::new(),
            State::Head => {
                self.list(&["ls-tree", "-r", "-z", "--full-tree", "HEAD", "--"], paths)?
            }
            State::Revision(revision) => {
                if !self.has_revision(revision) {
                    return Err(CliError::input(format!("`{revision}` is no commit here"))
                        .with_help("in a shallow clone, fetch it first: `git fetch --unshallow`"));
                }
                self.list(
                    &["ls-tree", "-r", "-z", "--full-tree", revision, "--"],
                    paths,
                )?
            }
        };
        let entries: Vec<(String, PathBuf)> =
            listing.split(|byte| *byte == 0).filter_map(entry).collect();
        self.contents(entries)
    }

    /// The submodule that a path is, or is in.
    #[must_use]
    pub fn submodule_of(&self, path: &Path) -> Option<PathBuf> {
        let path = self.below_top(path);
        let listing = git(&self.top, ["ls-files", "--stage", "-z"]).ok()?.stdout;
        let listing = String::from_utf8_lossy(&listing).into_owned();
        let modules = listing.split('\0').filter_map(|entry| {
            let (head, module) = entry.split_once('\t')?;
            head.starts_with("160000").then(|| PathBuf::from(module))
        });
        let found = modules
            .into_iter()
            .find(|module| path.starts_with(module))?;
        Some(self.as_typed(&found))
    }

    /// The files of the working tree, without submodules and other repositories in it.
    fn work_tree(&self, paths: &[PathBuf]) -> Result<Vec<TrackedFile>, CliError> {
        let listing = self.list(
            &[
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
                "--",
            ],
            paths,
        )?;
        let names: BTreeSet<PathBuf> = listing
            .split(|byte| *byte == 0)
            .map(|name| PathBuf::from(String::from_utf8_lossy(name).into_owned()))
            .filter(|path| holds_documents(path))
            .collect();
        let mut files = Vec::with_capacity(names.len());
        for name in names {
            let path = self.as_typed(&name);
            // A link leads to what is listed itself, or out of the repository; git's side has no content for it either.
            let regular = fs::symlink_metadata(&path).is_ok_and(|data| data.is_file());
            if !regular {
                continue;
            }
            let bytes = fs::read(&path).map_err(|error| {
                CliError::input(format!("{} cannot be read: {error}", path.display()))
            })?;
            files.push(TrackedFile { path, bytes });
        }
        Ok(files)
    }

    /// Lists entries below the paths, which git wants relative to the working tree's top.
    fn list(&self, arguments: &[&str], paths: &[PathBuf]) -> Result<Vec<u8>, CliError> {
        let mut words: Vec<std::ffi::OsString> = arguments.iter().map(Into::into).collect();
        words.extend(
            paths
                .iter()
                .map(|path| self.below_top(path).into_os_string()),
        );
        let output = git(&self.top, &words)?;
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(failed(&output.stderr))
        }
    }

    fn below_top(&self, path: &Path) -> PathBuf {
        let here = std::env::current_dir().unwrap_or_default();
        let absolute = normal(&here.join(path));
        let below = absolute.strip_prefix(&self.top).map(Path::to_owned);
        match below {
            Ok(below) if below.as_os_str().is_empty() => PathBuf::from("."),
            Ok(below) => below,
            Err(_) => path.to_owned(),
        }
    }

    /// The contents of blobs, by one git process.
    fn contents(&self, entries: Vec<(String, PathBuf)>) -> Result<Vec<TrackedFile>, CliError> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let mut child = Command::new("git")
            .args(["cat-file", "--batch"])
            .current_dir(&self.top)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(not_started)?;
        let requests: String = entries.iter().map(|(id, _)| format!("{id}\n")).collect();
        let mut stdin = child.stdin.take();
        // A thread of its own: git answers while it is still being asked, and both pipes are finite.
        let writer = std::thread::spawn(move || {
            if let Some(stdin) = &mut stdin {
                let _ = stdin.write_all(requests.as_bytes());
            }
        });
        let mut answers = Vec::new();
        if let Some(mut stdout) = child.stdout.take() {
            stdout.read_to_end(&mut answers).map_err(not_started)?;
        }
        let _ = writer.join();
        let _ = child.wait();
        let mut rest = answers.as_slice();
        let mut files = Vec::with_capacity(entries.len());
        for (_, path) in entries {
            let bytes = blob(&mut rest)
                .ok_or_else(|| failed(b"an object is missing; is this a partial clone?"))?;
            files.push(TrackedFile {
                path: self.as_typed(&path),
                bytes,
            });
        }
        Ok(files)
    }

    /// A path of the repository as a user in the current directory would type it.
    fn as_typed(&self, path: &Path) -> PathBuf {
        let absolute = self.top.join(path);
        let here = std::env::current_dir().unwrap_or_default();
        absolute
            .strip_prefix(&here)
            .map_or_else(|_| absolute.clone(), Path::to_owned)
    }
}

/// `mode type id\tpath` of ls-tree, `mode id stage\tpath` of ls-files; files that can hold documents only.
fn entry(line: &[u8]) -> Option<(String, PathBuf)> {
    let line = String::from_utf8_lossy(line);
    let (head, path) = line.split_once('\t')?;
    let words: Vec<&str> = head.split(' ').collect();
    let id = words.iter().find(|word| word.len() >= 40)?;
    let regular = words.first().is_some_and(|mode| mode.starts_with("100"));
    let path = PathBuf::from(path);
    (regular && holds_documents(&path)).then(|| ((*id).to_owned(), path))
}

/// Whether a file can hold documents, as walking a directory decides it: by its extension, and nothing hidden.
fn holds_documents(path: &Path) -> bool {
    let hidden = path.components().any(|part| {
        let name = part.as_os_str().to_string_lossy();
        name.starts_with('.')
    });
    !hidden && crate::source::has_extension(path)
}

/// One answer of `cat-file --batch`: `id type size\n`, the bytes, a line break.
fn blob(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let head = String::from_utf8_lossy(rest.get(..end)?).into_owned();
    let size: usize = head.rsplit(' ').next()?.parse().ok()?;
    let start = end + 1;
    let bytes = rest.get(start..start.checked_add(size)?)?.to_vec();
    *rest = rest.get(start + size + 1..)?;
    Some(bytes)
}

/// A path without `.` and `..`, by its text.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

fn git(
    directory: &Path,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> Result<std::process::Output, CliError> {
    Command::new("git")
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::null())
        .output()
        .map_err(not_started)
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn not_started(error: io::Error) -> CliError {
    CliError::input(format!("git cannot be run: {error}"))
        .with_help("install git, or compare two paths: `aimctl diff OLD NEW`")
}

fn failed(message: &[u8]) -> CliError {
    CliError::input(format!("git: {}", String::from_utf8_lossy(message).trim()))
}

fn shown(path: &Path) -> String {
    if path.as_os_str().is_empty() || path == Path::new(".") {
        "this directory".to_owned()
    } else {
        path.display().to_string()
    }
}
