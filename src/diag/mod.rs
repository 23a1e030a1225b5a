//! A finding: what is wrong, where, who says so, and what to type next.

pub mod field;
mod finding;
pub mod fix;
pub mod levels;
mod nearest;
mod path;
pub mod render;
mod report;
pub mod secret;
pub mod suppress;

pub use field::{FieldError, Reason};
pub use finding::{
    Advice, Finding, Fix, Level, Moment, Place, Refusal, RefusalCause, Refuser, Related, Target,
};
pub use nearest::{nearest, only_nearest};
pub use path::{FieldPath, Segment};
pub use report::{Located, Locator, Position, Report, Site, Summary};
