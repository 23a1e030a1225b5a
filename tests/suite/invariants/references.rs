//! Whether every reference within a printed set of objects leads somewhere.

use std::collections::BTreeSet;

use serde_json::Value;

/// A printed set of objects.
pub(crate) struct Set {
    /// In their order.
    pub(crate) objects: Vec<Value>,
    /// The text of the input, which may name claims that are there already.
    pub(crate) input: String,
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
    pub(crate) fn faults(&self) -> Vec<String> {
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
