//! The HTTPRoute of a service (AIM Engine 0.2.1, spec 2.13).

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::super::child::aim_label;
use super::super::names;
use super::super::path_template::{self, PathTemplateError};
use super::observe::Observation;
use crate::api::aim::{GatewayReference, Routing};
use crate::api::gateway::{
    HttpBackendRef, HttpPathMatch, HttpPathModifier, HttpRoute, HttpRouteFilter, HttpRouteMatch,
    HttpRouteRule, HttpRouteSpec, HttpRouteTimeouts, HttpUrlRewrite, ParentReference,
};
use crate::inventory::Object;
use crate::kube::duration::GoDuration;
use crate::kube::names::label;

/// Whether the service is to have a route: as it says itself, else as the runtime config says.
pub(super) fn is_enabled(observation: &Observation<'_>) -> bool {
    pick(observation, |routing| routing.enabled) == Some(true)
}

/// The gateway: the service's as a whole, else the runtime config's.
pub(super) fn gateway<'o>(observation: &'o Observation<'_>) -> Option<&'o GatewayReference> {
    pick(observation, |routing| routing.gateway_ref.as_ref())
}

/// The path template: the service's, an empty one included, else the runtime config's.
pub(super) fn template<'o>(observation: &'o Observation<'_>) -> Option<&'o str> {
    pick(observation, |routing| routing.path_template.as_deref())
}

/// The timeout as it was written: the service's, else the runtime config's.
pub(super) fn timeout<'o>(observation: &'o Observation<'_>) -> Option<&'o str> {
    pick(observation, |routing| routing.request_timeout.as_deref())
}

/// A routing setting of the service, else of its runtime config.
fn pick<'o, T>(
    observation: &'o Observation<'_>,
    setting: impl Fn(&'o Routing) -> Option<T>,
) -> Option<T> {
    let own = observation.spec.routing.as_ref();
    let config = observation.config.spec.as_ref();
    own.and_then(&setting)
        .or_else(|| config?.routing.as_ref().and_then(&setting))
}

/// What the path template gives.
pub(super) fn path(observation: &Observation<'_>) -> Result<String, PathTemplateError> {
    let template = template(observation).unwrap_or_default();
    path_template::render(template, observation.service, &observation.uid)
}

/// The route, when it is enabled and has a gateway. A path template that fails gives the default path.
pub(super) fn build(observation: &Observation<'_>) -> Option<Object> {
    if !is_enabled(observation) {
        return None;
    }
    let gateway = gateway(observation)?;
    let path = path(observation)
        .unwrap_or_else(|_| path_template::default_path(observation.service, &observation.uid));
    let timeout = timeout(observation).and_then(|text| GoDuration::parse(text).ok());
    let rule = HttpRouteRule {
        matches: vec![HttpRouteMatch {
            path: Some(HttpPathMatch {
                type_: Some("PathPrefix".to_owned()),
                value: Some(path),
            }),
            ..HttpRouteMatch::default()
        }],
        filters: vec![HttpRouteFilter {
            type_: "URLRewrite".to_owned(),
            url_rewrite: Some(HttpUrlRewrite {
                path: Some(HttpPathModifier {
                    type_: "ReplacePrefixMatch".to_owned(),
                    replace_prefix_match: Some("/".to_owned()),
                    replace_full_path: None,
                }),
                ..HttpUrlRewrite::default()
            }),
            ..HttpRouteFilter::default()
        }],
        backend_refs: vec![HttpBackendRef {
            kind: Some("Service".to_owned()),
            name: format!(
                "{}-predictor",
                observation.isvc_name.clone().unwrap_or_default()
            ),
            namespace: Some(observation.namespace().to_owned()),
            port: Some(80),
            ..HttpBackendRef::default()
        }],
        timeouts: timeout.map(|timeout| HttpRouteTimeouts {
            request: Some(timeout.to_string()),
            backend_request: None,
        }),
        ..HttpRouteRule::default()
    };
    Some(Object::HttpRoute(HttpRoute {
        metadata: metadata(observation),
        spec: Some(HttpRouteSpec {
            parent_refs: vec![parent(gateway)],
            rules: vec![rule],
            ..HttpRouteSpec::default()
        }),
        status: None,
    }))
}

fn metadata(observation: &Observation<'_>) -> ObjectMeta {
    let service = label(observation.name()).unwrap_or_default();
    let labels = BTreeMap::from([
        (
            "app.kubernetes.io/component".to_owned(),
            "routing".to_owned(),
        ),
        (
            "app.kubernetes.io/managed-by".to_owned(),
            "aim-engine".to_owned(),
        ),
        (aim_label("service"), service),
    ]);
    let config = observation.config.spec.as_ref();
    let annotations = config
        .and_then(|config| config.routing.as_ref())
        .map(|routing| routing.annotations.clone())
        .filter(|annotations| !annotations.is_empty());
    ObjectMeta {
        name: Some(names::http_route(
            observation.name(),
            observation.namespace(),
        )),
        namespace: Some(observation.namespace().to_owned()),
        labels: Some(labels),
        annotations,
        ..ObjectMeta::default()
    }
}

fn parent(gateway: &GatewayReference) -> ParentReference {
    ParentReference {
        group: gateway.group.clone(),
        kind: gateway.kind.clone(),
        namespace: gateway.namespace.clone(),
        name: gateway.name.clone(),
        section_name: gateway.section_name.clone(),
        port: gateway.port,
    }
}
