//! Rules of spec page 3 whose recordings are not among the cases, on variations of those that are.

use aimctl::engine::{self, Change, Given, Plan};
use aimctl::inventory::kserve_config::KserveVersion;
use aimctl::inventory::{Facts, Kind, Object};
use aimctl::source::DocumentId;
use serde_json::{Value, json};

use super::case::Case;

/// The InferenceService of a case after a change, and its other documents.
fn varied(case: &str, change: impl Fn(&mut Value)) -> Vec<Given> {
    Case::named("kserve", case)
        .documents("in.yaml")
        .into_iter()
        .enumerate()
        .map(|(index, mut value)| {
            change(&mut value);
            let kind = Kind::of(
                value["apiVersion"].as_str().unwrap(),
                value["kind"].as_str().unwrap(),
            );
            Given {
                document: DocumentId(index),
                object: Object::from_value(kind.unwrap(), value).unwrap(),
                fact: false,
            }
        })
        .collect()
}

fn plan(case: &str, change: impl Fn(&mut Value)) -> Plan {
    engine::plan(varied(case, change), Facts::default()).unwrap()
}

fn made(plan: &Plan, kind: Kind) -> Option<Value> {
    plan.objects
        .iter()
        .find(|planned| planned.key.kind == kind)
        .map(|planned| planned.object.to_value())
}

fn refusals(plan: &Plan) -> Vec<String> {
    plan.findings
        .iter()
        .filter_map(|finding| finding.refusal.clone())
        .collect()
}

fn container(value: &mut Value) -> &mut Value {
    &mut value["spec"]["predictor"]["containers"][0]
}

#[test]
fn plain_numbers_as_rollout_are_refused_and_the_event_is_mangled() {
    let plan = plan("kserve-cfg-rollout-percent", |value| {
        if value["kind"] == "ConfigMap" {
            value["data"]["deploy"] = json!(
                r#"{"defaultDeploymentMode": "Standard", "deploymentRolloutStrategy": {"defaultRollout": {"maxSurge": "1", "maxUnavailable": "0"}}}"#
            );
        }
    });
    let key = plan.given().find(|key| key.kind == Kind::InferenceService);
    let event = plan.world.events(key.unwrap()).next().unwrap();
    let text = "a valid percent string must be a numeric string followed by an ending '%!'(MISSING) (e.g. '1%!'(MISSING),  or '93%!'(MISSING), regex used for validation is '[0-9]+%!'(MISSING))";
    assert_eq!(
        event.message,
        format!(
            "fails to reconcile predictor: Deployment.apps \"qwen-chat-3f2a1b9c-predictor\" is invalid: [spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"0\": {text}, spec.strategy.rollingUpdate.maxSurge: Invalid value: \"1\": {text}]"
        )
    );
}

#[test]
fn no_class_means_an_hpa_on_cpu() {
    let plan = plan("kserve-class-external", |value| {
        let annotations = value["metadata"]["annotations"].as_object_mut().unwrap();
        annotations.remove("serving.kserve.io/autoscalerClass");
    });
    let hpa = made(&plan, Kind::HorizontalPodAutoscaler).unwrap();
    assert_eq!(hpa["metadata"]["name"], "qwen-chat-3f2a1b9c-predictor");
    let metric = json!([{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}]);
    assert_eq!(hpa["spec"]["metrics"], metric);
}

#[test]
fn an_image_with_a_blank_reaches_the_deployment_and_no_pod() {
    let plan = plan("kserve-none-default", |value| {
        container(value)["image"] = json!(" docker.io/x/y:1");
    });
    assert!(made(&plan, Kind::Deployment).is_some());
    assert!(made(&plan, Kind::Pod).is_none());
    let isvc = made(&plan, Kind::InferenceService).unwrap();
    let ready = &isvc["status"]["conditions"][1];
    assert_eq!(ready["type"], "PredictorReady");
    assert_eq!(ready["reason"], "FailedCreate");
    let message = ready["message"].as_str().unwrap();
    assert!(message.starts_with("Pod \"qwen-chat-3f2a1b9c-predictor-"));
    assert!(message.ends_with("is invalid: spec.containers[0].image: Invalid value: \" docker.io/x/y:1\": must not have leading or trailing whitespace"));
    assert!(plan.findings.iter().any(|f| f.rule.code == "K221"));
}

#[test]
fn a_variable_twice_is_refused_in_two_ways() {
    let plan = plan("kserve-none-default", |value| {
        let env = container(value)["env"].as_array_mut().unwrap();
        let again = env[1].clone();
        env.push(again);
    });
    let text = "InferenceService.serving.kserve.io \"qwen-chat-3f2a1b9c\" is invalid: spec.predictor.containers[0].env[5]: Duplicate value: {\"name\":\"AIM_METRIC\"}";
    assert_eq!(refusals(&plan), [text]);
}

#[test]
fn values_that_are_no_quantities_are_refused_by_the_defaulter() {
    for value in ["five", ""] {
        let plan = plan("kserve-keda-one", |document| {
            let metrics = &mut document["spec"]["predictor"]["autoScaling"]["metrics"];
            metrics[0]["podmetric"]["target"]["value"] = json!(value);
        });
        let text = format!(
            "admission webhook \"inferenceservice.kserve-webhook-server.defaulter\" denied the request: failed to parse quantity \"{value}\": quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
        );
        assert_eq!(refusals(&plan), [text]);
    }
}

#[test]
fn a_modelcar_for_oci() {
    let plan = plan("kserve-none-storage-uri", |value| {
        for variable in container(value)["env"].as_array_mut().unwrap() {
            if variable["name"] == "STORAGE_URI" {
                variable["value"] = json!("oci://reg/x:1");
            }
        }
    });
    let pod = made(&plan, Kind::Pod).unwrap();
    assert_eq!(pod["spec"]["shareProcessNamespace"], true);
    assert_eq!(pod["spec"]["initContainers"][0]["name"], "modelcar-init");
    assert_eq!(pod["spec"]["containers"][1]["name"], "modelcar");
    assert_eq!(
        pod["spec"]["containers"][0]["securityContext"],
        json!({"runAsUser": 1010})
    );
}

#[test]
fn a_download_for_other_uris() {
    let plan = plan("kserve-none-storage-uri", |_| {});
    let pod = made(&plan, Kind::Pod).unwrap();
    let init = &pod["spec"]["initContainers"][0];
    assert_eq!(init["image"], "kserve/storage-initializer:v0.16.0");
    assert_eq!(init["securityContext"]["runAsNonRoot"], true);
    assert_eq!(init["terminationMessagePolicy"], "FallbackToLogsOnError");
    let mounts = pod["spec"]["containers"][0]["volumeMounts"]
        .as_array()
        .unwrap();
    let last = mounts.last().unwrap();
    assert_eq!(
        last,
        &json!({"name": "kserve-provision-location", "mountPath": "/mnt/models", "readOnly": true})
    );
}

#[test]
fn autoscaling_switched_off_leaves_its_objects() {
    let before = plan("kserve-keda-one", |_| {});
    let changed = varied("kserve-keda-one", |value| {
        value["metadata"]["annotations"] = json!({"serving.kserve.io/autoscalerClass": "none"});
        let predictor = value["spec"]["predictor"].as_object_mut().unwrap();
        predictor.remove("autoScaling");
        predictor.insert("minReplicas".to_owned(), json!(2));
        predictor.insert("maxReplicas".to_owned(), json!(2));
    });
    let after = engine::change(&before, changed.into_iter().map(Change::give).collect()).unwrap();
    for kind in [
        Kind::ScaledObject,
        Kind::HorizontalPodAutoscaler,
        Kind::OpenTelemetryCollector,
    ] {
        assert!(made(&after, kind).is_some(), "{kind}");
    }
    assert_eq!(
        made(&after, Kind::Deployment).unwrap()["spec"]["replicas"],
        2
    );
    let codes: Vec<&str> = after.findings.iter().map(|f| f.rule.code).collect();
    assert!(codes.contains(&"K214"), "{codes:?}");
    assert!(codes.contains(&"K217"), "{codes:?}");
}

#[test]
fn a_stop_takes_everything_away() {
    let before = plan("kserve-keda-one", |_| {});
    let changed = varied("kserve-keda-one", |value| {
        value["metadata"]["annotations"]["serving.kserve.io/stop"] = json!("true");
    });
    let after = engine::change(&before, changed.into_iter().map(Change::give).collect()).unwrap();
    for kind in [
        Kind::Deployment,
        Kind::Service,
        Kind::ScaledObject,
        Kind::Ingress,
        Kind::Pod,
    ] {
        assert!(made(&after, kind).is_none(), "{kind}");
    }
}

#[test]
fn the_gateway_api_takes_the_place_of_the_ingress() {
    let plan = plan("kserve-cfg-ingress-cluster-domain", |value| {
        if value["kind"] == "ConfigMap" {
            let ingress = json!({
                "enableGatewayApi": true,
                "kserveIngressGateway": "kserve/kserve-ingress-gateway",
                "ingressGateway": "knative-serving/knative-ingress-gateway",
                "ingressDomain": "example.com",
                "additionalIngressDomains": ["example.org", "example.com", "_"],
                "pathTemplate": "/serve/{{ .Namespace }}/{{ .Name }}",
            });
            value["data"]["ingress"] = json!(ingress.to_string());
        } else {
            value["metadata"]["labels"]["networking.kserve.io/visibility"] = json!("exposed");
        }
    });
    assert!(made(&plan, Kind::Ingress).is_none());
    let routes: Vec<Value> = plan
        .objects
        .iter()
        .filter(|planned| planned.key.kind == Kind::HttpRoute)
        .map(|planned| planned.object.to_value())
        .collect();
    let [top, predictor] = routes.as_slice() else {
        panic!("{routes:?}");
    };
    let name = top["metadata"]["name"].as_str().unwrap();
    let namespace = top["metadata"]["namespace"].as_str().unwrap();
    assert_eq!(
        predictor["metadata"]["name"],
        json!(format!("{name}-predictor"))
    );
    assert!(
        top["metadata"]["labels"]
            .get("networking.kserve.io/visibility")
            .is_none()
    );
    assert_eq!(
        top["spec"]["hostnames"],
        json!([
            format!("{name}-{namespace}.example.com"),
            format!("{name}-{namespace}.example.org"),
            "example.com"
        ])
    );
    assert_eq!(
        predictor["spec"],
        json!({
            "hostnames": [format!("{name}-predictor-{namespace}.example.com")],
            "parentRefs": [{
                "group": "gateway.networking.k8s.io", "kind": "Gateway",
                "namespace": "kserve", "name": "kserve-ingress-gateway",
            }],
            "rules": [{
                "matches": [{"path": {"type": "RegularExpression", "value": "^/.*$"}}],
                "filters": [{
                    "type": "RequestHeaderModifier",
                    "requestHeaderModifier": {"set": [
                        {"name": "KServe-Isvc-Name", "value": name},
                        {"name": "KServe-Isvc-Namespace", "value": namespace},
                    ]},
                }],
                "backendRefs": [{
                    "group": "", "kind": "Service", "name": format!("{name}-predictor"),
                    "namespace": namespace, "port": 80, "weight": 1,
                }],
                "timeouts": {"request": "60s"},
            }],
        })
    );
    let paths: Vec<&Value> = top["spec"]["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| &rule["matches"][0]["path"]["value"])
        .collect();
    assert_eq!(
        paths,
        [
            &json!("^/.*$"),
            &json!(format!("/serve/{namespace}/{name}/"))
        ]
    );
    let isvc = made(&plan, Kind::InferenceService).unwrap();
    let ready = |condition: &&Value| condition["type"] == "IngressReady";
    let conditions = isvc["status"]["conditions"].as_array().unwrap();
    assert_eq!(conditions.iter().find(ready).unwrap()["status"], "True");
}

#[test]
fn a_gateway_that_is_not_named_stops_everything() {
    for (gateway, complaint) in [
        ("", "kserveIngressGateway is required"),
        (
            "kserve",
            "kserveIngressGateway should be in the format <namespace>/<name>",
        ),
        (
            "K/gateway",
            "kserveIngressGateway gateway namespace is invalid",
        ),
        ("kserve/a.b", "kserveIngressGateway gateway name is invalid"),
    ] {
        let plan = plan("kserve-cfg-ingress-cluster-domain", |value| {
            if value["kind"] == "ConfigMap" {
                let ingress = json!({
                    "enableGatewayApi": true, "kserveIngressGateway": gateway, "ingressGateway": "a/b",
                });
                value["data"]["ingress"] = json!(ingress.to_string());
            }
        });
        assert!(made(&plan, Kind::Deployment).is_none());
        let text = format!("invalid ingress config - {complaint}");
        assert!(
            refusals(&plan)
                .iter()
                .any(|refusal| refusal.ends_with(&text)),
            "{:?}",
            refusals(&plan)
        );
    }
}

#[test]
fn a_section_that_is_no_json_is_refused_in_the_words_of_go() {
    let plan = plan("kserve-cfg-ingress-cluster-domain", |value| {
        if value["kind"] == "ConfigMap" {
            value["data"]["ingress"] = json!("{bad");
        }
    });
    let text = "unable to parse ingress config json: invalid character 'b' looking for beginning of object key string";
    assert!(
        refusals(&plan)
            .iter()
            .any(|refusal| refusal.ends_with(text))
    );
}

#[test]
fn another_version_is_one_table_entry() {
    static NEXT: KserveVersion = KserveVersion::new(
        "0.17.0",
        "kserve/storage-initializer:v0.17.0",
        r#"{
            "deploy": {"defaultDeploymentMode": "Standard"},
            "inferenceService": {},
            "ingress": {"ingressGateway": "a/b", "ingressDomain": "example.org"},
            "opentelemetryCollector": {"scrapeInterval": "7s"},
            "security": {"autoMountServiceAccountToken": true},
            "storageInitializer": {
                "image": "i", "cpuRequest": "1", "cpuLimit": "1", "memoryRequest": "1", "memoryLimit": "1",
                "cpuModelcar": "1", "memoryModelcar": "1"
            }
        }"#,
    );
    let given = varied("kserve-keda-one", |value| {
        let env = container(value)["env"].as_array_mut().unwrap();
        env.push(json!({"name": "STORAGE_URI", "value": "hf://a/b"}));
    });
    let facts = Facts {
        kserve: &NEXT,
        ..Facts::default()
    };
    let plan = engine::plan(given, facts).unwrap();
    let collector = made(&plan, Kind::OpenTelemetryCollector).unwrap();
    let interval = "/spec/config/receivers/prometheus/config/scrape_configs/0/scrape_interval";
    assert_eq!(collector.pointer(interval), Some(&json!("7s")));
    let ingress = made(&plan, Kind::Ingress).unwrap();
    let host = ingress["spec"]["rules"][0]["host"].as_str().unwrap();
    assert!(host.ends_with(".example.org"), "{host}");
    let pod = made(&plan, Kind::Pod).unwrap();
    assert_eq!(
        pod["spec"]["initContainers"][0]["image"],
        "kserve/storage-initializer:v0.17.0"
    );
}
