//! KServe's configuration: the ConfigMap `inferenceservice-config` (KServe 0.16.0, spec 3.2).
//!
//! A given ConfigMap replaces the built-in data whole: a key that it lacks is absent, and what KServe makes of that is
//! part of each section's `Default`.

mod sections;
mod version;

use std::collections::BTreeMap;
use std::sync::Arc;

use k8s_openapi::api::core::v1::ConfigMap;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Kind, ObjectKey, World};
use crate::kube::go_json;

pub use sections::*;
pub use version::{KSERVE_0_16, KserveVersion};

/// The ConfigMap's name.
pub const CONFIG_MAP: &str = "inferenceservice-config";

/// Where KServe may be installed; the first that has the ConfigMap counts.
pub const NAMESPACES: [&str; 2] = ["kserve", "kserve-system"];

/// Annotations that never reach KServe's objects (spec 3.3).
const UNWANTED_ANNOTATIONS: [&str; 4] = [
    "autoscaling.knative.dev/min-scale",
    "autoscaling.knative.dev/max-scale",
    "internal.serving.kserve.io/storage-initializer-sourceuri",
    "kubectl.kubernetes.io/last-applied-configuration",
];

/// The label that never reaches an HTTPRoute.
const UNWANTED_LABEL: &str = "networking.kserve.io/visibility";

/// Text of a key that is no JSON, or not of the section's form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{prefix}{cause}")]
pub struct ConfigError {
    /// The key.
    pub key: &'static str,
    prefix: &'static str,
    cause: String,
}

/// The keys' values, or why they are none.
type Sections = BTreeMap<String, Result<Value, String>>;

/// KServe's configuration as one run sees it.
#[derive(Debug, Clone, Default)]
pub struct KserveConfig {
    /// The ConfigMap it was read from; `None` for the built-in data.
    pub given: Option<ObjectKey>,
    sections: Arc<Sections>,
}

impl KserveConfig {
    /// The configuration in force: a ConfigMap of the input, else the built-in data.
    #[must_use]
    pub fn of(world: &World) -> Self {
        NAMESPACES
            .iter()
            .find_map(|namespace| world.get::<ConfigMap>(namespace, CONFIG_MAP))
            .map_or_else(
                || Self::built_in(world.facts().kserve),
                Self::from_config_map,
            )
    }

    /// The built-in data of a version.
    #[must_use]
    pub fn built_in(version: &KserveVersion) -> Self {
        Self {
            given: None,
            sections: version.sections(),
        }
    }

    fn from_config_map(map: &ConfigMap) -> Self {
        let key = ObjectKey::new(
            Kind::ConfigMap,
            map.metadata.namespace.as_deref().unwrap_or_default(),
            CONFIG_MAP,
        );
        let sections = map
            .data
            .iter()
            .flatten()
            .map(|(key, text)| {
                let value = serde_json::from_str(text)
                    .or_else(|_| go_json::parse(text).map_err(|error| error.to_string()));
                (key.clone(), value)
            })
            .collect();
        Self {
            given: Some(key),
            sections: Arc::new(sections),
        }
    }

    /// Whether the key is there at all.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.sections.contains_key(key)
    }

    fn section<T: DeserializeOwned>(
        &self,
        key: &'static str,
        prefix: &'static str,
    ) -> Result<Option<T>, ConfigError> {
        let Some(section) = self.sections.get(key) else {
            return Ok(None);
        };
        let parsed = match section {
            Ok(Value::Null) => return Ok(None),
            Ok(value) => T::deserialize(value).map_err(|error| error.to_string()),
            Err(error) => Err(error.clone()),
        };
        parsed
            .map(Some)
            .map_err(|cause| ConfigError { key, prefix, cause })
    }

    /// `deploy`: which mode, which rollout.
    ///
    /// # Errors
    /// No JSON, no mode, or an unknown one, in KServe's words.
    pub fn deploy(&self) -> Result<Deploy, ConfigError> {
        const KEY: &str = "deploy";
        let section: Option<Deploy> = self.section(KEY, "unable to parse deploy config json: ")?;
        let Some(mut deploy) = section else {
            return Ok(Deploy::default());
        };
        let refuse = |cause: &str| {
            Err(ConfigError {
                key: KEY,
                prefix: "",
                cause: cause.to_owned(),
            })
        };
        let mode = match deploy.default_deployment_mode.as_str() {
            "" => return refuse("invalid deploy config, defaultDeploymentMode is required"),
            "Serverless" => "Knative",
            "RawDeployment" => "Standard",
            mode @ ("Knative" | "Standard" | "ModelMesh") => mode,
            _ => {
                return refuse(
                    "invalid deployment mode. Supported modes are Knative, Standard and ModelMesh",
                );
            }
        }
        .to_owned();
        deploy.default_deployment_mode = mode;
        Ok(deploy)
    }

    /// `inferenceService`: resource defaults, and annotations that are not passed on.
    ///
    /// # Errors
    /// No JSON, in KServe's words.
    pub fn inference_service(&self) -> Result<InferenceServiceSection, ConfigError> {
        const KEY: &str = "inferenceService";
        let section: Option<InferenceServiceSection> = self.section(
            KEY,
            "unable to unmarshall inferenceService json string due to ",
        )?;
        Ok(
            section.map_or_else(InferenceServiceSection::default, |mut section| {
                let own = std::mem::take(&mut section.service_annotation_disallowed_list);
                section.service_annotation_disallowed_list = UNWANTED_ANNOTATIONS
                    .iter()
                    .map(|key| (*key).to_owned())
                    .chain(own)
                    .collect();
                section
                    .service_label_disallowed_list
                    .insert(0, UNWANTED_LABEL.to_owned());
                section
            }),
        )
    }

    /// `security`.
    ///
    /// # Errors
    /// No JSON.
    pub fn security(&self) -> Result<Security, ConfigError> {
        Ok(self.section("security", "")?.unwrap_or_default())
    }

    /// `localModel`; only whether it can be read matters.
    ///
    /// # Errors
    /// No JSON.
    pub fn local_model(&self) -> Result<(), ConfigError> {
        self.section::<BTreeMap<String, Value>>("localModel", "")
            .map(|_| ())
    }

    /// `service`. Text that is no JSON counts as absent.
    #[must_use]
    pub fn service(&self) -> ServiceSection {
        self.section("service", "")
            .ok()
            .flatten()
            .unwrap_or_default()
    }

    /// `autoscaler`.
    ///
    /// # Errors
    /// No JSON, in KServe's words.
    pub fn autoscaler(&self) -> Result<Autoscaler, ConfigError> {
        Ok(self
            .section("autoscaler", "unable to parse autoscaler config json: ")?
            .unwrap_or_default())
    }

    /// `opentelemetryCollector`.
    ///
    /// # Errors
    /// No JSON, in KServe's words.
    pub fn collector(&self) -> Result<CollectorSection, ConfigError> {
        Ok(self
            .section(
                "opentelemetryCollector",
                "unable to parse otel config json: ",
            )?
            .unwrap_or_default())
    }

    /// `ingress`, with what stands in for missing fields.
    ///
    /// # Errors
    /// No JSON, or without a gateway that must be named, in KServe's words.
    pub fn ingress(&self) -> Result<IngressSection, ConfigError> {
        const KEY: &str = "ingress";
        let section: Option<IngressSection> =
            self.section(KEY, "unable to parse ingress config json: ")?;
        if let Some(complaint) = section.as_ref().and_then(IngressSection::complaint) {
            return Err(ConfigError {
                key: KEY,
                prefix: "invalid ingress config - ",
                cause: complaint.to_owned(),
            });
        }
        let mut ingress = section.unwrap_or_default();
        for (field, default) in [
            (
                &mut ingress.domain_template,
                "{{ .Name }}-{{ .Namespace }}.{{ .IngressDomain }}",
            ),
            (&mut ingress.ingress_domain, "example.com"),
            (&mut ingress.url_scheme, "http"),
        ] {
            if field.is_empty() {
                default.clone_into(field);
            }
        }
        Ok(ingress)
    }

    /// `metricsAggregator`. Text that is no JSON counts as absent (KServe's webhook would crash on it).
    #[must_use]
    pub fn metrics_aggregator(&self) -> MetricsAggregator {
        self.section("metricsAggregator", "")
            .ok()
            .flatten()
            .unwrap_or_default()
    }

    /// `storageInitializer`.
    ///
    /// # Errors
    /// No JSON.
    pub fn storage_initializer(&self) -> Result<StorageInitializer, ConfigError> {
        Ok(self
            .section(
                "storageInitializer",
                "Unable to unmarshall storageInitializer json string due to ",
            )?
            .unwrap_or_default())
    }
}
