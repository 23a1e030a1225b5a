//! The texts that an editor has open, and the files around them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use lsp_types::{InitializeParams, Uri};

use crate::cli::CliError;
use crate::cli::kustomize::Patches;
use crate::cli::options::ClusterOptions;
use crate::cli::pipeline::{self, Input, Run};
use crate::lsp::{path_of, uri_of};
use crate::source::{self, FileContent, Found, Sources};

/// What the editor has open, and what is known of the cluster.
#[derive(Debug)]
pub(super) struct Workspace {
    open: BTreeMap<Uri, String>,
    folders: Vec<PathBuf>,
    cluster: ClusterOptions,
}

impl Workspace {
    /// The folders that the editor names; no file is open yet.
    pub(super) fn new(params: &InitializeParams, mut cluster: ClusterOptions) -> Self {
        // A file without services is no mistake in an editor.
        cluster.allow_empty = true;
        #[expect(deprecated, reason = "older editors say the root only so")]
        let root = params.root_uri.as_ref();
        let named = params.workspace_folders.iter().flatten();
        let mut folders: Vec<PathBuf> = named.filter_map(|folder| path_of(&folder.uri)).collect();
        if folders.is_empty() {
            folders.extend(root.and_then(path_of));
        }
        Self {
            open: BTreeMap::new(),
            folders,
            cluster,
        }
    }

    /// A text as it is now; `None`: closed.
    pub(super) fn set(&mut self, uri: &Uri, text: Option<String>) {
        match text {
            Some(text) => self.open.insert(uri.clone(), text),
            None => self.open.remove(uri),
        };
    }

    /// The text of an open file.
    pub(super) fn text(&self, uri: &Uri) -> Option<&str> {
        self.open.get(uri).map(String::as_str)
    }

    /// All open files.
    pub(super) fn open(&self) -> Vec<Uri> {
        self.open.keys().cloned().collect()
    }

    /// The namespace of documents that name none.
    pub(super) fn namespace(&self) -> &str {
        &self.cluster.namespace
    }

    /// What a file leads to: it alone is applied; the files beside it and those of `--facts` are facts.
    pub(super) fn run(&self, uri: &Uri) -> Result<Run, CliError> {
        let mut files = Vec::new();
        let path = path_of(uri);
        let beside = path.as_deref().and_then(Path::parent);
        let mut patches = Patches::default();
        let is_patch = path.as_deref().is_some_and(|path| patches.contain(path));
        for found in beside.into_iter().flat_map(around) {
            if Some(&found) != path.as_ref() && !patches.contain(&found) {
                files.extend(self.read(&found, true));
            }
        }
        for found in source::discover(&self.cluster.facts_paths) {
            if let Found::File { path, .. } = found {
                files.extend(self.read(&path, true));
            }
        }
        let text = self.text(uri).unwrap_or_default();
        let bytes = text.as_bytes().to_vec();
        // A patch of a kustomization is no whole document: there is nothing to check it against.
        files.push(FileContent::read(name(uri), bytes, false, &|_| !is_patch));
        let input = Input::new(Sources::new(files), &self.cluster, None);
        Run::new(input, &self.cluster, None)
    }

    /// All documents of the workspace that may concern us, open ones as they are in the editor.
    pub(super) fn everything(&self) -> Sources {
        let mut paths: Vec<PathBuf> = Vec::new();
        for found in source::discover(&self.folders) {
            if let Found::File { path, .. } = found {
                paths.push(path);
            }
        }
        let unsaved = self
            .open
            .iter()
            .filter(|(uri, _)| path_of(uri).is_none_or(|path| !paths.contains(&path)));
        let unsaved = unsaved.map(|(uri, text)| {
            FileContent::read(name(uri), text.as_bytes().to_vec(), false, &|_| true)
        });
        let unsaved: Vec<FileContent> = unsaved.collect();
        Sources::new(
            paths
                .iter()
                .filter_map(|path| self.read(path, true))
                .chain(unsaved),
        )
    }

    fn read(&self, path: &Path, facts: bool) -> Option<FileContent> {
        let uri = uri_of(path)?;
        let bytes = match self.text(&uri) {
            Some(text) => text.as_bytes().to_vec(),
            None => fs::read(path).ok()?,
        };
        let relevance = pipeline::relevance();
        Some(FileContent::read(
            name(&uri),
            bytes,
            facts,
            &|text: &str| relevance.concerns(text),
        ))
    }
}

/// What a file is called in a run: its address, which is unique and can be told back.
pub(super) fn name(uri: &Uri) -> String {
    uri.as_str().to_owned()
}

/// The YAML and JSON files of a folder, not of those below.
fn around(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| source::has_extension(path) && path.is_file())
        .collect();
    files.sort();
    files
}
