//! Rules of spec page 5 whose recordings are not among the cases.

use aimctl::engine::{Liveness, Plan};
use aimctl::inventory::Kind;
use serde_json::{Value, json};

use super::case::Case;

/// A case's collectors, and one pod.
fn plan(pod: &Value) -> Plan {
    let collectors: Vec<String> = Case::named("otel", "otel-one")
        .documents("in.yaml")
        .into_iter()
        .filter(|document| document["kind"] == "OpenTelemetryCollector")
        .map(|document| serde_json::to_string(&document).unwrap())
        .collect();
    Case::plan_of(&format!("{}\n---\n{pod}\n", collectors.join("\n---\n")))
}

fn pod() -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "bare",
            "namespace": "otel-one",
            "annotations": {"sidecar.opentelemetry.io/inject": "true"},
        },
        "spec": {"containers": [{"name": "serve", "image": "serve:1"}]},
    })
}

fn stored(plan: &Plan) -> Value {
    let is_pod = |planned: &&aimctl::engine::Planned| planned.key.kind == Kind::Pod;
    let planned = plan.objects.iter().find(is_pod).unwrap();
    assert_eq!(planned.liveness, Liveness::Live);
    planned.object.to_value()
}

#[test]
fn a_pod_of_the_users_own_gets_the_sidecar_without_the_names_of_a_deployment() {
    let pod = stored(&plan(&pod()));
    let sidecar = &pod["spec"]["initContainers"][0];
    assert_eq!(sidecar["name"], "otc-container");
    let attributes = sidecar["env"]
        .as_array()
        .unwrap()
        .iter()
        .find(|variable| variable["name"] == "OTEL_RESOURCE_ATTRIBUTES")
        .unwrap();
    let keys: Vec<&str> = attributes["value"]
        .as_str()
        .unwrap()
        .split(',')
        .map(|pair| pair.split_once('=').unwrap().0)
        .collect();
    assert_eq!(
        keys,
        [
            "k8s.namespace.name",
            "k8s.node.name",
            "k8s.pod.name",
            "k8s.pod.uid"
        ]
    );
}

#[test]
fn a_pod_that_runs_already_is_left_as_it_is() {
    let mut running = pod();
    running["metadata"]["uid"] = json!("00000000-0000-0000-0000-000000000001");
    running["status"] = json!({"phase": "Running"});
    let pod = stored(&plan(&running));
    assert!(pod["spec"].get("initContainers").is_none(), "{pod}");
    assert!(pod["metadata"].get("labels").is_none(), "{pod}");
}
