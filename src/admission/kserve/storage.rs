//! What env `STORAGE_URI` does to a pod (KServe 0.16.0, storage initializer and modelcar; spec 3.4, rule K211).

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Capabilities, Container, EmptyDirVolumeSource, EnvVar, PersistentVolumeClaimVolumeSource,
    PodSpec, ResourceRequirements, SecurityContext, Volume, VolumeMount,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use crate::inventory::kserve_config::{KserveVersion, StorageInitializer};

/// Annotation in which KServe hands the URI to its webhook.
pub const SOURCE_URI: &str = "internal.serving.kserve.io/storage-initializer-sourceuri";

/// Env variable that names the model.
pub const STORAGE_URI: &str = "STORAGE_URI";

/// The container that serves.
pub const SERVER: &str = "kserve-container";

const INITIALIZER: &str = "storage-initializer";
const MODELS: &str = "/mnt/models";
const MODELS_PARENT: &str = "/mnt";
const DOWNLOADED: &str = "kserve-provision-location";
const CLAIMED: &str = "kserve-pvc-source";
const PVC: &str = "pvc://";
const OCI: &str = "oci://";

/// The chart's ClusterStorageContainer `default`: requests and limits; its image goes with the version.
const CHART_REQUESTS: [(&str, &str); 2] = [("cpu", "100m"), ("memory", "100Mi")];
const CHART_LIMITS: [(&str, &str); 2] = [("cpu", "1"), ("memory", "1Gi")];

/// Schemes that the chart's ClusterStorageContainer takes, beside `http(s)://host/path`.
const CHART_SCHEMES: [&str; 5] = ["gs://", "s3://", "hdfs://", "hf://", "webhdfs://"];

/// Schemes that KServe itself takes.
const SCHEMES: [&str; 10] = [
    "gs://",
    "s3://",
    "pvc://",
    "file://",
    "https://",
    "http://",
    "hdfs://",
    "webhdfs://",
    "oci://",
    "hf://",
];

/// KServe's complaint about a storage URI, when it has one.
#[must_use]
pub fn complaint(uri: &str) -> Option<String> {
    let has_scheme = uri.split_once("://").is_some_and(|(scheme, _)| {
        scheme
            .bytes()
            .last()
            .is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_')
    });
    if is_downloaded_by_chart(uri) || !has_scheme {
        return None;
    }
    // A blob URI without container or path is the one https URI that is not enough.
    let blob = uri.contains("blob.core.windows.net");
    if !blob && SCHEMES.iter().any(|scheme| uri.starts_with(scheme)) {
        return None;
    }
    Some(format!(
        "storageUri, must be one of: [{}] or match https://{{}}.blob.core.windows.net/{{}}/{{}} or be an absolute or relative local path. StorageUri [{uri}] is not supported",
        SCHEMES.join(", ")
    ))
}

/// Whether the chart's ClusterStorageContainer says that it takes the URI.
fn is_downloaded_by_chart(uri: &str) -> bool {
    let on_the_web = ["http://", "https://"].iter().any(|scheme| {
        uri.split_once(scheme)
            .and_then(|(_, rest)| rest.get(1..)?.split_once('/'))
            .is_some_and(|(_, path)| !path.is_empty())
    });
    on_the_web || CHART_SCHEMES.iter().any(|scheme| uri.starts_with(scheme))
}

/// Adds what provides the model before the server starts.
pub(super) fn initialize(
    spec: &mut PodSpec,
    uri: &str,
    read_only: bool,
    config: &StorageInitializer,
    version: &KserveVersion,
) {
    let by_modelcar = config.enable_modelcar && uri.starts_with(OCI);
    let done = spec
        .init_containers
        .iter()
        .flatten()
        .any(|container| container.name == INITIALIZER);
    let has_server = spec.containers.iter().any(|c| c.name == SERVER);
    if by_modelcar || done || !has_server {
        return;
    }
    let mut mount = VolumeMount {
        name: DOWNLOADED.to_owned(),
        mount_path: MODELS.to_owned(),
        read_only: read_only.then_some(true),
        ..VolumeMount::default()
    };
    let mut volume = empty_volume();
    if let Some(claim) = uri.strip_prefix(PVC) {
        let (claim, path) = claim.split_once('/').unwrap_or((claim, ""));
        CLAIMED.clone_into(&mut mount.name);
        mount.sub_path = (!path.is_empty()).then(|| path.to_owned());
        volume = Volume {
            name: CLAIMED.to_owned(),
            persistent_volume_claim: Some(PersistentVolumeClaimVolumeSource {
                claim_name: claim.to_owned(),
                read_only: None,
            }),
            ..Volume::default()
        };
    } else {
        let container = initializer(uri, config, version);
        spec.init_containers
            .get_or_insert_with(Vec::new)
            .push(container);
    }
    let mut mounted = false;
    for container in spec.containers.iter_mut().filter(|c| c.name == SERVER) {
        mounted |= add_mount(container, &mount);
        for variable in container.env.iter_mut().flatten() {
            if variable.name == STORAGE_URI
                && variable.value.as_deref().is_some_and(|uri| !uri.is_empty())
            {
                variable.value = Some(MODELS.to_owned());
            }
        }
    }
    if mounted {
        add_volume(spec, volume);
    }
}

fn add_mount(container: &mut Container, mount: &VolumeMount) -> bool {
    let mounts = container.volume_mounts.get_or_insert_with(Vec::new);
    let missing = mounts.iter().all(|given| given.name != mount.name);
    if missing {
        mounts.push(mount.clone());
    }
    missing
}

fn add_volume(spec: &mut PodSpec, volume: Volume) {
    let volumes = spec.volumes.get_or_insert_with(Vec::new);
    if volumes.iter().all(|given| given.name != volume.name) {
        volumes.push(volume);
    }
}

fn empty_volume() -> Volume {
    Volume {
        name: DOWNLOADED.to_owned(),
        empty_dir: Some(EmptyDirVolumeSource::default()),
        ..Volume::default()
    }
}

fn initializer(uri: &str, config: &StorageInitializer, version: &KserveVersion) -> Container {
    let image = if config.image.is_empty() {
        "kserve/storage-initializer:latest"
    } else {
        &config.image
    };
    let mut container = Container {
        name: INITIALIZER.to_owned(),
        image: Some(image.to_owned()),
        args: Some(vec![uri.to_owned(), MODELS.to_owned()]),
        termination_message_policy: Some("FallbackToLogsOnError".to_owned()),
        volume_mounts: Some(vec![VolumeMount {
            name: DOWNLOADED.to_owned(),
            mount_path: MODELS.to_owned(),
            ..VolumeMount::default()
        }]),
        resources: Some(resources(
            &[
                ("cpu", &config.cpu_request),
                ("memory", &config.memory_request),
            ],
            &[("cpu", &config.cpu_limit), ("memory", &config.memory_limit)],
        )),
        ..Container::default()
    };
    if is_downloaded_by_chart(uri) {
        container.image = Some(version.storage_image.to_owned());
        container.resources = Some(resources(&CHART_REQUESTS, &CHART_LIMITS));
        container.security_context = Some(SecurityContext {
            allow_privilege_escalation: Some(false),
            capabilities: Some(Capabilities {
                drop: Some(vec!["ALL".to_owned()]),
                ..Capabilities::default()
            }),
            privileged: Some(false),
            run_as_non_root: Some(true),
            ..SecurityContext::default()
        });
    }
    container.env = Some(
        [
            ("HF_HUB_ENABLE_HF_TRANSFER", "1"),
            ("HF_XET_HIGH_PERFORMANCE", "1"),
            ("HF_XET_NUM_CONCURRENT_RANGE_GETS", "8"),
        ]
        .map(|(name, value)| EnvVar {
            name: name.to_owned(),
            value: Some(value.to_owned()),
            value_from: None,
        })
        .to_vec(),
    );
    container
}

fn resources(requests: &[(&str, &str)], limits: &[(&str, &str)]) -> ResourceRequirements {
    let map = |list: &[(&str, &str)]| -> BTreeMap<String, Quantity> {
        list.iter()
            .map(|(name, amount)| ((*name).to_owned(), Quantity((*amount).to_owned())))
            .collect()
    };
    ResourceRequirements {
        requests: Some(map(requests)),
        limits: Some(map(limits)),
        claims: None,
    }
}

/// Adds the container that holds the model, for `oci://`.
pub(super) fn modelcar(spec: &mut PodSpec, uri: &str, config: &StorageInitializer) {
    let Some(image) = uri.strip_prefix(OCI) else {
        return;
    };
    let Some(server) = spec.containers.iter_mut().find(|c| c.name == SERVER) else {
        return;
    };
    let mount = VolumeMount {
        name: DOWNLOADED.to_owned(),
        mount_path: MODELS_PARENT.to_owned(),
        ..VolumeMount::default()
    };
    let env = server.env.get_or_insert_with(Vec::new);
    let mode = EnvVar {
        name: "MODEL_INIT_MODE".to_owned(),
        value: Some("async".to_owned()),
        value_from: None,
    };
    match env.iter_mut().find(|variable| variable.name == mode.name) {
        Some(variable) => *variable = mode,
        None => env.push(mode),
    }
    add_mount(server, &mount);
    if let Some(user) = config.uid_modelcar {
        server.security_context = Some(as_user(user));
    }
    add_volume(spec, empty_volume());
    if spec.containers.iter().all(|c| c.name != "modelcar") {
        let script = format!("ln -sf /proc/$$$$/root/models {MODELS} && sleep infinity");
        let mut car = model_container("modelcar", image, &script, config);
        car.volume_mounts = Some(vec![mount]);
        car.security_context = config.uid_modelcar.map(as_user);
        spec.containers.push(car);
        let script = format!(
            "echo 'Pre-fetching modelcar {image}: ' && [ -d /models ] && [ \"$$(ls -A /models)\" ] && echo 'OK ... Prefetched and valid (/models exists)' || (echo 'NOK ... Prefetched but modelcar is invalid (/models does not exist or is empty)' && exit 1)"
        );
        spec.init_containers
            .get_or_insert_with(Vec::new)
            .push(model_container("modelcar-init", image, &script, config));
    }
    spec.share_process_namespace = Some(true);
}

fn as_user(user: i64) -> SecurityContext {
    SecurityContext {
        run_as_user: Some(user),
        ..SecurityContext::default()
    }
}

fn model_container(
    name: &str,
    image: &str,
    script: &str,
    config: &StorageInitializer,
) -> Container {
    let or = |text: &str, default: &str| if text.is_empty() { default } else { text }.to_owned();
    let cpu = or(&config.cpu_modelcar, "10m");
    let memory = or(&config.memory_modelcar, "15Mi");
    let amounts = [("cpu", cpu.as_str()), ("memory", memory.as_str())];
    Container {
        name: name.to_owned(),
        image: Some(image.to_owned()),
        args: Some(vec!["sh".to_owned(), "-c".to_owned(), script.to_owned()]),
        resources: Some(resources(&amounts, &amounts)),
        termination_message_policy: Some("FallbackToLogsOnError".to_owned()),
        ..Container::default()
    }
}
