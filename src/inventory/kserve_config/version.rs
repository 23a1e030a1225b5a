//! What differs between the versions of KServe that a stack may hold: one table entry each.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::Sections;

/// A version of KServe, in Standard mode.
#[derive(Debug)]
pub struct KserveVersion {
    /// Its number.
    pub number: &'static str,
    /// The image of its chart's ClusterStorageContainer.
    pub storage_image: &'static str,
    /// Its chart's `inferenceservice-config` with the values that AIM Engine's installation requires: the keys' values
    /// as one JSON object.
    config: &'static str,
    /// The same, read once.
    sections: OnceLock<Arc<Sections>>,
}

/// KServe 0.16.0.
pub static KSERVE_0_16: KserveVersion = KserveVersion::new(
    "0.16.0",
    "kserve/storage-initializer:v0.16.0",
    include_str!("kserve_0_16.json"),
);

impl KserveVersion {
    /// A version by its number, the image of its chart's ClusterStorageContainer, and its configuration: one JSON object
    /// with the ConfigMap's keys.
    #[must_use]
    pub const fn new(
        number: &'static str,
        storage_image: &'static str,
        config: &'static str,
    ) -> Self {
        Self {
            number,
            storage_image,
            config,
            sections: OnceLock::new(),
        }
    }

    /// The built-in configuration.
    pub(super) fn sections(&self) -> Arc<Sections> {
        let sections = self.sections.get_or_init(|| {
            let sections: BTreeMap<String, Value> =
                serde_json::from_str(self.config).unwrap_or_default();
            let sections = sections.into_iter().map(|(key, value)| (key, Ok(value)));
            Arc::new(sections.collect())
        });
        Arc::clone(sections)
    }
}

impl Default for &'static KserveVersion {
    fn default() -> Self {
        &KSERVE_0_16
    }
}

impl PartialEq for KserveVersion {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for KserveVersion {}
