//! What a model knows of its image (AIM Engine 0.2.1, spec 2.2).

use super::super::view::Model;
use crate::api::aim::{ImageMetadata, ModelMetadata, OciMetadata};
use crate::diag::field::go_quote;
use crate::inventory::{World, catalog};
use crate::kube::image;
use crate::kube::unknown::KNOWN_AFTER_APPLY;

/// What one pass learns of an image.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fetched<'a> {
    /// Nothing was asked: extraction is off, or the status holds the metadata already.
    NotAsked,
    /// The metadata that the spec holds.
    Written(&'a ImageMetadata),
    /// The metadata in the image, from the registry.
    Read(Box<ImageMetadata>),
    /// Neither the catalog nor a fact describes the image: it is taken as readable and without AIM labels.
    Assumed(Box<ImageMetadata>),
    /// The registry client cannot even read the reference; its text.
    Unreadable(String),
}

impl Fetched<'_> {
    /// The metadata that this pass writes into the status.
    pub(super) fn value(&self) -> Option<&ImageMetadata> {
        match self {
            Self::Written(metadata) => Some(metadata),
            Self::Read(metadata) | Self::Assumed(metadata) => Some(metadata),
            Self::NotAsked | Self::Unreadable(_) => None,
        }
    }
}

/// Looks for the metadata: the spec's, else the status's own, else the registry's (here the catalog's).
pub(super) fn fetch<'a>(model: &Model<'a>, world: &World) -> Fetched<'a> {
    let discovery = model.spec.discovery.as_ref();
    if discovery.is_some_and(|discovery| discovery.extract_metadata == Some(false)) {
        return Fetched::NotAsked;
    }
    if let Some(metadata) = &model.spec.image_metadata {
        return Fetched::Written(metadata);
    }
    if model
        .status
        .is_some_and(|status| status.image_metadata.is_some())
    {
        return Fetched::NotAsked;
    }
    if let Some(text) = unreadable(&model.spec.image) {
        return Fetched::Unreadable(text);
    }
    let known = world
        .facts()
        .catalog
        .then(|| catalog::find(&model.spec.image))
        .flatten();
    match known {
        Some(image) => Fetched::Read(Box::new(image.metadata())),
        None => Fetched::Assumed(Box::new(ImageMetadata {
            model: Some(ModelMetadata::default()),
            oci: Some(OciMetadata::default()),
            ..ImageMetadata::default()
        })),
    }
}

/// Why no registry can be asked for an image, in the operator's words.
pub(super) fn unreadable(image: &str) -> Option<String> {
    let quoted = go_quote(image);
    match image::check_reference(image) {
        Err(error) => Some(format!("failed to parse image reference {quoted}: {error}")),
        Ok(()) if image::has_scheme(image) => Some(format!(
            "failed to fetch image {quoted}: {KNOWN_AFTER_APPLY}"
        )),
        Ok(()) => None,
    }
}

/// The metadata that templates are made from: the spec's, else the status's.
pub(super) fn effective<'a>(model: &Model<'a>) -> Option<&'a ImageMetadata> {
    model
        .spec
        .image_metadata
        .as_ref()
        .or_else(|| model.status?.image_metadata.as_ref())
}

/// Whether the model should have templates; `None` while its metadata is not known.
pub(super) fn expects_templates(model: &Model<'_>) -> Option<bool> {
    let discovery = model.spec.discovery.as_ref();
    if discovery.is_some_and(|discovery| discovery.create_service_templates == Some(false)) {
        return Some(false);
    }
    if !model.spec.model_sources.is_empty() {
        return Some(true);
    }
    let metadata = effective(model)?;
    let recommended = metadata
        .model
        .as_ref()
        .is_some_and(|model| !model.recommended_deployments.is_empty());
    Some(recommended || !model.spec.custom_templates.is_empty())
}
