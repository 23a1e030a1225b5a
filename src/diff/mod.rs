//! What a change does in the cluster: two plans compared object by object, field by field (spec 8.5).

mod build;
mod compare;
mod effect;
mod lines;
mod narrow;
mod normal;
mod objects;
mod remarks;
mod report;
mod secrets;
pub mod view;

pub use compare::{Edit, FieldChange, Step, Steps, compare};
pub use effect::Effect;
pub use lines::unified_lines;
pub use narrow::narrow;
pub use normal::normal;
pub use objects::{Change, Comparison, ObjectChange, compare_plans};
pub use report::{FieldReport, Group, ObjectReport, Remark, Report, Side, Summary, report};
pub use secrets::covered;
