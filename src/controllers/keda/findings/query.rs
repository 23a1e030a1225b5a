//! What the add-on makes of a query (O402, O412).

use super::{Field, Subject};
use crate::addon::{self, Query, QueryError};
use crate::diag::Finding;
use crate::rules::{O402, O412};

/// The labels that KServe adds.
const KSERVE_LABELS: [&str; 2] = ["namespace", "deployment"];

pub(super) fn find(subject: &Subject<'_>) -> Option<Finding> {
    let Some(whole) = subject.metadata(addon::key::METRIC_QUERY) else {
        let finding = Finding::new(
            &O402,
            subject.place(Field::Query),
            "the trigger has no query",
        );
        return Some(
            finding
                .refusal("unable to get metric query from scaled object's metadata")
                .consequence(NEVER)
                .help("add metricQuery with the name of a metric"),
        );
    };
    let written = subject.query();
    let finding = match Query::parse(whole) {
        Err(error) => unreadable(subject, written, &error),
        Ok(query) if !is_metric_name(&query.name) || written.contains('/') => {
            let message = if written.contains('/') {
                format!(
                    "`{written}` is no division here: the add-on looks for a metric of the name `{}`",
                    query.name
                )
            } else {
                format!(
                    "`{written}` asks for a metric of the name `{}`, which nobody sends",
                    query.name
                )
            };
            Finding::new(&O402, subject.place(Field::Query), message).refusal("not found")
        }
        Ok(query) => return lost_filter(subject, written, &query),
    };
    let help = match bare_name(written) {
        Some(name) => format!(
            "write the metric's name alone, `{name}`: the sum over the service's pods comes by itself"
        ),
        None => "write the name of one metric, without functions, labels or arithmetic".to_owned(),
    };
    Some(
        finding
            .label("not a bare metric name")
            .consequence(NEVER)
            .help(help),
    )
}

const NEVER: &str = "the HPA exists and never gets a value: the replicas do not move, and the ScaledObject is Ready False after 30 s";

fn unreadable(subject: &Subject<'_>, written: &str, error: &QueryError) -> Finding {
    let message = match error {
        QueryError::Braces(_) if written.is_empty() => "the query is empty".to_owned(),
        QueryError::Labels(_) if subject.metric.is_some() => format!(
            "`{written}` has labels of its own, and KServe adds a second pair of braces that the add-on cannot split"
        ),
        _ => format!("the add-on cannot read the query `{written}`"),
    };
    Finding::new(&O402, subject.place(Field::Query), message).refusal(error.to_string())
}

/// Braces of the user's run into the first of KServe's labels.
fn lost_filter(subject: &Subject<'_>, written: &str, query: &Query) -> Option<Finding> {
    subject.metric?;
    let lost: Vec<&str> = KSERVE_LABELS
        .into_iter()
        .filter(|label| !query.labels.contains_key(*label))
        .collect();
    if lost.is_empty() {
        return None;
    }
    let finding = Finding::new(
        &O412,
        subject.place(Field::Query),
        format!(
            "`{written}` loses the filter on the {}",
            lost.join(" and the ")
        ),
    );
    let help = match bare_name(written) {
        Some(name) => format!("write `{name}`"),
        None => "write the metric's name alone".to_owned(),
    };
    Some(
        finding
            .label("its brace swallows the first label that KServe adds")
            .consequence("the pods of deployments of the same name in other namespaces are added to the load")
            .help(help),
    )
}

/// What Prometheus allows as a metric's name.
fn is_metric_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':');
    !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(fits)
}

/// The name inside functions, labels and ranges, when there is one.
fn bare_name(written: &str) -> Option<&str> {
    let mut text = written.trim();
    while let Some((function, inner)) = text.strip_suffix(')').and_then(|text| text.split_once('('))
    {
        if !function
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_')
        {
            return None;
        }
        text = inner.trim();
    }
    let end = text.find(['{', '[', '}']).unwrap_or(text.len());
    let name = text.get(..end)?.trim();
    is_metric_name(name).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::bare_name;

    #[test]
    fn the_name_inside_a_query() {
        for (query, name) in [
            ("sum(vllm:x)", Some("vllm:x")),
            ("sum(rate(x_total[1m]))", Some("x_total")),
            ("x{a=\"b\"}", Some("x")),
            (" x ", Some("x")),
            ("2*x", None),
            ("a/b", None),
            ("", None),
        ] {
            assert_eq!(bare_name(query), name, "{query}");
        }
    }
}
