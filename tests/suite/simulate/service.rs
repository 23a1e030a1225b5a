//! A whole service: from its planned objects to the pictures.

use aimctl::engine::{self, Given as Document, Plan};
use aimctl::inventory::{Facts, Kind, Object};
use aimctl::simulate::findings::Kind as Shown;
use aimctl::simulate::load::{Load, Pattern, Shape};
use aimctl::simulate::planned::{self, Given};
use aimctl::simulate::render::{self, Style};
use aimctl::simulate::report::{API_VERSION, Report, Request, ServiceReport, report};
use aimctl::simulate::scenario::{Scaling, Scenario};
use aimctl::simulate::signals::signals;
use aimctl::source::DocumentId;
use serde::Deserialize;
use serde_json::Value;

const CHAT: &str = include_str!("../../simulate/chat.yaml");

/// The plan of a dump after an edit of its text.
fn plan(edit: impl Fn(String) -> String) -> Plan {
    let text = edit(CHAT.to_owned());
    let given = serde_yaml::Deserializer::from_str(&text)
        .enumerate()
        .map(|(index, document)| {
            let value = Value::deserialize(document).unwrap();
            let kind = Kind::of(
                value["apiVersion"].as_str().unwrap(),
                value["kind"].as_str().unwrap(),
            )
            .unwrap();
            Document {
                document: DocumentId(index),
                object: Object::from_value(kind, value).unwrap(),
                fact: false,
            }
        });
    engine::plan(given.collect(), Facts::default()).unwrap()
}

fn scenario(edit: impl Fn(String) -> String, given: &Given) -> (Scenario, Vec<String>) {
    let plan = plan(edit);
    let services = planned::services(&plan);
    assert_eq!(services.len(), 1);
    planned::scenario(&plan, &planned::Deployments::of(&plan), &services[0], given).unwrap()
}

fn ramp(minutes: i64, high: f64) -> Load {
    Load::Pattern(Pattern {
        shape: Shape::Ramp,
        low: 0.0,
        high,
        length: minutes * 60_000,
    })
}

fn play(
    side: &str,
    mut scenario: Scenario,
    assumptions: &[String],
    load: &Load,
    minutes: i64,
) -> ServiceReport {
    let signals = signals(&mut scenario, load, false).unwrap();
    report(&Request {
        side,
        group: 0,
        scenario: &scenario,
        signals: &signals,
        load,
        length: minutes * 60_000,
        every: 1000,
        queue: 4.0,
        assumptions,
    })
}

fn one(service: ServiceReport, minutes: i64) -> Report {
    Report {
        api_version: API_VERSION,
        kind: "Simulation",
        load: "load 0 → 120 requests in flight, a ramp".to_owned(),
        length: minutes as f64 * 60.0,
        services: vec![service],
    }
}

fn given(start_delay: i64) -> Given {
    Given {
        start_delay: Some(start_delay),
        ..Given::default()
    }
}

#[test]
fn the_scenario_is_read_from_the_objects() {
    let (scenario, assumptions) = scenario(|text| text, &Given::default());
    assert_eq!(scenario.service, "team/chat-predictor");
    assert_eq!(
        (scenario.start, scenario.bounds(), scenario.replica.capacity),
        (1, (1, 8), 12)
    );
    let keda = scenario.keda().unwrap();
    assert_eq!(
        keda.triggers[0].metric.as_deref(),
        Some("s0-team-chat-predictor")
    );
    assert_eq!(keda.hpa.behavior.as_ref().unwrap().down.window, Some(300));
    // 5 s, 60 s for the image, 64 GB from the cache at 1 GB/s, 90 s.
    assert_eq!(scenario.replica.start_delay, 219_000, "{assumptions:?}");
    assert!(
        assumptions[0].contains("AIM_ENGINE_ARGS"),
        "{assumptions:?}"
    );
}

#[test]
fn a_ramp_over_the_maximum_saturates_and_is_advised() {
    let (scenario, assumptions) = scenario(|text| text, &given(60_000));
    let report = play("", scenario, &assumptions, &ramp(30, 120.0), 30);
    let kinds: Vec<_> = report.findings.iter().map(|finding| finding.kind).collect();
    assert!(kinds.contains(&Shown::Saturated), "{kinds:?}");
    assert_eq!(report.summary.most_replicas, 8);
    let advice = report.advice[0].change.as_ref().unwrap();
    assert!(
        advice.max_replicas > 8 && advice.queue_p95 < 4.0,
        "{:?}",
        report.advice
    );
}

#[test]
fn what_never_scales_says_why() {
    let never = |edit: &dyn Fn(String) -> String, words: &str| {
        let (scenario, assumptions) = scenario(edit, &given(60_000));
        let report = play("", scenario, &assumptions, &ramp(30, 120.0), 30);
        let finding = report
            .findings
            .iter()
            .find(|finding| finding.message.contains(words));
        assert!(finding.is_some(), "{words}: {:?}", report.findings);
    };
    never(
        &|text| {
            text.replace(
                "metric_names: ['vllm:num_requests_running']",
                "metric_names: ['other']",
            )
        },
        "lets only other through",
    );
    never(
        &|text| text.replace("deployment=\"chat", "deployment=\"x"),
        "reads 0 whatever the load is",
    );
    never(
        &|text| {
            text.replace(
                "num_requests_running{",
                "num_requests_running{model=\"x\"}{",
            )
        },
        "no metric can be read",
    );
    never(
        &|text| text.replace("sidecar.opentelemetry.io/inject", "other"),
        "no sidecar",
    );
    never(
        &|text| text.replace("targetValue: \"10\"", "targetValue: \"11\""),
        "the HPA acts above 12.1",
    );
    never(
        &|text| {
            text.replace("minReplicaCount: 1", "minReplicaCount: 8")
                .replace("replicas: 1", "replicas: 8")
        },
        "the minimum is the maximum",
    );
    never(
        &|text| text.replace("targetValue: \"10\"", "targetValue: \"0.5\""),
        "scales on CPU at 80 %",
    );
    never(
        &|text| text.replace("targetValue: \"10\"", "targetValue: \"0\""),
        "no HPA comes into being",
    );
}

#[test]
fn minimum_zero_never_comes_back() {
    let edit = |text: String| text.replace("minReplicaCount: 1", "minReplicaCount: 0");
    let (scenario, _) = scenario(edit, &given(60_000));
    let load = Load::Pattern(Pattern {
        shape: Shape::Step,
        low: 0.0,
        high: 50.0,
        length: 1_800_000,
    });
    let report = play("", scenario, &[], &load, 30);
    assert_eq!(
        report.findings[0].kind,
        Shown::ScalesToZero,
        "{:?}",
        report.findings
    );
    assert_eq!(report.samples.last().unwrap().ready, 0);
}

#[test]
fn every_picture_is_whole_and_makes_no_request() {
    let (scenario, assumptions) = scenario(|text| text, &given(60_000));
    let mut old = scenario.clone();
    if let Scaling::Keda(keda) = &mut old.scaling {
        keda.hpa.max = 4;
    }
    let load = ramp(30, 120.0);
    let single = one(play("", scenario.clone(), &assumptions, &load, 30), 30);
    let mut both = one(play("old.yaml", old, &assumptions, &load, 30), 30);
    both.services
        .push(play("new.yaml", scenario, &assumptions, &load, 30));
    for (name, report) in [("single", &single), ("both", &both)] {
        let text = render::text(
            report,
            Style {
                width: 100,
                color: false,
            },
        );
        assert!(text.lines().all(|line| !line.ends_with(' ')), "{text}");
        let csv = render::csv(report);
        assert_eq!(csv.lines().count(), 1 + 1801 * report.services.len());
        let svg = render::svg(report);
        let html = render::html(report);
        for picture in [&svg, &html] {
            let links = picture.matches("http").count()
                - picture.matches("http://www.w3.org/2000/svg").count();
            assert_eq!(links - picture.matches("http-equiv").count(), 0);
            assert!(
                !picture.contains("<script")
                    && !picture.contains("NaN")
                    && !picture.contains("url(")
            );
        }
        if let Ok(directory) = std::env::var("SIMULATE_PICTURES") {
            std::fs::write(format!("{directory}/{name}.txt"), &text).unwrap();
            std::fs::write(format!("{directory}/{name}.svg"), &svg).unwrap();
            std::fs::write(format!("{directory}/{name}.html"), &html).unwrap();
        }
    }
}
