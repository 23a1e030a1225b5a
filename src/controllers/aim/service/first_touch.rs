//! The operator's first write to a service: its finalizer, and with it the whole object as its Go types print it
//! (AIM Engine 0.2.1, spec 2.17).

use super::super::go_form;
use super::super::go_view::FINALIZER;
use crate::api::aim::{AimService, AimServiceSpec, CustomModel, Routing};
use crate::kube::duration::GoDuration;

/// The service as the operator writes it back; `None` when it has done so already.
pub(super) fn of(service: &AimService) -> Option<AimService> {
    let finalizers = service.metadata.finalizers.as_deref().unwrap_or_default();
    if finalizers.iter().any(|finalizer| finalizer == FINALIZER) {
        return None;
    }
    let mut touched = service.clone();
    touched
        .metadata
        .finalizers
        .get_or_insert_default()
        .push(FINALIZER.to_owned());
    touched.spec = Some(rewritten(service.spec.clone().unwrap_or_default()));
    Some(touched)
}

/// Quantities and durations become canonical, empty texts go, `template` is always there.
fn rewritten(mut spec: AimServiceSpec) -> AimServiceSpec {
    spec.template.get_or_insert_default();
    spec.env = go_form::env(&spec.env);
    spec.resources = spec.resources.as_ref().map(go_form::resources);
    spec.runtime_config_name = go_form::text(&spec.runtime_config_name);
    spec.service_account_name = go_form::text(&spec.service_account_name);
    spec.routing = spec.routing.map(|routing| Routing {
        request_timeout: routing
            .request_timeout
            .map(|text| GoDuration::parse(&text).map_or(text, |duration| duration.to_string())),
        ..routing
    });
    spec.model.custom = spec.model.custom.map(|custom| CustomModel {
        model_sources: go_form::sources(&custom.model_sources),
        hardware: go_form::hardware(&custom.hardware),
        ..custom
    });
    if let Some(overrides) = &mut spec.overrides {
        overrides.hardware = overrides.hardware.as_ref().map(go_form::hardware);
    }
    spec
}
