//! The set of versions that is reproduced (spec 1).

use super::kserve_config::{KSERVE_0_16, KserveVersion};

/// One part of a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Component {
    /// The product's name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// Versions that belong together.
#[derive(Debug, PartialEq, Eq)]
pub struct Stack {
    /// What `--stack` calls it.
    pub version: &'static str,
    /// Its parts, in the order of the chain.
    pub components: &'static [Component],
    /// What is particular to its KServe.
    pub kserve: &'static KserveVersion,
}

const fn component(name: &'static str, version: &'static str) -> Component {
    Component { name, version }
}

/// Every stack known, the default first.
pub static STACKS: &[Stack] = &[Stack {
    version: "2026.02",
    components: &[
        component("AIM Engine", "0.2.1 (v1alpha1)"),
        component("KServe", "0.16.0 (Standard)"),
        component("KEDA", "2.18.1"),
        component("KEDA OTel add-on", "0.0.6"),
        component("OpenTelemetry Operator", "0.140.0 (collector 0.140.1)"),
        component("Gateway API", "1.3"),
        component("Kubernetes", "1.34"),
    ],
    kserve: &KSERVE_0_16,
}];

impl Stack {
    /// The stack of that version.
    #[must_use]
    pub fn find(version: &str) -> Option<&'static Self> {
        STACKS.iter().find(|stack| stack.version == version)
    }
}
