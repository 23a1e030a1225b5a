//! `metricQuery`: an aggregation, a metric's name, and labels. It looks like PromQL and is not.

use std::collections::BTreeMap;
use std::fmt;

use super::{go_max, go_min, running_mean};

/// How the numbers of several series become one (add-on 0.0.6, spec 4.3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aggregation {
    /// Their sum.
    #[default]
    Sum,
    /// Their mean.
    Avg,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// How many series there are.
    Count,
}

impl Aggregation {
    /// In the order in which the add-on looks for them.
    pub const ALL: [Self; 5] = [Self::Sum, Self::Avg, Self::Min, Self::Max, Self::Count];

    /// Its name in a query.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Min => "min",
            Self::Max => "max",
            Self::Count => "count",
        }
    }

    /// Folds the series' numbers; nothing folds to 0.
    #[must_use]
    pub fn fold(self, numbers: impl IntoIterator<Item = f64>) -> f64 {
        let mut folded = 0.0;
        for (seen, number) in numbers.into_iter().enumerate() {
            let count = seen + 1;
            folded = match self {
                Self::Count => count as f64,
                _ if count == 1 => number,
                Self::Sum => folded + number,
                Self::Avg => running_mean(folded, number, count),
                Self::Min => go_min(folded, number),
                Self::Max => go_max(folded, number),
            };
        }
        folded
    }
}

/// A query as the add-on understands it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// How the series are folded.
    pub aggregation: Aggregation,
    /// The metric's name, `/` and `.` already turned into `_`. Blanks and brackets may be part of it.
    pub name: String,
    /// The labels that a series must not contradict; a key given twice holds its last value.
    pub labels: BTreeMap<String, String>,
}

/// Why a query cannot be read; displays as the add-on's own text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueryError {
    /// Empty, or braces that do not open before they close. Holds the whole query.
    Braces(String),
    /// Nothing between the braces.
    NoLabels,
    /// A piece without exactly one `=`. Holds what stood between the braces.
    Labels(String),
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Braces(query) => write!(f, "unable to parse metric query: {query}"),
            Self::NoLabels => f.write_str("unable to parse labels: "),
            Self::Labels(labels) => write!(
                f,
                "unable to parse labels, labels are expected at form {{key1=val1, key2=val2}}, but got: {labels}"
            ),
        }
    }
}

impl std::error::Error for QueryError {}

impl Query {
    /// Reads a trigger's `metricQuery` as the add-on does.
    ///
    /// # Errors
    /// With the add-on's text, when it would answer every question with an error.
    pub fn parse(query: &str) -> Result<Self, QueryError> {
        if query.is_empty() {
            return Err(QueryError::Braces(String::new()));
        }
        let (aggregation, rest) = strip_aggregations(query.trim());
        let (name, labels) = match (rest.find('{'), rest.rfind('}')) {
            (None, None | Some(0)) => (rest, None),
            (Some(open), Some(close)) if open < close => (
                rest.get(..open).unwrap_or_default(),
                Some(rest.get(open + 1..close).unwrap_or_default()),
            ),
            _ => return Err(QueryError::Braces(query.to_owned())),
        };
        Ok(Self {
            aggregation,
            name: stored_name(name),
            labels: labels.map(parse_labels).transpose()?.unwrap_or_default(),
        })
    }
}

/// The name under which a metric is kept: `/` and `.` become `_`, case stays.
#[must_use]
pub(super) fn stored_name(name: &str) -> String {
    name.replace(['/', '.'], "_")
}

/// The query that KServe 0.16.0 writes around the user's own, unescaped (spec 4.3).
#[must_use]
pub fn wrapped(query: &str, namespace: &str, deployment: &str) -> String {
    format!("sum({query}{{namespace=\"{namespace}\", deployment=\"{deployment}\"}})")
}

/// Each aggregation is looked for once, in a fixed order, so `sum(avg(x))` loses both and means avg.
fn strip_aggregations(mut text: &str) -> (Aggregation, &str) {
    let mut found = Aggregation::Sum;
    for aggregation in Aggregation::ALL {
        let inner = text
            .strip_prefix(aggregation.name())
            .and_then(|rest| rest.strip_prefix('('))
            .and_then(|rest| rest.strip_suffix(')'));
        if let Some(inner) = inner {
            found = aggregation;
            text = inner;
        }
    }
    (found, text)
}

fn parse_labels(text: &str) -> Result<BTreeMap<String, String>, QueryError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(QueryError::NoLabels);
    }
    let bare = |part: &str| part.trim_matches(['"', '\'', ' ']).to_owned();
    text.split(',')
        .map(|piece| match piece.split_once('=') {
            Some((key, value)) if !value.contains('=') => Ok((bare(key), bare(value))),
            _ => Err(QueryError::Labels(text.to_owned())),
        })
        .collect()
}
