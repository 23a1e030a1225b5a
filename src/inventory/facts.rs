//! What flags say about the cluster.

use super::kserve_config::KserveVersion;

/// A GPU model that the user says the cluster has (`--gpu MODEL[:VRAM]`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GpuFlag {
    /// The model as typed.
    pub model: String,
    /// Its memory as typed (`192G`), when given.
    pub vram: Option<String>,
}

/// Which controllers run where the output is applied (`--cluster`, spec 8.2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Installed {
    /// AIM Engine, KServe, KEDA, OpenTelemetry operator.
    AimEngine,
    /// KServe, KEDA, OpenTelemetry operator.
    #[default]
    Kserve,
    /// KEDA and the OpenTelemetry operator.
    Keda,
}

/// What is known about the cluster beside the documents.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Which controllers run there.
    pub installed: Installed,
    /// GPUs named by flags, besides those of Node documents. Empty: the cluster has no others (`--gpu none`). `None`:
    /// nothing was said, so without Node documents the GPUs are not known (see [`super::Gpus`]).
    pub gpus: Option<Vec<GpuFlag>>,
    /// Use the built-in catalog of images.
    pub catalog: bool,
    /// The OTel add-on is installed with its chart's own admission policy (`--add-on-policy`).
    pub add_on_policy: bool,
    /// The version of KServe that is reproduced (`--stack`).
    pub kserve: &'static KserveVersion,
}
