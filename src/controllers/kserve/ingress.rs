//! The Ingress, once the predictor is ready (spec 3.8).

use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule,
    IngressServiceBackend, IngressSpec, ServiceBackendPort,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::component::name_of;
use super::scaled_object::put_when_spec_differs;
use super::{SILENT, Write, failure, host, owned, service, status};
use crate::api::kserve::InferenceService;
use crate::diag::Refusal;
use crate::inventory::kserve_config::IngressSection;
use crate::inventory::{ObjectKey, World};

/// Label that keeps a service inside the cluster.
const VISIBILITY: &str = "networking.kserve.io/visibility";
/// The domain inside the cluster.
const CLUSTER_DOMAIN: &str = "svc.cluster.local";

/// Whether no Ingress is wanted at all.
pub(super) fn is_unwanted(isvc: &InferenceService, config: &IngressSection) -> bool {
    let local = isvc
        .metadata
        .labels
        .as_ref()
        .and_then(|labels| labels.get(VISIBILITY))
        .is_some_and(|visibility| visibility == "cluster-local");
    local || config.ingress_domain == CLUSTER_DOMAIN || config.disable_ingress_creation
}

/// What KServe sends; nothing while the predictor is not ready.
pub(super) fn desired(
    isvc: &InferenceService,
    config: &IngressSection,
    world: &World,
) -> Result<Option<Ingress>, Box<Refusal>> {
    // With enableGatewayApi there are HTTPRoutes instead.
    if is_unwanted(isvc, config)
        || config.enable_gateway_api
        || !status::predictor(isvc, world).is_true()
    {
        return Ok(None);
    }
    let meta = &isvc.metadata;
    let name = meta.name.as_deref().unwrap_or_default();
    let component = name_of(name);
    let fails = |which: &str, error: host::HostError| {
        let text =
            format!("fails to reconcile ingress: failed creating {which} ingress host: {error}");
        failure(error.rule(), SILENT, text)
    };
    let top = host::of(name, meta, config).map_err(|e| fails("top level predictor", e))?;
    let own = host::of(&component, meta, config).map_err(|e| fails("predictor", e))?;
    Ok(Some(Ingress {
        metadata: ObjectMeta {
            name: meta.name.clone(),
            namespace: meta.namespace.clone(),
            annotations: meta.annotations.clone(),
            ..ObjectMeta::default()
        },
        spec: Some(IngressSpec {
            ingress_class_name: config.ingress_class_name.clone(),
            rules: Some(vec![rule(top, &component), rule(own, &component)]),
            ..IngressSpec::default()
        }),
        status: None,
    }))
}

fn rule(host: String, service: &str) -> IngressRule {
    IngressRule {
        host: Some(host),
        http: Some(HTTPIngressRuleValue {
            paths: vec![HTTPIngressPath {
                path: Some("/".to_owned()),
                path_type: "Prefix".to_owned(),
                backend: IngressBackend {
                    service: Some(IngressServiceBackend {
                        name: service.to_owned(),
                        port: Some(ServiceBackendPort {
                            number: Some(service::PORT),
                            name: None,
                        }),
                    }),
                    resource: None,
                },
            }],
        }),
    }
}

/// Creates the Ingress, or replaces it when its spec differs.
pub(super) fn write(mut wanted: Ingress, isvc: &ObjectKey, world: &World) -> Option<Write> {
    wanted.metadata = owned(wanted.metadata, isvc, world);
    put_when_spec_differs(wanted.into(), world, |object| {
        object.typed::<Ingress>().and_then(|o| o.spec.clone())
    })
}
