//! What was read: files, and the documents in them.

use std::ops::Range;

use serde_json::Value;

use crate::diag::{FieldPath, Finding};

/// Which file of the run: its index in the list of all files read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub usize);

/// Which document of the run: its index in the list of all documents read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId(pub usize);

/// Bytes of a file's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextRange {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// A file as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its path as the user would type it, or the name given to standard input.
    pub name: String,
    /// Its text: UTF-8 without byte order mark, invalid bytes replaced by U+FFFD. Empty when it cannot be read.
    pub text: String,
    /// Its documents are facts only (`--facts`).
    pub facts: bool,
}

/// One object as kubectl would send it: a document, or an item of a List.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its index in [`Sources::documents`].
    pub id: DocumentId,
    /// The file it stands in.
    pub file: FileId,
    /// The bytes of the YAML or JSON document it stands in.
    pub range: Range<usize>,
    /// Which document of the file that is, from 0; empty ones count.
    pub index: usize,
    /// The way from that document's root to the object: empty, or `items[2]` of a List. Paths of findings on this
    /// document do not hold it.
    pub prefix: FieldPath,
    /// The value.
    pub value: Value,
}

/// Everything that was read.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The files, in order.
    pub files: Vec<SourceFile>,
    /// The documents, in the order of the files.
    pub documents: Vec<Document>,
    /// How many files were passed over unread, since nothing in them concerns us.
    pub passed_over: usize,
    /// What is to be said about the text itself (the rules `Y…`).
    pub findings: Vec<Finding>,
}

impl Sources {
    /// The document of that id.
    #[must_use]
    pub fn document(&self, id: DocumentId) -> Option<&Document> {
        self.documents.get(id.0)
    }

    /// The file of that id.
    #[must_use]
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0)
    }
}
