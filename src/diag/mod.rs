//! A finding: what is wrong, where, who says so, and what to type next.

pub mod field;
mod finding;
mod nearest;
mod path;

pub use field::{FieldError, Reason};
pub use finding::{
    Advice, Finding, Fix, Level, Moment, Place, Refusal, RefusalCause, Refuser, Related, Target,
};
pub use nearest::nearest;
pub use path::{FieldPath, Segment};
