//! The HTTPRoutes that stand in place of the Ingress with `enableGatewayApi` (KServe 0.16.0, `httproute_reconciler.go`;
//! spec 3.2): one for the predictor, one for the InferenceService.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::json;

use super::component::name_of;
use super::scaled_object::put_when_spec_differs;
use super::status::{self, Verdict};
use super::{SILENT, Write, failure, host, ingress, owned, service};
use crate::api::gateway::{
    HttpBackendRef, HttpPathMatch, HttpRoute, HttpRouteFilter, HttpRouteMatch, HttpRouteRule,
    HttpRouteSpec, HttpRouteTimeouts, ParentReference,
};
use crate::api::kserve::InferenceService;
use crate::diag::Refusal;
use crate::diag::field::go_quote;
use crate::inventory::kserve_config::{InferenceServiceSection, IngressSection};
use crate::inventory::{ObjectKey, World};
use crate::kube::go_template::{self, TemplateError, Value};
use crate::kube::unknown::KNOWN_AFTER_APPLY;
use crate::rules::K219;

/// Seconds that a request may take when the predictor says nothing.
const DEFAULT_TIMEOUT: i64 = 60;

/// The path of every request.
const ANY_PATH: &str = "^/.*$";

/// What KServe sends, in its order; nothing while the predictor is not ready.
pub(super) fn desired(
    isvc: &InferenceService,
    config: &IngressSection,
    metadata: &InferenceServiceSection,
    world: &World,
) -> Result<Vec<HttpRoute>, Box<Refusal>> {
    if !config.enable_gateway_api
        || ingress::is_unwanted(isvc, config)
        || !status::predictor(isvc, world).is_true()
    {
        return Ok(Vec::new());
    }
    let route = Route {
        isvc,
        config,
        metadata,
    };
    Ok(vec![route.of_predictor()?, route.of_service()?])
}

struct Route<'a> {
    isvc: &'a InferenceService,
    config: &'a IngressSection,
    metadata: &'a InferenceServiceSection,
}

impl Route<'_> {
    fn of_predictor(&self) -> Result<HttpRoute, Box<Refusal>> {
        let name = name_of(self.name());
        let host = self.host("predictor", &name)?;
        Ok(self.route(name, vec![host], vec![self.rule(ANY_PATH.to_owned())]))
    }

    fn of_service(&self) -> Result<HttpRoute, Box<Refusal>> {
        let host = self.host("top level", self.name())?;
        let mut hosts = vec![host.clone()];
        if let Some(subdomain) = host
            .strip_suffix(&self.config.ingress_domain)
            .filter(|subdomain| !subdomain.is_empty())
        {
            for domain in &self.config.additional_ingress_domains {
                let host = format!("{subdomain}{domain}");
                if !hosts.contains(&host)
                    && crate::admission::names::dns1123_subdomain(&host).is_empty()
                {
                    hosts.push(host);
                }
            }
        }
        let mut rules = vec![self.rule(ANY_PATH.to_owned())];
        if !self.config.path_template.is_empty() {
            let path = self.path()?;
            hosts.push(self.config.ingress_domain.clone());
            rules.push(self.rule(format!("{}/", path.strip_suffix('/').unwrap_or(&path))));
        }
        Ok(self.route(self.name().to_owned(), hosts, rules))
    }

    fn name(&self) -> &str {
        self.isvc.metadata.name.as_deref().unwrap_or_default()
    }

    fn namespace(&self) -> &str {
        self.isvc.metadata.namespace.as_deref().unwrap_or_default()
    }

    fn host(&self, which: &str, name: &str) -> Result<String, Box<Refusal>> {
        host::of(name, &self.isvc.metadata, self.config).map_err(|error| {
            let text = format!(
                "fails to reconcile ingress: failed to generate {which} ingress host: {error}"
            );
            failure(error.rule(), SILENT, text)
        })
    }

    /// What the path template gives.
    fn path(&self) -> Result<String, Box<Refusal>> {
        let text = |text: &str| Value::Text(text.to_owned());
        let fields = BTreeMap::from([
            ("Name", text(self.name())),
            ("Namespace", text(self.namespace())),
        ]);
        let fails = |error: String| {
            let text = format!(
                "fails to reconcile ingress: failed to generate URL from pathTemplate: {error}"
            );
            failure(&K219, SILENT, text)
        };
        match go_template::execute(&self.config.path_template, &fields) {
            Ok(path) if path.starts_with('/') => Ok(path),
            Ok(path) if path.contains("://") => Err(fails(format!(
                "invalid url path {}: contains either a scheme or a host",
                go_quote(&path)
            ))),
            Ok(path) => {
                let path = go_quote(&path);
                let text = format!("invalid url {path}: parse {path}: invalid URI for request");
                Err(fails(text))
            }
            Err(TemplateError::Beyond(_)) => Ok(format!("/{KNOWN_AFTER_APPLY}")),
            Err(error) => {
                let text = error.to_string();
                Err(fails(text.replace("domain-template", "url-template")))
            }
        }
    }

    fn rule(&self, path: String) -> HttpRouteRule {
        let header = |name: &str, value: &str| json!({"name": name, "value": value});
        let set = json!([
            header("KServe-Isvc-Name", self.name()),
            header("KServe-Isvc-Namespace", self.namespace()),
        ]);
        let seconds = self
            .isvc
            .spec
            .as_ref()
            .and_then(|spec| spec.predictor.timeout)
            .unwrap_or(DEFAULT_TIMEOUT);
        HttpRouteRule {
            matches: vec![HttpRouteMatch {
                path: Some(HttpPathMatch {
                    type_: Some("RegularExpression".to_owned()),
                    value: Some(path),
                }),
                ..HttpRouteMatch::default()
            }],
            filters: vec![HttpRouteFilter {
                type_: "RequestHeaderModifier".to_owned(),
                url_rewrite: None,
                rest: BTreeMap::from([("requestHeaderModifier".to_owned(), json!({ "set": set }))]),
            }],
            backend_refs: vec![HttpBackendRef {
                kind: Some("Service".to_owned()),
                name: name_of(self.name()),
                namespace: Some(self.namespace().to_owned()),
                port: Some(service::PORT),
                ..HttpBackendRef::default()
            }],
            timeouts: Some(HttpRouteTimeouts {
                request: Some(format!("{seconds}s")),
                backend_request: None,
            }),
            ..HttpRouteRule::default()
        }
    }

    fn route(&self, name: String, hosts: Vec<String>, rules: Vec<HttpRouteRule>) -> HttpRoute {
        let kept = |map: &Option<BTreeMap<String, String>>, unwanted: &[String]| {
            let mut map = map.clone()?;
            map.retain(|key, _| !unwanted.contains(key));
            Some(map).filter(|map| !map.is_empty())
        };
        let meta = &self.isvc.metadata;
        let gateway = self.config.gateway();
        HttpRoute {
            metadata: ObjectMeta {
                name: Some(name),
                namespace: meta.namespace.clone(),
                annotations: kept(
                    &meta.annotations,
                    &self.metadata.service_annotation_disallowed_list,
                ),
                labels: kept(&meta.labels, &self.metadata.service_label_disallowed_list),
                ..ObjectMeta::default()
            },
            spec: Some(HttpRouteSpec {
                parent_refs: gateway
                    .map(|(namespace, name)| ParentReference {
                        group: Some("gateway.networking.k8s.io".to_owned()),
                        kind: Some("Gateway".to_owned()),
                        namespace: Some(namespace.to_owned()),
                        name: name.to_owned(),
                        ..ParentReference::default()
                    })
                    .into_iter()
                    .collect(),
                rules,
                rest: BTreeMap::from([("hostnames".to_owned(), json!(hosts))]),
            }),
            status: None,
        }
    }
}

/// Creates a route, or replaces it when its spec, labels or annotations differ.
pub(super) fn write(mut wanted: HttpRoute, isvc: &ObjectKey, world: &World) -> Option<Write> {
    wanted.metadata = owned(wanted.metadata, isvc, world);
    put_when_spec_differs(wanted.into(), world, |object| {
        let metadata = object.metadata();
        object.typed::<HttpRoute>().map(|route| {
            (
                route.spec.clone(),
                metadata.labels.clone(),
                metadata.annotations.clone(),
            )
        })
    })
}

/// Whether the gateway takes both routes, the predictor's first.
pub(super) fn verdict(isvc: &InferenceService, world: &World) -> Verdict {
    let meta = &isvc.metadata;
    let name = meta.name.as_deref().unwrap_or_default();
    let namespace = meta.namespace.as_deref().unwrap_or_default();
    for (who, name) in [
        ("Predictor", name_of(name)),
        ("InferenceService", name.to_owned()),
    ] {
        let not = |reason: String, message: &str| Verdict::Not {
            status: "False",
            reason,
            message: format!("{who} {message}"),
        };
        let Some(route) = world.get::<HttpRoute>(namespace, &name) else {
            return not(
                format!("{who} Deployment NotReady"),
                "HTTPRoute not created",
            );
        };
        let parents = route.status.as_ref().map(|status| &status.parents);
        let Some(parents) = parents.filter(|parents| !parents.is_empty()) else {
            return not("ParentStatusNotAvailable".to_owned(), "HttpRouteNotReady");
        };
        let mut conditions = parents.iter().flat_map(|parent| &parent.conditions);
        if let Some(condition) = conditions.find(|condition| condition.status == "False") {
            return not(condition.reason.clone(), &condition.message);
        }
    }
    Verdict::True
}
