//! The field's small arithmetic, exactly as the references do it.

pub mod duration;
pub mod env;
pub mod glob;
pub mod go_json;
pub mod go_printf;
pub mod go_template;
pub mod go_yaml;
pub mod gpu_model;
pub mod image;
pub mod jsonpath;
pub mod merge_keys;
pub mod names;
pub mod quantity;
pub mod size;
pub mod unknown;
