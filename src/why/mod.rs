//! Why something is as it is: the decisions behind a service, and where a field of a rendered object came from
//! (spec 8.6).

mod decisions;
mod field;
mod target;

pub use decisions::decisions;
pub use field::{Trail, TrailStep, trail};
pub use target::{Target, TargetError, target};
