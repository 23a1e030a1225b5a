//! What `functionConfig` may say.

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use crate::diag::nearest;

/// What the function does with the resources.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Pass them on and say what is wrong.
    #[default]
    Validate,
    /// The same, and put what must be applied in the place of the AIM documents.
    Render,
}

/// The function's configuration: `spec` of a resource of any kind, or `data` of a ConfigMap, where lists are separated by
/// commas.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct FunctionConfig {
    /// What the function does.
    pub mode: Mode,
    /// Namespace of resources that name none (`--namespace`).
    pub namespace: Option<String>,
    /// GPUs that the cluster has (`--gpu`).
    pub gpu: Vec<String>,
    /// Which controllers run where the output is applied (`--cluster`).
    pub cluster: Option<String>,
    /// The set of versions to reproduce (`--stack`).
    pub stack: Option<String>,
    /// Do not use the built-in catalog of images (`--no-catalog`).
    pub no_catalog: Option<bool>,
    /// The OTel add-on is installed with its chart's own admission policy (`--add-on-policy`).
    pub add_on_policy: Option<bool>,
    /// Rules to report as errors (`--deny`).
    pub deny: Vec<String>,
    /// Rules to report as warnings (`--warn`).
    pub warn: Vec<String>,
    /// Rules not to report (`--allow`).
    pub allow: Vec<String>,
}

/// The configuration cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("functionConfig: {message}")]
pub struct ConfigError {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

const KEYS: [&str; 10] = [
    "mode",
    "namespace",
    "gpu",
    "cluster",
    "stack",
    "noCatalog",
    "addOnPolicy",
    "deny",
    "warn",
    "allow",
];

impl FunctionConfig {
    /// Reads `functionConfig`; `Null` is the default.
    ///
    /// # Errors
    /// A key that is not known, or a value of the wrong type.
    pub fn read(config: &Value) -> Result<Self, ConfigError> {
        let text = config.get("kind").is_some_and(|kind| kind == "ConfigMap");
        let part = config.get(if text { "data" } else { "spec" });
        let Some(Value::Object(entries)) = part else {
            return Ok(Self::default());
        };
        if let Some(key) = entries.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(ConfigError {
                message: format!("unknown key `{key}`"),
                help: Some(nearest(key, KEYS.iter().copied()).map_or_else(
                    || format!("known keys: {}", KEYS.join(", ")),
                    |meant| format!("did you mean `{meant}`?"),
                )),
            });
        }
        let mut entries = entries.clone();
        for (key, value) in &mut entries {
            if let Value::String(text) = value {
                *value = typed(key, text);
            }
        }
        serde_json::from_value(Value::Object(entries)).map_err(|error| ConfigError {
            message: error.to_string(),
            help: None,
        })
    }
}

/// A text where a list or a boolean is meant.
fn typed(key: &str, text: &str) -> Value {
    match key {
        "gpu" | "deny" | "warn" | "allow" => text
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .collect(),
        "noCatalog" | "addOnPolicy" => match text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            other => other.into(),
        },
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_config_map_says_the_same_as_a_spec() {
        let map = json!({"kind": "ConfigMap", "data": {"mode": "render", "gpu": "MI300X, MI325X", "noCatalog": "true"}});
        let spec = json!({"kind": "Aimctl", "spec": {"mode": "render", "gpu": ["MI300X", "MI325X"], "noCatalog": true}});
        let read = FunctionConfig::read(&map);
        assert_eq!(read, FunctionConfig::read(&spec));
        assert_eq!(read.map(|config| config.mode), Ok(Mode::Render));
        assert_eq!(
            FunctionConfig::read(&Value::Null),
            Ok(FunctionConfig::default())
        );
    }

    #[test]
    fn unknown_keys_are_refused_with_the_nearest() {
        let wrong = FunctionConfig::read(&json!({"spec": {"moed": "render"}}));
        assert_eq!(
            wrong.err().and_then(|error| error.help),
            Some("did you mean `mode`?".to_owned())
        );
    }
}
