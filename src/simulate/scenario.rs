//! What is simulated: a workload, what scales it, and what its replicas can do.

use super::constants::Constants;
use super::hpa;
use crate::addon::{Clamp, Operation, Query, QueryError};

/// A workload and its autoscaling, as they would be in the cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Whose it is: the AIMService's `namespace/name`.
    pub service: String,
    /// Replicas at the beginning (the Deployment's, when the HPA is made).
    pub start: i32,
    /// What moves the count.
    pub scaling: Scaling,
    /// What a replica can do.
    pub replica: Replica,
    /// Every other number.
    pub constants: Constants,
}

/// What moves the count.
#[derive(Debug, Clone, PartialEq)]
pub enum Scaling {
    /// Nothing; says why.
    Fixed(Fixed),
    /// An HPA that KEDA made.
    Keda(Keda),
}

/// Why the count never moves by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fixed {
    /// A fixed number was asked for.
    Asked,
    /// Autoscaling was asked for and does not come into being: the refusal, in its refuser's words.
    Refused(String),
    /// The HPA scales on CPU: why, where that was not asked for. How busy the CPU of a GPU server is, is not modelled.
    Cpu(Option<String>),
}

/// A ScaledObject and the HPA that KEDA made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Keda {
    /// `spec.minReplicaCount` of the ScaledObject, absent 0.
    pub min_replica_count: i32,
    /// The HPA. Its targets are those of the triggers that have a metric, in order.
    pub hpa: hpa::Spec,
    /// The triggers of the ScaledObject, in order.
    pub triggers: Vec<Trigger>,
    /// What the stack passes over in what the service says of its metrics, in words.
    pub ignored: Vec<String>,
}

/// A trigger and what stands behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    /// The HPA's name for its metric; `None` when the HPA has none for this trigger.
    pub metric: Option<String>,
    /// What the add-on is asked.
    pub query: Result<Query, QueryError>,
    /// Over time.
    pub operation: Operation,
    /// Bounds of the answer.
    pub clamp: Clamp,
    /// `useCachedMetrics`: the HPA gets the answer of KEDA's last poll.
    pub cached: bool,
    /// Whether a pod's series answers the query; if not, why.
    pub delivery: Delivery,
}

/// Whether what the query asks for arrives at the add-on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// Each pod pushes it.
    Pods,
    /// Never, so the question is never answered: why.
    Never(String),
    /// The metric arrives, but under labels that the query contradicts: the answer is always 0. Why.
    OtherLabels(String),
}

/// What a replica can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replica {
    /// Requests that it serves at once; the rest waits.
    pub capacity: u32,
    /// From its creation until it serves and reports, in milliseconds.
    pub start_delay: i64,
    /// The replicas at the beginning have to start as well; else they are ready.
    pub cold: bool,
}

impl Scenario {
    /// The bounds of the count: fewest and most.
    #[must_use]
    pub fn bounds(&self) -> (i32, i32) {
        match &self.scaling {
            Scaling::Fixed(_) => (self.start, self.start),
            Scaling::Keda(keda) => {
                let least = if keda.min_replica_count > 0 {
                    keda.hpa.min
                } else {
                    0
                };
                (least.min(keda.hpa.max), keda.hpa.max)
            }
        }
    }

    /// KEDA's part, when there is one.
    #[must_use]
    pub fn keda(&self) -> Option<&Keda> {
        match &self.scaling {
            Scaling::Fixed(_) => None,
            Scaling::Keda(keda) => Some(keda),
        }
    }
}
