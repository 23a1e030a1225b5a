//! What an HPA says of itself: conditions, averages, the reason of a rescale (spec 9.7).

use std::fmt;

use crate::kube::quantity;

/// Reason of the condition AbleToScale; always True here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Able {
    /// The scale was read, and nothing else said more.
    SucceededGetScale,
    /// What was proposed is what is wanted.
    ReadyForNewScale,
    /// A lower recommendation of the window holds it down.
    ScaleUpStabilized,
    /// A higher recommendation of the window holds it up.
    ScaleDownStabilized,
    /// The scale was written.
    SucceededRescale,
}

/// Reason of the condition ScalingActive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Active {
    /// The target stands at 0: False.
    ScalingDisabled,
    /// A metric cannot be read: False.
    FailedGetExternalMetric,
    /// True.
    ValidMetricFound,
}

/// Reason of the condition ScalingLimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limited {
    /// Nothing limits it: False.
    DesiredWithinRange,
    /// It rises as fast as it may.
    ScaleUpLimit,
    /// It falls as fast as it may.
    ScaleDownLimit,
    /// It is held at the maximum.
    TooManyReplicas,
    /// It is held at the minimum.
    TooFewReplicas,
}

/// The three conditions. Each keeps its last value in steps that do not set it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Conditions {
    /// AbleToScale.
    pub able: Option<Able>,
    /// ScalingActive.
    pub active: Option<Active>,
    /// ScalingLimited.
    pub limited: Option<Limited>,
}

/// The reason as Kubernetes spells it.
impl fmt::Display for Able {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// The reason as Kubernetes spells it, after `!` when the condition is False.
impl fmt::Display for Active {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if *self == Self::ValidMetricFound {
            ""
        } else {
            "!"
        };
        write!(f, "{sign}{self:?}")
    }
}

/// The reason as Kubernetes spells it, after `!` when the condition is False.
impl fmt::Display for Limited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if *self == Self::DesiredWithinRange {
            "!"
        } else {
            ""
        };
        write!(f, "{sign}{self:?}")
    }
}

/// One entry of `status.currentMetrics`, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Average {
    /// Per replica.
    PerReplica(i64),
    /// The value itself (target type Value).
    Whole(i64),
    /// An empty entry: the metric could not be read.
    Unreadable,
}

impl Average {
    /// The average of a value over replicas, rounded up. A value that already is the greatest number stays it, and
    /// without replicas the division overflows to the least (Kubernetes 1.34 on amd64).
    pub(super) fn of(value: i64, replicas: f64) -> Self {
        let average = (value as f64 / replicas).ceil();
        Self::PerReplica(if value as f64 >= i64::MAX as f64 {
            i64::MAX
        } else if average.is_finite() {
            average as i64
        } else {
            i64::MIN
        })
    }
}

/// As `kubectl get hpa -o yaml` shows it: a canonical quantity, after `=` for a whole value, `-` for an empty entry.
impl fmt::Display for Average {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PerReplica(milli) => f.write_str(&quantity::canonical(&format!("{milli}m"))),
            Self::Whole(milli) => write!(f, "={}", quantity::canonical(&format!("{milli}m"))),
            Self::Unreadable => f.write_str("-"),
        }
    }
}

/// Why the count was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The metric of that index asked for more.
    MetricAbove(usize),
    /// All asked for less.
    AllBelow,
    /// It stood above the maximum.
    AboveMax,
    /// It stood below the minimum.
    BelowMin,
}

impl Reason {
    /// The text of the event; `name` gives the metric of an index.
    #[must_use]
    pub fn text(self, name: impl FnOnce(usize) -> String) -> String {
        match self {
            Self::MetricAbove(index) => format!("{} above target", name(index)),
            Self::AllBelow => "All metrics below target".to_owned(),
            Self::AboveMax => "Current number of replicas above Spec.MaxReplicas".to_owned(),
            Self::BelowMin => "Current number of replicas below Spec.MinReplicas".to_owned(),
        }
    }
}
