//! Which number of the model stands for each trigger's metric.

use std::fmt;

use super::fleet::Signal;
use super::load::Load;
use super::scenario::{Delivery, Scenario};
use crate::addon::vllm::{self, MetricKind};

/// A metric of the engine that requests in flight do not tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmodelled {
    /// Its name, as the add-on keeps it.
    pub metric: String,
}

impl fmt::Display for Unmodelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} does not follow from requests in flight: give its values over time",
            self.metric
        )
    }
}

impl std::error::Error for Unmodelled {}

/// What each trigger's metric shows. A column of the trace that has the metric's name wins over the model; `each` says
/// that such a column holds every replica's own value, not the sum of all.
///
/// A trigger whose metric nobody exports becomes one that is never delivered.
///
/// # Errors
/// A metric of vLLM that neither the model nor the trace gives.
pub fn signals(
    scenario: &mut Scenario,
    load: &Load,
    each: bool,
) -> Result<Vec<Option<Signal>>, Unmodelled> {
    let super::scenario::Scaling::Keda(keda) = &mut scenario.scaling else {
        return Ok(Vec::new());
    };
    let mut signals = Vec::new();
    for trigger in &mut keda.triggers {
        let name = match (&trigger.query, &trigger.delivery) {
            (Ok(query), Delivery::Pods | Delivery::OtherLabels(_)) => query.name.as_str(),
            _ => {
                signals.push(None);
                continue;
            }
        };
        let column = load.column(name).map(|column| {
            if each {
                Signal::EachColumn(column)
            } else {
                Signal::Column(column)
            }
        });
        let signal = column.or_else(|| Signal::of_vllm(name));
        if signal.is_none() {
            trigger.delivery = Delivery::Never(match vllm::kind(name) {
                Some(MetricKind::Histogram) => {
                    format!("`{name}` is a histogram, of which only `{name}_count` is kept")
                }
                None if vllm::histogram_of_count(name).is_none() => {
                    format!("vLLM exports no metric `{name}`")
                }
                _ => {
                    return Err(Unmodelled {
                        metric: name.to_owned(),
                    });
                }
            });
        }
        signals.push(signal);
    }
    Ok(signals)
}
