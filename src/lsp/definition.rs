//! Names of other objects: which fields hold them, and where the objects are defined.

use std::collections::BTreeMap;

use super::cursor::{Cursor, Spot};
use super::offset;
use crate::diag::{FieldPath, Segment, Target};
use crate::inventory::{Kind, ObjectKey};
use crate::source::{Sources, TextRange};

const RUNTIME_CONFIG: &[Kind] = &[Kind::AimRuntimeConfig, Kind::AimClusterRuntimeConfig];
const MODEL: &[Kind] = &[Kind::AimModel, Kind::AimClusterModel];
const TEMPLATE: &[Kind] = &[Kind::AimServiceTemplate, Kind::AimClusterServiceTemplate];

/// Fields that hold the name of an object: the kind that has the field, the field without indices, and the kinds that the
/// object can be of, in the order in which they are looked for.
const REFERENCES: &[(Kind, &str, &[Kind])] = &[
    (Kind::AimService, "spec.model.name", MODEL),
    (Kind::AimService, "spec.template.name", TEMPLATE),
    (Kind::AimService, "spec.runtimeConfigName", RUNTIME_CONFIG),
    (Kind::AimModel, "spec.runtimeConfigName", RUNTIME_CONFIG),
    (
        Kind::AimClusterModel,
        "spec.runtimeConfigName",
        &[Kind::AimClusterRuntimeConfig],
    ),
    (
        Kind::AimServiceTemplate,
        "spec.modelName",
        &[Kind::AimModel],
    ),
    (
        Kind::AimClusterServiceTemplate,
        "spec.modelName",
        &[Kind::AimClusterModel],
    ),
    (
        Kind::AimServiceTemplate,
        "spec.runtimeConfigName",
        RUNTIME_CONFIG,
    ),
    (
        Kind::AimClusterServiceTemplate,
        "spec.runtimeConfigName",
        &[Kind::AimClusterRuntimeConfig],
    ),
    (Kind::AimTemplateCache, "spec.templateName", TEMPLATE),
    (
        Kind::AimTemplateCache,
        "spec.runtimeConfigName",
        RUNTIME_CONFIG,
    ),
    (Kind::AimArtifact, "spec.runtimeConfigName", RUNTIME_CONFIG),
    (
        Kind::AimService,
        "spec.routing.gatewayRef.name",
        &[Kind::Gateway],
    ),
    (
        Kind::AimRuntimeConfig,
        "spec.routing.gatewayRef.name",
        &[Kind::Gateway],
    ),
    (
        Kind::AimClusterRuntimeConfig,
        "spec.routing.gatewayRef.name",
        &[Kind::Gateway],
    ),
    (
        Kind::AimService,
        "spec.storage.defaultStorageClassName",
        &[Kind::StorageClass],
    ),
    (
        Kind::AimRuntimeConfig,
        "spec.storage.defaultStorageClassName",
        &[Kind::StorageClass],
    ),
    (
        Kind::AimClusterRuntimeConfig,
        "spec.storage.defaultStorageClassName",
        &[Kind::StorageClass],
    ),
    (
        Kind::AimTemplateCache,
        "spec.storageClassName",
        &[Kind::StorageClass],
    ),
    (
        Kind::AimArtifact,
        "spec.storageClassName",
        &[Kind::StorageClass],
    ),
    (Kind::HttpRoute, "spec.parentRefs.name", &[Kind::Gateway]),
    (
        Kind::HttpRoute,
        "spec.rules.backendRefs.name",
        &[Kind::Service],
    ),
    (
        Kind::ScaledObject,
        "spec.scaleTargetRef.name",
        &[Kind::Deployment],
    ),
    (
        Kind::PersistentVolumeClaim,
        "spec.storageClassName",
        &[Kind::StorageClass],
    ),
];

/// The kinds that a field's value names an object of; none for other fields.
pub(super) fn targets(kind: Kind, path: &FieldPath) -> &'static [Kind] {
    let keys: Vec<&str> = path
        .0
        .iter()
        .filter_map(|segment| match segment {
            Segment::Key(key) => Some(key.as_str()),
            Segment::Index(_) => None,
        })
        .collect();
    let field = keys.join(".");
    REFERENCES
        .iter()
        .find(|(holder, known, _)| *holder == kind && *known == field)
        .map_or(&[], |(_, _, targets)| targets)
}

/// The objects that the documents define, by key, with the bytes of their names. `namespace` is that of documents that
/// name none.
#[must_use]
pub fn names(sources: &Sources, namespace: &str) -> BTreeMap<ObjectKey, TextRange> {
    let mut names = BTreeMap::new();
    let path = FieldPath::root().key("metadata").key("name");
    for document in &sources.documents {
        let text = |pointer: &str| {
            document
                .value
                .pointer(pointer)
                .and_then(serde_json::Value::as_str)
        };
        let kind = text("/apiVersion").zip(text("/kind"));
        let Some(kind) = kind.and_then(|(version, kind)| Kind::of(version, kind)) else {
            continue;
        };
        let (Some(name), Some(range)) = (
            text("/metadata/name"),
            sources.span(document.id, &path, Target::Value),
        ) else {
            continue;
        };
        let namespace = text("/metadata/namespace").unwrap_or(namespace);
        names
            .entry(ObjectKey::new(kind, namespace, name))
            .or_insert(range);
    }
    names
}

/// Where the object is defined whose name stands at a position. The namespace is the document's, where one of that name
/// is there, else any.
#[must_use]
pub fn definition(
    text: &str,
    position: lsp_types::Position,
    names: &BTreeMap<ObjectKey, TextRange>,
) -> Option<TextRange> {
    let at = offset(text, position);
    let cursor = Cursor::at(text, at)?;
    let kind = cursor.kind?;
    // On the key the value is meant, too.
    let (path, name) = match cursor.spot {
        Spot::Value => (cursor.path.clone(), cursor.word.clone()),
        Spot::Key => {
            let behind = text.get(cursor.end..)?.split('\n').next()?;
            let value = behind.strip_prefix(':')?.split(" #").next()?.trim();
            let value = value.trim_matches(|c| c == '"' || c == '\'');
            (cursor.path.key(&cursor.word), value.to_owned())
        }
    };
    targets(kind, &path).iter().find_map(|target| {
        let mut found = names
            .iter()
            .filter(|(key, _)| key.kind == *target && key.name == name);
        found.next().map(|(_, range)| *range)
    })
}
