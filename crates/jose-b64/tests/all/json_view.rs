use jose_b64::json::{Kind, Str, Value, parse, parse_object};
#[cfg(feature = "alloc")]
use jose_b64::{Error, json};

/// Holds a view against what another parser makes of the same text.
pub(crate) fn assert_same(view: Value<'_>, other: &serde_json::Value) {
    let kind = match other {
        serde_json::Value::Null => Kind::Null,
        serde_json::Value::Bool(_) => Kind::Bool,
        serde_json::Value::Number(_) => Kind::Number,
        serde_json::Value::String(_) => Kind::String,
        serde_json::Value::Array(_) => Kind::Array,
        serde_json::Value::Object(_) => Kind::Object,
    };
    assert_eq!(view.kind(), kind);
    assert_eq!(view.is_null(), other.is_null());
    assert_eq!(view.as_bool(), other.as_bool());
    assert_eq!(view.as_number().is_some(), other.is_number());
    if let (Some(text), Some(number)) = (view.as_number(), other.as_f64()) {
        // Its reading of decimals may be off in the last place; that of whole numbers is not.
        let own = text.parse::<f64>().unwrap();
        assert!((own - number).abs() <= number.abs() * 1e-15, "{text}");
        if let Some(number) = other.as_i64() {
            assert_eq!(text.parse(), Ok(number));
        }
    }
    assert_eq!(view.as_str().is_some(), other.is_string());
    if let (Some(own), Some(other)) = (view.as_str(), other.as_str()) {
        assert_says(own, other);
    }
    assert_eq!(view.as_array().is_some(), other.is_array());
    if let (Some(own), Some(other)) = (view.as_array(), other.as_array()) {
        assert_eq!(own.iter().count(), other.len());
        for (own, other) in own.iter().zip(other) {
            assert_same(own, other);
        }
    }
    assert_eq!(view.as_object().is_some(), other.is_object());
    if let (Some(own), Some(other)) = (view.as_object(), other.as_object()) {
        assert_eq!(own.iter().count(), other.len());
        for (name, value) in other {
            assert_same(own.get(name).unwrap(), value);
        }
        for (name, value) in own.iter() {
            let name = name.chars().collect::<String>();
            assert_same(value, &other[&name]);
        }
        assert!(own.get("no such name").is_none());
    }
}

fn assert_says(own: Str<'_>, other: &str) {
    assert!(own == *other);
    assert!(own == other);
    assert!(own != *format!("{other}x"));
    assert_eq!(own.chars().collect::<String>(), other);
    assert_eq!(own.as_plain(), (!own.raw().contains('\\')).then_some(other));
    assert_eq!(own.to_string(), other);
    assert!(own.raw().len() >= other.len());
    #[cfg(feature = "alloc")]
    {
        assert_eq!(own.to_cow(), other);
        assert_eq!(matches!(own.to_cow(), std::borrow::Cow::Borrowed(_)), own.as_plain().is_some());
    }
}

#[test]
fn views_are_what_another_parser_reads() {
    for text in [
        "null",
        " true\n",
        "false",
        "-0",
        "0.25",
        "9007199254740993",
        "-9223372036854775808",
        "[]",
        "{}",
        "[ ]",
        "{ }",
        r#"["a",["b",[{"c":[]}]],"]","[","\"]","\\"]"#,
        r#"{"a":"}","b":"{","c":"\"}","d":"\\","e":{"f":"\\\""},"g":[{"h":"]"}], "i" : 1e2 ,"j":true,"k":null}"#,
        "\r\n\t {\t\"a\"\r:\n[ 1 ,\t2\n, 3 ]\r} \n",
        r#"{"\u0061lg":"\ud83d\ude00\u00e9\n\/\b\f\r\t\"\\","é":"日本語 😀 \u65e5"}"#,
        r#"{"":{"":[""]}}"#,
        "[0,-1,1.5e-3,true,false,null,\"x\",[0],{\"a\":0}]",
    ] {
        let view = parse(text.as_bytes()).unwrap();
        assert_eq!(view.raw(), text.trim());
        assert_same(view, &serde_json::from_str(text).unwrap());
    }
}

#[test]
fn members_and_elements_come_in_order_and_as_they_were_received() {
    let object = parse_object(b" { \"b\" : [ 1 , { } ] , \"a\":-1.0e0,\"\\u0063\" : \" x \" } ").unwrap();
    let members = object.iter().map(|(name, value)| (name.raw(), value.raw())).collect::<Vec<_>>();
    assert_eq!(members, [("b", "[ 1 , { } ]"), ("a", "-1.0e0"), ("\\u0063", "\" x \"")]);
    let array = object.get("b").and_then(Value::as_array).unwrap();
    assert_eq!(array.raw(), "[ 1 , { } ]");
    assert_eq!(array.iter().map(Value::raw).collect::<Vec<_>>(), ["1", "{ }"]);
    assert_eq!(object.get("c").and_then(Value::as_str).unwrap().raw(), " x ");
    let mut members = object.iter();
    assert_eq!(members.by_ref().count(), 3);
    assert!(members.next().is_none());
}

/// Covers E2.
#[test]
fn a_member_is_found_in_any_spelling() {
    for text in [r#"{"alg":1}"#, r#"{"\u0061lg":1}"#, r#"{"al\u0067":1}"#] {
        let object = parse_object(text.as_bytes()).unwrap();
        assert_eq!(object.get("alg").and_then(Value::as_number), Some("1"));
        assert!(object.get(r"\u0061lg").is_none());
        assert!(object.get("al").is_none());
        assert!(object.get("algo").is_none());
    }
}

#[test]
fn strings_compare_as_what_they_say() {
    // In ascending order: U+FF5E sorts before U+1F600, which UTF-16 would turn round.
    let rows = [
        vec![""],
        vec![r"\u0000"],
        vec![r"\n", r"\u000a"],
        vec!["a", r"\u0061"],
        vec!["aa", r"\u0061a", r"a\u0061"],
        vec!["a\u{0301}", r"a\u0301"],
        vec!["b", r"\u0062"],
        vec!["é", r"\u00e9"],
        vec!["～", r"\uff5e"],
        vec!["😀", r"\ud83d\ude00"],
        vec!["😀a"],
    ];
    let texts: Vec<(usize, String)> = rows
        .iter()
        .enumerate()
        .flat_map(|(rank, row)| row.iter().map(move |text| (rank, format!("\"{text}\""))))
        .collect();
    for (rank, text) in &texts {
        for (other_rank, other) in &texts {
            let a = parse(text.as_bytes()).unwrap().as_str().unwrap();
            let b = parse(other.as_bytes()).unwrap().as_str().unwrap();
            assert_eq!(a.cmp(&b), rank.cmp(other_rank), "{text} {other}");
            assert_eq!(a == b, rank == other_rank, "{text} {other}");
            assert_eq!(a.partial_cmp(&b), Some(rank.cmp(other_rank)));
        }
    }
}

/// The members that are told while a text is checked are those that a walk over the object finds.
#[cfg(feature = "alloc")]
#[test]
fn members_are_told_as_a_walk_finds_them() {
    for text in [
        "{}",
        " { } ",
        r#"{"a":1}"#,
        r#" { "a" : { "b" : [ 1 , { } ] } , "\u0063" : [ ] , "d" : { } , "e" : "}" , "f" : [ { "g" : 1 } ] } "#,
        r#"{"a":{"a":{"a":{}}},"b":[[],[[]]],"c":-1.5e3,"d":null,"e":"\"{"}"#,
    ] {
        let mut told = Vec::new();
        let object = json::parse_members(text.as_bytes(), json::DEPTH, |name, value| {
            told.push((name.raw(), value.raw()));
        });
        let walked: Vec<_> = object.unwrap().iter().map(|(name, value)| (name.raw(), value.raw())).collect();
        assert_eq!(told, walked, "{text}");
        // Written again into another object, all at once.
        let mut out = String::new();
        let mut writer = json::ObjectWriter::new(&mut out).unwrap();
        writer.bool("before", true).unwrap().members(object.unwrap()).unwrap();
        writer.finish().unwrap();
        let written = json::parse_object(out.as_bytes()).unwrap();
        let written: Vec<_> = written.iter().map(|(name, value)| (name.raw(), value.raw())).collect();
        assert_eq!(written[1..], walked, "{text}");
    }
    for text in ["[{}]", "1", r#"[{"a":1}]"#] {
        let mut told = 0;
        let result = json::parse_members(text.as_bytes(), json::DEPTH, |_, _| told += 1);
        assert_eq!((result.err(), told), (Some(Error::NotAnObject), 0), "{text}");
    }
}
