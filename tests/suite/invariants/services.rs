//! AIMServices and what stands beside them, made from bytes.

use arbitrary::{Result, Unstructured};
use serde_json::{Map, Value, json};

use super::planning;

/// Any services: they are planned as any document is, and when nothing is wrong with them, what is made is of one piece.
pub(crate) fn services(bytes: &[u8]) {
    let text = documents(bytes);
    planning(text.as_bytes());
    planning::consistent(&text);
}

/// The documents that these bytes stand for, as YAML (which JSON is), one a line.
pub(crate) fn documents(bytes: &[u8]) -> String {
    let mut dice = Unstructured::new(bytes);
    let mut documents = Vec::new();
    for _ in 0..4 {
        documents.extend(document(&mut dice).unwrap_or_default());
        if dice.is_empty() {
            break;
        }
    }
    let lines: Vec<String> = documents.iter().map(Value::to_string).collect();
    lines.join("\n")
}

/// Makes a value of bytes.
type Make = fn(&mut Unstructured<'_>) -> Result<Value>;

fn choose(dice: &mut Unstructured<'_>, words: &[&str]) -> Result<Value> {
    dice.choose(words).map(|word| Value::from(*word))
}

/// What mostly is good, sometimes absent, and rarely of any type.
fn field(dice: &mut Unstructured<'_>, good: Make) -> Result<Option<Value>> {
    Ok(match dice.int_in_range(0..=9)? {
        0..=4 => Some(good(dice)?),
        5..=8 => None,
        _ => Some(junk(dice)?),
    })
}

fn object(dice: &mut Unstructured<'_>, fields: &[(&str, Make)]) -> Result<Value> {
    let mut map = Map::new();
    for (name, good) in fields {
        if let Some(value) = field(dice, *good)? {
            map.insert((*name).to_owned(), value);
        }
    }
    Ok(Value::Object(map))
}

fn list(dice: &mut Unstructured<'_>, item: Make) -> Result<Value> {
    let count = dice.int_in_range(0..=3)?;
    (0..count).map(|_| item(dice)).collect()
}

fn junk(dice: &mut Unstructured<'_>) -> Result<Value> {
    Ok(match dice.int_in_range(0..=5)? {
        0 => Value::Null,
        1 => dice.arbitrary::<bool>()?.into(),
        2 => number(dice)?,
        3 => text(dice)?,
        4 => list(dice, text)?,
        _ => json!({"a": text(dice)?}),
    })
}

fn number(dice: &mut Unstructured<'_>) -> Result<Value> {
    Ok(match dice.int_in_range(0..=5)? {
        0..=3 => dice.int_in_range(-2..=12)?.into(),
        4 => dice.arbitrary::<i64>()?.into(),
        _ => json!(f64::from(dice.arbitrary::<i16>()?) / 128.0),
    })
}

fn flag(dice: &mut Unstructured<'_>) -> Result<Value> {
    Ok(dice.arbitrary::<bool>()?.into())
}

/// Texts that mean something somewhere, and some that should not.
fn text(dice: &mut Unstructured<'_>) -> Result<Value> {
    const WORDS: &[&str] = &[
        "chat",
        "",
        "1",
        "0",
        "-1",
        "1e3",
        "500m",
        "16Gi",
        "1e2147483648",
        "on",
        "0x10",
        "10:30",
        "{\"a\": 1}",
        "{\"a\": null}",
        "[",
        "$(HF_TOKEN)",
        "12s",
        "5m",
        "a/b",
        "a.b",
        "A_b",
        "a:b",
        "(known after apply)",
    ];
    Ok(match dice.int_in_range(0..=5)? {
        0..=3 => choose(dice, WORDS)?,
        4 => dice
            .arbitrary::<&str>()?
            .chars()
            .take(80)
            .collect::<String>()
            .into(),
        _ => {
            let letter = *dice.choose(b"a0-.Z")?;
            let count = dice.int_in_range(1..=260)?;
            String::from_utf8_lossy(&vec![letter; count])
                .into_owned()
                .into()
        }
    })
}

fn name(dice: &mut Unstructured<'_>) -> Result<Value> {
    match dice.int_in_range(0..=7)? {
        0..=5 => choose(dice, &["chat", "code", "default", "amd-aim-cluster"]),
        _ => text(dice),
    }
}

fn image(dice: &mut Unstructured<'_>) -> Result<Value> {
    choose(
        dice,
        &[
            "amdenterpriseai/aim-qwen-qwen3-32b:0.8.5",
            "amdenterpriseai/aim-openai-gpt-oss-20b:0.9.0",
            "amdenterpriseai/aim-base:0.8.5",
            "ghcr.io/nobody/nothing:1",
            "UPPER/case",
            "a@sha256:0",
        ],
    )
}

fn env(dice: &mut Unstructured<'_>) -> Result<Value> {
    list(dice, |dice| {
        let variable = object(dice, &[("value", text)])?;
        let name = choose(
            dice,
            &[
                "AIM_ENGINE_ARGS",
                "HF_TOKEN",
                "VLLM_LOGGING_LEVEL",
                "A",
                "1A",
                "",
            ],
        )?;
        let Value::Object(mut variable) = variable else {
            return Ok(variable);
        };
        variable.insert("name".to_owned(), name);
        if dice.ratio(1, 6)? {
            let from = json!({"secretKeyRef": {"name": "hugging-face", "key": "token"}});
            variable.insert("valueFrom".to_owned(), from);
        }
        Ok(Value::Object(variable))
    })
}

fn quantities(dice: &mut Unstructured<'_>) -> Result<Value> {
    fn quantity(dice: &mut Unstructured<'_>) -> Result<Value> {
        choose(
            dice,
            &[
                "1",
                "4",
                "500m",
                "16Gi",
                "0",
                "-1",
                "1.5",
                "1e2147483648",
                "1e-9",
                "x",
                "9999999999999999999Ei",
            ],
        )
    }
    object(
        dice,
        &[
            ("cpu", quantity),
            ("memory", quantity),
            ("amd.com/gpu", quantity),
            ("ephemeral-storage", quantity),
        ],
    )
}

fn resources(dice: &mut Unstructured<'_>) -> Result<Value> {
    object(dice, &[("requests", quantities), ("limits", quantities)])
}

fn metric(dice: &mut Unstructured<'_>) -> Result<Value> {
    fn kind(dice: &mut Unstructured<'_>) -> Result<Value> {
        choose(dice, &["PodMetric", "Resource", "External"])
    }
    fn names(dice: &mut Unstructured<'_>) -> Result<Value> {
        list(dice, query)
    }
    fn query(dice: &mut Unstructured<'_>) -> Result<Value> {
        match dice.int_in_range(0..=5)? {
            0..=4 => choose(
                dice,
                &[
                    "vllm:num_requests_running",
                    "vllm:num_requests_waiting",
                    "vllm:gpu_cache_usage_perc",
                    "sum(rate(vllm:x[1m]))",
                    "avg(vllm:a{b=\"c\"})",
                    "{",
                ],
            ),
            _ => text(dice),
        }
    }
    fn target(dice: &mut Unstructured<'_>) -> Result<Value> {
        object(
            dice,
            &[
                ("type", |dice| {
                    choose(dice, &["Value", "AverageValue", "Utilization"])
                }),
                ("value", |dice| {
                    choose(dice, &["1", "0", "10", "1.5", "500m", "-1", "1k"])
                }),
                ("averageValue", text),
                ("averageUtilization", number),
            ],
        )
    }
    fn inner(dice: &mut Unstructured<'_>) -> Result<Value> {
        object(
            dice,
            &[
                ("backend", |dice| {
                    choose(dice, &["opentelemetry", "prometheus"])
                }),
                ("metricNames", names),
                ("query", query),
                ("operationOverTime", |dice| {
                    choose(dice, &["avg", "last_one", "max", "rate", "stddev"])
                }),
                ("serverAddress", |dice| {
                    choose(dice, &["keda-otel-scaler.keda.svc:4318", "x:1", "http://x"])
                }),
            ],
        )
    }
    object(
        dice,
        &[
            ("type", kind),
            ("podmetric", |dice| {
                object(dice, &[("metric", inner), ("target", target)])
            }),
            ("resource", |dice| {
                object(dice, &[("name", text), ("target", target)])
            }),
        ],
    )
}

fn hardware(dice: &mut Unstructured<'_>) -> Result<Value> {
    object(
        dice,
        &[
            ("gpu", |dice| {
                object(
                    dice,
                    &[
                        ("requests", number),
                        ("model", |dice| {
                            choose(dice, &["MI300X", "mi325x", "MI355X", "H100", ""])
                        }),
                        ("minVram", |dice| choose(dice, &["192Gi", "64G", "0", "-1"])),
                    ],
                )
            }),
            ("cpu", |dice| {
                object(
                    dice,
                    &[("requests", |dice| choose(dice, &["4", "1m", "0"]))],
                )
            }),
        ],
    )
}

fn model(dice: &mut Unstructured<'_>) -> Result<Value> {
    fn sources(dice: &mut Unstructured<'_>) -> Result<Value> {
        list(dice, |dice| {
            object(
                dice,
                &[
                    ("modelId", |dice| {
                        choose(dice, &["Qwen/Qwen3-32B", "a", "a/b/c"])
                    }),
                    ("sourceUri", |dice| {
                        choose(
                            dice,
                            &["hf://Qwen/Qwen3-32B", "s3://b/k", "http://x", "pvc://p/x"],
                        )
                    }),
                    ("size", |dice| choose(dice, &["64Gi", "0", "1e2147483648"])),
                    ("env", env),
                ],
            )
        })
    }
    match dice.int_in_range(0..=5)? {
        0..=2 => Ok(json!({"image": image(dice)?})),
        3 => Ok(json!({"name": name(dice)?})),
        4 => {
            let custom = object(
                dice,
                &[
                    ("baseImage", image),
                    ("modelSources", sources),
                    ("hardware", hardware),
                ],
            )?;
            Ok(json!({"custom": custom}))
        }
        _ => object(dice, &[("image", image), ("name", name), ("custom", junk)]),
    }
}

fn routing(dice: &mut Unstructured<'_>) -> Result<Value> {
    object(
        dice,
        &[
            ("enabled", flag),
            ("gatewayRef", |dice| {
                object(
                    dice,
                    &[("name", name), ("namespace", name), ("port", number)],
                )
            }),
            ("pathTemplate", |dice| {
                choose(
                    dice,
                    &[
                        "/{.metadata.namespace}/{.metadata.name}",
                        "/x",
                        "{.spec.x}",
                        "",
                        "{.metadata.labels['a']}",
                    ],
                )
            }),
            ("requestTimeout", |dice| {
                choose(dice, &["30s", "5 minutes", "1h30m", "-1s"])
            }),
        ],
    )
}

fn overrides(dice: &mut Unstructured<'_>) -> Result<Value> {
    object(
        dice,
        &[
            ("metric", |dice| {
                choose(dice, &["latency", "throughput", "x"])
            }),
            ("precision", |dice| {
                choose(dice, &["fp8", "fp16", "auto", "bf16", "x"])
            }),
            ("hardware", hardware),
        ],
    )
}

fn caching(dice: &mut Unstructured<'_>) -> Result<Value> {
    object(
        dice,
        &[("mode", |dice| {
            choose(
                dice,
                &["Dedicated", "Shared", "Auto", "Always", "Never", "x"],
            )
        })],
    )
}

fn service(dice: &mut Unstructured<'_>) -> Result<Value> {
    let mut spec = object(
        dice,
        &[
            ("replicas", number),
            ("minReplicas", number),
            ("maxReplicas", number),
            ("autoScaling", |dice| {
                object(dice, &[("metrics", |dice| list(dice, metric))])
            }),
            ("env", env),
            ("resources", resources),
            ("overrides", overrides),
            ("routing", routing),
            ("caching", caching),
            ("cacheModel", flag),
            ("template", |dice| {
                object(dice, &[("name", name), ("allowUnoptimized", flag)])
            }),
            ("runtimeConfigName", name),
            ("storage", |dice| {
                object(
                    dice,
                    &[
                        ("defaultStorageClassName", name),
                        ("pvcHeadroomPercent", number),
                    ],
                )
            }),
            ("imagePullSecrets", |dice| {
                list(dice, |dice| object(dice, &[("name", name)]))
            }),
            ("serviceAccountName", name),
        ],
    )?;
    spec["model"] = model(dice)?;
    Ok(spec)
}

/// A document, mostly a service.
fn document(dice: &mut Unstructured<'_>) -> Result<Option<Value>> {
    let (kind, spec) = match dice.int_in_range(0..=9)? {
        0..=6 => ("AIMService", service(dice)?),
        7 => {
            let fields: &[(&str, Make)] =
                &[("image", image), ("env", env), ("resources", resources)];
            ("AIMModel", object(dice, fields)?)
        }
        8 => {
            let fields: &[(&str, Make)] = &[
                ("modelName", name),
                ("env", env),
                ("hardware", hardware),
                ("metric", |dice| choose(dice, &["latency", "throughput"])),
                ("precision", |dice| choose(dice, &["fp8", "fp16"])),
                ("caching", |dice| object(dice, &[("enabled", flag)])),
            ];
            ("AIMServiceTemplate", object(dice, fields)?)
        }
        _ => {
            let fields: &[(&str, Make)] = &[
                ("env", env),
                ("routing", routing),
                ("model", |dice| object(dice, &[("autoDiscovery", flag)])),
            ];
            ("AIMRuntimeConfig", object(dice, fields)?)
        }
    };
    let mut metadata = json!({"name": name(dice)?});
    if dice.ratio(1, 4)? {
        metadata["namespace"] = name(dice)?;
    }
    if dice.ratio(1, 4)? {
        metadata["labels"] = json!({"a": text(dice)?});
    }
    Ok(Some(json!({
        "apiVersion": "aim.eai.amd.com/v1alpha1",
        "kind": kind,
        "metadata": metadata,
        "spec": spec,
    })))
}
