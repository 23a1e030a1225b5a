//! The edits that certainly mend a finding: what comes out means what was plainly meant, or what happens anyway.
//!
//! Whoever makes a finding may bring its fix along. Here are those that depend on nothing but the document.

use serde_json::{Value, json};

use super::{D301, K203, K204, K221, M109, M126, O402, O403, O404, O405, O406, O412, Rule, S003};
use crate::diag::{FieldPath, Finding, Fix, Place, Segment, only_nearest};

/// What `operationOverTime` may be (KEDA OTel add-on 0.0.6, spec 4.3).
const OPERATIONS: &[&str] = &["last_one", "avg", "max", "min", "rate", "count"];

type Mend = fn(&At<'_>) -> Option<Fix>;

/// The rules with a fix that the document tells, and how.
const MENDS: &[(&Rule, Mend)] = &[
    (&D301, |at| at.default_metric()),
    (&M109, |at| at.remove("spec.replicas")),
    (&M126, |at| at.empty_overrides()),
    (&O402, |at| at.bare_query()),
    (&O403, |at| at.scaler_port()),
    (&O404, |at| at.operation()),
    (&O405, |at| at.metric_names()),
    (&O406, |at| at.listed_metric()),
    (&O412, |at| at.bare_query()),
    (&K203, |at| at.average_as_value()),
    (&K204, |at| at.plain_value()),
    (&K221, |at| at.trimmed()),
    (&S003, |at| at.enumerated()),
];

/// Whether some findings of a rule can be mended by what the document tells.
#[must_use]
pub fn mends(rule: &Rule) -> bool {
    MENDS.iter().any(|(known, _)| known.code == rule.code)
}

/// The one certain fix of a finding on a document, when there is one.
#[must_use]
pub fn fix(finding: &Finding, document: &Value) -> Option<Fix> {
    let (_, mend) = MENDS
        .iter()
        .find(|(known, _)| known.code == finding.rule.code)?;
    mend(&At {
        finding,
        place: &finding.place,
        document,
    })
}

/// The metric block that basic autoscaling lacks: the requests that vLLM works on at a time, ten a pod.
fn default_metrics() -> Value {
    json!([{
        "type": "PodMetric",
        "podmetric": {
            "metric": {
                "backend": "opentelemetry",
                "metricNames": ["vllm:num_requests_running"],
                "query": "vllm:num_requests_running",
                "operationOverTime": "avg",
            },
            "target": {"type": "Value", "value": "10"},
        },
    }])
}

/// A finding's place in its document.
struct At<'a> {
    finding: &'a Finding,
    place: &'a Place,
    document: &'a Value,
}

impl At<'_> {
    fn to(&self, path: &FieldPath) -> Place {
        Place {
            path: path.clone(),
            range: None,
            ..self.place.clone()
        }
    }

    fn value(&self, path: &FieldPath) -> Option<&Value> {
        self.document.pointer(&path.pointer())
    }

    fn text(&self, path: &FieldPath) -> Option<&str> {
        self.value(path)?.as_str()
    }

    fn replace(&self, path: &FieldPath, value: impl Into<Value>) -> Option<Fix> {
        Some(Fix::Replace {
            place: self.to(path),
            value: value.into(),
        })
    }

    fn remove(&self, path: &str) -> Option<Fix> {
        let path = FieldPath::parse(path);
        self.value(&path)?;
        Some(Fix::Remove {
            place: self.to(&path),
        })
    }

    /// The `podmetric` that the finding is in.
    fn pod_metric(&self) -> Option<FieldPath> {
        let segments = &self.place.path.0;
        let key = Segment::Key("metrics".to_owned());
        let at = segments.iter().position(|segment| *segment == key)?;
        let item = FieldPath(segments.get(..=at + 1)?.to_vec());
        matches!(item.0.last(), Some(Segment::Index(_))).then(|| item.key("podmetric"))
    }

    fn default_metric(&self) -> Option<Fix> {
        let spec = FieldPath::parse("spec");
        if self.document.get("kind") != Some(&json!("AIMService")) {
            return None;
        }
        let scaling = spec.key("autoScaling");
        let metrics = scaling.key("metrics");
        let insert = |map: &FieldPath, key: &str, value| {
            Some(Fix::Insert {
                place: self.to(map),
                key: key.to_owned(),
                value,
            })
        };
        match (self.value(&scaling), self.value(&metrics)) {
            (_, Some(Value::Array(list))) if list.is_empty() => {
                self.replace(&metrics, default_metrics())
            }
            (_, Some(_)) => None,
            (Some(Value::Object(_)), None) => insert(&scaling, "metrics", default_metrics()),
            (Some(_), None) => None,
            (None, None) => insert(&spec, "autoScaling", json!({"metrics": default_metrics()})),
        }
    }

    fn empty_overrides(&self) -> Option<Fix> {
        let path = FieldPath::parse("spec.overrides");
        let empty = self.value(&path)?.as_object()?.is_empty();
        empty.then_some(())?;
        self.remove("spec.overrides")
    }

    fn scaler_port(&self) -> Option<Fix> {
        let path = match self.pod_metric() {
            Some(metric) => metric.key("metric").key("serverAddress"),
            None => self.place.path.clone(),
        };
        let host = self.text(&path)?.strip_suffix(":4317")?;
        self.replace(&path, format!("{host}:4318"))
    }

    fn operation(&self) -> Option<Fix> {
        let path = self.pod_metric()?.key("metric").key("operationOverTime");
        let text = self.text(&path)?;
        let meant = match text.to_ascii_lowercase().as_str() {
            "average" | "mean" => "avg",
            "maximum" => "max",
            "minimum" => "min",
            "last" | "latest" => "last_one",
            _ => only_nearest(text, OPERATIONS.iter().copied())?,
        };
        self.replace(&path, meant)
    }

    /// The name that a query asks for, when it is no more than that.
    fn query(&self, metric: &FieldPath) -> Option<&str> {
        let query = self.text(&metric.key("query"))?;
        is_name(query).then_some(query)
    }

    fn metric_names(&self) -> Option<Fix> {
        let metric = self.pod_metric()?.key("metric");
        let query = self.query(&metric)?;
        match self.value(&metric.key("metricNames")) {
            None => Some(Fix::Insert {
                place: self.to(&metric),
                key: "metricNames".to_owned(),
                value: json!([query]),
            }),
            Some(Value::Array(list)) if list.is_empty() => {
                self.replace(&metric.key("metricNames"), json!([query]))
            }
            Some(_) => None,
        }
    }

    fn listed_metric(&self) -> Option<Fix> {
        let metric = self.pod_metric()?.key("metric");
        let query = self.query(&metric)?;
        let names = metric.key("metricNames");
        // Of a histogram another name belongs there, which the finding tells.
        if query.ends_with("_count") || !self.value(&names)?.is_array() {
            return None;
        }
        Some(Fix::Append {
            place: self.to(&names),
            value: json!(query),
        })
    }

    /// `sum(x)` and `x{}` mean `x`: the sum over the service's pods comes by itself.
    fn bare_query(&self) -> Option<Fix> {
        let path = self.pod_metric()?.key("metric").key("query");
        let query = self.text(&path)?.trim();
        let inner = query
            .strip_prefix("sum(")
            .and_then(|rest| rest.strip_suffix(')'))
            .unwrap_or(query)
            .trim();
        let name = inner.strip_suffix("{}").unwrap_or(inner).trim();
        if !is_name(name) || name == self.text(&path)? {
            return None;
        }
        self.replace(&path, name)
    }

    /// `averageValue` alone says what KServe wants to read under `value`.
    fn average_as_value(&self) -> Option<Fix> {
        let target = self.pod_metric()?.key("target");
        self.text(&target.key("averageValue"))?;
        if self.value(&target.key("value")).is_some() {
            return None;
        }
        let rename = Fix::RenameKey {
            place: self.to(&target.key("averageValue")),
            to: "value".to_owned(),
        };
        let plain = self.replace(&target.key("type"), "Value")?;
        Some(Fix::All(vec![plain, rename]))
    }

    fn plain_value(&self) -> Option<Fix> {
        let target = self.pod_metric()?.key("target");
        self.value(&target.key("value"))?;
        let mut fixes = Vec::new();
        if self.text(&target.key("type"))? != "Value" {
            fixes.extend(self.replace(&target.key("type"), "Value"));
        }
        for ignored in ["averageValue", "averageUtilization"] {
            let path = target.key(ignored);
            if self.value(&path).is_some() {
                fixes.push(Fix::Remove {
                    place: self.to(&path),
                });
            }
        }
        match fixes.len() {
            0 => None,
            1 => fixes.pop(),
            _ => Some(Fix::All(fixes)),
        }
    }

    fn trimmed(&self) -> Option<Fix> {
        let text = self.text(&self.place.path)?;
        (text.trim() != text).then_some(())?;
        self.replace(&self.place.path, text.trim())
    }

    /// The nearest value of an enumeration; the refuser lists them in quotes.
    fn enumerated(&self) -> Option<Fix> {
        let refusal = self.finding.refusal.as_deref()?;
        let (_, listed) = refusal.split_once("supported values: ")?;
        let text = self.text(&self.place.path)?;
        let meant = only_nearest(text, listed.split('"').skip(1).step_by(2))?;
        // fp64 is no misspelt fp4.
        let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
        if digits(text) != digits(meant) {
            return None;
        }
        self.replace(&self.place.path, meant)
    }
}

/// Whether a query is a metric's name and nothing else.
fn is_name(query: &str) -> bool {
    !query.is_empty()
        && query
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '.' | '/' | '-'))
}
