//! What the API server fills in (`k8s.io/kubernetes/pkg/apis/core/v1/defaults.go`), and what comes of passing through
//! Go's types: canonical quantities, and no empty text, list or map where Go leaves them out.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Container, EmptyDirVolumeSource, EnvVar, HTTPGetAction, Lifecycle, PodSecurityContext, PodSpec,
    Probe, ResourceRequirements, Volume,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use crate::kube::quantity;

/// Files of Secrets and ConfigMaps are readable unless said otherwise (octal 644).
const FILE_MODE: i32 = 0o644;

/// Fills in a pod specification of a template; a pod of its own gets more ([`super::super::pod`]).
pub fn defaults(spec: &mut PodSpec) {
    as_go_writes(spec);
    let set = |field: &mut Option<String>, value: &str| {
        field.get_or_insert_with(|| value.to_owned());
    };
    set(&mut spec.restart_policy, "Always");
    set(&mut spec.dns_policy, "ClusterFirst");
    set(&mut spec.scheduler_name, "default-scheduler");
    spec.termination_grace_period_seconds.get_or_insert(30);
    spec.security_context
        .get_or_insert_with(PodSecurityContext::default);
    // The older name of the same field always follows.
    if spec.service_account_name.is_some() {
        spec.service_account.clone_from(&spec.service_account_name);
    } else {
        spec.service_account_name.clone_from(&spec.service_account);
    }
    for volume in spec.volumes.iter_mut().flatten() {
        volume_defaults(volume);
    }
    for container in spec
        .init_containers
        .iter_mut()
        .flatten()
        .chain(&mut spec.containers)
    {
        container_defaults(container);
    }
}

fn container_defaults(container: &mut Container) {
    container
        .termination_message_path
        .get_or_insert_with(|| "/dev/termination-log".to_owned());
    container
        .termination_message_policy
        .get_or_insert_with(|| "File".to_owned());
    let policy = if has_floating_tag(container.image.as_deref().unwrap_or_default()) {
        "Always"
    } else {
        "IfNotPresent"
    };
    container
        .image_pull_policy
        .get_or_insert_with(|| policy.to_owned());
    for port in container.ports.iter_mut().flatten() {
        port.protocol.get_or_insert_with(|| "TCP".to_owned());
    }
    for probe in [
        &mut container.liveness_probe,
        &mut container.readiness_probe,
        &mut container.startup_probe,
    ]
    .into_iter()
    .flatten()
    {
        probe_defaults(probe);
    }
    if let Some(lifecycle) = &mut container.lifecycle {
        lifecycle_defaults(lifecycle);
    }
    for variable in container.env.iter_mut().flatten() {
        if let Some(field) = variable
            .value_from
            .as_mut()
            .and_then(|from| from.field_ref.as_mut())
        {
            field.api_version.get_or_insert_with(|| "v1".to_owned());
        }
    }
    if let Some(resources) = &mut container.resources {
        for list in [&mut resources.limits, &mut resources.requests] {
            for amount in list.iter_mut().flat_map(BTreeMap::values_mut) {
                up_to_thousandths(amount);
            }
        }
    }
}

/// Whether Kubernetes takes an image for one that changes: no tag and no digest, or the tag `latest`.
fn has_floating_tag(image: &str) -> bool {
    if image.contains('@') {
        return false;
    }
    let last = image.rsplit('/').next().unwrap_or_default();
    last.split_once(':')
        .is_none_or(|(_, tag)| tag.is_empty() || tag == "latest")
}

/// Fills in a probe's numbers, and path and scheme of its request.
pub fn probe_defaults(probe: &mut Probe) {
    for (field, value) in [
        (&mut probe.timeout_seconds, 1),
        (&mut probe.period_seconds, 10),
        (&mut probe.success_threshold, 1),
        (&mut probe.failure_threshold, 3),
    ] {
        // Go cannot tell 0 from absent here.
        if field.is_none_or(|number| number == 0) {
            *field = Some(value);
        }
    }
    if let Some(request) = &mut probe.http_get {
        request_defaults(request);
    }
    if let Some(call) = &mut probe.grpc {
        call.service.get_or_insert_with(String::new);
    }
}

fn request_defaults(request: &mut HTTPGetAction) {
    for (field, value) in [(&mut request.path, "/"), (&mut request.scheme, "HTTP")] {
        if field.as_deref().is_none_or(str::is_empty) {
            *field = Some(value.to_owned());
        }
    }
}

fn lifecycle_defaults(lifecycle: &mut Lifecycle) {
    for handler in [&mut lifecycle.post_start, &mut lifecycle.pre_stop]
        .into_iter()
        .flatten()
    {
        if let Some(request) = &mut handler.http_get {
            request_defaults(request);
        }
    }
}

fn volume_defaults(volume: &mut Volume) {
    let bare = Volume {
        name: volume.name.clone(),
        ..Volume::default()
    };
    if *volume == bare {
        volume.empty_dir = Some(EmptyDirVolumeSource::default());
    }
    if let Some(secret) = &mut volume.secret {
        secret.default_mode.get_or_insert(FILE_MODE);
    }
    if let Some(map) = &mut volume.config_map {
        map.default_mode.get_or_insert(FILE_MODE);
    }
    if let Some(path) = &mut volume.host_path {
        path.type_.get_or_insert_with(String::new);
    }
    if let Some(api) = &mut volume.downward_api {
        api.default_mode.get_or_insert(FILE_MODE);
        for file in api.items.iter_mut().flatten() {
            if let Some(field) = &mut file.field_ref {
                field.api_version.get_or_insert_with(|| "v1".to_owned());
            }
        }
    }
    if let Some(projected) = &mut volume.projected {
        projected.default_mode.get_or_insert(FILE_MODE);
        for source in projected.sources.iter_mut().flatten() {
            if let Some(token) = &mut source.service_account_token {
                token.expiration_seconds.get_or_insert(3600);
            }
            for file in source
                .downward_api
                .iter_mut()
                .filter_map(|api| api.items.as_mut())
                .flatten()
            {
                if let Some(field) = &mut file.field_ref {
                    field.api_version.get_or_insert_with(|| "v1".to_owned());
                }
            }
        }
    }
}

/// Amounts below a thousandth are rounded up to one.
fn up_to_thousandths(amount: &mut Quantity) {
    if let Ok(parsed) = quantity::Quantity::parse(&amount.0)
        && let Some(rounded) = parsed.rounded_up(-3)
    {
        amount.0 = rounded.canonical();
    }
}

/// A pod specification after a passage through Go's types, before any defaults.
pub fn as_go_writes(spec: &mut PodSpec) {
    for text in [
        &mut spec.restart_policy,
        &mut spec.dns_policy,
        &mut spec.scheduler_name,
        &mut spec.service_account_name,
        &mut spec.service_account,
        &mut spec.node_name,
        &mut spec.hostname,
        &mut spec.subdomain,
        &mut spec.priority_class_name,
    ] {
        drop_empty_text(text);
    }
    drop_empty(&mut spec.volumes);
    drop_empty(&mut spec.image_pull_secrets);
    drop_empty(&mut spec.init_containers);
    drop_empty(&mut spec.tolerations);
    drop_empty(&mut spec.topology_spread_constraints);
    drop_empty(&mut spec.host_aliases);
    drop_empty(&mut spec.readiness_gates);
    drop_empty(&mut spec.scheduling_gates);
    drop_empty(&mut spec.resource_claims);
    drop_empty_map(&mut spec.node_selector);
    for volume in spec.volumes.iter_mut().flatten() {
        if let Some(limit) = volume
            .empty_dir
            .as_mut()
            .and_then(|empty| empty.size_limit.as_mut())
        {
            limit.0 = quantity::canonical(&limit.0);
        }
        if let Some(empty) = &mut volume.empty_dir {
            drop_empty_text(&mut empty.medium);
        }
    }
    for container in spec
        .init_containers
        .iter_mut()
        .flatten()
        .chain(&mut spec.containers)
    {
        container_as_go_writes(container);
    }
}

fn container_as_go_writes(container: &mut Container) {
    for text in [
        &mut container.image,
        &mut container.image_pull_policy,
        &mut container.working_dir,
        &mut container.termination_message_path,
        &mut container.termination_message_policy,
    ] {
        drop_empty_text(text);
    }
    drop_empty(&mut container.args);
    drop_empty(&mut container.command);
    drop_empty(&mut container.env);
    drop_empty(&mut container.env_from);
    drop_empty(&mut container.ports);
    drop_empty(&mut container.volume_mounts);
    drop_empty(&mut container.volume_devices);
    drop_empty(&mut container.resize_policy);
    for port in container.ports.iter_mut().flatten() {
        drop_empty_text(&mut port.name);
        drop_empty_text(&mut port.protocol);
    }
    for mount in container.volume_mounts.iter_mut().flatten() {
        drop_empty_text(&mut mount.sub_path);
        drop_empty_text(&mut mount.sub_path_expr);
        if mount.read_only == Some(false) {
            mount.read_only = None;
        }
    }
    for variable in container.env.iter_mut().flatten() {
        variable_as_go_writes(variable);
    }
    // A struct without `omitempty`: always there.
    resources_as_go_writes(container.resources.get_or_insert_with(Default::default));
}

fn variable_as_go_writes(variable: &mut EnvVar) {
    drop_empty_text(&mut variable.value);
    if let Some(field) = variable
        .value_from
        .as_mut()
        .and_then(|from| from.resource_field_ref.as_mut())
    {
        let divisor = field
            .divisor
            .get_or_insert_with(|| Quantity("0".to_owned()));
        divisor.0 = quantity::canonical(&divisor.0);
    }
}

fn resources_as_go_writes(resources: &mut ResourceRequirements) {
    drop_empty(&mut resources.claims);
    for list in [&mut resources.limits, &mut resources.requests] {
        drop_empty_map(list);
        for amount in list.iter_mut().flat_map(BTreeMap::values_mut) {
            amount.0 = quantity::canonical(&amount.0);
        }
    }
}

fn drop_empty_text(text: &mut Option<String>) {
    if text.as_deref() == Some("") {
        *text = None;
    }
}

fn drop_empty<T>(list: &mut Option<Vec<T>>) {
    if list.as_ref().is_some_and(Vec::is_empty) {
        *list = None;
    }
}

fn drop_empty_map<V>(map: &mut Option<BTreeMap<String, V>>) {
    if map.as_ref().is_some_and(BTreeMap::is_empty) {
        *map = None;
    }
}
