//! How long a new replica needs until it serves.

use super::constants::{Constants, format_duration};

/// What is known of a model's weights.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Weights {
    /// Their size in GB, where it can be told.
    pub gigabytes: Option<f64>,
    /// They lie on a cache volume; else each pod downloads them.
    pub cached: bool,
}

/// Scheduling, image, weights and engine start together, in milliseconds, and how they add up.
#[must_use]
pub fn start_delay(weights: Weights, constants: &Constants) -> (i64, String) {
    let gigabytes = weights.gigabytes.unwrap_or(constants.weights);
    let (rate, from) = if weights.cached {
        (constants.cache_rate, "from the cache")
    } else {
        (constants.download_rate, "downloaded by each pod")
    };
    let load = (gigabytes / rate.max(0.001) * 1000.0).round() as i64;
    let load = load.div_euclid(1000) * 1000;
    let total = constants.scheduling + constants.image_pull + load + constants.engine_start;
    let text = format!(
        "a new replica serves after {}: {} to be scheduled, {} for the image, {} for {gigabytes:.0} GB of weights {from}, {} for \
         the engine's start (say --start-delay, or --set each of them)",
        format_duration(total),
        format_duration(constants.scheduling),
        format_duration(constants.image_pull),
        format_duration(load),
        format_duration(constants.engine_start)
    );
    (total, text)
}

/// GB of weights of a model, from its name and precision: `Qwen3-32B` in fp16 has 64. A mixture counts all its experts.
#[must_use]
pub fn weights_of(name: &str, precision: Option<&str>) -> Option<f64> {
    let lower = name.to_ascii_lowercase();
    let billions = lower
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '.')
        .find_map(billions)?;
    let bytes = match precision {
        Some("fp4" | "int4") => 0.5,
        Some("fp8" | "int8") => 1.0,
        Some(_) => 2.0,
        None if lower.contains("fp4") => 0.5,
        None if lower.contains("fp8") => 1.0,
        None => 2.0,
    };
    Some(billions * bytes)
}

/// `32b`, `1.5b`, `8x22b`.
fn billions(word: &str) -> Option<f64> {
    let number = word.strip_suffix('b')?;
    let (experts, each) = number.split_once('x').unwrap_or(("1", number));
    let product = experts.parse::<f64>().ok()? * each.parse::<f64>().ok()?;
    (product.is_finite() && product > 0.0).then_some(product)
}

#[cfg(test)]
mod tests {
    use super::weights_of;

    #[test]
    fn names_tell_sizes() {
        assert_eq!(weights_of("Qwen/Qwen3-32B", None), Some(64.0));
        assert_eq!(weights_of("Qwen/Qwen3-32B-FP8", None), Some(32.0));
        assert_eq!(
            weights_of("meta-llama/Llama-3.1-405B-Instruct", Some("fp4")),
            Some(202.5)
        );
        assert_eq!(
            weights_of("mistralai/Mixtral-8x22B-Instruct-v0.1", Some("fp16")),
            Some(352.0)
        );
        assert_eq!(weights_of("Qwen/Qwen3-235B-A22B", None), Some(470.0));
        assert_eq!(
            weights_of("CohereLabs/command-a-reasoning-08-2025", None),
            None
        );
    }
}
