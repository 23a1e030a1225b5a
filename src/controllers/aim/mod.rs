//! AIM Engine (v1alpha1, line 0.2.1): from an AIMService to its InferenceService, route and caches.

#[allow(dead_code, reason = "used as the controllers land")]
mod child;
#[allow(dead_code, reason = "used as the controllers land")]
mod go_form;
mod go_view;
#[allow(dead_code, reason = "used as the controllers land")]
mod health;
#[allow(dead_code, reason = "used as the controllers land")]
mod model;
pub mod names;
pub mod path_template;
#[allow(dead_code, reason = "used as the controllers land")]
mod runtime_config;
#[allow(dead_code, reason = "used as the controllers land")]
mod select;
#[allow(dead_code, reason = "used as the controllers land")]
mod view;
