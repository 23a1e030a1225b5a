//! Arbitrary services and every kept input through the invariants.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::json;

use super::invariants::{
    self, engine_args, path_templates, quantities, queries, reading, services,
};

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

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_service_is_planned(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        services(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_small_text_is_taken_or_refused(text in text()) {
        for look in [queries, quantities, path_templates, engine_args] {
            look(text.as_bytes());
        }
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
    for (name, look) in invariants::ALL {
        let mut count = 0;
        for entry in fs::read_dir(root.join(name)).unwrap() {
            let path = entry.unwrap().path();
            // Seen when it panics.
            println!("{}", path.display());
            look(&fs::read(&path).unwrap());
            count += 1;
        }
        assert!(count > 0, "{name}");
    }
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
        let apart = invariants::whole(format!("{text}\n{node}").as_bytes());
        let together = invariants::whole(format!("{text}\n{node}\n{beside}").as_bytes());
        assert!(apart.0.contains("InferenceService"), "{apart:?}");
        assert!(!apart.1.is_empty());
        assert_eq!(apart, together);
    }
}
