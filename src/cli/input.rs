//! Reads what was named on the command line.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::context::Context;
use super::options::Inputs;
use crate::source::{self, FileContent, Found, Relevance, Sources, WORTH_THREADS};

/// So many files are read by several threads.
const MANY_FILES: usize = 16;

impl Context {
    /// Reads the input and the facts (documents that are facts only).
    ///
    /// Files that were named are read whole; of those found in directories only the documents that may concern us.
    /// What cannot be read becomes a finding.
    #[must_use]
    pub fn read(
        &self,
        inputs: &Inputs,
        facts: &[std::path::PathBuf],
        relevance: &Relevance,
    ) -> Sources {
        let mut found: Vec<(Found, bool)> = source::discover(&inputs.paths)
            .into_iter()
            .map(|found| (found, false))
            .collect();
        found.extend(
            source::discover(facts)
                .into_iter()
                .map(|found| (found, true)),
        );
        let read =
            |(found, facts): (Found, bool)| content(found, facts, &inputs.stdin_name, relevance);
        let large = || {
            found.iter().any(|(found, _)| match found {
                Found::File { path, .. } => is_large(path),
                Found::Stdin => true,
                Found::Problem { .. } => false,
            })
        };
        if self.options.threads > 1 && (found.len() >= MANY_FILES || large()) {
            self.start_threads();
        }
        if found.len() < MANY_FILES {
            Sources::new(found.into_iter().map(read))
        } else {
            self.start_threads();
            let contents: Vec<FileContent> = found.into_par_iter().map(read).collect();
            Sources::new(contents)
        }
    }

    /// Reads files whose bytes are there already, and the facts from their paths.
    #[must_use]
    pub fn read_given(
        &self,
        files: Vec<(std::path::PathBuf, Vec<u8>)>,
        facts: &[std::path::PathBuf],
        relevance: &Relevance,
    ) -> Sources {
        let given = files.into_iter().map(|(path, bytes)| {
            let name = path.display().to_string();
            FileContent::read(name, bytes, false, &|text: &str| relevance.concerns(text))
        });
        let facts = source::discover(facts)
            .into_iter()
            .map(|found| content(found, true, "", relevance));
        Sources::new(given.chain(facts))
    }
}

fn is_large(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.len() >= WORTH_THREADS as u64)
}

fn content(found: Found, facts: bool, stdin_name: &str, relevance: &Relevance) -> FileContent {
    match found {
        Found::Stdin => {
            let mut bytes = Vec::new();
            match io::stdin().lock().read_to_end(&mut bytes) {
                Ok(_) => FileContent::read(stdin_name.to_owned(), bytes, facts, &|_: &str| true),
                Err(error) => {
                    FileContent::unreadable(stdin_name.to_owned(), facts, &error.to_string(), None)
                }
            }
        }
        Found::File { path, named } => {
            let name = path.display().to_string();
            match fs::read(&path) {
                Ok(bytes) if named => FileContent::read(name, bytes, facts, &|_: &str| true),
                Ok(bytes) => {
                    FileContent::read(name, bytes, facts, &|text: &str| relevance.concerns(text))
                }
                Err(error) => FileContent::unreadable(name, facts, &source::reason(&error), None),
            }
        }
        Found::Problem { path, why, help } => {
            FileContent::unreadable(path.display().to_string(), facts, &why, help.as_deref())
        }
    }
}
