//! stub
use super::assess::Assessment;
use crate::api::keda::ScaledObject;
use crate::diag::Finding;
use crate::inventory::{ObjectKey, World};
pub(super) fn find(
    _key: &ObjectKey,
    _object: &ScaledObject,
    _assessment: &Assessment<'_>,
    _world: &World,
) -> Vec<Finding> {
    Vec::new()
}
