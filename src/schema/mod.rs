//! JSON Schemas from the shapes; checking a document; defaults and pruning.

pub mod cel;
mod generate;
pub mod pattern;
pub mod publish;
mod registry;
pub mod structural;
pub mod transition;
mod violations;

pub use registry::of;
pub use structural::Schema;
