//! The components that the operator knows, and the ports that they open by default.

/// A port by default.
#[derive(Debug, Clone, Copy)]
pub(super) struct Default {
    /// 0: there is none.
    pub(super) number: i32,
    pub(super) protocol: &'static str,
    pub(super) app_protocol: Option<&'static str>,
    pub(super) target: bool,
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
pub(super) enum Known {
    /// It opens no port.
    None,
    /// One port, of `endpoint` or `listen_address`; whether a missing one is passed over.
    Single(Default, bool),
    /// One port for each protocol in `protocols`.
    Protocols(&'static [(&'static str, Default)]),
    /// One port, of `http.endpoint`.
    Http(Default),
}

/// What is known of a receiver.
pub(super) fn receiver(name: &str) -> Known {
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

/// What is known of an exporter.
pub(super) fn exporter(name: &str) -> Known {
    match component_type(name) {
        "prometheus" => Known::Single(untargeted(tcp(8888)), false),
        _ => Known::None,
    }
}

/// What is known of an extension.
pub(super) fn extension(name: &str) -> Known {
    match component_type(name) {
        "health_check" => Known::Single(untargeted(tcp(13133)), true),
        "jaeger_query" => Known::Http(tcp(16686)),
        _ => Known::None,
    }
}

/// `otlp` of `otlp/2`.
pub(super) fn component_type(name: &str) -> &str {
    name.split_once('/').map_or(name, |(kind, _)| kind)
}
