//! A drawing of its own, for pages that draw no Mermaid. Follows the reader's light or dark scheme.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Graph, Node};
use crate::diag::Level;
use crate::engine::Liveness;

const WIDTH: usize = 300;
const HEIGHT: usize = 62;
const GAP_X: usize = 70;
const GAP_Y: usize = 18;
const MARGIN: usize = 20;
/// Longest name in a box, in characters; the middle of a longer one is left out.
const LONGEST: usize = 38;

const STYLE: &str = "\
.box{rx:8;stroke-width:1.5}.t{font:600 13px system-ui,sans-serif}.n{font:12px ui-monospace,monospace}.b{font:11px system-ui,sans-serif}
.edge{fill:none;stroke:#80868b;stroke-width:1.3}text{fill:#202124}
.live{fill:#e6f4ea;stroke:#188038}.expected{fill:#e8f0fe;stroke:#1a73e8}.absent{fill:#f1f3f4;stroke:#80868b;stroke-dasharray:4}
.warning{fill:#fef7e0;stroke:#b06000;stroke-width:2}.error{fill:#fce8e6;stroke:#c5221f;stroke-width:2.5}
@media (prefers-color-scheme:dark){text{fill:#e8eaed}.live{fill:#0d3b1e;stroke:#81c995}.expected{fill:#10315f;stroke:#8ab4f8}
.absent{fill:#303134;stroke:#9aa0a6}.warning{fill:#4a3200;stroke:#fdd663}.error{fill:#5c1a17;stroke:#f28b82}}";

/// The picture as an SVG document.
#[must_use]
pub fn svg(graph: &Graph) -> String {
    let places = places(graph);
    let width = places
        .iter()
        .map(|(x, _)| x + WIDTH)
        .max()
        .unwrap_or_default()
        + MARGIN;
    let height = places
        .iter()
        .map(|(_, y)| y + HEIGHT)
        .max()
        .unwrap_or_default()
        + MARGIN;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\">\n<title>What the services lead to</title>\n<style>{STYLE}</style>\n"
    );
    for (from, to) in &graph.edges {
        if let (Some((x1, y1)), Some((x2, y2))) = (places.get(*from), places.get(*to)) {
            let (x1, y1, y2) = (x1 + WIDTH, y1 + HEIGHT / 2, y2 + HEIGHT / 2);
            let middle = (x1 + x2) / 2;
            let _ = writeln!(
                out,
                "<path class=\"edge\" d=\"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}\"/>"
            );
        }
    }
    for (node, (x, y)) in graph.nodes.iter().zip(&places) {
        write_node(&mut out, node, *x, *y);
    }
    out.push_str("</svg>\n");
    out
}

/// Columns by depth; rows so that children stand beside what they were made from.
fn places(graph: &Graph) -> Vec<(usize, usize)> {
    let mut rows: BTreeMap<usize, usize> = BTreeMap::new();
    let mut places = vec![(0, 0); graph.nodes.len()];
    let mut children: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut has_parent = vec![false; graph.nodes.len()];
    for (from, to) in &graph.edges {
        children.entry(*from).or_default().push(*to);
        if let Some(flag) = has_parent.get_mut(*to) {
            *flag = true;
        }
    }
    let roots: Vec<usize> = has_parent
        .iter()
        .enumerate()
        .filter(|(_, has)| !**has)
        .map(|(index, _)| index)
        .collect();
    let mut stack: Vec<(usize, usize)> = roots.into_iter().rev().map(|root| (root, 0)).collect();
    while let Some((index, row)) = stack.pop() {
        let depth = graph.nodes.get(index).map_or(0, |node| node.depth);
        let free = rows.entry(depth).or_default();
        let row = row.max(*free);
        *free = row + 1;
        if let Some(place) = places.get_mut(index) {
            *place = (
                MARGIN + depth * (WIDTH + GAP_X),
                MARGIN + row * (HEIGHT + GAP_Y),
            );
        }
        for child in children.get(&index).into_iter().flatten().rev() {
            stack.push((*child, row));
        }
    }
    places
}

fn write_node(out: &mut String, node: &Node, x: usize, y: usize) {
    let class = match (&node.mark, node.liveness) {
        (Some((Level::Error, _)), _) => "error",
        (Some((Level::Warning, _)), _) => "warning",
        (_, Liveness::Live) => "live",
        (_, Liveness::Expected) => "expected",
        (_, Liveness::Absent) => "absent",
    };
    let state = match node.liveness {
        Liveness::Live => "live",
        Liveness::Expected => "expected",
        Liveness::Absent => "not in this cluster",
    };
    let by = if node.creator.is_empty() {
        "given".to_owned()
    } else {
        format!("by {}, {state}", node.creator)
    };
    let codes = node
        .mark
        .as_ref()
        .map(|(_, codes)| format!(" · {}", codes.join(" ")))
        .unwrap_or_default();
    let (tx, t1, t2, t3) = (x + 12, y + 20, y + 37, y + 53);
    let _ = writeln!(
        out,
        "<g><title>{}</title><rect class=\"box {class}\" x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/><text class=\"t\" x=\"{tx}\" y=\"{t1}\">{}</text><text class=\"n\" x=\"{tx}\" y=\"{t2}\">{}</text><text class=\"b\" x=\"{tx}\" y=\"{t3}\">{}</text></g>",
        text(&node.key.to_string()),
        text(node.key.kind.as_str()),
        text(&short(&node.key.name)),
        text(&format!("{by}{codes}")),
    );
}

fn short(name: &str) -> String {
    let count = name.chars().count();
    if count <= LONGEST {
        return name.to_owned();
    }
    let head: String = name.chars().take(LONGEST / 2).collect();
    let tail: String = name.chars().skip(count - LONGEST / 2 + 1).collect();
    format!("{head}…{tail}")
}

fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
