//! What the tool knows, offline: the pages of the rules, and the documentation of fields.

mod field;
mod page;

pub use field::{NoSuchField, field, fields_below};
pub use page::{json, page, section, table};
