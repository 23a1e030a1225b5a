//! What the operator makes for each collector: ServiceAccount, ConfigMap, Services (spec 5.5).

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{ConfigMap, Service, ServiceAccount, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::components::{self, Of, Port};
use super::{config, container, naming, telemetry};
use crate::api::otel::{CollectorSpec, OpenTelemetryCollector};
use crate::inventory::Object;

/// Annotations that the operator's children do not get.
const FILTERED_ANNOTATION: &str = "kubectl.kubernetes.io/last-applied-configuration";
const SERVICE_TYPE: &str = "operator.opentelemetry.io/collector-service-type";
const COMPONENT: &str = "opentelemetry-collector";

/// A collector and what all its children are built from.
pub(super) struct Maker<'a> {
    pub(super) collector: &'a OpenTelemetryCollector,
    pub(super) spec: &'a CollectorSpec,
    pub(super) owner: OwnerReference,
}

impl Maker<'_> {
    pub(super) fn name(&self) -> &str {
        self.collector.metadata.name.as_deref().unwrap_or_default()
    }

    pub(super) fn metadata(&self, name: String, label_name: &str) -> ObjectMeta {
        ObjectMeta {
            name: Some(name),
            namespace: self.collector.metadata.namespace.clone(),
            labels: Some(self.labels(label_name)),
            annotations: Some(self.annotations()).filter(|map| !map.is_empty()),
            owner_references: Some(vec![self.owner.clone()]),
            ..ObjectMeta::default()
        }
    }

    pub(super) fn annotations(&self) -> BTreeMap<String, String> {
        let mut annotations = self
            .collector
            .metadata
            .annotations
            .clone()
            .unwrap_or_default();
        annotations.remove(FILTERED_ANNOTATION);
        annotations
    }

    /// The collector's labels, then the selector's, then version and name.
    pub(super) fn labels(&self, name: &str) -> BTreeMap<String, String> {
        let mut labels = self.collector.metadata.labels.clone().unwrap_or_default();
        labels.extend(self.selector());
        let image = self.spec.image.as_deref().unwrap_or_default();
        labels.insert(
            "app.kubernetes.io/version".to_owned(),
            naming::version(image),
        );
        labels
            .entry("app.kubernetes.io/name".to_owned())
            .or_insert_with(|| name.to_owned());
        labels
    }

    /// The labels that the collector's own pods are selected by.
    pub(super) fn selector(&self) -> BTreeMap<String, String> {
        let namespace = self
            .collector
            .metadata
            .namespace
            .as_deref()
            .unwrap_or_default();
        [
            ("component", COMPONENT.to_owned()),
            ("instance", naming::instance(namespace, self.name())),
            ("managed-by", "opentelemetry-operator".to_owned()),
            ("part-of", "opentelemetry".to_owned()),
        ]
        .map(|(key, value)| (format!("app.kubernetes.io/{key}"), value))
        .into()
    }

    /// Every object of a collector, in the operator's order. StatefulSets and DaemonSets are left out.
    pub(super) fn objects(&self) -> Vec<Object> {
        let mut objects: Vec<Object> = Vec::new();
        if self.spec.mode.as_deref() == Some("deployment") {
            objects.push(self.deployment().into());
            objects.push(self.disruption_budget().into());
        }
        objects.push(self.config_map().into());
        if self
            .spec
            .service_account
            .as_deref()
            .unwrap_or_default()
            .is_empty()
        {
            objects.push(self.service_account().into());
        }
        if let Some(base) = self.base_service() {
            objects.push(self.headless(base.clone()).into());
            objects.push(base.into());
        }
        objects.extend(self.monitoring().map(Into::into));
        objects.extend(self.extension().map(Into::into));
        objects
    }

    fn config_map(&self) -> ConfigMap {
        let name = naming::config_map(self.name(), &config::hash(&self.spec.config));
        ConfigMap {
            metadata: self.metadata(name, &naming::collector(self.name())),
            data: Some(BTreeMap::from([(
                "collector.yaml".to_owned(),
                config::text(&self.spec.config),
            )])),
            ..ConfigMap::default()
        }
    }

    fn service_account(&self) -> ServiceAccount {
        let name = naming::collector(self.name());
        ServiceAccount {
            metadata: self.metadata(name.clone(), &name),
            ..ServiceAccount::default()
        }
    }

    fn service(&self, name: String, kind: &str, ports: Vec<ServicePort>) -> Service {
        let mut metadata = self.metadata(name.clone(), &name);
        metadata
            .labels
            .get_or_insert_default()
            .insert(SERVICE_TYPE.to_owned(), kind.to_owned());
        Service {
            metadata,
            spec: Some(ServiceSpec {
                ports: Some(ports),
                selector: Some(self.selector()),
                ip_families: self.spec.ip_families.clone(),
                ip_family_policy: self.spec.ip_family_policy.clone(),
                traffic_distribution: self.spec.traffic_distribution.clone(),
                ..ServiceSpec::default()
            }),
            status: None,
        }
    }

    /// What receivers and exporters open, and the collector's own ports.
    fn base_service(&self) -> Option<Service> {
        let own = self.spec.ports.as_deref().unwrap_or_default();
        let inferred = components::ports(&self.spec.config, Of::Pipelines).ok()?;
        let mut ports: Vec<ServicePort> = own
            .iter()
            .map(|port| ServicePort {
                name: port.name.clone(),
                protocol: port.protocol.clone(),
                app_protocol: port.app_protocol.clone(),
                port: port.port,
                target_port: port.target_port.clone(),
                node_port: port.node_port.filter(|port| *port != 0),
            })
            .collect();
        ports.extend(inferred.into_iter().filter_map(|port| {
            let mut service_port = service_port(&port);
            service_port.name = Some(container::free_name(
                own,
                port.name,
                port.number,
                Some(port.protocol),
            )?);
            Some(service_port)
        }));
        if ports.is_empty() {
            return None;
        }
        Some(self.service(naming::collector(self.name()), "base", ports))
    }

    fn headless(&self, mut service: Service) -> Service {
        let name = naming::service(self.name(), "headless");
        let labels = service.metadata.labels.get_or_insert_default();
        labels.insert(
            "operator.opentelemetry.io/collector-headless-service".to_owned(),
            "Exists".to_owned(),
        );
        labels.insert(SERVICE_TYPE.to_owned(), "headless".to_owned());
        service
            .metadata
            .annotations
            .get_or_insert_default()
            .entry("service.beta.openshift.io/serving-cert-secret-name".to_owned())
            .or_insert_with(|| format!("{name}-tls"));
        service.metadata.name = Some(name);
        if let Some(spec) = &mut service.spec {
            spec.cluster_ip = Some("None".to_owned());
        }
        service
    }

    fn monitoring(&self) -> Option<Service> {
        let port = telemetry::port(&self.spec.config.service).ok()?;
        let ports = vec![ServicePort {
            name: Some("monitoring".to_owned()),
            port,
            ..ServicePort::default()
        }];
        let mut service = self.service(
            naming::service(self.name(), "monitoring"),
            "monitoring",
            ports,
        );
        service.metadata.labels.get_or_insert_default().insert(
            "operator.opentelemetry.io/collector-monitoring-service".to_owned(),
            "Exists".to_owned(),
        );
        Some(service)
    }

    fn extension(&self) -> Option<Service> {
        let ports = components::ports(&self.spec.config, Of::Extensions).ok()?;
        if ports.is_empty() {
            return None;
        }
        let ports = ports.iter().map(service_port).collect();
        let mut service = self.service(
            naming::service(self.name(), "extension"),
            "extension",
            ports,
        );
        if let Some(spec) = &mut service.spec {
            (spec.ip_families, spec.ip_family_policy) = (None, None);
        }
        Some(service)
    }
}

fn service_port(port: &Port) -> ServicePort {
    ServicePort {
        name: Some(port.name.clone()),
        protocol: Some(port.protocol.to_owned()).filter(|protocol| !protocol.is_empty()),
        app_protocol: port.app_protocol.map(str::to_owned),
        port: port.number,
        target_port: port.target.then_some(IntOrString::Int(port.number)),
        node_port: None,
    }
}
