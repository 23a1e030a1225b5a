//! All series of the cluster, and the answer to a query.

use std::collections::BTreeMap;
use std::fmt;

use super::query::stored_name;
use super::{Aggregation, Operation, Query, RETENTION_SECONDS, Series};

/// Labels as they print: what a series is known by.
type Identity = BTreeMap<String, String>;

/// The labels of a series. Texts can equal a query's; integers and booleans never do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels(BTreeMap<String, (String, bool)>);

impl Labels {
    /// Sets a label whose value is a text.
    pub fn text(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), (value.to_owned(), true));
    }

    /// Sets a label whose value is no text; given as it prints.
    pub fn other(&mut self, name: &str, printed: &str) {
        self.0.insert(name.to_owned(), (printed.to_owned(), false));
    }

    fn identity(&self) -> Identity {
        self.0
            .iter()
            .map(|(name, (value, _))| (name.clone(), value.clone()))
            .collect()
    }

    /// The first label of the query that these contradict, with what the query asks for. A label that is missing here
    /// contradicts nothing.
    #[must_use]
    pub fn contradiction<'q>(&self, query: &'q Query) -> Option<(&'q str, &'q str)> {
        query.labels.iter().find_map(|(name, wanted)| {
            let (value, text) = self.0.get(name)?;
            (!*text || value != wanted).then_some((name.as_str(), wanted.as_str()))
        })
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Labels {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        let mut labels = Self::default();
        for (name, value) in pairs {
            labels.text(name, value);
        }
        labels
    }
}

/// The add-on's error for a metric that nobody ever pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotFound;

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not found")
    }
}

impl std::error::Error for NotFound {}

/// The add-on's memory: one for the whole cluster, empty after a restart (spec 4.3).
#[derive(Debug, Clone)]
pub struct Store {
    metrics: BTreeMap<String, BTreeMap<Identity, (Labels, Series)>>,
    retention: i64,
}

impl Default for Store {
    fn default() -> Self {
        Self::new(RETENTION_SECONDS)
    }
}

impl Store {
    /// An empty store that keeps points for that many seconds.
    #[must_use]
    pub fn new(retention: i64) -> Self {
        Self {
            metrics: BTreeMap::new(),
            retention,
        }
    }

    /// Stores one value; its own time and the add-on's clock in whole seconds.
    pub fn push(&mut self, name: &str, labels: &Labels, value: f64, time: u32, now: i64) {
        let retention = self.retention;
        self.metrics
            .entry(stored_name(name))
            .or_default()
            .entry(labels.identity())
            .and_modify(|(_, series)| series.push(value, time, now))
            .or_insert_with(|| (labels.clone(), Series::new(value, time, retention)));
    }

    /// The number that answers a query, neither clamped nor rounded. Asking can change the store: a stale series whose
    /// labels are exactly the query's answers once more and is then gone.
    ///
    /// # Errors
    /// When nobody ever pushed the metric, or a series with exactly the query's labels has no `min` yet.
    pub fn answer(
        &mut self,
        query: &Query,
        operation: Operation,
        now: i64,
    ) -> Result<f64, NotFound> {
        let series = self.metrics.get_mut(&query.name).ok_or(NotFound)?;
        if let Some((_, exact)) = series.get(&query.labels) {
            if query.aggregation == Aggregation::Count {
                return Ok(1.0);
            }
            let number = exact.number(operation).ok_or(NotFound);
            if exact.is_stale(now) {
                series.remove(&query.labels);
            }
            return number;
        }
        let numbers = series
            .values()
            .filter(|(labels, series)| {
                labels.contradiction(query).is_none() && !series.is_stale(now)
            })
            .filter_map(|(_, series)| series.number(operation));
        Ok(query.aggregation.fold(numbers))
    }
}
