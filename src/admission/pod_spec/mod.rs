//! Pod specifications inside templates: what the API server fills in and what it refuses (Kubernetes 1.34.4).

mod containers;
mod defaults;
mod env;
mod resources;
mod validate;
mod volumes;

pub use defaults::{as_go_writes, defaults, probe_defaults};
pub use validate::{template, validate};
