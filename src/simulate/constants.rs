//! Every number of the chain that is not in a manifest: its source, its default, its name for `--set`.

use std::fmt;

/// How a constant is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A duration, kept in milliseconds; written `15s`, `1m30s`, `250ms`, or as a number of seconds.
    Duration,
    /// A duration that is not 0.
    Period,
    /// A plain number.
    Ratio,
}

/// A constant as a table shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Constant {
    /// Its name for `--set`.
    pub name: &'static str,
    /// How its value is written.
    pub unit: Unit,
    /// Its value: milliseconds, or the number.
    pub value: f64,
    /// Who fixes it, and where it can be changed in a cluster.
    pub source: &'static str,
}

macro_rules! constants {
    ($($(#[doc = $doc:literal])* $field:ident: $type:ident = $default:literal, $name:literal, $unit:ident, $source:literal;)*) => {
        /// The constants of a run. Durations are milliseconds.
        #[derive(Debug, Clone, PartialEq)]
        pub struct Constants {
            $(
                $(#[doc = $doc])*
                #[doc = concat!("\n\nSource: ", $source, ".")]
                pub $field: $type,
            )*
        }

        impl Default for Constants {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl Constants {
            /// All of them, as a table.
            #[must_use]
            pub fn table(&self) -> Vec<Constant> {
                vec![$(Constant {
                    name: $name,
                    unit: Unit::$unit,
                    value: self.$field as f64,
                    source: $source,
                },)*]
            }

            /// Sets one from text.
            ///
            /// # Errors
            /// No constant of that name, or a text that is no value for it; says which.
            pub fn set(&mut self, name: &str, text: &str) -> Result<(), SetError> {
                match name {
                    $($name => self.$field = constants!(@read $unit, name, text)?,)*
                    _ => return Err(SetError::Name(name.to_owned())),
                }
                Ok(())
            }
        }
    };
    (@read Duration, $name:ident, $text:ident) => {
        duration($text).ok_or_else(|| SetError::Value($name.to_owned(), $text.to_owned()))
    };
    (@read Period, $name:ident, $text:ident) => {
        duration($text).filter(|ms| *ms > 0).ok_or_else(|| SetError::Value($name.to_owned(), $text.to_owned()))
    };
    (@read Ratio, $name:ident, $text:ident) => {
        $text.parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0)
            .ok_or_else(|| SetError::Value($name.to_owned(), $text.to_owned()))
    };
}

constants! {
    /// How often the HPA controller looks; its first look is that long after the HPA was made.
    hpa_sync: i64 = 15_000, "hpa-sync-period", Period,
        "kube-controller-manager 1.34, --horizontal-pod-autoscaler-sync-period";
    /// How far from 1 the ratio may be without anything happening.
    hpa_tolerance: f64 = 0.1, "hpa-tolerance", Ratio,
        "kube-controller-manager 1.34, --horizontal-pod-autoscaler-tolerance";
    /// The down-scale window where the HPA has none of its own.
    hpa_downscale_window: i64 = 300_000, "hpa-downscale-stabilization", Duration,
        "kube-controller-manager 1.34, --horizontal-pod-autoscaler-downscale-stabilization";
    /// How often the sidecar reads the engine's metrics and pushes them.
    scrape_interval: i64 = 5_000, "scrape-interval", Period,
        "KServe 0.16.0, ConfigMap inferenceservice-config, opentelemetryCollector.scrapeInterval";
    /// How long the add-on keeps a point, and how long a silent pod counts; whole seconds.
    retention: i64 = 120_000, "add-on-retention", Period,
        "OTel add-on 0.0.6, METRIC_STORE_RETENTION_SECONDS";
    /// How often KEDA asks whether a trigger is active.
    keda_polling: i64 = 30_000, "keda-polling-interval", Period,
        "KEDA 2.18.1, ScaledObject spec.pollingInterval";
    /// How long after the last active poll KEDA scales to zero.
    keda_cooldown: i64 = 300_000, "keda-cooldown-period", Duration,
        "KEDA 2.18.1, ScaledObject spec.cooldownPeriod";
    /// When KEDA first asks after the ScaledObject was made. Not 0: KEDA keeps whole seconds and compares strictly.
    keda_first_poll: i64 = 100, "keda-first-poll", Duration,
        "KEDA 2.18.1 asks at once; some milliseconds pass in practice";
    /// How long a request is in service, on average. Only waiting times and counters of requests depend on it.
    request_time: i64 = 10_000, "request-time", Period,
        "an assumption: measure vllm:e2e_request_latency_seconds of the model";
    /// From a new pod to its first container, the image aside.
    scheduling: i64 = 5_000, "scheduling", Duration,
        "an assumption: a node with free GPUs is there";
    /// Until the image is on the node.
    image_pull: i64 = 60_000, "image-pull", Duration,
        "an assumption: some nodes have the image of some ten GB, others pull it";
    /// How fast weights are read from a cache volume, in GB a second.
    cache_rate: f64 = 1.0, "cache-rate", Ratio,
        "an assumption: measure the storage class";
    /// How fast weights are downloaded where there is no cache, in GB a second.
    download_rate: f64 = 0.25, "download-rate", Ratio,
        "an assumption: measure the way to the model hub";
    /// Weights of a model whose size its name does not tell, in GB.
    weights: f64 = 60.0, "weights", Ratio,
        "an assumption: the size of the model's files";
    /// From weights in memory to the first answer: compiling, graph capture, warm-up.
    engine_start: i64 = 90_000, "engine-start", Duration,
        "an assumption: see the log of a pod of the model";
}

/// Why a constant cannot be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetError {
    /// No constant has this name.
    Name(String),
    /// The constant of that name cannot have this value.
    Value(String, String),
}

impl fmt::Display for SetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => {
                let names: Vec<_> = Constants::default()
                    .table()
                    .iter()
                    .map(|c| c.name)
                    .collect();
                write!(
                    f,
                    "there is no constant {name:?}; there are {}",
                    names.join(", ")
                )
            }
            Self::Value(name, text) => write!(f, "{text:?} is no value for {name}"),
        }
    }
}

impl std::error::Error for SetError {}

/// Reads a duration in milliseconds: `90` (seconds), `15s`, `250ms`, `1m30s`, `1h`.
#[must_use]
pub fn duration(text: &str) -> Option<i64> {
    if let Ok(seconds) = text.parse::<f64>() {
        return whole(seconds * 1000.0);
    }
    let mut rest = text;
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(digits);
        let unit_end = tail
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit_end);
        let factor = match unit {
            "ms" => 1.0,
            "s" => 1000.0,
            "m" => 60_000.0,
            "h" => 3_600_000.0,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * factor;
        rest = tail;
    }
    if text.is_empty() { None } else { whole(total) }
}

/// Writes milliseconds as people do, to a tenth of a second: `1h`, `17m40s`, `5s`, `0.1s`.
#[must_use]
pub fn format_duration(ms: i64) -> String {
    let tenths = (ms + 50).div_euclid(100);
    let (hours, minutes) = (tenths / 36_000, tenths / 600 % 60);
    let seconds = (tenths % 600) as f64 / 10.0;
    let mut out = String::new();
    if hours > 0 {
        out.push_str(&format!("{hours}h"));
    }
    if minutes > 0 {
        out.push_str(&format!("{minutes}m"));
    }
    if seconds > 0.0 || out.is_empty() {
        out.push_str(&format!("{seconds}s"));
    }
    out
}

fn whole(ms: f64) -> Option<i64> {
    (ms.is_finite() && (0.0..1e15).contains(&ms)).then(|| ms.round() as i64)
}
