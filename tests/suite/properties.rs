//! Arbitrary services and every kept input through the invariants.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::invariants::{planning, reading, small_languages};

/// Texts that mean something somewhere, and some that should not.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "", "chat", "vllm:num_requests_running", "avg", "1", "0", "-1", "1e3", "500m", "16Gi", "1e2147483648",
            "latency", "throughput", "fp8", "fp16", "MI300X", "opentelemetry", "prometheus", "Value", "AverageValue",
            "PodMetric", "Resource", "cpu", "amdenterpriseai/aim-qwen-qwen3-32b:0.8.5", "a:b", "Shared", "Dedicated",
            "Auto", "Never", "sum(rate(vllm:x[1m]))", "{.metadata.name}", "/{.metadata.namespace}/x", "on", "0x10",
            "10:30", "{\"a\": 1}", "{\"a\": null}", "[", "$(HF_TOKEN)", "12s", "5m", "0s",
        ]).prop_map(str::to_owned),
        1 => "[ -~é\\n\\t]{0,24}",
        1 => "[a-z0-9.-]{60,70}",
    ]
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => (-2..12_i64).prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => (-2.0..2.0_f64).prop_map(|number| json!(number)),
    ]
}

/// Any value at all, shallow.
fn junk() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number(),
        text().prop_map(Value::from),
        prop::collection::vec(text().prop_map(Value::from), 0..3).prop_map(Value::from),
        text().prop_map(|key| json!({key: 1})),
    ]
}

/// What mostly is `good`, sometimes absent, and rarely of any type.
fn field(good: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Option<Value>> {
    prop_oneof![
        5 => good.prop_map(Some),
        4 => Just(None),
        1 => junk().prop_map(Some),
    ]
    .boxed()
}

fn object(fields: Vec<(&'static str, BoxedStrategy<Option<Value>>)>) -> BoxedStrategy<Value> {
    let (names, values): (Vec<&str>, Vec<_>) = fields.into_iter().unzip();
    values
        .prop_map(move |values| {
            let fields = names.iter().zip(values);
            let set = fields.filter_map(|(name, value)| Some(((*name).to_owned(), value?)));
            Value::Object(set.collect::<Map<_, _>>())
        })
        .boxed()
}

fn texts() -> BoxedStrategy<Value> {
    text().prop_map(Value::from).boxed()
}

fn metric() -> BoxedStrategy<Value> {
    let inner = object(vec![
        ("backend", field(texts())),
        (
            "metricNames",
            field(prop::collection::vec(texts(), 0..3).prop_map(Value::from)),
        ),
        ("query", field(texts())),
        ("operationOverTime", field(texts())),
        ("serverAddress", field(texts())),
    ]);
    let target = object(vec![
        ("type", field(texts())),
        ("value", field(texts())),
        ("averageValue", field(texts())),
        ("averageUtilization", field(number())),
    ]);
    let pod = object(vec![
        ("metric", field(inner)),
        ("target", field(target.clone())),
    ]);
    let resource = object(vec![("name", field(texts())), ("target", field(target))]);
    object(vec![
        ("type", field(texts())),
        ("podmetric", field(pod)),
        ("resource", field(resource)),
    ])
}

fn service() -> BoxedStrategy<Value> {
    let env = object(vec![("name", field(texts())), ("value", field(texts()))]);
    let quantities = || {
        object(vec![
            ("cpu", field(texts())),
            ("memory", field(texts())),
            ("amd.com/gpu", field(texts())),
        ])
    };
    let spec = object(vec![
        (
            "model",
            field(object(vec![
                ("image", field(texts())),
                ("ref", field(texts())),
                ("name", field(texts())),
            ])),
        ),
        ("replicas", field(number())),
        ("minReplicas", field(number())),
        ("maxReplicas", field(number())),
        (
            "autoScaling",
            field(object(vec![(
                "metrics",
                field(prop::collection::vec(metric(), 0..3).prop_map(Value::from)),
            )])),
        ),
        (
            "env",
            field(prop::collection::vec(env, 0..4).prop_map(Value::from)),
        ),
        (
            "resources",
            field(object(vec![
                ("requests", field(quantities())),
                ("limits", field(quantities())),
            ])),
        ),
        (
            "overrides",
            field(object(vec![
                ("metric", field(texts())),
                ("precision", field(texts())),
            ])),
        ),
        (
            "routing",
            field(object(vec![
                ("enabled", field(any::<bool>().prop_map(Value::from))),
                ("pathTemplate", field(texts())),
            ])),
        ),
        ("caching", field(object(vec![("mode", field(texts()))]))),
        ("template", field(object(vec![("name", field(texts()))]))),
    ]);
    let name = prop_oneof![4 => Just(json!("chat")), 1 => texts()];
    (name, spec)
        .prop_map(|(name, spec)| {
            json!({
                "apiVersion": "aim.eai.amd.com/v1alpha1",
                "kind": "AIMService",
                "metadata": {"name": name},
                "spec": spec,
            })
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_service_is_planned(services in prop::collection::vec(service(), 1..4)) {
        let documents: Vec<String> = services.iter().map(Value::to_string).collect();
        planning(documents.join("\n").as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_small_text_is_taken_or_refused(text in text()) {
        small_languages(&text);
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        reading(&bytes);
    }
}

/// Inputs that were found by fuzzing, and the seeds that it begins with.
#[test]
fn every_kept_input_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz");
    let mut count = 0;
    for folder in ["reading", "planning", "small_languages"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            match folder {
                "reading" => reading(&bytes),
                "planning" => planning(&bytes),
                _ => small_languages(&String::from_utf8_lossy(&bytes)),
            }
            count += 1;
        }
    }
    assert!(count > 0);
}

/// Services in several namespaces settle each by itself; beside a document that forbids it, all at once.
#[test]
fn namespaces_settle_apart_as_they_do_together() {
    let document = |index: usize| {
        let images = [
            "amdenterpriseai/aim-qwen-qwen3-32b:0.8.5",
            "amdenterpriseai/aim-openai-gpt-oss-20b:0.9.0",
            "ghcr.io/nobody/nothing:1",
        ];
        json!({
            "apiVersion": "aim.eai.amd.com/v1alpha1",
            "kind": "AIMService",
            "metadata": {"name": format!("chat-{index}"), "namespace": format!("team-{}", index % 3)},
            "spec": {"model": {"image": images[index % 5 % 3]}, "minReplicas": 1 + index % 3, "maxReplicas": 3,
                "autoScaling": {"metrics": [{"type": "PodMetric", "podmetric": {
                    "metric": {"backend": "opentelemetry", "metricNames": ["vllm:num_requests_running"],
                        "query": "vllm:num_requests_running", "operationOverTime": "avg"},
                    "target": {"type": "Value", "value": "1"}}}]}},
        })
    };
    let texts = |change: &dyn Fn(usize, &mut serde_json::Value)| {
        let texts = (0..66).map(|index| {
            let mut document = document(index);
            change(index, &mut document);
            document.to_string()
        });
        texts.collect::<Vec<_>>().join("\n")
    };
    let node = json!({"apiVersion": "v1", "kind": "Node", "metadata": {
        "name": "gpu", "labels": {"amd.com/gpu.device-id": "74a1"}}});
    let beside = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {
        "name": "beside", "namespace": "team-1"}});
    // From a timeout that Go cannot read on, no service is seen, in no namespace.
    let unlisted = |index: usize, document: &mut serde_json::Value| {
        if index == 20 {
            document["spec"]["routing"] = json!({"requestTimeout": "5 minutes"});
        }
    };
    for text in [texts(&|_, _| {}), texts(&unlisted)] {
        let apart = super::invariants::whole(format!("{text}\n{node}").as_bytes());
        let together = super::invariants::whole(format!("{text}\n{node}\n{beside}").as_bytes());
        assert!(apart.0.contains("InferenceService"), "{apart:?}");
        assert!(!apart.1.is_empty());
        assert_eq!(apart, together);
    }
}
