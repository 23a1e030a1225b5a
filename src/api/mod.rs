//! The shapes: one file a kind, serde and schemars derives, no behaviour.
//!
//! Kubernetes' own kinds come from `k8s-openapi`; the kinds of AIM Engine, KServe, KEDA, OpenTelemetry and the
//! Gateway API are typed here, as far as the chain writes or reads them.

pub mod aim;
pub mod gateway;
pub mod keda;
pub mod kserve;
mod null;
pub mod otel;
mod overlay;
mod quantity;
mod resource;

pub(crate) use null::null_as_default;
pub use quantity::{QUANTITY_PATTERN, Quantity};
pub use resource::CustomResource;
pub(crate) use resource::custom_resource;
