//! Hover: the documentation of a field; of an image what the catalog knows, of a metric how it behaves.

use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

use super::cursor::{Cursor, Spot};
use super::{fields, offset, range};
use crate::addon::vllm::{self, MetricKind};
use crate::inventory::catalog;

/// What there is to say about a position.
#[must_use]
pub fn hover(text: &str, position: Position) -> Option<Hover> {
    let cursor = Cursor::at(text, offset(text, position))?;
    let value = value(&cursor).or_else(|| field(&cursor))?;
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent {
            kind: MarkupKind::Markdown,
            value,
        }),
        range: Some(range(text, cursor.start..cursor.end)),
    })
}

fn field(cursor: &Cursor) -> Option<String> {
    let kind = cursor.kind?;
    let schema = fields::schema(kind)?;
    let path = match cursor.spot {
        Spot::Key if !cursor.word.is_empty() => cursor.path.key(&cursor.word),
        Spot::Key => return None,
        Spot::Value => cursor.path.clone(),
    };
    // A list's plain item is a key to the eye.
    let node = fields::at(&schema, &path).or_else(|| fields::at(&schema, &cursor.path))?;
    Some(format!(
        "**{kind}.{path}** · {}\n\n{}",
        fields::type_of(node),
        fields::documentation(node)
    ))
}

fn value(cursor: &Cursor) -> Option<String> {
    let word = cursor.word.as_str();
    if let Some(image) = catalog::find(word) {
        let profiles: Vec<String> = image
            .profiles
            .iter()
            .filter(|profile| !profile.manual_selection_only)
            .map(|profile| {
                format!(
                    "| {}x{} | {} | {} | {} |\n",
                    profile.gpu_count,
                    profile.gpu_model,
                    profile.metric.as_str(),
                    profile.precision.as_str(),
                    profile.r#type.as_str()
                )
            })
            .collect();
        let token = if image.hf_token_required {
            "Its weights need a Hugging Face token.\n\n"
        } else {
            ""
        };
        return Some(format!(
            "**{}**\n\n{token}| GPUs | for | precision | profile |\n| --- | --- | --- | --- |\n{}",
            image.canonical_name,
            profiles.concat()
        ));
    }
    let metric = vllm::kind(word)?;
    let says = match metric {
        MetricKind::Gauge => "a gauge of vLLM: goes up and down",
        MetricKind::Counter => {
            "a counter of vLLM: only grows, so scale on its rate (`operationOverTime: rate`)"
        }
        MetricKind::Histogram => "a histogram of vLLM: the add-on keeps its count alone",
    };
    Some(format!("**{word}**: {says}"))
}
