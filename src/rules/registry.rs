//! The table. Each constant is one rule; `docs/rules/<CODE>.md` is its page, without which it does not compile.

use super::Rule;
use crate::diag::{Level, Moment, Refuser};

macro_rules! rules {
    ($($code:ident $name:literal $level:ident $refuser:ident $moment:ident $title:literal;)*) => {
        $(
            #[doc = $title]
            pub static $code: Rule = Rule {
                code: stringify!($code),
                name: $name,
                level: Level::$level,
                refuser: Refuser::$refuser,
                moment: Moment::$moment,
                title: $title,
                page: include_str!(concat!("../../docs/rules/", stringify!($code), ".md")),
            };
        )*

        /// Every rule, in the order of the table.
        pub static ALL: &[&Rule] = &[$(&$code),*];
    };
}

rules! {
    Y001 "not-yaml" Error Kubectl Reading
        "not YAML, or not one that kubectl reads";
    Y002 "retyped-scalar" Warning Kubectl Reading
        "a plain scalar that YAML 1.1 reads as another type than it looks";
    Y003 "duplicate-key" Error Kubectl Reading
        "a key stands twice: kubectl keeps the last one without a word";
    Y004 "ignored-text" Warning Kubectl Reading
        "text that kubectl ignores silently";
    Y005 "invalid-utf8" Warning Kubectl Reading
        "invalid UTF-8, read as U+FFFD";
    Y006 "unreadable" Error Kubectl Reading
        "a file that cannot be read";
    S001 "wrong-type" Error KubeApiserver Create
        "a value of the wrong type";
    S002 "missing-field" Error KubeApiserver Create
        "a required field is missing";
    S003 "not-in-enumeration" Error KubeApiserver Create
        "a value that is not in the enumeration";
    S004 "pattern" Error KubeApiserver Create
        "a text that does not match the pattern";
    S005 "out-of-bounds" Error KubeApiserver Create
        "a value out of its bounds";
    S006 "unknown-field" Error KubeApiserver Create
        "a field that the kind does not have";
    S007 "unknown-kind" Error KubeApiserver Create
        "a kind or version that the API server does not know";
    S008 "undecodable-value" Error AimEngine Reconcile
        "a value that passes the schema and that no controller can decode";
    A001 "one-model" Error KubeApiserver Create
        "exactly one of model.name, model.image, model.custom must be given";
    A002 "model-source-needed" Error KubeApiserver Create
        "at least one model source must be given";
    A003 "hardware-needed" Error KubeApiserver Create
        "hardware needs gpu or cpu";
    A004 "gpu-model-or-vram" Error KubeApiserver Create
        "gpu.model and gpu.minVram exclude each other";
    A005 "template-hardware-needed" Error KubeApiserver Create
        "modelSources need hardware, on the model or on each template";
    A050 "immutable-field" Error KubeApiserver Update
        "an immutable field was changed";
    A060 "metadata" Error KubeApiserver Create
        "a name, label or annotation that is not allowed";
    A061 "duplicate-entry" Error KubeApiserver Create
        "two entries of a list share their key";
    M101 "model-not-found" Error AimEngine Reconcile
        "the model is not found";
    M102 "several-models" Error AimEngine Reconcile
        "several models have this image";
    M103 "invalid-image" Error AimEngine Reconcile
        "the image reference cannot be read";
    M104 "template-not-found" Error AimEngine Reconcile
        "the template is not found";
    M105 "ambiguous-template" Error AimEngine Reconcile
        "several templates rank equal, so none is taken";
    M106 "no-template-passes" Error AimEngine Reconcile
        "no template passes the selection";
    M107 "runtime-config-not-found" Error AimEngine Reconcile
        "the runtime config is not found";
    M108 "namespace-too-long" Error AimEngine Reconcile
        "the namespace leaves no room for the InferenceService's name";
    M109 "replicas-ignored" Warning AimEngine Reconcile
        "replicas is ignored since autoscaling is on";
    M110 "gateway-missing" Error AimEngine Reconcile
        "routing is enabled without a gateway";
    M111 "path-template-fails" Warning AimEngine Reconcile
        "the path template fails, so the route falls back to the UID";
    M112 "variable-twice" Error KubeApiserver Reconcile
        "a variable would be twice in the container";
    M113 "engine-args-not-json" Warning AimEngine Reconcile
        "AIM_ENGINE_ARGS is no JSON object, so the layers are not merged";
    M114 "unoptimized-template" Note AimEngine Reconcile
        "the template is not optimized, so it is passed over";
    M115 "gpu-not-available" Error AimEngine Reconcile
        "no matching GPU is in the inventory";
    M116 "upstream-failed" Error AimEngine Reconcile
        "an object that this one needs has failed";
    M117 "engine-args-null" Error AimEngine Reconcile
        "null in a lower layer of AIM_ENGINE_ARGS makes the operator panic";
    M118 "engine-args-value-from" Warning AimEngine Reconcile
        "valueFrom over a JSON value of AIM_ENGINE_ARGS is lost";
    M120 "timeout-unreadable" Error AimEngine Reconcile
        "a request timeout that Go cannot read stops the operator for the whole cluster";
    M121 "timeout-refused" Error KubeApiserver Reconcile
        "a request timeout that the Gateway API refuses";
    M122 "service-name-too-long" Error KubeApiserver Reconcile
        "the service's name is no label value: nothing of it can be applied";
    M123 "template-name-too-long" Error KubeApiserver Reconcile
        "the template's name is no label value: its cache gets no artifacts";
    M124 "alias-no-label" Error KubeApiserver Reconcile
        "a custom template's name is no label value: it and all later ones are not made";
    M125 "overrides-with-template" Error AimEngine Reconcile
        "overrides together with an explicit namespaced template";
    M126 "overrides-without-name-part" Error AimEngine Reconcile
        "overrides that do not change the template's name take the base template over";
    M127 "derived-template-unused" Warning AimEngine Reconcile
        "the derived template is made, but the service keeps running on the base";
    M128 "explicit-template-not-available" Error AimEngine Reconcile
        "an explicit template that is not available: the service gets no status at all";
    M129 "namespaced-template-cluster-model" Error AimEngine Reconcile
        "a namespaced template whose model is only a cluster model";
    M130 "shared-cache-overwritten" Warning AimEngine Reconcile
        "services of one template differ in what they write to the shared cache";
    M131 "ignored-setting" Warning AimEngine Reconcile
        "a setting that AIM Engine ignores";
    M132 "no-model-sources" Error AimEngine Reconcile
        "the template's status has no model sources, so there is never a cache";
    M133 "metadata-never-known" Error AimEngine Reconcile
        "the model's metadata is never known";
    M134 "no-recommended-deployments" Error AimEngine Reconcile
        "the image has no recommended deployments";
    M135 "stays-after-edit" Note AimEngine Update
        "something stays in the cluster after this edit";
    M136 "image-unknown" Note AimEngine Reconcile
        "the image's metadata is not known offline";
    M137 "cache-failed" Error AimEngine Reconcile
        "the cache has failed";
    M138 "discovery-fails" Error AimEngine Reconcile
        "discovery finds no profile for this template";
    M139 "first-touch-refused" Error KubeApiserver Reconcile
        "the operator cannot write its finalizer: the object is never reconciled";
    M140 "field-owned-by-another" Error KubeApiserver Reconcile
        "AIM Engine cannot set a field that somebody else set to another value";
    M141 "job-refused" Error KubeApiserver Reconcile
        "a Job of AIM Engine is refused";
    M142 "replicas-zero" Note AimEngine RunTime
        "replicas: 0 runs nothing, and the service stays Starting";
    K201 "min-over-max" Error Kserve Reconcile
        "minReplicas is greater than maxReplicas";
    K202 "query-missing" Error Kserve Reconcile
        "the pod metric or its query is missing";
    K203 "value-missing" Error Kserve Reconcile
        "the target has no value";
    K204 "target-type-ignored" Warning Kserve Reconcile
        "the target's type is ignored: value is compared with the average per pod";
    K205 "name-starts-with-digit" Error Kserve Reconcile
        "the InferenceService's name starts with a digit";
    K206 "protocol" Error Kserve Reconcile
        "env PROTOCOL is none of v1 and v2";
    K207 "autoscaler-class" Error Kserve Reconcile
        "the autoscaler class is unknown";
    K208 "label-too-long" Error KubeApiserver Reconcile
        "the InferenceService's name is too long for KServe's label";
    K209 "deployment-refused" Error KubeApiserver Reconcile
        "the Deployment or pod is refused";
    K210 "quantity-unreadable" Error Kserve Reconcile
        "a quantity that KServe cannot read";
    K211 "storage-uri" Warning Kserve Reconcile
        "env STORAGE_URI is taken as the predictor's storage URI";
    K212 "mount-path-twice" Error KubeApiserver Reconcile
        "two volumes have one mount path";
    K213 "host-too-long" Error Kserve Reconcile
        "the host name is not valid";
    K214 "autoscaler-stays" Error Kserve Update
        "autoscaling switched off, but its objects stay and go on scaling";
    K215 "triggers-stay" Error Kserve Update
        "metrics removed, but the old triggers stay";
    K216 "collector-stays" Error Kserve Update
        "metricNames removed, but the old collector stays";
    K217 "metadata-rolls-pods" Note Kserve Update
        "labels or annotations changed: the pods roll, the Service keeps its old ones";
    K218 "inference-service-refused" Error Kserve Create
        "the InferenceService is refused";
    K219 "kserve-config" Error Kserve Reconcile
        "the inferenceservice-config is not what AIM Engine needs";
    K220 "replicas-negative" Error Kserve Reconcile
        "a negative number of replicas";
    K221 "image-with-blank" Error KubeApiserver Reconcile
        "the image has a blank at its start or end: no pod is made";
    D301 "autoscaling-without-metric" Error KubeApiserver Reconcile
        "autoscaling without a metric never scales: its ScaledObject is refused";
    D302 "keda-bounds" Error Keda Reconcile
        "KEDA refuses the replica bounds";
    D303 "scales-to-zero" Error Keda RunTime
        "minReplicas 0 scales to zero and never comes back";
    D304 "already-scaled" Error Keda Reconcile
        "something else already scales this workload";
    D305 "scaled-object-name" Error Keda Reconcile
        "the ScaledObject's name is no label value";
    D306 "target-not-positive" Error KubeApiserver Reconcile
        "a target that is not positive: the HPA is refused";
    D307 "scaled-object-refused" Error Keda Create
        "the ScaledObject is refused";
    D308 "scale-target-missing" Error Keda Reconcile
        "the scale target does not exist";
    D309 "trigger-unusable" Error Keda Reconcile
        "KEDA cannot build the trigger's scaler";
    O401 "target-unreadable" Error OtelAddOn RunTime
        "a target that the add-on cannot read: the service scales on CPU";
    O402 "query-not-bare" Error OtelAddOn RunTime
        "the query is no bare metric name: once wrapped it fails or means another metric";
    O403 "scaler-address" Error Keda RunTime
        "the scaler's address is wrong: the service scales on CPU";
    O404 "operation-unknown" Warning OtelAddOn RunTime
        "an unknown operationOverTime is taken as last_one";
    O405 "no-metric-names" Error Kserve Reconcile
        "no metricNames: no collector is made, so no metric ever arrives";
    O406 "query-filtered-out" Error OtelOperator RunTime
        "the query's metric is not among metricNames, so the sidecar drops it";
    O407 "metric-not-from-vllm" Warning OtelAddOn RunTime
        "not a metric that vLLM exports";
    O408 "metric-kind" Warning OtelAddOn RunTime
        "a counter or histogram that is not used as one";
    O409 "metric-twice" Warning OtelOperator RunTime
        "a metric is named twice";
    O410 "rate-of-gauge" Error OtelAddOn RunTime
        "the rate of a gauge can be negative, which scales to the maximum";
    O411 "add-on-policy" Error OtelAddOn Create
        "the add-on chart's policy refuses every metric name with a colon";
    O412 "query-loses-filter" Error OtelAddOn RunTime
        "the query loses the filter on the namespace";
    O413 "stale-series" Note OtelAddOn RunTime
        "series of other pods can count for a while";
    O414 "collector-refused" Error OtelOperator Create
        "the OpenTelemetryCollector is refused";
    O415 "no-sidecar" Error OtelOperator Reconcile
        "the pod asks for a sidecar that is not there";
    L501 "floating-tag" Note Advice RunTime
        "an image without tag, or with the tag latest";
    L502 "not-enough-gpus" Note Advice RunTime
        "maxReplicas needs more GPUs than the nodes offer";
    L503 "min-equals-max" Note Advice RunTime
        "minReplicas equals maxReplicas: autoscaling can never act";
    L504 "secret-in-plain-env" Warning Advice RunTime
        "a value that looks like a secret stands in plain env";
    L505 "gated-model" Note Advice RunTime
        "the model is gated and no HF_TOKEN is set";
    L506 "unwanted-value" Warning Advice RunTime
        "a value that the API server accepts and nobody wants";
    L507 "suppression" Warning Advice Reading
        "a suppression that is unknown or unused";
    L508 "given-twice" Warning Advice Update
        "two documents describe one object: the last one wins";
}
