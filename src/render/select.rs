//! Which objects of a plan are printed.

use std::collections::BTreeMap;

use super::order;
use crate::controllers::Stage;
use crate::engine::{Liveness, Plan, Planned};
use crate::inventory::{Kind, ObjectKey, Origin};

/// What the user asked for (`--only`, `--stage`, `--service`); empty means everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Kinds, each with a name or without.
    pub only: Vec<(Kind, Option<String>)>,
    /// Stages.
    pub stages: Vec<Stage>,
    /// Names of AIMServices.
    pub services: Vec<String>,
}

impl Selection {
    fn takes(&self, planned: &Planned) -> bool {
        let kind = self.only.is_empty()
            || self.only.iter().any(|(kind, name)| {
                *kind == planned.key.kind
                    && name.as_ref().is_none_or(|name| *name == planned.key.name)
            });
        let stage = self.stages.is_empty()
            || match &planned.origin {
                Origin::Made { by, .. } => self.stages.contains(&by.stage()),
                Origin::Given(_) => false,
            };
        let service = self.services.is_empty()
            || planned.root.kind == Kind::AimService && self.services.contains(&planned.root.name);
        kind && stage && service
    }
}

/// The printed objects of one given object, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Group<'a> {
    /// The given object that they were made from in the end.
    pub root: &'a ObjectKey,
    /// The objects: live before expected, each after what it needs.
    pub objects: Vec<&'a Planned>,
}

/// The printed objects by what they were made from, in the order of the documents.
#[must_use]
pub fn select<'a>(plan: &'a Plan, selection: &Selection) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut index: BTreeMap<&ObjectKey, usize> = BTreeMap::new();
    for planned in &plan.objects {
        if planned.liveness == Liveness::Absent || !selection.takes(planned) {
            continue;
        }
        let at = *index.entry(&planned.root).or_insert_with(|| {
            groups.push(Group {
                root: &planned.root,
                objects: Vec::new(),
            });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(at) {
            group.objects.push(planned);
        }
    }
    for group in &mut groups {
        order::sort(&mut group.objects);
    }
    groups
}
