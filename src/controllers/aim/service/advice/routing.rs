//! The route: no gateway, no path, or one that stays (M110, M111, M135).

use super::super::observe::Observation;
use super::super::route;
use super::configs;
use crate::api::aim::Routing;
use crate::diag::{FieldPath, Finding, Place};
use crate::inventory::{Kind, ObjectKey};
use crate::rules;

/// Where a routing setting was written: in the service, else in the runtime config that gives it.
fn place<T>(seen: &Observation<'_>, name: &str, setting: impl Fn(&Routing) -> Option<T>) -> Place {
    let path = FieldPath::parse("spec.routing").key(name);
    let own = seen.spec.routing.as_ref().and_then(&setting);
    let object = match own {
        Some(_) => None,
        None => configs(seen)
            .find(|(_, spec)| spec.routing.as_ref().and_then(&setting).is_some())
            .map(|(key, _)| key),
    };
    Place::field(object.unwrap_or_else(|| seen.key.clone()), path)
}

pub(super) fn gateway_missing(seen: &Observation<'_>) -> Option<Finding> {
    if !route::is_enabled(seen) || route::gateway(seen).is_some() {
        return None;
    }
    let place = place(seen, "enabled", |routing| routing.enabled);
    let mut finding = Finding::new(
        &rules::M110,
        place.clone(),
        "routing is enabled, and neither the service nor its runtime config names a gateway",
    )
    .refusal("Routing is enabled but no gatewayRef is configured in service or runtime config")
    .consequence(
        "nothing at all is applied, not even the InferenceService, and the service is Failed (GatewayNotConfigured)",
    )
    .help("set spec.routing.gatewayRef to the name and namespace of a Gateway, or spec.routing.enabled to false");
    if place.object.as_ref() != Some(&seen.key) {
        let service = Place::field(seen.key.clone(), FieldPath::parse("spec"));
        finding = finding.related(service, "this service takes it from there");
    }
    Some(finding)
}

pub(super) fn path_lost(seen: &Observation<'_>) -> Option<Finding> {
    let template = route::template(seen).filter(|template| !template.is_empty())?;
    if !route::is_enabled(seen) || route::gateway(seen).is_none() {
        return None;
    }
    let place = place(seen, "pathTemplate", |routing| {
        routing.path_template.clone()
    });
    match route::path(seen) {
        Err(error) => Some(
            Finding::new(
                &rules::M111,
                place,
                format!("the path template `{template}` gives no path"),
            )
            .refusal(error.to_string())
            .consequence(format!(
                "the route is /{}/<UID of the service> instead, and nothing in the status says so",
                seen.namespace()
            ))
            .help("use fields that the service has, such as {.metadata.name}, or write the path out"),
        ),
        Ok(path) if path == "/" && !template.trim().trim_matches('/').is_empty() => Some(
            Finding::new(
                &rules::M111,
                place,
                format!("nothing is left of the path template `{template}`"),
            )
            .consequence("the route is /, so it takes every path of the gateway")
            .help("use letters, digits and dashes: everything else becomes a dash, and dashes at the ends go"),
        ),
        Ok(_) => None,
    }
}

/// Switching routing off deletes nothing (AIM Engine 0.2.1, spec 2.17).
pub(super) fn route_stays(seen: &Observation<'_>) -> Option<Finding> {
    if route::is_enabled(seen) {
        return None;
    }
    let name = seen.route?.metadata.name.as_deref()?;
    let key = ObjectKey::new(Kind::HttpRoute, seen.namespace(), name);
    Some(
        Finding::new(
            &rules::M135,
            place(seen, "enabled", |routing| routing.enabled),
            format!("routing is off, and the HTTPRoute {name} stays and serves"),
        )
        .consequence("requests still reach the service on the old path")
        .help(format!(
            "kubectl delete httproute {name} -n {}",
            seen.namespace()
        ))
        .related(Place::field(key, FieldPath::root()), "the route"),
    )
}
