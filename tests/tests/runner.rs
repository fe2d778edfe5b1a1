//! The runner itself: what it must tell apart, tried with implementations that answer what a test wants.

use std::{fs, path::PathBuf, process};

use jose_tests::{
    ops,
    ops::Yield,
    vectors::{self, Case, FileReport, LoadError, Members, Outcome, Serialization, VectorFile, Verdict},
};
use serde_json::{Value, json};

fn file(cases: Value) -> VectorFile {
    VectorFile::parse(&json!({ "source": "this test", "cases": cases }).to_string()).expect("a vector file")
}

fn run(cases: Value, outcome: impl Fn(&Case) -> Outcome) -> FileReport {
    file(cases).run_with(outcome)
}

fn output(members: Value) -> Outcome {
    match members {
        Value::Object(members) => Outcome::Output(members),
        other => panic!("not an object: {other}"),
    }
}

fn refusal(class: &str) -> Outcome {
    Outcome::Error { class: class.to_owned(), detail: "it says so".to_owned() }
}

fn payload(octets: &str) -> Outcome {
    output(json!({ "payload_b64u": octets }))
}

fn valid() -> Value {
    json!([{ "id": "1", "op": "jws.verify", "result": "valid", "key": {}, "jws": "a.b.c", "payload_b64u": "aGk" }])
}

fn invalid() -> Value {
    json!([{ "id": "1", "op": "jws.verify", "result": "invalid", "error": "signature", "key": {}, "jws": "a.b.c" }])
}

/// The one failure: what was expected, and what was there.
fn failure(report: &FileReport) -> (String, String) {
    let failures: Vec<_> = report.failures().collect();
    assert_eq!(failures.len(), 1, "{report}");
    (failures[0].1.to_owned(), failures[0].2.to_owned())
}

#[test]
fn what_is_expected_passes() {
    assert_eq!(run(valid(), |_| payload("aGk")).passed(), 1);
    assert_eq!(run(invalid(), |_| refusal("signature")).passed(), 1);
}

#[test]
fn another_output_fails() {
    let (expected, got) = failure(&run(valid(), |_| payload("aGo")));
    assert_eq!((expected.as_str(), got.as_str()), ("payload_b64u \"aGk\"", "payload_b64u \"aGo\""));
    let (_, got) = failure(&run(valid(), |_| output(json!({}))));
    assert_eq!(got, "no payload_b64u");
}

#[test]
fn a_refusal_of_a_valid_case_fails() {
    let (_, got) = failure(&run(valid(), |_| refusal("key")));
    assert_eq!(got, "refused, as \"key\": it says so");
}

#[test]
fn an_accepted_invalid_case_fails() {
    let (expected, got) = failure(&run(invalid(), |_| payload("aGk")));
    assert_eq!(expected, "an error of class \"signature\"");
    assert_eq!(got, r#"accepted: {"payload_b64u":"aGk"}"#);
}

#[test]
fn another_class_of_error_fails() {
    let (_, got) = failure(&run(invalid(), |_| refusal("key")));
    assert_eq!(got, "an error of class \"key\": it says so");
}

#[test]
fn without_a_class_any_error_passes() {
    let mut cases = invalid();
    cases[0].as_object_mut().unwrap().remove("error");
    assert_eq!(run(cases, |_| refusal("anything")).passed(), 1);
}

#[test]
fn a_panic_is_a_failure_on_valid_and_invalid_alike() {
    for cases in [valid(), invalid()] {
        let (_, got) = failure(&run(cases, |case| panic!("at case {}", case.id)));
        assert_eq!(got, "panicked: at case 1");
    }
}

#[test]
fn what_is_not_supported_is_neither_passed_nor_failed() {
    for cases in [valid(), invalid()] {
        let report = run(cases, |_| Outcome::Unsupported("soon".to_owned()));
        assert_eq!((report.passed(), report.failures().count()), (0, 0));
        assert_eq!(report.cases[0].verdict, Verdict::Unsupported("soon".to_owned()));
        assert_eq!(report.unsupported_by_operation().into_iter().collect::<Vec<_>>(), [("jws.verify", 1)]);
    }
}

#[test]
fn an_unknown_operation_fails_and_does_not_stop_the_rest() {
    let mut cases = valid();
    cases.as_array_mut().unwrap().insert(0, json!({ "id": "0", "op": "jws.dream", "result": "valid" }));
    let report = run(cases, |_| payload("aGk"));
    assert_eq!(failure(&report), ("a known \"op\"".to_owned(), "\"op\": \"jws.dream\"".to_owned()));
    assert_eq!(report.passed(), 1);
}

#[test]
fn a_duplicate_id_fails() {
    let mut cases = valid();
    let twin = cases[0].clone();
    cases.as_array_mut().unwrap().push(twin);
    let report = run(cases, |_| payload("aGk"));
    assert_eq!(failure(&report).1, "the id of an earlier case");
    assert_eq!(report.passed(), 1);
}

#[test]
fn a_case_that_is_none_fails() {
    for case in [
        json!(7),
        json!({}),
        json!({ "op": "jwk.parse", "result": "valid" }),
        json!({ "id": 1, "op": "jwk.parse", "result": "valid" }),
        json!({ "id": "1", "result": "valid" }),
        json!({ "id": "1", "op": "jwk.parse" }),
        json!({ "id": "1", "op": "jwk.parse", "result": "acceptable" }),
        json!({ "id": "1", "op": "jwk.parse", "result": "invalid", "error": 1 }),
        json!({ "id": "1", "op": "jwk.parse", "result": "valid", "error": "key" }),
        json!({ "id": "1", "op": "jwk.parse", "result": "valid", "comment": [] }),
        // Nothing to compare: such a case could not fail.
        json!({ "id": "1", "op": "jws.verify", "result": "valid" }),
    ] {
        failure(&run(json!([case]), |_| output(json!({}))));
    }
}

#[test]
fn a_missing_input_fails_even_where_an_error_is_expected() {
    let cases = json!([{ "id": "1", "op": "jws.verify", "result": "invalid" }]);
    let report = run(cases, |case| match case.members().text("jws") {
        Err(ops::Fault::BadCase(defect)) => Outcome::BadCase(defect),
        other => panic!("{other:?}"),
    });
    assert_eq!(failure(&report).1, "no \"jws\"");
}

#[test]
fn a_member_that_nothing_reads_is_told() {
    let mut cases = valid();
    cases[0]["detached_paylod_b64u"] = json!("");
    let report = run(cases, |_| payload("aGk"));
    assert_eq!((report.passed(), report.warnings.len()), (1, 1), "{report}");
}

#[test]
fn json_serializations_compare_as_json_and_compact_ones_as_octets() {
    let case = |jws: Value| json!([{ "id": "1", "op": "jws.sign", "result": "valid", "jws": jws }]);
    let answer = |jws: Value| move |_: &Case| output(json!({ "jws": jws }));
    assert_eq!(run(case(json!({ "a": 1, "b": [2] })), answer(json!({ "b": [2.0], "a": 1e0 }))).passed(), 1);
    failure(&run(case(json!({ "a": [1, 2] })), answer(json!({ "a": [2, 1] }))));
    failure(&run(case(json!({ "a": 1 })), answer(json!({ "a": 1, "b": 2 }))));
    failure(&run(case(json!({ "a": 1, "b": 2 })), answer(json!({ "a": 1 }))));
    failure(&run(case(json!("e30.e30.")), answer(json!("e30.e30"))));
}

#[test]
fn numbers_compare_exactly() {
    let same = |a: Value, b: Value| {
        let case = json!([{ "id": "1", "op": "jwt.verify", "result": "valid", "claims": { "n": a } }]);
        run(case, |_| output(json!({ "claims": { "n": b } }))).passed() == 1
    };
    assert!(same(json!(1), json!(1.0)));
    assert!(same(json!(-0.0), json!(0)));
    assert!(same(json!(0.1), json!(1e-1)));
    assert!(!same(json!(9_007_199_254_740_993_u64), json!(9_007_199_254_740_992.0)));
    assert!(!same(json!(u64::MAX), json!(1.8e19)));
    assert!(!same(json!(1.5), json!(1)));
    assert!(!same(json!(1), json!("1")));
}

#[test]
fn what_an_operation_yields_is_written_as_a_file_has_it() {
    let report = run(
        json!([{ "id": "1", "op": "jwa.seal", "result": "valid", "ciphertext_b64u": "-_8", "tag_b64u": "" }]),
        |case| {
            assert_eq!(case.members().bytes("ciphertext_b64u").unwrap(), [0xfb, 0xff]);
            // What `ops::run` does with a yield.
            let yielded = Yield::new().bytes("ciphertext_b64u", &[0xfb, 0xff]).bytes("tag_b64u", &[]);
            Outcome::Output(yielded.into_members())
        },
    );
    assert_eq!(report.passed(), 1, "{report}");
    let text = Yield::new().json("jws", r#"{"a":1,"a":2}"#).into_members();
    assert!(text["jws"].is_string(), "a duplicate member is not read");
}

/// Hands the members of a case to `look`.
fn with_members(mut members: Value, look: impl Fn(Members<'_>)) {
    for (name, value) in [("id", "1"), ("op", "jwk.parse"), ("result", "valid")] {
        members[name] = value.into();
    }
    let report = run(json!([members]), |case| {
        look(case.members());
        output(json!({}))
    });
    assert_eq!(report.failures().count(), 0, "{report}");
}

#[test]
fn members_are_read_by_type() {
    let members = json!({
        "key": { "kty": "oct", "k": "AA" }, "set": { "keys": [] }, "raw_text": "{\"a\":1,\"a\":2}",
        "compact": "a.b.c", "list": ["x", "y"], "one": "x", "flag": true, "n": -3, "objects": [{ "one": "z" }],
        "bytes_b64u": "AA", "loose_b64u": "AA==", "tail_b64u": "AB",
    });
    with_members(members, |members| {
        assert_eq!(members.json_text("key").unwrap(), r#"{"kty":"oct","k":"AA"}"#);
        assert_eq!(members.json_text("raw").unwrap(), r#"{"a":1,"a":2}"#);
        assert_eq!(members.optional_json_text("none").unwrap(), None);
        assert!(members.is_jwk_set("set") && !members.is_jwk_set("key"));
        assert_eq!(members.serialization("compact").unwrap(), Serialization::Compact("a.b.c"));
        assert!(matches!(members.serialization("raw").unwrap(), Serialization::Json(_)));
        assert!(members.serialization("n").is_err());
        assert_eq!(members.optional_texts("list").unwrap(), Some(vec!["x", "y"]));
        assert_eq!(members.optional_text_or_texts("one").unwrap(), Some(vec!["x"]));
        assert!(members.optional_texts("one").is_err());
        assert!(
            members.flag("flag").unwrap() && !members.flag("none").unwrap() && members.flag("n").is_err()
        );
        assert_eq!(members.optional_integer("n").unwrap(), Some(-3));
        assert_eq!(members.objects("objects").unwrap()[0].text("one").unwrap(), "z");
        assert!(members.objects("list").is_err());
        assert_eq!(members.bytes("bytes_b64u").unwrap(), [0]);
        assert!(members.bytes("loose_b64u").is_err() && members.bytes("tail_b64u").is_err());
        assert!(members.text("none").is_err() && members.optional_text("none").unwrap().is_none());
    });
}

#[test]
fn a_file_that_cannot_be_run_is_an_error() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for text in [
        "",
        "{",
        "[]",
        "null",
        "{}",
        r#"{"source":"s","cases":[]}"#,
        r#"{"source":"s","cases":{}}"#,
        r#"{"source":1,"cases":[1]}"#,
        r#"{"source":"s","cases":[{"id":"1"}]} x"#,
        r#"{"source":"s","cases":[{"id":"1","id":"2"}]}"#,
        deep.as_str(),
    ] {
        assert!(VectorFile::parse(text).is_err(), "{}", text.get(..40).unwrap_or(text));
    }
}

#[test]
fn a_path_is_a_file_or_a_folder_with_files() {
    let folder = std::env::temp_dir().join(format!("jose-tests-{}", process::id()));
    fs::create_dir_all(&folder).unwrap();
    assert!(matches!(vectors::files(&folder), Err(LoadError::Shape(_))));
    let wrong = folder.join("wrong.json");
    fs::write(&wrong, [0xff]).unwrap();
    fs::write(folder.join("SCHEMA.md"), "").unwrap();
    let files = vectors::files(&folder).unwrap();
    assert_eq!(files, [wrong]);
    assert!(matches!(VectorFile::load(&files[0]), Err(LoadError::Io(_))));
    fs::remove_dir_all(&folder).unwrap();
    let gone = vectors::files(&PathBuf::from(&folder)).unwrap();
    assert!(matches!(VectorFile::load(&gone[0]), Err(LoadError::Io(_))));
}

#[test]
fn every_operation_has_its_own_name() {
    for operation in &ops::OPERATIONS {
        assert_eq!(ops::find(operation.name).map(|found| found.name), Some(operation.name));
    }
    assert!(ops::find("jws.sign ").is_none());
}
