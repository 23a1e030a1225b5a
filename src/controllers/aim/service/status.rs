//! The status of a service (AIM Engine 0.2.1, spec 2.16).

use super::super::health::{Conditions, Verdict, judge};
use super::super::view::Scope;
use super::observe::Observation;
use super::{cache, components};
use crate::api::aim::{
    AimServiceStatus, ObjectStatus, ResolvedReference, RuntimeStatus, ServiceCacheStatus,
    ServiceRoutingStatus, ServiceStatus,
};
use crate::inventory::{Kind, ObjectKey};

/// Judges a service: its new status as far as no write is concerned, and whether the pass may write.
pub(super) fn judged(observation: &Observation<'_>) -> (AimServiceStatus, Verdict) {
    let mut status = observation.status().cloned().unwrap_or_default();
    let mut conditions = Conditions(std::mem::take(&mut status.conditions));
    let verdict = judge(&mut conditions, &components::of(observation), |_| ());
    status.conditions = conditions.0;
    status.status = overall(verdict.status).or(status.status);
    resolve(observation, &mut status);
    (status, verdict)
}

/// The service's own words for it; NotAvailable is none of them, so that such a status is never written.
pub(super) fn overall(state: ObjectStatus) -> Option<ServiceStatus> {
    Some(match state {
        ObjectStatus::Pending => ServiceStatus::Pending,
        ObjectStatus::Progressing => ServiceStatus::Starting,
        ObjectStatus::Ready => ServiceStatus::Running,
        ObjectStatus::Degraded => ServiceStatus::Degraded,
        ObjectStatus::Failed => ServiceStatus::Failed,
        ObjectStatus::NotAvailable => return None,
    })
}

/// Remembers what is ready; nothing that was remembered is ever taken back.
fn resolve(observation: &Observation<'_>, status: &mut AimServiceStatus) {
    let reference = |scope: Option<Scope>, key: &ObjectKey, namespaced: bool| ResolvedReference {
        name: Some(key.name.clone()),
        namespace: (namespaced && !key.namespace.is_empty()).then(|| key.namespace.clone()),
        scope: scope.map(Scope::resolution),
        kind: None,
        uid: Some(observation.world.uid(key).display().to_owned()),
    };
    if let Some(model) = observation
        .found_model()
        .filter(|model| model.state() == Some(ObjectStatus::Ready))
    {
        status.resolved_model = Some(reference(Some(model.scope), &model.key(), false));
    }
    if let Some(template) = observation
        .found_template()
        .filter(|template| template.is_ready())
    {
        status.resolved_template = Some(reference(Some(template.scope), &template.key(), true));
    }
    if let Some(cache) = observation.cache.filter(|cache| cache::is_ready(cache)) {
        let name = cache.metadata.name.as_deref().unwrap_or_default();
        let key = ObjectKey::new(Kind::AimTemplateCache, observation.namespace(), name);
        status.cache = Some(ServiceCacheStatus {
            template_cache_ref: Some(reference(None, &key, true)),
            retry_attempts: None,
        });
    }
    if super::route::is_enabled(observation) && observation.route.is_some() {
        status.routing = Some(ServiceRoutingStatus { path: None });
    }
    status.runtime = Some(runtime(observation));
}

/// Replica counts: the autoscaler's when there is one, else the wanted ones.
fn runtime(observation: &Observation<'_>) -> RuntimeStatus {
    let (min, max, current, desired) = match observation.hpa {
        Some(hpa) => {
            let spec = hpa.spec.as_ref();
            let status = hpa.status.as_ref();
            (
                spec.and_then(|spec| spec.min_replicas).unwrap_or_default(),
                spec.map_or(0, |spec| spec.max_replicas),
                status
                    .and_then(|status| status.current_replicas)
                    .unwrap_or_default(),
                status.map_or(0, |status| status.desired_replicas),
            )
        }
        None => {
            let spec = observation.spec;
            let replicas = spec.min_replicas.or(spec.replicas).unwrap_or(1);
            (replicas, replicas, replicas, replicas)
        }
    };
    let number = |number: i32| (number != 0).then_some(number);
    RuntimeStatus {
        current_replicas: number(current),
        desired_replicas: number(desired),
        min_replicas: number(min),
        max_replicas: number(max),
        replicas: Some(if min == max {
            current.to_string()
        } else {
            format!("{current}/{desired} ({min}-{max})")
        }),
    }
}
