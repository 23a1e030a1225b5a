//! AIM Engine (v1alpha1, line 0.2.1): from an AIMService to its InferenceService, route and caches.

mod go_view;
#[allow(dead_code, reason = "used as the controllers land")]
mod child;
#[allow(dead_code, reason = "used as the controllers land")]
mod health;
pub mod path_template;
pub mod names;
#[allow(dead_code, reason = "used as the controllers land")]
mod runtime_config;
