//! Whether a metric reaches the add-on, and whether it is one to scale on (O405 to O410).

use super::{Field, Subject};
use crate::addon::vllm::{self, MetricKind};
use crate::addon::{self, Operation, Query};
use crate::diag::{Finding, nearest};
use crate::rules::{O405, O406, O407, O408, O409, O410};

pub(super) fn find(subjects: &[Subject<'_>]) -> Vec<Finding> {
    let from_service: Vec<&Subject<'_>> = subjects.iter().filter(|s| s.metric.is_some()).collect();
    let names: Vec<&str> = from_service
        .iter()
        .flat_map(|subject| metric_names(subject))
        .collect();
    let mut findings = Vec::new();
    if let Some(first) = from_service.first()
        && names.is_empty()
    {
        findings.push(no_collector(first));
    }
    for subject in &from_service {
        if !names.is_empty() {
            findings.extend(filtered_out(subject, &names));
        }
        findings.extend(unknown(subject));
    }
    for subject in subjects {
        findings.extend(kind(subject));
    }
    findings.extend(twice(&from_service));
    findings
}

fn metric_names<'a>(subject: &Subject<'a>) -> impl Iterator<Item = &'a str> {
    let names = subject
        .metric
        .map(|(_, metric)| metric.metric.metric_names.as_slice());
    names.unwrap_or_default().iter().map(String::as_str)
}

/// The metric that a query asks for; none when the query is wrong in itself.
fn asked(subject: &Subject<'_>) -> Option<String> {
    let query = Query::parse(subject.metadata(addon::key::METRIC_QUERY)?).ok()?;
    let plain = query
        .name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'));
    (plain && !query.name.is_empty()).then_some(query.name)
}

/// The name under which the add-on keeps what the collector sends.
fn stored(name: &str) -> String {
    name.replace(['/', '.'], "_")
}

fn no_collector(subject: &Subject<'_>) -> Finding {
    let finding = Finding::new(
        &O405,
        subject.place(Field::MetricNames),
        "no metric is named in metricNames, so KServe makes no collector",
    );
    let help = match asked(subject) {
        Some(name) => format!("add `metricNames: [\"{}\"]`", listed_as(&name)),
        None => "list the metric that the query asks for in metricNames".to_owned(),
    };
    finding
        .label("no metricNames")
        .consequence("the pod asks for a sidecar that does not exist and starts without it; no metric ever arrives, and the replicas do not move")
        .help(help)
}

/// What metricNames must hold so that a query's metric arrives: of a histogram's count the histogram.
fn listed_as(query: &str) -> &str {
    vllm::histogram_of_count(query).unwrap_or(query)
}

fn filtered_out(subject: &Subject<'_>, names: &[&str]) -> Option<Finding> {
    let query = asked(subject)?;
    let count_of = |name: &str| match vllm::kind(name) {
        Some(MetricKind::Histogram) | None => Some(format!("{}_count", stored(name))),
        _ => None,
    };
    let arrives = names.iter().any(|name| {
        let own = stored(name) == query && vllm::histogram_of_count(name).is_none();
        own || count_of(name).is_some_and(|count| count == query)
    });
    if arrives {
        return None;
    }
    let wanted = listed_as(&query);
    let message = if wanted == query {
        format!("the query asks for `{query}`, which is not in metricNames")
    } else {
        format!("`{query}` is the count of the histogram `{wanted}`, which is not in metricNames")
    };
    let finding = Finding::new(&O406, subject.place(Field::Query), message);
    Some(
        finding
            .label("filtered out by the sidecar")
            .related(subject.place(Field::MetricNames), "what the sidecar lets through")
            .consequence("the sidecar drops the metric, so the HPA never gets a value and the replicas do not move")
            .help(format!("add `{wanted}` to metricNames")),
    )
}

fn unknown(subject: &Subject<'_>) -> Option<Finding> {
    let query = asked(subject)?;
    if vllm::kind(&query).is_some() || vllm::histogram_of_count(&query).is_some() {
        return None;
    }
    let all = || vllm::METRICS.iter().map(|(name, _)| *name);
    let total = format!("{query}_total");
    let meant = all()
        .find(|name| *name == total)
        .or_else(|| nearest(&query, all()));
    let finding = Finding::new(
        &O407,
        subject.place(Field::Query),
        format!("vLLM has no metric `{query}`"),
    );
    let finding = finding
        .label("not exported by vLLM")
        .consequence("if the model's server does not export it, the HPA never gets a value and the replicas do not move");
    Some(match meant {
        Some(name) => finding.help(format!("did you mean `{name}`?")),
        None => finding.help(
            "to scale on requests, take `vllm:num_requests_running` or `vllm:num_requests_waiting`",
        ),
    })
}

fn kind(subject: &Subject<'_>) -> Option<Finding> {
    let query = asked(subject)?;
    let operation = subject.operation();
    let counts = matches!(operation, Operation::Rate | Operation::Count);
    match vllm::kind(&query) {
        Some(MetricKind::Histogram) => Some(
            Finding::new(
                &O408,
                subject.place(Field::Query),
                format!("`{query}` is a histogram, of which the add-on keeps only the count"),
            )
            .label("a histogram")
            .refusal("not found")
            .consequence("nothing is stored under this name, so the HPA never gets a value")
            .help(format!("ask for `{query}_count` with operationOverTime rate, and keep `{query}` in metricNames")),
        ),
        Some(MetricKind::Counter) if !counts => Some(grows(subject, &query, "a counter")),
        None if vllm::histogram_of_count(&query).is_some() && !counts => {
            Some(grows(subject, &query, "the count of a histogram"))
        }
        Some(MetricKind::Gauge) if operation == Operation::Rate => Some(rate_of_gauge(subject, &query)),
        _ => None,
    }
}

fn grows(subject: &Subject<'_>, query: &str, what: &str) -> Finding {
    Finding::new(
        &O408,
        subject.place(Field::Query),
        format!("`{query}` is {what}: it only grows, and is not a load"),
    )
    .label(what.to_owned())
    .consequence(
        "its value passes any target sooner or later, and the service stays at its maximum",
    )
    .help("set operationOverTime to `rate`, and the target to an amount per second")
}

fn rate_of_gauge(subject: &Subject<'_>, query: &str) -> Finding {
    Finding::new(
        &O410,
        subject.place(Field::Operation),
        format!("`{query}` goes up and down, and its rate is negative when it falls"),
    )
    .label("rate of a gauge")
    .consequence("the HPA takes a negative value for an overflow and goes to its maximum when the load falls")
    .help("write `avg` or `max`")
}

fn twice(subjects: &[&Subject<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for subject in subjects {
        let names: Vec<&str> = metric_names(subject).collect();
        for (index, name) in names.iter().enumerate() {
            if names.iter().take(index).any(|other| other == name) {
                let finding = Finding::new(
                    &O409,
                    subject.place(Field::MetricName(index)),
                    format!("`{name}` is named twice"),
                );
                findings.push(
                    finding
                        .label("again")
                        .consequence("the sidecar's filter holds it twice, which changes nothing")
                        .help("remove one"),
                );
            }
        }
    }
    findings
}
