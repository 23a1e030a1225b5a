//! The runtime configuration that an object works with (AIM Engine 0.2.1, spec 2.7).

use super::health::{Category, Health, Problem, Side};
use crate::api::aim::{
    AimClusterRuntimeConfig, AimRuntimeConfig, AimRuntimeConfigSpec, GatewayReference,
    LabelPropagation, ModelDefaults, ObjectStatus, Routing, Storage,
};
use crate::controllers::{Considered, Decision};
use crate::diag::FieldPath;
use crate::inventory::{Kind, ObjectKey, Origin, Typed, World};
use crate::kube::duration::GoDuration;
use crate::kube::env;

/// The name that objects without runtimeConfigName use.
pub(super) const DEFAULT_NAME: &str = "default";

/// What a runtime config's name stands for, seen from one namespace.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Resolved {
    /// The name looked up.
    pub(super) name: String,
    /// The merged configuration; `None` when there is no config of that name.
    pub(super) spec: Option<AimRuntimeConfigSpec>,
    /// The namespaced config, when it takes part.
    pub(super) namespaced: Option<ObjectKey>,
    /// The cluster's config, when it takes part.
    pub(super) cluster: Option<ObjectKey>,
    /// Fields of the namespaced config that are zero over a value of the cluster's, and so do not count.
    pub(super) ignored: Vec<FieldPath>,
    /// Merging AIM_ENGINE_ARGS of the two makes the operator panic, so that no pass ever ends.
    pub(super) panics: bool,
}

impl Resolved {
    /// A config was asked for by name and exists in neither scope. A missing `default` is fine.
    pub(super) fn is_missing(&self) -> bool {
        self.spec.is_none() && self.name != DEFAULT_NAME
    }

    /// Its health for an object that can do without one: models and templates.
    ///
    /// Namespaced models and templates pass the error on as it is; for all others it is an upstream dependency.
    pub(super) fn health(&self, side: Side) -> Health {
        const COMPONENT: &str = "RuntimeConfig";
        if self.is_missing() {
            let (reason, message) = match side {
                Side::Upstream => (
                    "ReferenceNotFound",
                    "Upstream dependency not found".to_owned(),
                ),
                Side::Downstream => (
                    "ConfigNotFound",
                    format!("RuntimeConfig {} not found", self.name),
                ),
            };
            let problem = Problem::new(Category::MissingUpstream, reason, message);
            return Health::failing(COMPONENT, side, problem);
        }
        let (reason, message) = match self.spec {
            Some(_) => ("ConfigFound", ""),
            None => ("DefaultConfigNotFound", "Default config was not found"),
        };
        Health::new(COMPONENT, side, ObjectStatus::Ready, reason, message)
    }

    /// For `why`: which configs take part.
    pub(super) fn decision(&self) -> Decision {
        let layers = [
            (
                &self.namespaced,
                "wins where it sets a value that is not zero",
            ),
            (
                &self.cluster,
                "counts where the namespaced one sets nothing",
            ),
        ];
        let considered: Vec<Considered> = layers
            .into_iter()
            .filter_map(|(key, verdict)| {
                let key = key.clone()?;
                Some(Considered {
                    what: key.to_string(),
                    object: Some(key),
                    path: FieldPath::parse("spec"),
                    verdict: verdict.to_owned(),
                })
            })
            .collect();
        let outcome = match (&self.spec, self.is_missing()) {
            (Some(_), _) => format!("the runtime config named {} is used", self.name),
            (None, true) => format!("there is no runtime config named {}", self.name),
            (None, false) => "no runtime config is used, since none is named default".to_owned(),
        };
        Decision {
            topic: "runtime config",
            outcome,
            considered,
            rule: "AIM Engine 0.2.1: a namespaced runtime config is merged over the cluster's of the same name (spec 2.7)",
        }
    }
}

/// Looks a runtime config up and merges its two scopes; `namespace` is empty for cluster-scoped objects.
pub(super) fn resolve(name: Option<&str>, namespace: &str, world: &World) -> Resolved {
    let name = name.filter(|name| !name.is_empty()).unwrap_or(DEFAULT_NAME);
    let namespaced = world
        .get::<AimRuntimeConfig>(namespace, name)
        .filter(|_| !namespace.is_empty())
        .filter(|config| is_seen::<AimRuntimeConfig>(world, &config.metadata.name, namespace));
    let cluster = world
        .get::<AimClusterRuntimeConfig>("", name)
        .filter(|config| is_seen::<AimClusterRuntimeConfig>(world, &config.metadata.name, ""));
    let spec = |spec: &Option<AimRuntimeConfigSpec>| modernised(spec.clone().unwrap_or_default());
    let over = namespaced.map(|config| spec(&config.spec));
    let base = cluster.map(|config| spec(&config.spec));
    let ignored = match (&base, &over) {
        (Some(base), Some(over)) => ignored(base, over),
        _ => Vec::new(),
    };
    let (spec, panics) = match (base, over) {
        (Some(base), Some(over)) => {
            let merged = merge(base, over);
            let panics = merged.is_none();
            (Some(merged.unwrap_or_default()), panics)
        }
        (base, over) => (over.or(base), false),
    };
    Resolved {
        name: name.to_owned(),
        spec,
        namespaced: namespaced.map(|_| ObjectKey::new(Kind::AimRuntimeConfig, namespace, name)),
        cluster: cluster.map(|_| ObjectKey::new(Kind::AimClusterRuntimeConfig, "", name)),
        ignored,
        panics,
    }
}

/// Where a zero of the namespaced config stands over another value of the cluster's.
fn ignored(base: &AimRuntimeConfigSpec, over: &AimRuntimeConfigSpec) -> Vec<FieldPath> {
    fn lost<T: PartialEq + Default>(base: Option<&T>, over: Option<&T>) -> bool {
        let zero = T::default();
        over == Some(&zero) && base.is_some_and(|base| *base != zero)
    }
    let routing = |spec: &AimRuntimeConfigSpec| spec.routing.clone().unwrap_or_default();
    let storage = |spec: &AimRuntimeConfigSpec| spec.storage.clone().unwrap_or_default();
    let labels = |spec: &AimRuntimeConfigSpec| spec.label_propagation.clone().unwrap_or_default();
    let (r, s, l) = (routing(base), storage(base), labels(base));
    let (nr, ns, nl) = (routing(over), storage(over), labels(over));
    [
        (
            "spec.routing.enabled",
            lost(r.enabled.as_ref(), nr.enabled.as_ref()),
        ),
        (
            "spec.routing.pathTemplate",
            lost(r.path_template.as_ref(), nr.path_template.as_ref()),
        ),
        (
            "spec.storage.defaultStorageClassName",
            lost(
                s.default_storage_class_name.as_ref(),
                ns.default_storage_class_name.as_ref(),
            ),
        ),
        (
            "spec.storage.pvcHeadroomPercent",
            lost(
                s.pvc_headroom_percent.as_ref(),
                ns.pvc_headroom_percent.as_ref(),
            ),
        ),
        (
            "spec.labelPropagation.enabled",
            lost(l.enabled.as_ref(), nl.enabled.as_ref()),
        ),
    ]
    .into_iter()
    .filter(|(_, lost)| *lost)
    .map(|(path, _)| FieldPath::parse(path))
    .collect()
}

/// A config of a kind is seen unless it, or one that came before it, holds a timeout that Go cannot read: from then on
/// the operator cannot list that kind any more.
fn is_seen<T: Typed + HasConfig>(world: &World, name: &Option<String>, namespace: &str) -> bool {
    let key = ObjectKey::new(
        T::TYPED_KIND,
        namespace,
        name.as_deref().unwrap_or_default(),
    );
    let order = |key: &ObjectKey| match world.entry(key).map(|entry| &entry.origin) {
        Some(Origin::Given(document)) => Some(*document),
        _ => None,
    };
    let own = order(&key);
    !world.all(T::TYPED_KIND).any(|(other, entry)| {
        (*other == key || order(other) < own)
            && entry
                .object
                .typed::<T>()
                .is_some_and(|config| !readable(config.config()))
    })
}

/// Either kind of runtime config.
trait HasConfig {
    fn config(&self) -> Option<&AimRuntimeConfigSpec>;
}

impl HasConfig for AimRuntimeConfig {
    fn config(&self) -> Option<&AimRuntimeConfigSpec> {
        self.spec.as_ref()
    }
}

impl HasConfig for AimClusterRuntimeConfig {
    fn config(&self) -> Option<&AimRuntimeConfigSpec> {
        self.spec.as_ref()
    }
}

fn readable(spec: Option<&AimRuntimeConfigSpec>) -> bool {
    is_readable(spec.and_then(|spec| spec.routing.as_ref()))
}

/// Whether Go can read the timeout of a routing block, if there is one.
pub(super) fn is_readable(routing: Option<&Routing>) -> bool {
    routing
        .and_then(|routing| routing.request_timeout.as_deref())
        .is_none_or(|timeout| GoDuration::parse(timeout).is_ok())
}

/// Moves the deprecated top-level storage fields into `storage` where the new field is absent.
fn modernised(mut spec: AimRuntimeConfigSpec) -> AimRuntimeConfigSpec {
    let class = spec
        .default_storage_class_name
        .clone()
        .filter(|class| !class.is_empty());
    let headroom = spec.pvc_headroom_percent;
    if class.is_some() || headroom.is_some() {
        let storage = spec.storage.get_or_insert_default();
        storage.default_storage_class_name = storage.default_storage_class_name.take().or(class);
        storage.pvc_headroom_percent = storage.pvc_headroom_percent.or(headroom);
    }
    spec
}

/// The namespaced config over the cluster's: only values that are not zero override. `None` where the operator panics.
fn merge(base: AimRuntimeConfigSpec, over: AimRuntimeConfigSpec) -> Option<AimRuntimeConfigSpec> {
    Some(AimRuntimeConfigSpec {
        env: env::merge_engine_args(&base.env, &over.env)?,
        storage: both(base.storage, over.storage, |base, over| Storage {
            default_storage_class_name: text(
                base.default_storage_class_name,
                over.default_storage_class_name,
            ),
            pvc_headroom_percent: number(base.pvc_headroom_percent, over.pvc_headroom_percent),
        }),
        routing: both(base.routing, over.routing, merge_routing),
        model: both(base.model, over.model, |base, over| ModelDefaults {
            auto_discovery: flag(base.auto_discovery, over.auto_discovery),
        }),
        label_propagation: both(
            base.label_propagation,
            over.label_propagation,
            |base, over| LabelPropagation {
                enabled: flag(base.enabled, over.enabled),
                matches: if over.matches.is_empty() {
                    base.matches
                } else {
                    over.matches
                },
            },
        ),
        default_storage_class_name: text(
            base.default_storage_class_name,
            over.default_storage_class_name,
        ),
        pvc_headroom_percent: number(base.pvc_headroom_percent, over.pvc_headroom_percent),
    })
}

fn merge_routing(base: Routing, over: Routing) -> Routing {
    let mut annotations = base.annotations;
    annotations.extend(over.annotations);
    Routing {
        enabled: flag(base.enabled, over.enabled),
        gateway_ref: both(base.gateway_ref, over.gateway_ref, |base, over| {
            GatewayReference {
                group: text(base.group, over.group),
                kind: text(base.kind, over.kind),
                namespace: text(base.namespace, over.namespace),
                name: if over.name.is_empty() {
                    base.name
                } else {
                    over.name
                },
                section_name: text(base.section_name, over.section_name),
                port: number(base.port, over.port),
            }
        }),
        path_template: text(base.path_template, over.path_template),
        request_timeout: unless_zero(base.request_timeout, over.request_timeout, |timeout| {
            GoDuration::parse(timeout) == GoDuration::parse("0")
        }),
        annotations,
    }
}

fn both<T>(base: Option<T>, over: Option<T>, merge: impl FnOnce(T, T) -> T) -> Option<T> {
    match (base, over) {
        (Some(base), Some(over)) => Some(merge(base, over)),
        (base, over) => over.or(base),
    }
}

/// A pointer to zero overrides nothing, but it counts where nothing is below it.
fn unless_zero<T>(base: Option<T>, over: Option<T>, zero: impl Fn(&T) -> bool) -> Option<T> {
    match over {
        Some(over) if base.is_none() || !zero(&over) => Some(over),
        _ => base,
    }
}

fn text(base: Option<String>, over: Option<String>) -> Option<String> {
    unless_zero(base, over, String::is_empty)
}

fn number(base: Option<i32>, over: Option<i32>) -> Option<i32> {
    unless_zero(base, over, |number| *number == 0)
}

fn flag(base: Option<bool>, over: Option<bool>) -> Option<bool> {
    unless_zero(base, over, |flag| !flag)
}
