//! The field's small arithmetic, exactly as the references do it.

pub mod duration;
pub mod names;
pub mod quantity;
pub mod unknown;
