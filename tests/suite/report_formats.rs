//! One set of findings, a snapshot a format. `AIMCTL_BLESS=1` writes them anew.

use std::fs;
use std::path::PathBuf;

use aimctl::diag::render::{Format, TextStyle, render};
use aimctl::diag::{FieldPath, Finding, Locator, Place, Report};
use aimctl::inventory::{Kind, ObjectKey, STACKS};
use aimctl::rules;
use aimctl::source::{FileId, SourceFile, Sources, TextRange};

const CHAT: &str = "\
apiVersion: aim.eai.amd.com/v1alpha1
kind: AIMService
metadata:
  name: chat
spec:
  model:
    image: amdenterpriseai/aim-qwen-qwen3-32b:0.8.5
  minReplicas: 1
  maxReplicas: 4
  env:
    - name: HF_TOKEN
      value: hf_abcdefghijklmnopqrstuvwxyz
";

const ODD: &str = "\
# \u{1b}[31mred\u{202e} café 日本\r
replicas: {a: \"a line that is far too long to be shown as it is, since nobody has a terminal as wide as that, or so it seems\", serverAddress: keda-otel-scaler.keda.svc:4317}\r
";

fn sources() -> Sources {
    let file = |name: &str, text: &str| SourceFile {
        name: name.to_owned(),
        text: text.to_owned(),
        facts: false,
    };
    Sources {
        files: vec![
            file("services/chat.yaml", CHAT),
            file("services/odd, 100%.yaml", ODD),
        ],
        ..Sources::default()
    }
}

fn at(file: usize, text: &str, what: &str) -> Place {
    let start = text.find(what).unwrap();
    Place::text(TextRange {
        file: FileId(file),
        start,
        end: start + what.len(),
    })
}

fn findings() -> Vec<Finding> {
    let service = ObjectKey::new(Kind::AimService, "team-a", "chat");
    let mut bounds = at(0, CHAT, "minReplicas: 1");
    bounds.object = Some(service.clone());
    vec![
        Finding::new(
            &rules::D301,
            bounds,
            "autoscaling without a metric never scales: its ScaledObject is refused",
        )
        .label("switches autoscaling on")
        .related(
            at(0, CHAT, "maxReplicas: 4"),
            "but nothing says what to scale on",
        )
        .occasion("KServe 0.16.0 creates the ScaledObject chat-5f2c1a90-predictor")
        .refusal("spec.triggers: Required value")
        .consequence(
            "1 replica for ever, no HPA, no sidecar; `kubectl get aimservice chat` says Failed",
        )
        .help("add a metric:\n  autoScaling:\n    metrics:\n      - type: PodMetric"),
        Finding::new(
            &rules::L504,
            at(0, CHAT, "hf_abcdefghijklmnopqrstuvwxyz"),
            "HF_TOKEN holds hf_abcdefghijklmnopqrstuvwxyz in plain text",
        )
        .help("take it from a Secret: valueFrom.secretKeyRef"),
        Finding::new(
            &rules::O403,
            at(1, ODD, "keda-otel-scaler.keda.svc:4317"),
            "the scaler is asked at the port of the receiver, 4317",
        )
        .consequence(
            "KEDA gets no metric, writes an HPA without any, and the service scales on CPU",
        )
        .help("write port 4318, or leave serverAddress out"),
        Finding::new(
            &rules::Y005,
            at(1, ODD, "\u{1b}[31mred\u{202e} café 日本"),
            "odd \u{1b}[2J characters & <tags>",
        ),
        Finding::new(
            &rules::M135,
            Place::field(
                ObjectKey::new(Kind::HttpRoute, "team-a", "chat-5f2c1a90"),
                FieldPath::root(),
            ),
            "the HTTPRoute stays and serves",
        )
        .consequence("clients still reach the service through it"),
    ]
}

fn rendered(format: Format, style: TextStyle) -> String {
    let sources = sources();
    let mut locator = Locator::new(&sources);
    let located = findings().into_iter().map(|f| locator.locate(f)).collect();
    let report = Report::new(&sources, &STACKS[0], 2, located);
    let mut out = Vec::new();
    render(&report, format, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn check(name: &str, actual: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/reports")
        .join(name);
    if std::env::var_os("AIMCTL_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, actual).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == actual,
        "{name} differs; AIMCTL_BLESS=1 writes it anew. It is now:\n{actual}"
    );
}

#[test]
fn every_format_is_as_recorded() {
    for (format, name) in Format::ALL {
        check(name, &rendered(*format, TextStyle::PLAIN));
    }
    let fancy = TextStyle {
        color: true,
        unicode: true,
        width: 80,
    };
    check("text.ansi", &rendered(Format::Text, fancy));
}
