//! Bytes to documents, as kubectl reads them; places (line, column) on demand.
//!
//! [`discover`] finds files, [`FileContent::read`] turns one file's bytes into documents and findings, [`Sources`] puts
//! them in order, [`Places`] answers where a field stands, [`Sources::suppressions`] which findings are kept back.
//!
//! The first pass over a document keeps its value and nothing else. Places and comments come from a second walk over
//! the same text, made only for documents that somebody asks about.

mod base64;
mod decode;
mod discover;
mod document;
mod error;
mod json;
mod kustomize;
mod layout;
mod line;
mod places;
mod read;
mod relevant;
mod scalar;
mod stream;
mod suppress;
mod tabs;
mod yaml;

pub use discover::{Found, discover, has_extension, reason};
pub use document::{Document, DocumentId, FileId, SourceFile, Sources, TextRange};
pub use kustomize::{KUSTOMIZATIONS, patches};
pub use line::{LineIndex, line_column};
pub use places::Places;
pub use read::{FileContent, whole};
pub use relevant::Relevance;
pub use stream::{Concerns, WORTH_THREADS};
pub use suppress::Suppression;
