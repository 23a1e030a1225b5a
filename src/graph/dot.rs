//! Graphviz.

use std::fmt::Write as _;

use super::Graph;
use crate::diag::Level;
use crate::engine::Liveness;

/// The picture in Graphviz' language.
#[must_use]
pub fn dot(graph: &Graph) -> String {
    let mut out = String::from(
        "digraph aimctl {\n  rankdir=LR;\n  node [shape=box, style=\"rounded,filled\", fontname=\"sans-serif\"];\n",
    );
    for (index, node) in graph.nodes.iter().enumerate() {
        let mut lines = vec![node.key.kind.as_str().to_owned(), node.key.name.clone()];
        if !node.creator.is_empty() {
            lines.push(format!("by {}", node.creator));
        }
        if let Some((_, codes)) = &node.mark {
            lines.push(codes.join(" "));
        }
        let (fill, line) = match (&node.mark, node.liveness) {
            (Some((Level::Error, _)), _) => ("#fce8e6", "#c5221f"),
            (Some((Level::Warning, _)), _) => ("#fef7e0", "#b06000"),
            (_, Liveness::Live) => ("#e6f4ea", "#188038"),
            (_, Liveness::Expected) => ("#e8f0fe", "#1a73e8"),
            (_, Liveness::Absent) => ("#f1f3f4", "#80868b"),
        };
        let label = lines
            .iter()
            .map(|line| text(line))
            .collect::<Vec<_>>()
            .join("\\n");
        let _ = writeln!(
            out,
            "  n{index} [label=\"{label}\", fillcolor=\"{fill}\", color=\"{line}\"];"
        );
    }
    for (from, to) in &graph.edges {
        let _ = writeln!(out, "  n{from} -> n{to};");
    }
    out.push_str("}\n");
    out
}

fn text(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            c if c.is_control() => "\u{fffd}".to_owned(),
            c => c.to_string(),
        })
        .collect()
}
