//! What KServe reads of an InferenceService before it makes anything: mode, metadata of the children, pod.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::PodSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::{INTERNAL_ERROR, SILENT, failure};
use crate::admission::kserve::storage::{self, SERVER, SOURCE_URI, STORAGE_URI};
use crate::api::kserve::{
    InferenceService, InferenceServiceSpec, MetricsSpec, POD_METRIC, PodMetricSource, Predictor,
};
use crate::diag::{FieldPath, Refusal};
use crate::inventory::KserveConfig;
use crate::inventory::kserve_config::StorageInitializer;
use crate::kube::quantity::Quantity;
use crate::rules::{K211, K218, K219};

/// Annotation that says how KServe serves.
pub(super) const MODE: &str = "serving.kserve.io/deploymentMode";
/// Annotation that says what scales.
pub(super) const CLASS: &str = "serving.kserve.io/autoscalerClass";
/// Annotation that stops a service.
const STOP: &str = "serving.kserve.io/stop";
/// Label with the InferenceService's name, on every child and pod.
pub(super) const ISVC_LABEL: &str = "serving.kserve.io/inferenceservice";
/// Label with the component's name.
pub(super) const COMPONENT_LABEL: &str = "component";
/// Label that the Deployment and the Service select by.
pub(super) const APP_LABEL: &str = "app";
/// The backend of PodMetrics.
pub(super) const OPENTELEMETRY: &str = "opentelemetry";

/// How KServe serves an InferenceService.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Deployment, Service, autoscaler.
    Standard,
    /// Knative Services, which an AIM cluster does not have.
    Knative,
    /// Somebody else serves.
    ModelMesh,
    /// Neither object nor configuration says.
    None,
}

/// The mode: what the status says, else the annotation, else the configuration.
pub(super) fn mode(isvc: &InferenceService, config: &KserveConfig) -> Result<Mode, Box<Refusal>> {
    let silent = |text: String| failure(&K219, SILENT, text);
    let section = config
        .inference_service()
        .map_err(|error| silent(format!("fails to create InferenceServicesConfig: {error}")))?;
    let deploy = config
        .deploy()
        .map_err(|error| silent(format!("fails to create DeployConfig: {error}")))?;
    let reported = isvc
        .status
        .as_ref()
        .and_then(|status| status.deployment_mode.as_deref())
        .filter(|mode| !mode.is_empty());
    let annotated = isvc
        .metadata
        .annotations
        .as_ref()
        .and_then(|annotations| annotations.get(MODE))
        .filter(|_| {
            !section
                .service_annotation_disallowed_list
                .iter()
                .any(|key| key == MODE)
        })
        .map(|mode| match mode.as_str() {
            "RawDeployment" => "Standard",
            "Serverless" => "Knative",
            mode => mode,
        })
        .filter(|mode| matches!(*mode, "Standard" | "Knative" | "ModelMesh"));
    let mode = reported
        .or(annotated)
        .unwrap_or(&deploy.default_deployment_mode);
    Ok(match mode {
        "Standard" => Mode::Standard,
        "Knative" => Mode::Knative,
        "ModelMesh" => Mode::ModelMesh,
        _ => Mode::None,
    })
}

/// The name of the component that serves.
pub(super) fn name_of(isvc: &str) -> String {
    format!("{isvc}-predictor")
}

/// The component that serves, as KServe puts it together.
pub(super) struct Component<'a> {
    pub(super) isvc: &'a InferenceService,
    pub(super) predictor: &'a Predictor,
    /// Name, namespace, labels and annotations of the children.
    pub(super) meta: ObjectMeta,
    /// The pod, with the container that serves in front.
    pub(super) pod: PodSpec,
    storage_uri: Option<String>,
}

impl<'a> Component<'a> {
    pub(super) fn of(
        isvc: &'a InferenceService,
        config: &KserveConfig,
    ) -> Result<Self, Box<Refusal>> {
        let unservable = || {
            failure(
                &K218,
                SILENT,
                "only a container of one's own is planned; model servers and runtimes are not",
            )
        };
        let Some(InferenceServiceSpec { predictor, .. }) = &isvc.spec else {
            return Err(unservable());
        };
        let server = predictor
            .pod
            .containers
            .iter()
            .find(|container| container.name == SERVER)
            .ok_or_else(unservable)?;
        let mut pod = predictor.pod.clone();
        if let Some(first) = pod.containers.first_mut() {
            *first = server.clone();
        }
        let section = config
            .inference_service()
            .map_err(|error| failure(&K219, SILENT, error.to_string()))?;
        let unwanted = section.service_annotation_disallowed_list;
        let kept = |annotations: &BTreeMap<String, String>| -> BTreeMap<String, String> {
            annotations
                .iter()
                .filter(|(key, _)| !unwanted.contains(key))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect()
        };
        let mut annotations = kept(
            isvc.metadata
                .annotations
                .as_ref()
                .unwrap_or(&BTreeMap::new()),
        );
        let storage_uri = server
            .env
            .iter()
            .flatten()
            .find(|variable| variable.name == STORAGE_URI)
            .map(|variable| variable.value.clone().unwrap_or_default());
        if let Some(uri) = &storage_uri
            && annotations
                .insert(SOURCE_URI.to_owned(), uri.clone())
                .is_some()
        {
            let text = "must provide only one of storageUri and storage.path";
            return Err(failure(&K211, INTERNAL_ERROR, text));
        }
        annotations.extend(kept(&predictor.annotations));

        let isvc_name = isvc.metadata.name.as_deref().unwrap_or_default();
        let name = name_of(isvc_name);
        let mut labels = isvc.metadata.labels.clone().unwrap_or_default();
        labels.extend(predictor.labels.clone());
        labels.extend([
            (ISVC_LABEL.to_owned(), isvc_name.to_owned()),
            (COMPONENT_LABEL.to_owned(), "predictor".to_owned()),
            (APP_LABEL.to_owned(), app_label(&name)),
        ]);
        Ok(Self {
            isvc,
            predictor,
            meta: ObjectMeta {
                name: Some(name),
                namespace: isvc.metadata.namespace.clone(),
                labels: Some(labels),
                annotations: (!annotations.is_empty()).then_some(annotations),
                ..ObjectMeta::default()
            },
            pod,
            storage_uri,
        })
    }

    /// The children's name.
    pub(super) fn name(&self) -> &str {
        self.meta.name.as_deref().unwrap_or_default()
    }

    /// The namespace.
    pub(super) fn namespace(&self) -> &str {
        self.meta.namespace.as_deref().unwrap_or_default()
    }

    /// An annotation of the children.
    pub(super) fn annotation(&self, key: &str) -> Option<&str> {
        self.meta.annotations.as_ref()?.get(key).map(String::as_str)
    }

    /// The autoscaler class, `hpa` when none is given.
    pub(super) fn class(&self) -> &str {
        self.annotation(CLASS).unwrap_or("hpa")
    }

    /// Whether the service is to be stopped.
    pub(super) fn is_stopped(&self) -> bool {
        self.isvc
            .metadata
            .annotations
            .as_ref()
            .and_then(|annotations| annotations.get(STOP))
            .is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    /// The labels that pods are selected by.
    pub(super) fn selector(&self) -> BTreeMap<String, String> {
        BTreeMap::from([(APP_LABEL.to_owned(), app_label(self.name()))])
    }

    /// What to scale on, in order.
    pub(super) fn metrics(&self) -> &'a [MetricsSpec] {
        self.predictor
            .auto_scaling
            .as_ref()
            .map(|scaling| scaling.metrics.as_slice())
            .unwrap_or_default()
    }

    /// The metrics that the pods export, with their positions among all.
    pub(super) fn pod_metrics(&self) -> impl Iterator<Item = (usize, &'a PodMetricSource)> {
        self.metrics()
            .iter()
            .enumerate()
            .filter(|(_, metric)| metric.type_ == POD_METRIC)
            .filter_map(|(index, metric)| Some((index, metric.podmetric.as_ref()?)))
    }

    /// What KServe has against the storage URI.
    pub(super) fn storage_complaint(&self) -> Option<String> {
        storage::complaint(self.storage_uri.as_deref()?)
    }

    /// Where the storage URI stands in the InferenceService.
    pub(super) fn storage_uri_path(&self) -> Option<FieldPath> {
        let containers = self.predictor.pod.containers.iter().enumerate();
        containers
            .filter(|(_, container)| container.name == SERVER)
            .find_map(|(at, container)| {
                let mut variables = container.env.iter().flatten();
                let index = variables.position(|variable| variable.name == STORAGE_URI)?;
                let path = FieldPath::parse("spec.predictor.containers");
                Some(path.index(at).key("env").index(index))
            })
    }
}

fn app_label(component: &str) -> String {
    format!("isvc.{component}")
}

/// KServe reads the storage initializer's amounts on every pass, whether they are needed or not.
pub(super) fn check_initializer(config: &StorageInitializer) -> Result<(), Box<Refusal>> {
    for (key, amount) in [
        ("cpuLimit", &config.cpu_limit),
        ("cpuModelcar", &config.cpu_modelcar),
        ("cpuRequest", &config.cpu_request),
        ("memoryLimit", &config.memory_limit),
        ("memoryModelcar", &config.memory_modelcar),
        ("memoryRequest", &config.memory_request),
    ] {
        if let Err(error) = Quantity::parse(amount) {
            let text = format!(
                "failed to get StorageInitializer config: failed to parse resource configuration for \"storageInitializer\".\"{key}\": {error}"
            );
            return Err(failure(&K219, INTERNAL_ERROR, text));
        }
    }
    Ok(())
}
