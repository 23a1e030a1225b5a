//! Every recorded push, query and operation gives the real add-on's answer.

use aimctl::addon::otlp::{Data, Metric, Point, Request, Resource};
use aimctl::addon::{self, Clamp, Labels, Operation, Query, Store, TargetError, metric_value};
use serde_json::Value;

use super::vectors;

/// Any whole second that is far from 0: the rows' times are relative to the question.
const NOW: i64 = 1_700_000_000;

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn labels(attributes: &Value) -> Labels {
    let mut labels = Labels::default();
    for (name, value) in attributes.as_object().into_iter().flatten() {
        match value.as_str() {
            Some(text) => labels.text(name, text),
            None => labels.other(name, &value.to_string()),
        }
    }
    labels
}

fn point(point: &Value, value: &str) -> Point {
    let time = point["t"]
        .as_f64()
        .map_or(0, |t| (NOW as f64 + t).floor() as u32);
    let value = &point[value];
    Point {
        labels: labels(&point["attrs"]),
        time,
        integer: value.as_i64().unwrap_or(0),
        double: match value.as_str() {
            Some(text) => text.parse().unwrap(),
            None if value.is_i64() => 0.0,
            None => value.as_f64().unwrap_or(0.0),
        },
    }
}

fn resource(given: &Value) -> Resource {
    let host = ["host.name", "pod"]
        .into_iter()
        .find_map(|key| given["resource"][key].as_str());
    let metrics = array(&given["metrics"]).iter().map(|metric| {
        let points = |value: &str| {
            array(&metric["points"])
                .iter()
                .map(|p| point(p, value))
                .collect()
        };
        let data = match metric["type"].as_str() {
            Some("histogram" | "exponentialHistogram") => Data::Counts(points("count")),
            Some("summary") => Data::Summary,
            _ => Data::Numbers(points("value")),
        };
        Metric {
            name: metric["name"].as_str().unwrap().to_owned(),
            data,
        }
    });
    Resource {
        host_name: host.map(str::to_owned),
        metrics: metrics.collect(),
    }
}

fn store(row: &Value) -> Store {
    let mut store = Store::default();
    for push in array(&row["pushes"]) {
        let resources = match push {
            Value::Array(resources) => resources.iter().map(resource).collect(),
            one => vec![resource(one)],
        };
        store.receive(&Request { resources }, NOW);
    }
    store
}

/// What one question over gRPC gives: KEDA's number and whether the trigger is active, or the error's text.
fn ask(store: &mut Store, row: &Value) -> Result<(i64, bool), String> {
    let metadata = |key: &str| row["metadata"][key].as_str();
    let query = Query::parse(row["query"].as_str().unwrap()).map_err(|e| e.to_string())?;
    let operation = Operation::lenient(row["operationOverTime"].as_str());
    let value = store
        .answer(&query, operation, NOW)
        .map_err(|e| e.to_string())?;
    let value = Clamp::parse(metadata("clampMin"), metadata("clampMax")).apply(value);
    Ok((metric_value(value), value > 0.0))
}

fn recorded(answer: &Value, field: &str) -> Result<Value, String> {
    match answer["error"]["message"].as_str() {
        Some(text) => Err(text.to_owned()),
        None => Ok(answer[field].clone()),
    }
}

#[test]
fn every_row_is_answered_as_recorded() {
    let file = vectors("addon-arithmetic.json");
    let rows = array(&file["rows"]);
    assert_eq!(rows.len(), 161);
    for row in rows {
        let mut store = store(row);
        let questions = match &row["getMetrics"] {
            Value::Array(several) => several.clone(),
            one => vec![one.clone()],
        };
        for question in &questions {
            let value = ask(&mut store, row).map(|(value, _)| Value::from(value));
            assert_eq!(value, recorded(question, "metricValue"), "{}", row["id"]);
        }
        let active = ask(&mut store, row).map(|(_, active)| Value::from(active));
        assert_eq!(
            active,
            recorded(&row["isActive"], "result"),
            "{} isActive",
            row["id"]
        );
    }
}

#[test]
fn the_numbers_before_rounding_are_the_recorded_ones() {
    let file = vectors("addon-arithmetic.json");
    let mut compared = 0;
    for row in array(&file["rows"]) {
        let (Some(expected), Ok(query)) = (
            row["restQuery"]["value"].as_f64(),
            Query::parse(row["query"].as_str().unwrap()),
        ) else {
            continue;
        };
        let operation = Operation::lenient(row["operationOverTime"].as_str());
        let mut store = store(row);
        for _ in array(&row["getMetrics"]) {
            let _ = store.answer(&query, operation, NOW);
        }
        match store.answer(&query, operation, NOW) {
            Ok(value) => assert_eq!(value, expected, "{}", row["id"]),
            Err(_) => assert_eq!(expected, -1.0, "{}", row["id"]),
        }
        compared += 1;
    }
    assert!(compared > 100, "only {compared} rows compared");
}

#[test]
fn targets_are_read_as_recorded() {
    let file = vectors("addon-arithmetic.json");
    let specs = array(&file["metricSpecs"]);
    assert_eq!(specs.len(), 24);
    for spec in specs {
        let value =
            addon::target(spec["targetValue"].as_str()).map_err(|e: TargetError| e.to_string());
        let answer = &spec["getMetricSpec"];
        let expected =
            recorded(answer, "metricSpecs").map(|specs| specs[0]["targetSize"].as_i64().unwrap());
        assert_eq!(value, expected, "{}", spec["targetValue"]);
    }
}
