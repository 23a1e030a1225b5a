//! `scalerAddress`: where KEDA asks for the add-on.

/// The add-on's Service and port, as KServe's default configuration has it.
pub const SCALER_ADDRESS: &str = "keda-otel-scaler.keda.svc:4318";

/// Why nobody answers at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressFault {
    /// It is absent or empty: KEDA does not even build the scaler.
    Missing,
    /// `http://…`: gRPC takes it for a name.
    Scheme,
    /// It names no port; gRPC tries 443.
    NoPort,
    /// The port of the add-on's receiver, where metrics are sent to.
    ReceiverPort,
    /// Another port.
    Port,
    /// Another host.
    Host,
}

/// What is wrong with an address, given the one where the add-on listens.
#[must_use]
pub fn address_fault(address: Option<&str>, listens: &str) -> Option<AddressFault> {
    let address = address.unwrap_or_default();
    if address.is_empty() {
        return Some(AddressFault::Missing);
    }
    let target = without_resolver(address);
    if target.contains("://") {
        return Some(AddressFault::Scheme);
    }
    let (host, port) = split(target);
    let (right_host, right_port) = split(without_resolver(listens));
    // A loopback address is right where KEDA and the add-on share a network; whoever writes it knows that
    // [keda-vap-other-address].
    if !is_loopback(host) && service(host) != service(right_host) {
        return Some(AddressFault::Host);
    }
    match port {
        None => Some(AddressFault::NoPort),
        port if port == right_port => None,
        Some("4317") => Some(AddressFault::ReceiverPort),
        Some(_) => Some(AddressFault::Port),
    }
}

/// The address without gRPC's DNS resolver in front.
fn without_resolver(address: &str) -> &str {
    let rest = address
        .strip_prefix("dns:///")
        .or_else(|| address.strip_prefix("passthrough:///"));
    rest.unwrap_or(address)
}

fn split(target: &str) -> (&str, Option<&str>) {
    match target.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (target, None),
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.starts_with("127.") || host == "[::1]"
}

/// A Service's `<name>.<namespace>`, whichever of its longer names is used.
fn service(host: &str) -> &str {
    let host = host.strip_suffix('.').unwrap_or(host);
    let host = host.strip_suffix(".cluster.local").unwrap_or(host);
    host.strip_suffix(".svc").unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::{AddressFault as Fault, SCALER_ADDRESS, address_fault};

    #[test]
    fn which_addresses_reach_the_scaler() {
        for (address, fault) in [
            (SCALER_ADDRESS, None),
            ("dns:///keda-otel-scaler.keda.svc:4318", None),
            ("keda-otel-scaler.keda.svc.cluster.local:4318", None),
            ("keda-otel-scaler.keda:4318", None),
            ("localhost:4318", None),
            ("", Some(Fault::Missing)),
            ("http://keda-otel-scaler.keda.svc:4318", Some(Fault::Scheme)),
            ("keda-otel-scaler.keda.svc", Some(Fault::NoPort)),
            ("keda-otel-scaler.keda.svc:4317", Some(Fault::ReceiverPort)),
            ("keda-otel-scaler.keda.svc:9090", Some(Fault::Port)),
            ("scaler.monitoring.svc:4318", Some(Fault::Host)),
        ] {
            assert_eq!(
                address_fault(Some(address), SCALER_ADDRESS),
                fault,
                "{address}"
            );
        }
    }
}
