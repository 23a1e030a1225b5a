//! The external scaler between the sidecars and KEDA: Kedify's OTel add-on 0.0.6 (spec 4.3).
//!
//! Pure arithmetic: what it reads of a trigger ([`Query`], [`Operation`], [`target`]), what it keeps of a push
//! ([`otlp`], [`Store`]) and what it answers. Controllers ask it what a trigger means; `simulate` runs it.

mod address;
mod operation;
pub mod otlp;
mod query;
mod series;
mod store;
mod target;
pub mod vllm;

pub use address::{AddressFault, SCALER_ADDRESS, address_fault};
pub use operation::Operation;
pub use query::{Aggregation, Query, QueryError, wrapped};
pub use series::{RETENTION_SECONDS, Series};
pub use store::{Labels, NotFound, Store};
pub use target::{Clamp, TargetError, metric_value, target};

/// Keys of a trigger's metadata.
pub mod key {
    /// The query.
    pub const METRIC_QUERY: &str = "metricQuery";
    /// The target per replica.
    pub const TARGET_VALUE: &str = "targetValue";
    /// Which of a series' numbers is asked for.
    pub const OPERATION_OVER_TIME: &str = "operationOverTime";
    /// Where KEDA asks; the add-on does not read it.
    pub const SCALER_ADDRESS: &str = "scalerAddress";
}

/// Go's `math.Min`: NaN wins over every number.
fn go_min(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else {
        a.min(b)
    }
}

/// Go's `math.Max`: NaN wins over every finite number, and +Inf over NaN.
fn go_max(a: f64, b: f64) -> f64 {
    if a == f64::INFINITY || b == f64::INFINITY {
        f64::INFINITY
    } else if a.is_nan() || b.is_nan() {
        f64::NAN
    } else {
        a.max(b)
    }
}

/// The mean, one value at a time, with the rounding of the add-on: aᵢ = (aᵢ₋₁ / i)·(i − 1) + vᵢ / i.
fn running_mean(mean: f64, value: f64, count: usize) -> f64 {
    let i = count as f64;
    (mean / i) * (i - 1.0) + value / i
}
