//! AIM Engine (v1alpha1, line 0.2.1): from an AIMService to its InferenceService, route and caches.

#[allow(dead_code, reason = "used as the controllers land")]
mod child;
mod go_view;
#[allow(dead_code, reason = "used as the controllers land")]
mod health;
pub mod names;
pub mod path_template;
#[allow(dead_code, reason = "used as the controllers land")]
mod runtime_config;
