//! What the add-on keeps of a push (OTLP metrics, one export request).

use super::{Labels, Store, go_max};

/// One export request.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// Its resources, in order.
    pub resources: Vec<Resource>,
}

/// A sender and its metrics.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Resource {
    /// The attribute `host.name`, else `pod`; other resource attributes do not count.
    pub host_name: Option<String>,
    /// Its metrics, in order.
    pub metrics: Vec<Metric>,
}

/// A metric of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// Its name.
    pub name: String,
    /// Its points.
    pub data: Data,
}

/// The points of a metric, by its kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// Gauge or sum; temporality and monotonicity do not matter.
    Numbers(Vec<Point>),
    /// Histogram or exponential histogram, of which only the count is kept: give it as the value.
    Counts(Vec<Point>),
    /// Summary, or a metric without data.
    Summary,
}

/// One point.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Its attributes.
    pub labels: Labels,
    /// Its own time in whole seconds, 0 when it has none.
    pub time: u32,
    /// The value as a double, 0 when it is an integer or absent.
    pub double: f64,
    /// The value as an integer, 0 when it is a double or absent.
    pub integer: i64,
}

impl Store {
    /// Stores what the add-on keeps of a request: negatives and points without value become 0, a histogram is its
    /// count under `<name>_count`, and a summary ends the reading of the whole request (spec 4.3).
    pub fn receive(&mut self, request: &Request, now: i64) {
        for resource in &request.resources {
            for metric in &resource.metrics {
                let (name, points) = match &metric.data {
                    Data::Numbers(points) => (metric.name.clone(), points),
                    Data::Counts(points) => (format!("{}_count", metric.name), points),
                    Data::Summary => return,
                };
                for point in points {
                    let mut labels = point.labels.clone();
                    if let Some(host) = &resource.host_name {
                        labels.text("host.name", host);
                    }
                    // The add-on reads both halves of the value and takes the greater one.
                    let value = go_max(point.double, point.integer as f64);
                    self.push(&name, &labels, value, point.time, now);
                }
            }
        }
    }
}
