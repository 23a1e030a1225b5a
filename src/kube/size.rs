//! Sizes of volumes and how AIM Engine shows them (AIM Engine 0.2.1, spec 2.12).

use super::quantity::{Format, Quantity};

const GIB: i64 = 1 << 30;

/// A size with a headroom in per cent, rounded up to whole GiB; in bytes. Computed in float64, then cut off.
fn with_headroom(bytes: i64, percent: i32) -> i64 {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "the reference computes in float64 and converts it back"
    )]
    let larger = (bytes as f64 * (1.0 + f64::from(percent) / 100.0)) as i64;
    larger.saturating_add(GIB - 1) / GIB * GIB
}

/// The storage that a claim for so many bytes asks for, as the quantity is written.
#[must_use]
pub fn claim_storage(bytes: i64, headroom_percent: i32) -> String {
    let bytes = with_headroom(bytes, headroom_percent);
    Quantity::from_integer(bytes.into(), Format::BinarySi).canonical()
}

/// A size for people: one decimal below 100, none above, without a `.0`; `None` for negative and very large sizes.
#[must_use]
pub fn human(bytes: i64) -> Option<String> {
    const UNITS: [(&str, u32); 6] = [
        ("EiB", 60),
        ("PiB", 50),
        ("TiB", 40),
        ("GiB", 30),
        ("MiB", 20),
        ("KiB", 10),
    ];
    if !(0..=7 << 60).contains(&bytes) {
        return None;
    }
    let Some((unit, shift)) = UNITS.iter().find(|(_, shift)| bytes >= 1 << shift) else {
        return Some(format!("{bytes} B"));
    };
    #[expect(
        clippy::cast_precision_loss,
        reason = "the reference computes in float64"
    )]
    let value = bytes as f64 / (1_i64 << shift) as f64;
    let rounded = if value >= 100.0 {
        value.round()
    } else {
        (value * 10.0).round() / 10.0
    };
    // Rust prints a whole float64 without decimals, too.
    Some(format!("{rounded} {unit}"))
}
