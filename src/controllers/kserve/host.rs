//! Host names, made with the configuration's Go template (KServe 0.16.0, `ingress/domain.go`; spec 3.8).

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::component::Component;
use crate::admission::names;
use crate::diag::field::go_quote;
use crate::diag::{FieldPath, Refusal};
use crate::inventory::KserveConfig;
use crate::inventory::kserve_config::IngressSection;
use crate::kube::go_template::{self, TemplateError, Value};
use crate::kube::unknown::KNOWN_AFTER_APPLY;
use crate::rules::{K213, K219, Rule};

/// Why there is no host name, in KServe's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum HostError {
    /// The template cannot be carried out.
    #[error("{0}")]
    Template(String),
    /// What it gives is no domain name.
    #[error("{0}")]
    Domain(String),
}

impl HostError {
    pub(super) fn rule(&self) -> &'static Rule {
        match self {
            Self::Template(_) => &K219,
            Self::Domain(_) => &K213,
        }
    }
}

/// The host of a name: of the InferenceService, or of its component.
///
/// A template beyond what the tool evaluates gives a host that only the cluster knows.
pub(super) fn of(
    name: &str,
    meta: &ObjectMeta,
    config: &IngressSection,
) -> Result<String, HostError> {
    let map = |map: &Option<BTreeMap<String, String>>| Value::Map(map.clone().unwrap_or_default());
    let text = |text: &str| Value::Text(text.to_owned());
    let fields = BTreeMap::from([
        ("Name", text(name)),
        (
            "Namespace",
            text(meta.namespace.as_deref().unwrap_or_default()),
        ),
        ("IngressDomain", text(&config.ingress_domain)),
        ("Annotations", map(&meta.annotations)),
        ("Labels", map(&meta.labels)),
    ]);
    let host = match go_template::execute(&config.domain_template, &fields) {
        Ok(host) => host,
        Err(TemplateError::Beyond(_)) => return Ok(KNOWN_AFTER_APPLY.to_owned()),
        Err(error) => return Err(HostError::Template(error.to_string())),
    };
    let complaints: Vec<String> = if host.is_empty() {
        vec!["url: Required value".to_owned()]
    } else {
        names::domain_name(&host)
            .iter()
            .map(|(value, detail)| format!("url: Invalid value: {}: {detail}", go_quote(value)))
            .collect()
    };
    let list = match complaints.as_slice() {
        [] => return Ok(host),
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    Err(HostError::Domain(format!(
        "invalid domain name {}: {list}",
        go_quote(&host)
    )))
}

/// The refusal for want of a host name, with what to do about it.
pub(super) fn explain(
    refusal: Refusal,
    component: &Component,
    ingress: &IngressSection,
    config: &KserveConfig,
) -> Box<Refusal> {
    let template = &ingress.domain_template;
    let label = format!("{}-{}", component.name(), component.namespace());
    let (what, help) = if config.given.is_some() {
        (
            format!(
                "the template `{template}` of the ConfigMap gives no valid host name for this service"
            ),
            "mend ingress.domainTemplate in the ConfigMap inferenceservice-config, or choose shorter names",
        )
    } else {
        (
            format!(
                "the host name's first part, `{label}`, has {} characters; 63 are allowed",
                label.len()
            ),
            "choose a shorter name or namespace",
        )
    };
    Box::new(
        refusal
            .at(&FieldPath::parse("metadata.name"))
            .summary(what)
            .consequence("KServe makes nothing of the InferenceService")
            .help(help),
    )
}
