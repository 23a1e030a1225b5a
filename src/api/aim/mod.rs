//! AIM Engine, `aim.eai.amd.com/v1alpha1` (line 0.2.1): its ten kinds.

mod artifact;
mod cache;
pub mod cel;
mod common;
pub(crate) mod markers;
mod model;
mod model_source;
mod runtime_config;
mod service;
mod template;

pub use artifact::*;
pub use cache::*;
pub use common::*;
pub use model::*;
pub use model_source::*;
pub use runtime_config::*;
pub use service::*;
pub use template::*;

/// API group of AIM Engine; also the prefix of its labels and annotations.
pub const GROUP: &str = "aim.eai.amd.com";
