//! The gateway: it accepts every route (spec 2.19).

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

use crate::api::gateway::{HttpRoute, HttpRouteStatus, RouteParentStatus};
use crate::controllers::{Conclusion, Controller, Creator, Pass, Stop};
use crate::inventory::{Kind, ObjectKey, World};

/// The controllers of gateways.
pub struct Gateways;

impl Controller for Gateways {
    fn creator(&self) -> Creator {
        Creator::Kubernetes
    }

    fn kinds(&self) -> &'static [Kind] {
        &[Kind::HttpRoute]
    }

    fn reconcile(&self, _key: &ObjectKey, _world: &World) -> Pass {
        Pass::default()
    }

    fn conclude(
        &self,
        key: &ObjectKey,
        world: &World,
        _pass: &Pass,
        _stop: Option<&Stop>,
    ) -> Conclusion {
        let mut conclusion = Conclusion::default();
        let route: Option<&HttpRoute> = world.get(&key.namespace, &key.name);
        if let Some(mut route) = route.cloned() {
            let parents = route.spec.iter().flat_map(|spec| &spec.parent_refs);
            let parents = parents.map(|parent| RouteParentStatus {
                parent_ref: parent.clone(),
                controller_name: String::new(),
                conditions: vec![fulfilled("Accepted"), fulfilled("ResolvedRefs")],
            });
            route.status = Some(HttpRouteStatus {
                parents: parents.collect(),
            });
            conclusion.status = Some(Box::new(route.into()));
        }
        conclusion
    }
}

/// When it happens is not known; the type wants a time.
fn fulfilled(r#type: &str) -> Condition {
    Condition {
        type_: r#type.to_owned(),
        status: "True".to_owned(),
        reason: r#type.to_owned(),
        message: String::new(),
        observed_generation: None,
        last_transition_time: Time(k8s_openapi::jiff::Timestamp::UNIX_EPOCH),
    }
}
