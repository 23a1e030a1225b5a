//! A collector in mode `deployment`: its Deployment and PodDisruptionBudget, as far as they were recorded (spec 5.5).

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec};
use k8s_openapi::api::core::v1::{
    ConfigMapVolumeSource, KeyToPath, PodSpec, PodTemplateSpec, Volume,
};
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::objects::Maker;
use super::{config, container, naming};

impl Maker<'_> {
    /// The collector's pods.
    pub(super) fn deployment(&self) -> Deployment {
        let spec = self.spec;
        let name = naming::collector(self.name());
        let metadata = self.metadata(name.clone(), &name);
        let own_account = spec.service_account.clone().filter(|name| !name.is_empty());
        let host_network = spec.host_network.unwrap_or_default();
        let dns_policy = spec.dns_policy.clone().unwrap_or_else(|| {
            match (&spec.pod_dns_config.nameservers, host_network) {
                (Some(_), _) => "None",
                (None, true) => "ClusterFirstWithHostNet",
                (None, false) => "ClusterFirst",
            }
            .to_owned()
        });
        let mut containers = spec.additional_containers.clone().unwrap_or_default();
        containers.push(container::build(spec, true));
        Deployment {
            spec: Some(DeploymentSpec {
                replicas: spec.replicas,
                selector: LabelSelector {
                    match_labels: Some(self.selector()),
                    ..LabelSelector::default()
                },
                strategy: Some(spec.deployment_update_strategy.clone()),
                template: PodTemplateSpec {
                    metadata: Some(ObjectMeta {
                        labels: metadata.labels.clone(),
                        annotations: Some(self.pod_annotations()),
                        ..ObjectMeta::default()
                    }),
                    spec: Some(PodSpec {
                        service_account_name: Some(own_account.unwrap_or(name)),
                        init_containers: spec.init_containers.clone(),
                        containers,
                        volumes: Some(self.volumes()),
                        dns_policy: Some(dns_policy),
                        dns_config: Some(spec.pod_dns_config.clone()),
                        host_network: spec.host_network,
                        share_process_namespace: Some(
                            spec.share_process_namespace.unwrap_or_default(),
                        ),
                        tolerations: spec.tolerations.clone(),
                        node_selector: spec.node_selector.clone(),
                        security_context: spec.pod_security_context.clone(),
                        priority_class_name: spec.priority_class_name.clone(),
                        affinity: spec.affinity.clone(),
                        termination_grace_period_seconds: spec.termination_grace_period_seconds,
                        topology_spread_constraints: spec.topology_spread_constraints.clone(),
                        ..PodSpec::default()
                    }),
                },
                ..DeploymentSpec::default()
            }),
            metadata,
            status: None,
        }
    }

    /// The pods' own annotations, then the collector's, Prometheus' three, and the hash of the configuration.
    fn pod_annotations(&self) -> BTreeMap<String, String> {
        let mut annotations = self.annotations();
        annotations.extend(self.spec.pod_annotations.clone().unwrap_or_default());
        if self
            .spec
            .observability
            .metrics
            .disable_prometheus_annotations
            != Some(true)
        {
            for (key, value) in [("scrape", "true"), ("port", "8888"), ("path", "/metrics")] {
                annotations
                    .entry(format!("prometheus.io/{key}"))
                    .or_insert_with(|| value.to_owned());
            }
        }
        annotations.insert(
            "opentelemetry-operator-config/sha256".to_owned(),
            config::hash(&self.spec.config),
        );
        annotations
    }

    fn volumes(&self) -> Vec<Volume> {
        const FILE: &str = "collector.yaml";
        let name = naming::config_map(self.name(), &config::hash(&self.spec.config));
        let mut volumes = vec![Volume {
            name: container::CONFIG_VOLUME.to_owned(),
            config_map: Some(ConfigMapVolumeSource {
                name,
                items: Some(vec![KeyToPath {
                    key: FILE.to_owned(),
                    path: FILE.to_owned(),
                    mode: None,
                }]),
                ..ConfigMapVolumeSource::default()
            }),
            ..Volume::default()
        }];
        volumes.extend(container::volumes(self.spec));
        volumes
    }

    /// What keeps one of the collector's pods at a time from going.
    pub(super) fn disruption_budget(&self) -> PodDisruptionBudget {
        let name = naming::collector(self.name());
        let metadata = self.metadata(name.clone(), &name);
        let (min, max) = match &self.spec.pod_disruption_budget {
            Some(given) => (given.min_available.clone(), given.max_unavailable.clone()),
            None => (None, Some(IntOrString::Int(1))),
        };
        PodDisruptionBudget {
            spec: Some(PodDisruptionBudgetSpec {
                min_available: min,
                max_unavailable: max,
                selector: Some(LabelSelector {
                    match_labels: metadata.labels.clone(),
                    ..LabelSelector::default()
                }),
                ..PodDisruptionBudgetSpec::default()
            }),
            metadata,
            status: None,
        }
    }
}
