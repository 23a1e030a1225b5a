//! Why something is as it is: the decisions behind a service, and where a field of a rendered object came from
//! (spec 8.6).

mod decisions;
mod field;
mod target;
mod text;

pub use decisions::{Shared, decisions};
pub use field::{FieldValue, Trail, TrailStep, parts, trail};
pub use target::{Target, TargetError, is_field, target};
pub use text::Text;
