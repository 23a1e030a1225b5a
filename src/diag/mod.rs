//! A finding: what is wrong, where, who says so, and what to type next.

mod finding;
mod path;

pub use finding::{
    Finding, Fix, Level, Moment, Place, Refusal, RefusalCause, Refuser, Related, Target,
};
pub use path::{FieldPath, Segment};
