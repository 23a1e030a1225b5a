//! OpenTelemetry operator 0.140.0 (spec page 5).
