//! Bytes to documents, as kubectl reads them; places (line, column) on demand.

/// Which document of the run: its index in the list of all documents read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId(pub usize);
