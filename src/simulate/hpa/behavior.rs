//! How fast the count may move: `spec.behavior` of an HPA.

use k8s_openapi::api::autoscaling::v2::{
    HPAScalingPolicy, HPAScalingRules, HorizontalPodAutoscalerBehavior,
};

use super::state::Events;

/// Both directions, every field filled in as the API server does (spec 4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behavior {
    /// Upwards.
    pub up: Rules,
    /// Downwards.
    pub down: Rules,
}

/// The rules of one direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// How far back recommendations count, in seconds. Absent downwards: the controller's own window.
    pub window: Option<i32>,
    /// Which policy decides.
    pub select: Select,
    /// The policies; at least one.
    pub policies: Vec<Policy>,
}

/// Which policy of a direction decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Select {
    /// The one that changes most.
    Max,
    /// The one that changes least.
    Min,
    /// None: the count never moves in this direction.
    Disabled,
}

/// One limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Percent of the count at the period's start, else a number of pods.
    pub percent: bool,
    /// How many or how much.
    pub value: i32,
    /// Over how many seconds.
    pub period: i32,
}

impl Behavior {
    /// A stored or given behavior, with the API server's defaults for what is absent: up 4 pods or 100 % in 15 s at
    /// once, down 100 % in 15 s, whose window stays absent (Kubernetes 1.34, spec 4.2).
    #[must_use]
    pub fn from_api(given: &HorizontalPodAutoscalerBehavior) -> Self {
        let pods = Policy {
            percent: false,
            value: 4,
            period: 15,
        };
        let double = Policy {
            percent: true,
            value: 100,
            period: 15,
        };
        Self {
            up: Rules::from_api(given.scale_up.as_ref(), Some(0), &[pods, double]),
            down: Rules::from_api(given.scale_down.as_ref(), None, &[double]),
        }
    }
}

impl Rules {
    fn from_api(given: Option<&HPAScalingRules>, window: Option<i32>, policies: &[Policy]) -> Self {
        let select = match given.and_then(|rules| rules.select_policy.as_deref()) {
            Some("Min") => Select::Min,
            Some("Disabled") => Select::Disabled,
            _ => Select::Max,
        };
        let given_policies = given.and_then(|rules| rules.policies.as_ref());
        Self {
            window: given
                .and_then(|rules| rules.stabilization_window_seconds)
                .or(window),
            select,
            policies: given_policies.map_or_else(
                || policies.to_vec(),
                |given| given.iter().map(Policy::from_api).collect(),
            ),
        }
    }

    /// The longest period of its policies, in milliseconds.
    pub(super) fn longest_period(&self) -> i64 {
        self.policies
            .iter()
            .map(Policy::period_ms)
            .max()
            .unwrap_or(0)
    }

    /// The most that the count may be now. Events of the other direction count as well (spec 9.3).
    pub(super) fn up_limit(&self, current: i32, events: &Events, now: i64) -> i32 {
        let limits = self.policies.iter().map(|policy| {
            let start = events.count_at_period_start(current, policy.period_ms(), now);
            if policy.percent {
                // In this order: 50 · (1 + 10 / 100) is 55.00000000000001, so 56.
                to_i32((f64::from(start) * (1.0 + f64::from(policy.value) / 100.0)).ceil())
            } else {
                start.saturating_add(policy.value)
            }
        });
        let limit = match self.select {
            Select::Max => limits.max(),
            Select::Min => limits.min(),
            Select::Disabled => Some(current),
        };
        limit.unwrap_or(current).max(current)
    }

    /// The least that the count may be now.
    pub(super) fn down_limit(&self, current: i32, events: &Events, now: i64) -> i32 {
        let limits = self.policies.iter().map(|policy| {
            let start = events.count_at_period_start(current, policy.period_ms(), now);
            if policy.percent {
                to_i32((f64::from(start) * (1.0 - f64::from(policy.value) / 100.0)).trunc())
            } else {
                start.saturating_sub(policy.value)
            }
        });
        let limit = match self.select {
            Select::Max => limits.min(),
            Select::Min => limits.max(),
            Select::Disabled => Some(current),
        };
        limit.unwrap_or(current).min(current)
    }
}

impl Policy {
    fn from_api(given: &HPAScalingPolicy) -> Self {
        Self {
            percent: given.type_ == "Percent",
            value: given.value,
            period: given.period_seconds,
        }
    }

    fn period_ms(&self) -> i64 {
        i64::from(self.period) * 1000
    }
}

/// A whole double as a count of replicas, kept within 32 bits.
pub(super) fn to_i32(value: f64) -> i32 {
    value as i32
}
