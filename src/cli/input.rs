//! Reads what was named on the command line.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::context::Context;
use super::kustomize::{self, Patches};
use super::options::Inputs;
use crate::source::{self, FileContent, Found, Relevance, Sources, WORTH_THREADS};

/// So many files are read by several threads.
const MANY_FILES: usize = 16;

/// So many documents may be planned by several threads.
const MANY_DOCUMENTS: usize = 64;

impl Context {
    /// Reads the input and the facts (documents that are facts only).
    ///
    /// Files that were named are read whole; of those found in directories only the documents that may concern us.
    /// What cannot be read becomes a finding.
    #[must_use]
    pub fn read(&self, inputs: &Inputs, facts: &[PathBuf], relevance: &Relevance) -> Sources {
        let mut found: Vec<(Found, bool)> = source::discover(&inputs.paths)
            .into_iter()
            .map(|found| (found, false))
            .collect();
        found.extend(
            source::discover(facts)
                .into_iter()
                .map(|found| (found, true)),
        );
        let patches = set_aside_patches(&mut found);
        if let Some(note) = kustomize::note(&patches) {
            self.note(&note);
        }
        let progress = self.progress("reading", found.len());
        let read = |(found, facts): (Found, bool)| {
            let content = self.content(found, facts, &inputs.stdin_name, relevance);
            progress.step();
            content
        };
        let sources = if found.len() < MANY_FILES {
            Sources::new(found.into_iter().map(read))
        } else {
            self.start_threads();
            let contents: Vec<FileContent> = found.into_par_iter().map(read).collect();
            Sources::new(contents)
        };
        if sources.documents.len() >= MANY_DOCUMENTS {
            self.start_threads();
        }
        self.detail(&format!(
            "read {} documents in {} files, {} of them passed over unread",
            sources.documents.len(),
            sources.files.len(),
            sources.passed_over
        ));
        sources
    }

    /// Reads files whose bytes are there already, and the facts from their paths. Patches of kustomizations among them are
    /// passed over.
    #[must_use]
    pub fn read_given(
        &self,
        mut files: Vec<(PathBuf, Vec<u8>)>,
        facts: &[PathBuf],
        relevance: &Relevance,
    ) -> Sources {
        let patches = given_patches(&files);
        files.retain(|(path, _)| !patches.contains(path));
        let given = files.into_iter().map(|(path, bytes)| {
            let name = path.display().to_string();
            FileContent::read(name, bytes, false, &|text: &str| relevance.concerns(text))
        });
        let facts = source::discover(facts)
            .into_iter()
            .map(|found| self.content(found, true, "", relevance));
        Sources::new(given.chain(facts))
    }

    /// What a path holds, or a finding that says why nothing.
    fn content(
        &self,
        found: Found,
        facts: bool,
        stdin_name: &str,
        relevance: &Relevance,
    ) -> FileContent {
        let (name, read, named) = match found {
            Found::Problem { path, why, help } => {
                let name = path.display().to_string();
                return FileContent::unreadable(name, facts, &why, help.as_deref());
            }
            Found::Stdin => {
                let mut bytes = Vec::new();
                let read = io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes);
                (stdin_name.to_owned(), read, true)
            }
            Found::File { path, named } => (path.display().to_string(), fs::read(&path), named),
        };
        match read {
            Ok(bytes) => {
                if bytes.len() >= WORTH_THREADS {
                    self.start_threads();
                }
                FileContent::read(name, bytes, facts, &|text: &str| {
                    named || relevance.concerns(text)
                })
            }
            Err(error) => FileContent::unreadable(name, facts, &source::reason(&error), None),
        }
    }
}

/// Takes patches of kustomizations out of what was found.
fn set_aside_patches(found: &mut Vec<(Found, bool)>) -> BTreeSet<PathBuf> {
    let mut patches = Patches::default();
    let mut aside = BTreeSet::new();
    found.retain(|(found, _)| match found {
        Found::File { path, .. } if patches.contain(path) => {
            aside.insert(path.clone());
            false
        }
        _ => true,
    });
    aside
}

/// Which files are patches of a kustomization among them.
pub(super) fn given_patches(files: &[(PathBuf, Vec<u8>)]) -> BTreeSet<PathBuf> {
    let named = Patches::among(
        files
            .iter()
            .map(|(path, bytes)| (path.as_path(), bytes.as_slice())),
    );
    let paths = files.iter().map(|(path, _)| path);
    paths
        .filter(|path| named.contains(*path))
        .cloned()
        .collect()
}
