//! Mermaid: forges draw it in a pull request as it is.

use std::fmt::Write as _;

use super::Graph;
use crate::diag::Level;
use crate::engine::Liveness;

/// The picture as Mermaid text, without a code fence.
#[must_use]
pub fn mermaid(graph: &Graph) -> String {
    let mut out = String::from("flowchart LR\n");
    for (index, node) in graph.nodes.iter().enumerate() {
        let mut lines = vec![
            format!("<b>{}</b>", text(node.key.kind.as_str())),
            text(&node.key.name),
        ];
        if !node.creator.is_empty() {
            lines.push(format!("<i>by {}</i>", text(node.creator)));
        }
        if let Some((_, codes)) = &node.mark {
            lines.push(codes.join(" "));
        }
        let class = match (&node.mark, node.liveness) {
            (Some((Level::Error, _)), _) => "error",
            (Some((Level::Warning, _)), _) => "warning",
            (_, Liveness::Live) => "live",
            (_, Liveness::Expected) => "expected",
            (_, Liveness::Absent) => "absent",
        };
        let _ = writeln!(out, "  n{index}[\"{}\"]:::{class}", lines.join("<br>"));
    }
    for (from, to) in &graph.edges {
        let _ = writeln!(out, "  n{from} --> n{to}");
    }
    out.push_str("  classDef live fill:#e6f4ea,stroke:#188038,color:#202124\n");
    out.push_str("  classDef expected fill:#e8f0fe,stroke:#1a73e8,color:#202124\n");
    out.push_str(
        "  classDef absent fill:#f1f3f4,stroke:#80868b,color:#202124,stroke-dasharray:4\n",
    );
    out.push_str("  classDef warning fill:#fef7e0,stroke:#b06000,color:#202124,stroke-width:2px\n");
    out.push_str("  classDef error fill:#fce8e6,stroke:#c5221f,color:#202124,stroke-width:3px\n");
    out
}

/// Text inside quotes: entities for what Mermaid or HTML would read.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("#quot;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
