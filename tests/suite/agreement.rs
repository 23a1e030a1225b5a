//! The quick walk and the jsonschema crate judge alike: on every recorded document, and on documents that were broken
//! at random.

use std::sync::LazyLock;

use aimctl::inventory::Kind;
use aimctl::schema;
use proptest::prelude::*;
use serde_json::{Value, json};

static DOCUMENTS: LazyLock<Vec<(Kind, Value)>> = LazyLock::new(|| {
    let path = format!("{}/tests/verdicts/public.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let objects = text.lines().filter_map(|line| {
        let row: Value = serde_json::from_str(line).unwrap();
        let object = row
            .get("object")
            .filter(|object| object.is_object())?
            .clone();
        let kind = Kind::of(object["apiVersion"].as_str()?, object["kind"].as_str()?)?;
        Some((kind, object))
    });
    objects.collect()
});

/// Every value below `spec`, as a pointer.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(map) => {
            for (key, child) in map {
                let key = key.replace('~', "~0").replace('/', "~1");
                pointers(child, &format!("{at}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, child) in items.iter().enumerate() {
                pointers(child, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn judge_alike(kind: Kind, mut document: Value) -> Result<(), TestCaseError> {
    let schema = schema::of(kind).unwrap();
    // What the walk drops and fills in is what the crate is asked about.
    let found = schema.complete(&mut document, true);
    let errors = schema.errors(&document);
    prop_assert_eq!(
        found.invalid,
        !errors.is_empty(),
        "{}\n{:?}",
        document,
        errors
    );
    // A second walk changes nothing.
    let before = document.clone();
    let again = schema.complete(&mut document, true);
    prop_assert_eq!(&document, &before);
    prop_assert!(!again.changed && again.unknown.is_empty());
    Ok(())
}

#[test]
fn on_recorded_objects() {
    assert!(DOCUMENTS.len() > 400);
    for (kind, document) in DOCUMENTS.iter() {
        judge_alike(*kind, document.clone()).unwrap();
    }
}

fn anything() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        Just(json!({})),
        Just(json!([])),
        Just(json!([null])),
        Just(json!([{"name": "A"}, {"name": "A"}])),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-3i64..70_000).prop_map(Value::from),
        any::<f64>()
            .prop_filter("JSON has no other", |n| n.is_finite())
            .prop_map(Value::from),
        "[a-zA-Z0-9/._:-]{0,70}".prop_map(Value::from),
        prop::sample::select(vec![
            "hf://a/b",
            "a/b",
            "latency",
            "Shared",
            "1e1.5",
            "64Gi",
            "é",
            "amd.com/gpu"
        ])
        .prop_map(Value::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn on_broken_objects(which in any::<prop::sample::Index>(), places in prop::collection::vec((any::<prop::sample::Index>(), anything()), 1..4)) {
        let (kind, mut document) = which.get(&DOCUMENTS).clone();
        for (place, value) in places {
            let mut found = Vec::new();
            if let Some(spec) = document.get("spec") {
                pointers(spec, "/spec", &mut found);
            }
            if found.is_empty() {
                continue;
            }
            if let Some(target) = document.pointer_mut(place.get(&found).as_str()) {
                *target = value;
            }
        }
        judge_alike(kind, document)?;
    }
}

#[test]
#[ignore = "a measurement: run it with optimisation"]
fn ten_thousand_services_at_the_door() {
    use aimctl::admission::apiserver::{self, Request};
    use aimctl::source::DocumentId;
    let service = |number: usize| {
        json!({
            "apiVersion": "aim.eai.amd.com/v1alpha1", "kind": "AIMService",
            "metadata": {"name": format!("chat-{number}"), "namespace": "team", "labels": {"team": "a", "app": "chat"}},
            "spec": {
                "model": {"image": "amdenterpriseai/aim-qwen-qwen3-32b:0.8.5"}, "minReplicas": 1, "maxReplicas": 8,
                "env": [{"name": "A", "value": "1"}, {"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": {"name": "hf", "key": "token"}}}],
                "resources": {"limits": {"memory": "64Gi", "cpu": "8"}, "requests": {"memory": "32Gi", "cpu": "4"}},
                "autoScaling": {"metrics": [{"type": "PodMetric", "podmetric": {
                    "metric": {"query": "vllm:num_requests_running", "metricNames": ["vllm:num_requests_running"]},
                    "target": {"type": "Value", "value": "10"},
                }}]},
            },
        })
    };
    let cold = std::time::Instant::now();
    assert!(schema::of(Kind::AimService).is_some());
    println!("schema made in {:?}", cold.elapsed());
    let services: Vec<Value> = (0..10_000).map(service).collect();
    let copies = services.clone();
    let door = std::time::Instant::now();
    for (number, document) in services.into_iter().enumerate() {
        let request = Request {
            document: DocumentId(number),
            kind: Kind::AimService,
            namespace: "default",
        };
        assert!(apiserver::create(request, document).outcome.is_ok());
    }
    println!("the door: {:?}", door.elapsed());
    let walk = std::time::Instant::now();
    let schema = schema::of(Kind::AimService).unwrap();
    let mut walked = copies.clone();
    for document in &mut walked {
        assert!(!schema.complete(document, false).invalid);
    }
    println!("the walk alone: {:?}", walk.elapsed());
    let validator = jsonschema::validator_for(
        &schema::publish::published(Kind::AimService, schema::publish::Flavour::Editor).unwrap(),
    )
    .unwrap();
    let crate_alone = std::time::Instant::now();
    for document in &copies {
        assert!(validator.is_valid(document));
    }
    println!("jsonschema's is_valid alone: {:?}", crate_alone.elapsed());
}
