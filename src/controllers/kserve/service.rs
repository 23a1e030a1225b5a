//! The Service (spec 3.5, 3.10).

use k8s_openapi::api::core::v1::{ContainerPort, Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::component::Component;
use super::deployment::DEFAULT_PORT;
use super::{Write, owned, replacing};
use crate::inventory::{KserveConfig, Object, ObjectKey, World};

/// The port of the Service's first port.
pub(super) const PORT: i32 = 80;

/// What KServe sends: the first port of the container as 80, the others as they are.
pub(super) fn desired(component: &Component, config: &KserveConfig) -> Service {
    let container = component.pod.containers.first();
    let ports: Vec<&ContainerPort> = container
        .into_iter()
        .flat_map(|container| container.ports.iter().flatten())
        .collect();
    let ports = if ports.is_empty() {
        vec![ServicePort {
            name: Some(component.name().to_owned()),
            port: PORT,
            target_port: Some(IntOrString::Int(DEFAULT_PORT)),
            protocol: Some("TCP".to_owned()),
            ..ServicePort::default()
        }]
    } else {
        let number = |index: usize, port: &ContainerPort| {
            if index == 0 {
                PORT
            } else {
                port.container_port
            }
        };
        ports
            .into_iter()
            .enumerate()
            .map(|(index, port)| service_port(port, number(index, port)))
            .collect()
    };
    Service {
        metadata: component.meta.clone(),
        spec: Some(ServiceSpec {
            selector: Some(component.selector()),
            ports: Some(ports),
            cluster_ip: config
                .service()
                .service_cluster_ip_none
                .then(|| "None".to_owned()),
            ..ServiceSpec::default()
        }),
        status: None,
    }
}

fn service_port(port: &ContainerPort, number: i32) -> ServicePort {
    let name = port.name.as_deref().unwrap_or_default();
    let grpc = name.contains("grpc") || name.contains("h2c");
    ServicePort {
        name: port.name.clone(),
        port: number,
        target_port: Some(IntOrString::Int(port.container_port)),
        protocol: Some(port.protocol.clone().unwrap_or_else(|| "TCP".to_owned())),
        app_protocol: grpc.then(|| "kubernetes.io/h2c".to_owned()),
        node_port: None,
    }
}

/// Creates the Service, or replaces it when ports or selector differ: labels and annotations alone never follow.
pub(super) fn write(mut wanted: Service, isvc: &ObjectKey, world: &World) -> Option<Write> {
    wanted.metadata = owned(wanted.metadata, isvc, world);
    let name = wanted.metadata.name.as_deref().unwrap_or_default();
    let Some(stored) = world.get::<Service>(&isvc.namespace, name) else {
        return Some(replacing(wanted.into(), None));
    };
    let compared = |service: &Service| {
        let spec = service.spec.as_ref();
        (
            spec.and_then(|spec| spec.ports.clone()),
            spec.and_then(|spec| spec.selector.clone()),
        )
    };
    if compared(&wanted) == compared(stored) {
        return None;
    }
    if let (Some(spec), Some(old)) = (&mut wanted.spec, &stored.spec) {
        // The addresses are the API server's; an update without them keeps them.
        spec.cluster_ip.clone_from(&old.cluster_ip);
        spec.cluster_ips.clone_from(&old.cluster_ips);
        spec.ip_families.clone_from(&old.ip_families);
        spec.ip_family_policy.clone_from(&old.ip_family_policy);
    }
    let stored: Object = stored.clone().into();
    Some(replacing(wanted.into(), Some(&stored)))
}
