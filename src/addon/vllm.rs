//! What vLLM's `/metrics` holds, by the names that a scrape gives (vLLM 0.6 to 0.11: `vllm/engine/metrics.py`,
//! `vllm/v1/metrics/loggers.py`, `vllm/v1/spec_decode/metrics.py`; its HTTP server's and Python's own metrics).

/// How a metric behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricKind {
    /// Goes up and down.
    Gauge,
    /// Only grows until the process starts again; its name ends in `_total`.
    Counter,
    /// Counts by size: the add-on keeps `<name>_count` alone.
    Histogram,
}

use MetricKind::{Counter, Gauge, Histogram};

/// Every metric, sorted by name.
pub const METRICS: &[(&str, MetricKind)] = &[
    ("http_request_duration_highr_seconds", Histogram),
    ("http_request_duration_seconds", Histogram),
    ("http_requests_total", Counter),
    ("process_cpu_seconds_total", Counter),
    ("process_max_fds", Gauge),
    ("process_open_fds", Gauge),
    ("process_resident_memory_bytes", Gauge),
    ("process_start_time_seconds", Gauge),
    ("process_virtual_memory_bytes", Gauge),
    ("python_gc_collections_total", Counter),
    ("python_gc_objects_collected_total", Counter),
    ("python_gc_objects_uncollectable_total", Counter),
    ("python_info", Gauge),
    ("vllm:avg_generation_throughput_toks_per_s", Gauge),
    ("vllm:avg_prompt_throughput_toks_per_s", Gauge),
    ("vllm:cache_config_info", Gauge),
    ("vllm:corrupted_requests_total", Counter),
    ("vllm:cpu_cache_usage_perc", Gauge),
    ("vllm:cpu_prefix_cache_hit_rate", Gauge),
    ("vllm:e2e_request_latency_seconds", Histogram),
    ("vllm:engine_sleep_state", Gauge),
    ("vllm:external_prefix_cache_hits_total", Counter),
    ("vllm:external_prefix_cache_queries_total", Counter),
    ("vllm:generation_tokens_total", Counter),
    ("vllm:gpu_cache_usage_perc", Gauge),
    ("vllm:gpu_prefix_cache_hit_rate", Gauge),
    ("vllm:gpu_prefix_cache_hits_total", Counter),
    ("vllm:gpu_prefix_cache_queries_total", Counter),
    ("vllm:inter_token_latency_seconds", Histogram),
    ("vllm:iteration_tokens_total", Histogram),
    ("vllm:kv_cache_usage_perc", Gauge),
    ("vllm:lora_requests_info", Gauge),
    ("vllm:mm_cache_hits_total", Counter),
    ("vllm:mm_cache_queries_total", Counter),
    ("vllm:model_execute_time_milliseconds", Histogram),
    ("vllm:model_forward_time_milliseconds", Histogram),
    ("vllm:num_preemptions_total", Counter),
    ("vllm:num_requests_running", Gauge),
    ("vllm:num_requests_swapped", Gauge),
    ("vllm:num_requests_waiting", Gauge),
    ("vllm:prefix_cache_hits_total", Counter),
    ("vllm:prefix_cache_queries_total", Counter),
    ("vllm:prompt_tokens_total", Counter),
    ("vllm:request_decode_time_seconds", Histogram),
    ("vllm:request_generation_tokens", Histogram),
    ("vllm:request_inference_time_seconds", Histogram),
    ("vllm:request_max_num_generation_tokens", Histogram),
    ("vllm:request_params_best_of", Histogram),
    ("vllm:request_params_max_tokens", Histogram),
    ("vllm:request_params_n", Histogram),
    ("vllm:request_prefill_time_seconds", Histogram),
    ("vllm:request_prompt_tokens", Histogram),
    ("vllm:request_queue_time_seconds", Histogram),
    ("vllm:request_success_total", Counter),
    ("vllm:request_time_per_output_token_seconds", Histogram),
    ("vllm:spec_decode_draft_acceptance_rate", Gauge),
    ("vllm:spec_decode_efficiency", Gauge),
    (
        "vllm:spec_decode_num_accepted_tokens_per_pos_total",
        Counter,
    ),
    ("vllm:spec_decode_num_accepted_tokens_total", Counter),
    ("vllm:spec_decode_num_draft_tokens_total", Counter),
    ("vllm:spec_decode_num_drafts_total", Counter),
    ("vllm:spec_decode_num_emitted_tokens_total", Counter),
    ("vllm:time_in_queue_requests", Histogram),
    ("vllm:time_per_output_token_seconds", Histogram),
    ("vllm:time_per_prefill_token_request_seconds", Histogram),
    ("vllm:time_to_first_token_seconds", Histogram),
    ("vllm:tokens_total", Counter),
];

/// How the metric of that name behaves; `None` when vLLM has none.
#[must_use]
pub fn kind(name: &str) -> Option<MetricKind> {
    METRICS
        .binary_search_by_key(&name, |(name, _)| name)
        .ok()
        .and_then(|index| METRICS.get(index))
        .map(|(_, kind)| *kind)
}

/// The histogram whose count has that name.
#[must_use]
pub fn histogram_of_count(name: &str) -> Option<&str> {
    name.strip_suffix("_count")
        .filter(|base| kind(base) == Some(Histogram))
}

#[cfg(test)]
mod tests {
    use super::{Counter, Gauge, Histogram, METRICS, histogram_of_count, kind};

    #[test]
    fn the_table_is_sorted_and_named_by_the_rules() {
        assert!(METRICS.is_sorted_by_key(|(name, _)| *name));
        for (name, kind) in METRICS {
            assert!(*kind != Counter || name.ends_with("_total"), "{name}");
        }
        assert_eq!(kind("vllm:num_requests_waiting"), Some(Gauge));
        // A histogram, whatever its name says.
        assert_eq!(kind("vllm:iteration_tokens_total"), Some(Histogram));
        assert_eq!(
            histogram_of_count("vllm:time_to_first_token_seconds_count"),
            Some("vllm:time_to_first_token_seconds")
        );
        assert_eq!(histogram_of_count("vllm:num_requests_running_count"), None);
    }
}
