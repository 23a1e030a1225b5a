//! Health of a service's components, in the order in which AIM Engine lists them (AIM Engine 0.2.1, spec 2.16).

mod downstream;
mod scaling;
mod upstream;

use super::super::health::{Health, Side};
use super::observe::Observation;
use crate::api::aim::ObjectStatus;

/// Every component of a service.
pub(super) fn of(observation: &Observation<'_>) -> Vec<Health> {
    let config = &observation.config;
    let mut components = vec![
        upstream::model(observation),
        upstream::template(observation),
    ];
    // Only a config that was found, or is missing, is worth a word.
    if config.is_missing() {
        components.push(config.health(Side::Upstream));
    } else if config.spec.is_some() {
        components.push(Health::new(
            "RuntimeConfig",
            Side::Upstream,
            ObjectStatus::Ready,
            "RuntimeConfigResolved",
            "",
        ));
    }
    components.push(downstream::inference_service(observation));
    if observation.isvc.is_some() {
        components.push(downstream::pods(observation));
    }
    components.push(downstream::cache(observation));
    components.extend(downstream::http_route(observation));
    components.extend(scaling::autoscaler(observation));
    components
}
