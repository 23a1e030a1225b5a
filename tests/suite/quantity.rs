//! Quantities: apimachinery's forms, its order, its errors.

use aimctl::kube::quantity::{Format, Quantity, QuantityError, canonical};
use proptest::prelude::*;

#[test]
fn canonical_forms() {
    for (written, stored) in [
        ("0", "0"),
        ("-0", "0"),
        ("+", "0"),
        ("0.5", "500m"),
        (".5", "500m"),
        ("2.", "2"),
        ("1024Mi", "1Gi"),
        ("1.5Gi", "1536Mi"),
        ("2000m", "2"),
        ("1e9", "1e9"),
        ("1E9", "1e9"),
        ("10e3", "10e3"),
        ("1e4", "10e3"),
        ("2147483648", "2147483648"),
        ("100000", "100k"),
        ("2G", "2G"),
        ("512Ki", "512Ki"),
        ("1Ki", "1Ki"),
        ("0.5Ki", "512"),
        ("1000Ki", "1000Ki"),
        ("0.0001Ki", "102400u"),
        ("0.1n", "1n"),
        ("-0.1n", "-1n"),
        ("1e-100", "1e-9"),
        ("16Ei", "9223372036854775807"),
        ("-1", "-1"),
        ("0.0000000015Gi", "1610612736n"),
        ("1e4294967297", "10"),
        (
            "99999999999999999999999999999999999999999",
            "99999999999999999999999999999999999999999",
        ),
    ] {
        assert_eq!(canonical(written), stored, "{written}");
    }
}

#[test]
fn binary_quantities_without_suffix_are_read_as_decimal_ones() {
    assert_eq!(canonical("807312.5Ki"), "826688000");
    assert_eq!(canonical("826688000"), "826688k");
}

#[test]
fn errors_are_kubernetes_own() {
    for (text, error) in [
        ("", QuantityError::Format),
        ("abc", QuantityError::Format),
        ("1e1.5", QuantityError::Format),
        ("1e.5", QuantityError::Format),
        ("1 ", QuantityError::Format),
        ("lots", QuantityError::Format),
        ("1Mx", QuantityError::Format),
        ("1KiM", QuantityError::Suffix),
        ("1K", QuantityError::Suffix),
        ("1e", QuantityError::Suffix),
        ("1e99999999999999999999", QuantityError::Suffix),
        (".Ei", QuantityError::Number),
        ("1e2147483648", QuantityError::Unbounded),
        ("1e2147483647", QuantityError::Unbounded),
    ] {
        assert_eq!(Quantity::parse(text).err(), Some(error), "{text}");
    }
}

#[test]
fn whole_values_round_away_from_zero() {
    let value = |text| Quantity::parse(text).map(|q| (q.value(), q.milli_value()));
    assert_eq!(value("1.1"), Ok((2, 1100)));
    assert_eq!(value("-1.1"), Ok((-2, -1100)));
    assert_eq!(value("1n"), Ok((1, 1)));
    assert_eq!(value("1e300"), Ok((i64::MAX, i64::MAX)));
    assert_eq!(value("2Ki"), Ok((2048, 2_048_000)));
}

#[test]
fn sums_keep_the_first_notation() {
    let sum = |a, b| {
        let sum = Quantity::parse(a)
            .ok()?
            .checked_add(&Quantity::parse(b).ok()?)?;
        Some(sum.canonical())
    };
    assert_eq!(sum("1Gi", "1073741824"), Some("2Gi".to_owned()));
    assert_eq!(sum("0", "1Gi"), Some("1Gi".to_owned()));
    assert_eq!(sum("500m", "0.5"), Some("1".to_owned()));
    assert_eq!(sum("1e3", "-1"), Some("999".to_owned()));
}

proptest! {
    #[test]
    fn canonical_is_stable_and_equal(number in -1_000_000_i64..1_000_000, places in 0_usize..6, suffix in "(n|u|m|k|M|G|T|Ki|Mi|Gi|Ti|e3|E-2|)") {
        let text = if places == 0 { format!("{number}{suffix}") } else { format!("{number}.{}{suffix}", "5".repeat(places)) };
        let quantity = Quantity::parse(&text).unwrap();
        let written = quantity.canonical();
        let again = Quantity::parse(&written).unwrap();
        prop_assert_eq!(&again, &quantity, "{} became {}", text, written);
        // A binary quantity that comes out without suffix is read as a decimal one, in Kubernetes, too: `807312.5Ki` is
        // written 826688000, and that 826688k.
        let settled = again.canonical();
        if quantity.format() == again.format() {
            prop_assert_eq!(&settled, &written);
        }
        prop_assert_eq!(Quantity::parse(&settled).unwrap().canonical(), settled);
    }

    #[test]
    fn order_is_that_of_the_numbers(a in -10_000_i64..10_000, b in -10_000_i64..10_000, scale in 0_u32..6) {
        let left = Quantity::from_integer(i128::from(a) * 10_i128.pow(scale), Format::DecimalSi);
        let right = Quantity::parse(&format!("{b}e{scale}")).unwrap();
        prop_assert_eq!(left.cmp(&right), a.cmp(&b));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,40}") {
        let _ = Quantity::parse(&text);
    }

    #[test]
    fn no_number_hangs(text in "[+-]?[0-9.]{0,30}[eEinumkKMGTP]{0,3}[-+]?[0-9]{0,12}") {
        if let Ok(quantity) = Quantity::parse(&text) {
            let _ = (quantity.canonical(), quantity.value(), quantity.milli_value());
        }
    }
}
