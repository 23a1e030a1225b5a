//! What the operator 0.140.0 knows of collector components: ports, addresses, health checks (spec 5.3).

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::naming;
use crate::api::otel::{CollectorConfig, Components};

/// The address that components listen on unless they say otherwise.
const ANY: &str = "0.0.0.0";

/// A port that a component opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Port {
    pub(crate) name: String,
    pub(crate) number: i32,
    /// `TCP`, `UDP`; empty where the operator leaves it to the API server.
    pub(crate) protocol: &'static str,
    pub(crate) app_protocol: Option<&'static str>,
    /// The Service's targetPort is written out.
    pub(crate) target: bool,
}

/// A port by default.
#[derive(Debug, Clone, Copy)]
struct Default {
    /// 0: there is none.
    number: i32,
    protocol: &'static str,
    app_protocol: Option<&'static str>,
    target: bool,
}

const fn tcp(number: i32) -> Default {
    Default {
        number,
        protocol: "",
        app_protocol: None,
        target: true,
    }
}

const fn udp(number: i32) -> Default {
    Default {
        protocol: "UDP",
        ..tcp(number)
    }
}

const fn app(app_protocol: &'static str, default: Default) -> Default {
    Default {
        app_protocol: Some(app_protocol),
        ..default
    }
}

const fn explicit(default: Default) -> Default {
    Default {
        protocol: "TCP",
        ..default
    }
}

const fn untargeted(default: Default) -> Default {
    Default {
        target: false,
        ..default
    }
}

/// What is known of a type of component.
#[derive(Debug, Clone, Copy)]
enum Known {
    /// It opens no port.
    None,
    /// One port, of `endpoint` or `listen_address`; whether a missing one is passed over.
    Single(Default, bool),
    /// One port for each protocol in `protocols`.
    Protocols(&'static [(&'static str, Default)]),
    /// One port, of `http.endpoint`.
    Http(Default),
}

fn receiver(name: &str) -> Known {
    const OTLP: &[(&str, Default)] = &[
        ("grpc", app("grpc", tcp(4317))),
        ("http", app("http", tcp(4318))),
    ];
    const SKYWALKING: &[(&str, Default)] = &[
        ("grpc", app("grpc", tcp(11800))),
        ("http", app("http", tcp(12800))),
    ];
    const JAEGER: &[(&str, Default)] = &[
        ("grpc", app("grpc", explicit(tcp(14250)))),
        ("thrift_http", app("http", explicit(tcp(14268)))),
        ("thrift_compact", udp(6831)),
        ("thrift_binary", udp(6832)),
    ];
    const LOKI: &[(&str, Default)] = &[
        ("grpc", app("grpc", tcp(9095))),
        ("http", app("http", tcp(3100))),
    ];
    let single = |default| Known::Single(default, false);
    match component_type(name) {
        "otlp" => Known::Protocols(OTLP),
        "skywalking" => Known::Protocols(SKYWALKING),
        "jaeger" => Known::Protocols(JAEGER),
        "loki" => Known::Protocols(LOKI),
        "awsxray" => single(udp(2000)),
        "carbon" | "wavefront" => single(tcp(2003)),
        "collectd" => single(tcp(8081)),
        "fluentforward" => single(tcp(8006)),
        "influxdb" => single(tcp(8086)),
        "sapm" => single(tcp(7276)),
        "signalfx" => single(tcp(9943)),
        "splunk_hec" => single(tcp(8088)),
        "statsd" => single(udp(8125)),
        "tcplog" => single(explicit(untargeted(tcp(0)))),
        "udplog" => single(untargeted(udp(0))),
        "zipkin" => single(app("http", explicit(tcp(9411)))),
        "kubeletstats" | "k8s_events" | "k8s_cluster" | "k8sobjects" | "prometheus"
        | "sshcheck" | "cloudfoundry" | "vcenter" | "oracledb" | "snmp" | "googlecloudpubsub"
        | "chrony" | "jmx" | "podman_stats" | "pulsar" | "docker_stats" | "aerospike"
        | "zookeeper" | "prometheus_simple" | "saphana" | "riak" | "redis" | "rabbitmq"
        | "purefb" | "postgresql" | "nsxt" | "nginx" | "mysql" | "memcached" | "httpcheck"
        | "haproxy" | "flinkmetrics" | "couchdb" | "filelog" => Known::None,
        _ => Known::Single(untargeted(tcp(0)), true),
    }
}

fn exporter(name: &str) -> Known {
    match component_type(name) {
        "prometheus" => Known::Single(untargeted(tcp(8888)), false),
        _ => Known::None,
    }
}

fn extension(name: &str) -> Known {
    match component_type(name) {
        "health_check" => Known::Single(untargeted(tcp(13133)), true),
        "jaeger_query" => Known::Http(tcp(16686)),
        _ => Known::None,
    }
}

/// `otlp` of `otlp/2`.
fn component_type(name: &str) -> &str {
    name.split_once('/').map_or(name, |(kind, _)| kind)
}

/// Names of the components that pipelines and `service.extensions` use.
struct Used {
    receivers: BTreeSet<String>,
    exporters: BTreeSet<String>,
    extensions: BTreeSet<String>,
}

impl Used {
    fn of(config: &CollectorConfig) -> Self {
        let pipelines = || {
            config
                .service
                .pipelines
                .iter()
                .flat_map(|p| p.values().flatten())
        };
        Self {
            receivers: pipelines()
                .flat_map(|p| p.receivers.iter().flatten().cloned())
                .collect(),
            exporters: pipelines()
                .flat_map(|p| p.exporters.iter().flatten().cloned())
                .collect(),
            extensions: config.service.extensions.iter().cloned().collect(),
        }
    }
}

/// Which components to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// Receivers and exporters: what the Service opens.
    Pipelines,
    /// Extensions.
    Extensions,
    /// All: what the container opens.
    All,
}

/// The ports that the components in use open, sorted by name.
///
/// # Errors
/// A port that must be there is not, or a protocol is unknown; in the operator's words.
pub(crate) fn ports(config: &CollectorConfig, of: Of) -> Result<Vec<Port>, String> {
    let used = Used::of(config);
    let mut ports = Vec::new();
    let mut collect =
        |names: &BTreeSet<String>, known: fn(&str) -> Known, given: &Option<Components>| {
            for name in names {
                let config = given
                    .as_ref()
                    .and_then(|map| map.get(name))
                    .unwrap_or(&Value::Null);
                ports.extend(component_ports(name, known(name), config)?);
            }
            Ok::<(), String>(())
        };
    if of != Of::Extensions {
        collect(&used.receivers, receiver, &config.receivers)?;
        collect(&used.exporters, exporter, &config.exporters)?;
    }
    if of != Of::Pipelines {
        collect(&used.extensions, extension, &config.extensions)?;
    }
    ports.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(ports)
}

fn component_ports(name: &str, known: Known, config: &Value) -> Result<Vec<Port>, String> {
    let opened = |name: &str, default: Default, number: i32| Port {
        name: naming::port(name, number),
        number,
        protocol: default.protocol,
        app_protocol: default.app_protocol,
        target: default.target && number > 0,
    };
    match known {
        Known::None => Ok(Vec::new()),
        Known::Single(default, silent) => {
            // A health check is decoded into a plain struct, the others into a pointer that null leaves empty.
            if config.is_null() && component_type(name) != "health_check" {
                return Ok(Vec::new());
            }
            match endpoint_port(config).or(Some(default.number).filter(|number| *number != 0)) {
                Some(number) => Ok(vec![opened(name, default, number)]),
                None if silent => Ok(Vec::new()),
                None => Err("port should not be empty".to_owned()),
            }
        }
        Known::Http(default) => {
            let number = config
                .pointer("/http/endpoint")
                .and_then(Value::as_str)
                .and_then(port_of)
                .unwrap_or(default.number);
            Ok(if config.is_null() {
                Vec::new()
            } else {
                vec![opened(name, default, number)]
            })
        }
        Known::Protocols(known) => protocols(config)
            .map(|(protocol, config)| {
                let default = known
                    .iter()
                    .find(|(name, _)| name == protocol)
                    .map(|(_, default)| *default)
                    .ok_or_else(|| format!("unknown protocol set: {protocol}"))?;
                let number = endpoint_port(config).unwrap_or(default.number);
                Ok(opened(&format!("{name}-{protocol}"), default, number))
            })
            .collect(),
    }
}

fn protocols(config: &Value) -> impl Iterator<Item = (&String, &Value)> {
    config
        .get("protocols")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

/// The port of `endpoint`, or of `listen_address` when that is empty.
fn endpoint_port(config: &Value) -> Option<i32> {
    let text = |key: &str| {
        let text = config.get(key).and_then(Value::as_str).unwrap_or_default();
        Some(text).filter(|text| !text.is_empty())
    };
    port_of(text("endpoint").or_else(|| text("listen_address"))?)
}

/// The first run of digits behind a colon; 0 is none.
fn port_of(address: &str) -> Option<i32> {
    let mut rest = address;
    while let Some((_, after)) = rest.split_once(':') {
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits > 0 {
            return after.get(..digits)?.parse().ok().filter(|port| *port != 0);
        }
        rest = after;
    }
    None
}

/// Fills in the addresses of receivers and extensions in use, as the operator's defaulting webhook does.
///
/// # Errors
/// A protocol is unknown, in the operator's words.
pub(crate) fn default_addresses(config: &mut CollectorConfig) -> Result<(), String> {
    let used = Used::of(config);
    for (names, known, given) in [
        (
            &used.receivers,
            receiver as fn(&str) -> Known,
            config.receivers.as_mut(),
        ),
        (&used.extensions, extension, config.extensions.as_mut()),
    ] {
        let Some(given) = given else {
            continue;
        };
        for name in names {
            let config = given.get(name).unwrap_or(&Value::Null);
            if let Some(filled) = with_address(name, known(name), config)? {
                given.insert(name.clone(), filled);
            }
        }
    }
    Ok(())
}

fn with_address(name: &str, known: Known, config: &Value) -> Result<Option<Value>, String> {
    let mut filled = match known {
        Known::Single(default, _)
            if default.number != 0 && component_type(name) == "health_check" =>
        {
            let path = config
                .get("path")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let path = if path.is_empty() { "/" } else { path };
            let mut filled = Map::new();
            filled.insert(
                "endpoint".to_owned(),
                json!(health_endpoint(config, default.number)),
            );
            filled.insert("path".to_owned(), json!(path));
            filled
        }
        Known::Single(default, _) if default.number != 0 => endpoint(config, default.number),
        Known::Http(default) => {
            let http = config.get("http").unwrap_or(&Value::Null);
            let mut filled = Map::new();
            filled.insert(
                "http".to_owned(),
                Value::Object(endpoint(http, default.number)),
            );
            filled
        }
        Known::Protocols(known) => {
            let mut filled = Map::new();
            for (protocol, config) in protocols(config) {
                let default = known
                    .iter()
                    .find(|(name, _)| name == protocol)
                    .ok_or_else(|| format!("unknown protocol set: {protocol}"))?
                    .1;
                let number = endpoint_port(config).unwrap_or(default.number);
                filled.insert(protocol.clone(), Value::Object(endpoint(config, number)));
            }
            let mut map = Map::new();
            map.insert("protocols".to_owned(), Value::Object(filled));
            map
        }
        Known::None | Known::Single(..) => return Ok(None),
    };
    if let Some(given) = config.as_object() {
        add_missing(&mut filled, given);
    }
    Ok(Some(Value::Object(filled)))
}

/// `endpoint` with the default port, or with the default host before a bare port.
fn endpoint(config: &Value, number: i32) -> Map<String, Value> {
    let given = config
        .get("endpoint")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let endpoint = if given.is_empty() {
        format!("{ANY}:{number}")
    } else {
        let parts: Vec<&str> = given.split(':').collect();
        match parts.as_slice() {
            [only] => format!("{ANY}:{only}"),
            ["", .., last] => format!("{ANY}:{last}"),
            _ => given.to_owned(),
        }
    };
    let mut map = Map::new();
    map.insert("endpoint".to_owned(), Value::String(endpoint));
    map
}

fn health_endpoint(config: &Value, number: i32) -> String {
    let given = config
        .get("endpoint")
        .and_then(Value::as_str)
        .unwrap_or_default();
    match given {
        "" => format!("{ANY}:{number}"),
        given => match given.strip_prefix(':') {
            Some(port) if !port.is_empty() && !port.contains(':') => format!("{ANY}:{port}"),
            _ => given.to_owned(),
        },
    }
}

/// Adds what is only in `from`, maps within maps included.
pub(crate) fn add_missing(into: &mut Map<String, Value>, from: &Map<String, Value>) {
    for (key, value) in from {
        match (into.get_mut(key), value) {
            (Some(Value::Object(into)), Value::Object(from)) => add_missing(into, from),
            (Some(present), _) if !is_zero(present) => {}
            _ => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(true) => false,
    }
}

/// Path and port of the health check extension in use.
pub(super) fn health_check(config: &CollectorConfig) -> Option<(String, i32)> {
    let given = config.extensions.as_ref()?;
    let mut names: Vec<&String> = config.service.extensions.iter().collect();
    names.sort();
    let name = names
        .into_iter()
        .find(|name| component_type(name) == "health_check")?;
    let config = given.get(name).unwrap_or(&Value::Null);
    let path = config
        .get("path")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let path = if path.is_empty() { "/" } else { path };
    Some((path.to_owned(), endpoint_port(config).unwrap_or(13133)))
}
