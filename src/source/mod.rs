//! Bytes to documents, as kubectl reads them; places (line, column) on demand.

mod document;
mod line;

pub use document::{Document, DocumentId, FileId, SourceFile, Sources, TextRange};
pub use line::{LineIndex, line_column};
