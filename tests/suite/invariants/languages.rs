//! The small languages: each text is taken or refused, and what is taken is stable.

use std::collections::BTreeMap;

use aimctl::addon::{Clamp, Labels, Operation, Query, Store, address_fault, target, wrapped};
use aimctl::api::aim::AimService;
use aimctl::controllers::aim::path_template::{self, PathTemplateError};
use aimctl::kube::duration::GoDuration;
use aimctl::kube::quantity::{self, Quantity};
use aimctl::kube::unknown::Uid;
use aimctl::kube::{env, go_json, go_printf, go_template, image};
use serde_json::{Value, json};

/// The text in bytes, and the two halves around its first line feed.
fn halves(bytes: &[u8]) -> (String, String) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    match text.split_once('\n') {
        Some((left, right)) => (left.to_owned(), right.to_owned()),
        None => (text, String::new()),
    }
}

/// A trigger's query and the other texts beside it: what the add-on reads, it can answer.
pub(crate) fn queries(bytes: &[u8]) {
    let (text, other) = halves(bytes);
    if let Ok(query) = Query::parse(&text) {
        assert!(!query.name.contains(['/', '.']), "{query:?}");
        let mut labels = Labels::default();
        for (key, value) in &query.labels {
            labels.text(key, value);
        }
        assert_eq!(labels.contradiction(&query), None);
        let mut store = Store::new(60);
        store.push(&query.name, &labels, 7.0, 100, 100);
        for operation in Operation::ALL {
            let _ = store.answer(&query, operation, 100);
        }
    }
    // What KServe writes around a bare name is always read, and holds the name.
    if !text.is_empty() && !text.contains(['{', '}', '(', ')', '/', '.']) && text.trim() == text {
        let query = Query::parse(&wrapped(&text, "team", "chat")).unwrap();
        assert_eq!(query.name, text);
        assert_eq!(query.labels.len(), 2);
    }
    if let Ok(number) = target(Some(&text)) {
        assert_eq!(target(Some(&number.to_string())), Ok(number));
    }
    let clamped = Clamp::parse(Some(&text), Some(&other)).apply(1.0);
    assert!(
        !clamped.is_nan()
            || text.parse::<f64>().is_ok_and(f64::is_nan)
            || other.parse::<f64>().is_ok_and(f64::is_nan)
    );
    let _ = Operation::lenient(Some(&text));
    let _ = address_fault(Some(&text), &other);
}

/// Quantities, durations and images: the canonical form is its own.
pub(crate) fn quantities(bytes: &[u8]) {
    let (text, other) = halves(bytes);
    if let Ok(quantity) = Quantity::parse(&text) {
        let canonical = quantity.canonical();
        let again = Quantity::parse(&canonical).unwrap();
        assert_eq!(again.canonical(), canonical, "{text}");
        assert_eq!(quantity::canonical(&text), canonical);
        // Beyond its suffixes Kubernetes writes the digits alone.
        let is_small = |quantity: &Quantity| {
            let nano = quantity.scaled(-9);
            nano.is_some_and(|nano| nano.unsigned_abs() < 10_u128.pow(30))
        };
        if is_small(&quantity) {
            assert_eq!(again.value(), quantity.value(), "{text}");
            assert_eq!(again.milli_value(), quantity.milli_value(), "{text}");
        }
        let _ = quantity.rounded_up(0);
        if let Ok(more) = Quantity::parse(&other) {
            let sum = quantity.checked_add(&more);
            let turned = more.checked_add(&quantity);
            assert_eq!(
                sum.map(|sum| sum.value()),
                turned.map(|sum| sum.value()),
                "{text} + {other}"
            );
            let _ = quantity.cmp(&more);
        }
    }
    if let Ok(duration) = GoDuration::parse(&text) {
        assert_eq!(
            GoDuration::parse(&duration.to_string()),
            Ok(duration),
            "{text}"
        );
    }
    let _ = image::image_parts(&text);
    let _ = image::check_reference(&text);
}

/// A path template over a service, and the templates of host names: the path is one that a route can have.
pub(crate) fn path_templates(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let service: AimService = serde_json::from_value(json!({
        "metadata": {"name": "chat", "namespace": "team", "labels": {"tier": "A b"},
            "annotations": {"path": "/a//B c/"}},
        "spec": {"model": {"image": "amdenterpriseai/aim-qwen-qwen3-32b:0.8.5"}, "replicas": 2,
            "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
            "resources": {"limits": {"amd.com/gpu": "1"}}},
    }))
    .unwrap();
    let uid = Uid::chosen("chat");
    match path_template::render(&text, &service, &uid) {
        Ok(path) => {
            assert!(path.starts_with('/'), "{path:?}");
            assert!(!path.contains("//") && (path.len() == 1 || !path.ends_with('/')));
            assert!(path.chars().all(|c| !c.is_control()), "{path:?}");
        }
        Err(PathTemplateError::Expression { expression, .. }) => {
            assert!(text.contains(&expression))
        }
        Err(PathTemplateError::Empty | PathTemplateError::TooLong(_)) => {}
    }
    let fields = BTreeMap::from([
        ("Name", go_template::Value::Text("chat".to_owned())),
        (
            "Labels",
            go_template::Value::Map(BTreeMap::from([("a".to_owned(), "b".to_owned())])),
        ),
    ]);
    let once = go_template::execute(&text, &fields);
    assert_eq!(once, go_template::execute(&text, &fields));
    if !text.contains("{{") {
        assert_eq!(once.as_deref(), Ok(text.as_str()));
    }
    let _ = go_printf::without_arguments(&text);
}

/// Two layers of `AIM_ENGINE_ARGS`, a line each: what is merged is JSON, and merged once more it stays as it is.
pub(crate) fn engine_args(bytes: &[u8]) {
    let (base, higher) = halves(bytes);
    for text in [&base, &higher] {
        if let Ok(value) = go_json::parse(text) {
            let written = go_json::value(&value);
            let again = go_json::parse(&written).unwrap();
            assert_eq!(go_json::value(&again), written, "{text}");
        }
    }
    let Some(merged) = env::merge_json(&base, &higher) else {
        return;
    };
    let object = |text: &str| matches!(go_json::parse(text), Ok(Value::Object(_)));
    if object(&base) && object(&higher) {
        assert!(object(&merged), "{merged}");
        assert_eq!(env::merge_json(&merged, &higher).as_ref(), Some(&merged));
        assert_eq!(env::merge_json(&merged, "{}").as_ref(), Some(&merged));
    }
}
