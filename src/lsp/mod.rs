//! What an editor asks about a text: findings, hover, completion, fixes, where an object is defined.
//!
//! Everything here is a pure function of texts; the server that talks to the editor and reads the files around is
//! `cli::commands::lsp`. Findings come from a run, as `validate` has it. All the rest must work in a text that is just
//! being typed and cannot be read yet, so it looks at lines and indentation ([`Cursor`]).

mod actions;
mod block;
mod completion;
mod cursor;
mod definition;
mod diagnostics;
mod fields;
mod hover;
mod position;
mod uri;

pub use actions::actions;
pub use completion::completions;
pub use cursor::{Cursor, Spot};
pub use definition::{definition, names};
pub use diagnostics::{diagnostics, file_of};
pub use hover::hover;
pub use position::{offset, position, range};
pub use uri::{path_of, uri_of};
