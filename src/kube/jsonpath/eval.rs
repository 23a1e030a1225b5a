//! Walking an expression over values.

use std::cmp::Ordering;

use super::parse::{Node, Slice};
use super::value::GoValue;

type Outcome = Result<Vec<GoValue>, String>;

/// Whether the expression opens a range.
pub(super) fn has_range(nodes: &[Node]) -> bool {
    nodes
        .iter()
        .any(|node| matches!(node, Node::Identifier(name) if name == "range"))
}

/// Walks step by step: each takes the values that the one before gave.
pub(super) fn list(mut values: Vec<GoValue>, nodes: &[Node]) -> Outcome {
    for node in nodes {
        values = step(values, node)?;
    }
    Ok(values)
}

fn step(values: Vec<GoValue>, node: &Node) -> Outcome {
    match node {
        Node::Text(text) => Ok(vec![GoValue::Text(text.clone())]),
        Node::Int(number) => Ok(values.iter().map(|_| GoValue::Int(*number)).collect()),
        Node::Float(number) => Ok(values.iter().map(|_| GoValue::Float(*number)).collect()),
        Node::Bool(flag) => Ok(values.iter().map(|_| GoValue::Bool(*flag)).collect()),
        Node::Identifier(name) => match name.as_str() {
            "range" => Ok(values),
            "end" => Err("not in range, nothing to end".to_owned()),
            name => Err(format!("unrecognized identifier {name}")),
        },
        Node::Field(name) => field(&values, name),
        Node::Wildcard => Ok(values
            .iter()
            .filter_map(GoValue::behind)
            .flat_map(GoValue::children)
            .collect()),
        Node::Recursive => {
            let mut found = Vec::new();
            descend(&values, &mut found);
            Ok(found)
        }
        Node::Slice(slice) => items(&values, slice),
        Node::Union(parts) => {
            let mut found = Vec::new();
            for part in parts {
                found.extend(list(values.clone(), part)?);
            }
            Ok(found)
        }
        Node::Filter {
            left,
            operator,
            right,
        } => filter(&values, left, operator, right),
    }
}

fn field(values: &[GoValue], name: &str) -> Outcome {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<GoValue> = values
        .iter()
        .filter_map(|value| match value.behind()? {
            GoValue::Struct(fields) => GoValue::field(fields, name),
            GoValue::Map(map) => map.get(name).cloned(),
            _ => None,
        })
        .collect();
    if found.is_empty() {
        return Err(format!("{name} is not found"));
    }
    Ok(found)
}

/// Every value that has children, parents before children.
fn descend(values: &[GoValue], found: &mut Vec<GoValue>) {
    for value in values.iter().filter_map(GoValue::behind) {
        let children = value.children();
        if !children.is_empty() {
            found.push(value.clone());
            descend(&children, found);
        }
    }
}

fn items(values: &[GoValue], slice: &Slice) -> Outcome {
    let mut found = Vec::new();
    for value in values.iter().filter_map(GoValue::behind) {
        let GoValue::Slice(items) = value else {
            return Err(format!("{} is not array or slice", value.kind()));
        };
        let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
        let mut from = slice.from.unwrap_or_default();
        let mut to = slice.to.unwrap_or(length);
        if from < 0 {
            from += length;
        }
        if to < 0 || (to == 0 && slice.is_index) {
            to += length;
        }
        if from == to {
            return Ok(found);
        }
        let out_of_bounds =
            |index| format!("array index out of bounds: index {index}, length {length}");
        if !(0..length).contains(&from) {
            return Err(out_of_bounds(from));
        }
        if !(0..=length).contains(&to) {
            return Err(out_of_bounds(to - 1));
        }
        if from > to {
            return Err(format!(
                "starting index {from} is greater than ending index {to}"
            ));
        }
        let step = slice.step.unwrap_or(1);
        if step <= 0 {
            return Err("step must be > 0".to_owned());
        }
        let (from, to, step) = (
            usize::try_from(from).unwrap_or_default(),
            usize::try_from(to).unwrap_or_default(),
            usize::try_from(step).unwrap_or(usize::MAX),
        );
        found.extend(
            items
                .get(from..to)
                .unwrap_or_default()
                .iter()
                .step_by(step)
                .cloned(),
        );
    }
    Ok(found)
}

fn filter(values: &[GoValue], left: &[Node], operator: &str, right: &[Node]) -> Outcome {
    let mut found = Vec::new();
    for value in values {
        let Some(GoValue::Slice(items)) = value.behind() else {
            return Err(format!(
                "{value} is not array or slice and cannot be filtered"
            ));
        };
        for item in items {
            let lefts = list(vec![item.clone()], left);
            if operator == "exists" {
                if lefts.is_ok_and(|lefts| !lefts.is_empty()) {
                    found.push(item.clone());
                }
                continue;
            }
            let Some(a) = single(lefts?)? else { continue };
            let Some(b) = single(list(vec![item.clone()], right)?)? else {
                continue;
            };
            if compare(&a, operator, &b)? {
                found.push(item.clone());
            }
        }
    }
    Ok(found)
}

fn single(mut values: Vec<GoValue>) -> Result<Option<GoValue>, String> {
    if values.len() > 1 {
        return Err("can only compare one element at a time".to_owned());
    }
    Ok(values.pop())
}

/// Compares values of one basic kind; everything else is an error.
fn compare(a: &GoValue, operator: &str, b: &GoValue) -> Result<bool, String> {
    let incompatible = || "incompatible types for comparison".to_owned();
    let order = match (a, b) {
        (GoValue::Text(a), GoValue::Text(b)) => Some(a.cmp(b)),
        (GoValue::Int(a), GoValue::Int(b)) => Some(a.cmp(b)),
        (GoValue::Float(a), GoValue::Float(b)) => a.partial_cmp(b),
        (GoValue::Bool(a), GoValue::Bool(b)) if matches!(operator, "==" | "!=") => Some(a.cmp(b)),
        (GoValue::Text(_) | GoValue::Int(_) | GoValue::Float(_) | GoValue::Bool(_), _) => {
            return Err(incompatible());
        }
        _ => return Err("invalid type for comparison".to_owned()),
    };
    Ok(match operator {
        "<" => order == Some(Ordering::Less),
        ">" => order == Some(Ordering::Greater),
        "==" => order == Some(Ordering::Equal),
        "!=" => order != Some(Ordering::Equal),
        "<=" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        ">=" => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        operator => return Err(format!("unrecognized filter operator {operator}")),
    })
}
