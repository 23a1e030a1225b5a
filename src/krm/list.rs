//! The ResourceList as text and as values.

use serde_json::{Map, Value, json};
use thiserror::Error;

use super::ResultItem;
use crate::render::yaml;
use crate::source;

/// The input of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceList {
    text: String,
    list: Map<String, Value>,
}

/// The input is no ResourceList.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("standard input holds no ResourceList of config.kubernetes.io/v1")]
pub struct NoResourceList;

/// Annotations by which the orchestrator keeps its books about a resource; no object of the cluster has them.
#[must_use]
pub fn is_own_annotation(key: &str) -> bool {
    key.starts_with("internal.config.kubernetes.io/")
        || key.starts_with("config.kubernetes.io/") && key != "config.kubernetes.io/local-config"
}

impl ResourceList {
    /// Reads the list as kubectl reads YAML.
    ///
    /// # Errors
    /// The text cannot be read, or is something else.
    pub fn read(text: String) -> Result<Self, NoResourceList> {
        let Some(Value::Object(list)) = source::whole(&text) else {
            return Err(NoResourceList);
        };
        let says = |key: &str| list.get(key).and_then(Value::as_str).unwrap_or_default();
        if says("kind") != "ResourceList"
            || !says("apiVersion").starts_with("config.kubernetes.io/")
        {
            return Err(NoResourceList);
        }
        Ok(Self { text, list })
    }

    /// The function's configuration; null when there is none.
    #[must_use]
    pub fn function_config(&self) -> &Value {
        self.list.get("functionConfig").unwrap_or(&Value::Null)
    }

    /// The resources.
    #[must_use]
    pub fn items(&self) -> &[Value] {
        let items = self.list.get("items").and_then(Value::as_array);
        items.map_or(&[], Vec::as_slice)
    }

    /// The list with other resources, and with results after those that earlier functions left.
    #[must_use]
    pub fn with(&self, items: Option<Vec<Value>>, results: &[ResultItem]) -> String {
        let mut list = self.list.clone();
        let same = items.is_none();
        if let Some(items) = items {
            list.insert("items".to_owned(), items.into());
        }
        // Plain data always becomes JSON.
        let results = serde_json::to_value(results).unwrap_or_default();
        let added = results
            .as_array()
            .is_some_and(|results| !results.is_empty());
        let first = !list.contains_key("results");
        if added {
            let all = list.entry("results").or_insert_with(|| json!([]));
            if let (Value::Array(all), Value::Array(results)) = (all, &results) {
                all.extend(results.iter().cloned());
            }
        }
        let list = Value::Object(list);
        if same && !added {
            return self.text.clone();
        }
        if same && first {
            // Comments and layout of the resources stay when the results can be put behind them.
            let mut text = self.text.clone();
            if !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(&yaml::document(&json!({"results": results})));
            if source::whole(&text).as_ref() == Some(&list) {
                return text;
            }
        }
        yaml::document(&list)
    }
}
