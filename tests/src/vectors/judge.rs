//! What was said against what was expected.

use serde_json::{Map, Number, Value};

use super::{Case, Expectation, Outcome, Verdict};

/// Longer texts are cut in a report; the file has them in full.
const SHOWN: usize = 400;

pub(super) fn judge(case: &Case, outcome: Outcome) -> Verdict {
    if let (Some(by), false) =
        (&case.withdrawn, matches!(outcome, Outcome::Panicked(_) | Outcome::BadCase(_)))
    {
        return match outcome {
            Outcome::Output(_) => Verdict::failed(format!("withdrawn by {by}: not known"), "accepted"),
            _ => Verdict::Passed,
        };
    }
    match outcome {
        Outcome::Unsupported(reason) => Verdict::Unsupported(reason),
        Outcome::Panicked(message) => Verdict::failed(wanted(case), format!("panicked: {message}")),
        Outcome::BadCase(defect) => Verdict::failed(format!("a case of {}", case.operation.name), defect),
        Outcome::Output(output) => match &case.expectation {
            Expectation::Valid => compare(case, &output),
            Expectation::Invalid { .. } => {
                Verdict::failed(wanted(case), format!("accepted: {}", shown(&Value::Object(output))))
            }
        },
        Outcome::Error { class, detail } => match &case.expectation {
            Expectation::Invalid { error: Some(error) } if *error != class => {
                Verdict::failed(wanted(case), format!("an error of class {class:?}: {detail}"))
            }
            Expectation::Invalid { .. } => Verdict::Passed,
            Expectation::Valid => Verdict::failed(wanted(case), format!("refused, as {class:?}: {detail}")),
        },
    }
}

fn wanted(case: &Case) -> String {
    match &case.expectation {
        Expectation::Valid => "valid".to_owned(),
        Expectation::Invalid { error: None } => "an error".to_owned(),
        Expectation::Invalid { error: Some(error) } => format!("an error of class {error:?}"),
    }
}

/// Every member that the case states and the operation compares.
fn compare(case: &Case, output: &Map<String, Value>) -> Verdict {
    for (name, expected) in case.expected() {
        match output.get(name) {
            Some(got) if same(expected, got) => {}
            Some(got) => {
                return Verdict::failed(
                    format!("{name} {}", shown(expected)),
                    format!("{name} {}", shown(got)),
                );
            }
            None => return Verdict::failed(format!("{name} {}", shown(expected)), format!("no {name}")),
        }
    }
    Verdict::Passed
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({} bytes)", text.get(..end).unwrap_or_default(), text.len()),
        None => text,
    }
}

/// Whether two JSON values are the same: members in any order, numbers by their value (`1`, `1.0` and `1e0`
/// are one).
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => same_number(a, b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

fn same_number(a: &Number, b: &Number) -> bool {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a == b,
        (Some(integer), None) => same_as_float(integer, b),
        (None, Some(integer)) => same_as_float(integer, a),
        (None, None) => a.as_f64() == b.as_f64(),
    }
}

fn same_as_float(integer: i128, float: &Number) -> bool {
    // Compared as an integer: a conversion to f64 would round 2^53 + 1 to its neighbour.
    float.as_f64().is_some_and(|float| float.fract() == 0.0 && float as i128 == integer)
}
