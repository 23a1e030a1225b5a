//! What `render --expected none` prints can be applied as it is: every reference within the set leads somewhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use aimctl::kube::unknown::KNOWN_AFTER_APPLY;
use serde_json::Value;

/// Inputs that render: the seed examples with metrics or without autoscaling, and cases with routes and caches.
fn inputs() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut inputs: Vec<PathBuf> = [
        "examples/seed/custom-metrics.yaml",
        "examples/seed/static.yaml",
        "examples/custom-model",
        "examples/namespaces",
        "examples/routing",
    ]
    .iter()
    .map(|path| root.join(path))
    .collect();
    let cases = [
        "cache-two-artifacts",
        "config-on-model-and-template",
        "metric-three",
        "multi-shared-dedicated",
        "route-gateway-full",
        "seed-a",
        "seed-a-kit",
        "seed-c",
        "seed-c-kit",
        "select-override-precision",
    ];
    inputs.extend(cases.map(|case| root.join("tests/golden/aim").join(case).join("in.yaml")));
    inputs
}

fn render(input: &Path, cluster: &str) -> (Vec<Value>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_aimctl"))
        .args([
            "render",
            "--cluster",
            cluster,
            "--expected",
            "none",
            "-o",
            "json",
        ])
        .arg(input)
        .env_clear()
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{}: {errors}", input.display());
    let text = String::from_utf8(output.stdout).unwrap();
    let mut list: Value = serde_json::from_str(&text).unwrap();
    let items = list["items"].as_array_mut().unwrap();
    (std::mem::take(items), text)
}

/// A printed set of objects.
struct Set {
    objects: Vec<Value>,
    /// The text of the input, which may name claims that are there already.
    input: String,
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn list<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = &'v Value> {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// Whether labels hold all that a selector asks for.
fn selects(selector: &Value, labels: &Value) -> bool {
    let wanted = selector.as_object().unwrap();
    !wanted.is_empty()
        && wanted
            .iter()
            .all(|(key, value)| labels.get(key) == Some(value))
}

impl Set {
    fn of<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = &'s Value> {
        self.objects
            .iter()
            .filter(move |object| object["kind"] == *kind)
    }

    /// The object of a kind and name beside another.
    fn beside<'s>(&'s self, object: &Value, kind: &'s str, name: &str) -> Option<&'s Value> {
        let namespace = text(object, "/metadata/namespace").to_owned();
        let name = name.to_owned();
        self.of(kind).find(|found| {
            text(found, "/metadata/namespace") == namespace && text(found, "/metadata/name") == name
        })
    }

    fn position(&self, object: &Value) -> usize {
        self.objects
            .iter()
            .position(|other| other == object)
            .unwrap()
    }

    /// Everything that leads nowhere.
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut seen = BTreeSet::new();
        for object in &self.objects {
            let name = text(object, "/metadata/name");
            let kind = text(object, "/kind");
            let mut fault = |what: &str| faults.push(format!("{kind} {name}: {what}"));
            if !seen.insert((kind, text(object, "/metadata/namespace"), name)) {
                fault("twice");
            }
            for owner in list(object, "/metadata/ownerReferences") {
                if self
                    .beside(object, text(owner, "/kind"), text(owner, "/name"))
                    .is_none()
                {
                    fault("an owner that is not there");
                }
            }
            match kind {
                "Deployment" => self.deployment(object, &mut fault),
                "Service" => self.service(object, &mut fault),
                "ScaledObject" => self.scaled_object(object, &mut fault),
                "HTTPRoute" => self.route(object, &mut fault),
                "InferenceService" => self.pod(object, "/spec/predictor", &mut fault),
                "Job" => self.pod(object, "/spec/template/spec", &mut fault),
                _ => {}
            }
        }
        faults
    }

    fn deployment(&self, object: &Value, fault: &mut impl FnMut(&str)) {
        let labels = &object["spec"]["template"]["metadata"]["labels"];
        if !selects(&object["spec"]["selector"]["matchLabels"], labels) {
            fault("its selector does not match its pods");
        }
        self.pod(object, "/spec/template/spec", fault);
        let name = text(object, "/metadata/name");
        let scaled = self
            .of("ScaledObject")
            .any(|scaler| text(scaler, "/spec/scaleTargetRef/name") == name);
        if scaled == object["spec"].get("replicas").is_some() {
            fault("its replicas have two sources, or none");
        }
        let annotations = &object["spec"]["template"]["metadata"]["annotations"];
        if let Some(collector) = annotations.get("sidecar.opentelemetry.io/inject") {
            let collector = collector.as_str().unwrap();
            match self.beside(object, "OpenTelemetryCollector", collector) {
                Some(found) if self.position(found) < self.position(object) => {}
                Some(_) => fault("its collector comes after it"),
                None => fault("its collector is not there"),
            }
        }
    }

    /// Mounts lead to volumes, and volumes to claims.
    fn pod(&self, object: &Value, at: &str, fault: &mut impl FnMut(&str)) {
        let pod = object.pointer(at).unwrap();
        let volumes: BTreeSet<&str> = list(pod, "/volumes").map(|v| text(v, "/name")).collect();
        let containers = list(pod, "/containers").chain(list(pod, "/initContainers"));
        for mount in containers.flat_map(|container| list(container, "/volumeMounts")) {
            if !volumes.contains(text(mount, "/name")) {
                fault("a mount without volume");
            }
        }
        for volume in list(pod, "/volumes") {
            let claim = text(volume, "/persistentVolumeClaim/claimName");
            if !claim.is_empty()
                && !self
                    .input
                    .contains(&format!("persistentVolumeClaim: {claim}"))
                && self
                    .beside(object, "PersistentVolumeClaim", claim)
                    .is_none()
            {
                fault(&format!("the claim {claim} is not there"));
            }
        }
    }

    fn service(&self, object: &Value, fault: &mut impl FnMut(&str)) {
        let namespace = text(object, "/metadata/namespace");
        let pods: Vec<&Value> = self
            .of("Deployment")
            .filter(|deployment| text(deployment, "/metadata/namespace") == namespace)
            .map(|deployment| &deployment["spec"]["template"])
            .filter(|pod| selects(&object["spec"]["selector"], &pod["metadata"]["labels"]))
            .collect();
        if pods.is_empty() {
            fault("it selects no pods");
        }
        for port in list(object, "/spec/ports") {
            let open = |pod: &&Value| {
                list(pod, "/spec/containers")
                    .flat_map(|container| list(container, "/ports"))
                    .any(|open| open["containerPort"] == port["targetPort"])
            };
            if !pods.iter().all(open) {
                fault("a port that no container has");
            }
        }
    }

    fn scaled_object(&self, object: &Value, fault: &mut impl FnMut(&str)) {
        let target = text(object, "/spec/scaleTargetRef/name");
        if self.beside(object, "Deployment", target).is_none() {
            fault("what it scales is not there");
        }
    }

    fn route(&self, object: &Value, fault: &mut impl FnMut(&str)) {
        for backend in list(object, "/spec/rules").flat_map(|rule| list(rule, "/backendRefs")) {
            let name = text(backend, "/name");
            // KServe makes the Service of an InferenceService.
            let promised = name.strip_suffix("-predictor").unwrap_or_default();
            let found = self.beside(object, "Service", name);
            let has_port = |service: &Value| {
                list(service, "/spec/ports").any(|port| port["port"] == backend["port"])
            };
            if !found.is_some_and(has_port)
                && self.beside(object, "InferenceService", promised).is_none()
            {
                fault("its backend is not there");
            }
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let mut kinds = BTreeSet::new();
    for cluster in ["keda", "kserve"] {
        for input in inputs() {
            let (objects, printed) = render(&input, cluster);
            let given = std::fs::read_to_string(&input).unwrap_or_default();
            let input = input.display();
            assert!(!objects.is_empty(), "{input}");
            assert!(
                !printed.contains(KNOWN_AFTER_APPLY),
                "{input} {cluster}: {printed}"
            );
            kinds.extend(
                objects
                    .iter()
                    .map(|object| text(object, "/kind").to_owned()),
            );
            let faults = Set {
                objects,
                input: given,
            }
            .faults();
            assert!(faults.is_empty(), "{input} {cluster}: {faults:#?}");
        }
    }
    for kind in [
        "Deployment",
        "HTTPRoute",
        "InferenceService",
        "Job",
        "OpenTelemetryCollector",
        "PersistentVolumeClaim",
        "ScaledObject",
        "Service",
    ] {
        assert!(kinds.contains(kind), "no {kind} was looked at");
    }
}

#[test]
fn what_leads_nowhere_is_noticed() {
    let input = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/seed/custom-metrics.yaml");
    let (objects, _) = render(&input, "keda");
    for kind in ["Deployment", "OpenTelemetryCollector", "ScaledObject"] {
        let rest = objects
            .iter()
            .filter(|object| object["kind"] != *kind)
            .cloned();
        let faults = Set {
            objects: rest.collect(),
            input: String::new(),
        }
        .faults();
        assert!(!faults.is_empty(), "without {kind}");
    }
}

mod order {
    //! Neither the order of the documents nor the number of threads changes a byte.

    use std::io::Write;
    use std::path::Path;
    use std::process::{Command, Stdio};

    use proptest::prelude::*;

    const CASES: [&str; 6] = [
        "metric-three",
        "multi-shared-dedicated",
        "multi-two-templates-one-source",
        "select-override-precision",
        "seed-c-kit",
        "seed-both-gpus",
    ];

    fn documents(case: &str) -> Vec<String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/golden/aim")
            .join(case)
            .join("in.yaml");
        let text = std::fs::read_to_string(path).unwrap();
        text.split("\n---\n").map(str::to_owned).collect()
    }

    fn is_service(document: &str) -> bool {
        document.contains("kind: AIMService\n")
    }

    fn render(documents: &[String], threads: usize) -> Vec<u8> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_aimctl"))
            .args([
                "render",
                "-",
                "--cluster",
                "aim-engine",
                "--expected",
                "docs",
            ])
            .args(["--keep-going", "--threads", &threads.to_string()])
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let text = documents.join("\n---\n");
        child
            .stdin
            .take()
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        child.wait_with_output().unwrap().stdout
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn changes_no_byte(
            case in prop::sample::select(CASES.to_vec()),
            keys in prop::collection::vec(any::<u32>(), 40),
            threads in 1_usize..5,
        ) {
            let written = documents(case);
            let mut shuffled: Vec<(u32, String)> = keys.into_iter().zip(written.clone()).collect();
            shuffled.sort();
            let mut shuffled: Vec<String> = shuffled.into_iter().map(|(_, document)| document).collect();
            // Of services that write one cache the last one wins, so theirs is an order that says something.
            let mut services = written.iter().filter(|document| is_service(document)).cloned();
            for document in shuffled.iter_mut().filter(|document| is_service(document)) {
                *document = services.next().unwrap();
            }
            let plain = render(&written, 1);
            prop_assert!(!plain.is_empty());
            let other = render(&shuffled, threads);
            prop_assert!(plain == other, "{case}: {shuffled:#?}");
        }
    }
}
