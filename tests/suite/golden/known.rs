//! Recorded cases that differ, and why they have to.

/// A recording that cannot be derived from its input.
pub(super) struct Difference {
    pub(super) group: &'static str,
    pub(super) case: &'static str,
    /// In which checks.
    pub(super) whats: &'static [&'static str],
    pub(super) why: &'static str,
}

impl Difference {
    pub(super) fn is(&self, group: &str, what: &str, case: &str) -> bool {
        self.group == group && self.case == case && self.whats.contains(&what)
    }
}

const REGISTRY: &str = "the registry was made to refuse the image; offline an image outside the catalog is taken as reachable, without recommended deployments";
const OLD_POD: &str = "the recorded pod is the one from before the edit, still there beside the new one while the rollout went on; the tool gives the pod of the Deployment as it is now";

pub(super) const DIFFERENCES: &[Difference] = &[
    Difference {
        group: "aim",
        case: "edit-env",
        whats: &["objects of the chain (operator)"],
        why: OLD_POD,
    },
    Difference {
        group: "aim",
        case: "edit-hpa-to-static",
        whats: &["objects of the chain (operator)"],
        why: OLD_POD,
    },
    Difference {
        group: "aim",
        case: "model-image-new-pull-secret-missing",
        whats: &[
            "objects",
            "status of services",
            "status of models and templates",
            "refusals",
            "objects of the chain",
            "objects of the chain (operator)",
        ],
        why: "the pull secret was not in the cluster; offline a Secret that the input does not hold is taken as present",
    },
    Difference {
        group: "aim",
        case: "model-image-unauthorized",
        whats: &[
            "status of services",
            "status of models and templates",
            "refusals",
        ],
        why: REGISTRY,
    },
    Difference {
        group: "aim",
        case: "model-image-unknown",
        whats: &[
            "status of services",
            "status of models and templates",
            "refusals",
        ],
        why: REGISTRY,
    },
    Difference {
        group: "aim",
        case: "route-rejected",
        whats: &["status of services"],
        why: "the gateway was silent; offline gateways are taken as accepting",
    },
    Difference {
        group: "keda",
        case: "keda-recreate-after-zero",
        whats: &["objects and status"],
        why: "KEDA remembers the trigger of a deleted object of the same name (D306); the input is the second object only",
    },
    Difference {
        group: "otel",
        case: "otel-classic-sidecar",
        whats: &["pods and objects"],
        why: "the sidecar of a cluster before Kubernetes 1.29, where the operator makes a plain container of it; the tool reproduces 1.34",
    },
];
