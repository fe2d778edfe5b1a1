use jose_b64::{
    Error,
    json::{MAX_DEPTH, check, check_with_depth, parse, parse_object},
};

#[track_caller]
pub(crate) fn accepts(text: &str) {
    assert_eq!(check(text.as_bytes()), Ok(text));
}

#[track_caller]
pub(crate) fn refuses(text: impl AsRef<[u8]>, error: Error) {
    let text = text.as_ref();
    let shown = text.get(..100).unwrap_or(text).escape_ascii().to_string();
    assert_eq!(check(text), Err(error), "{shown}");
    assert_eq!(parse(text).err(), Some(error), "{shown}");
    assert_eq!(parse_object(text).err(), Some(error), "{shown}");
}

/// Refused as not JSON, at a position that every reader names.
pub(crate) fn refuses_syntax(text: impl AsRef<[u8]>) {
    let text = text.as_ref();
    let Err(Error::Syntax { at }) = check(text) else { panic!("{}", text.escape_ascii()) };
    assert!(at <= text.len());
    refuses(text, Error::Syntax { at });
}

#[test]
fn texts_that_are_json() {
    for text in [
        "{}",
        "[]",
        "\"\"",
        "0",
        "true",
        "false",
        "null",
        " {} ",
        "\t\r\n[ ]\n",
        "[1,2]",
        "[ 1 , 2 ]",
        r#"{"a":1}"#,
        "{ \"a\" : 1 , \"b\" : [ { } ] }",
        r#"{"":0}"#,
        "\"\u{7f}\u{80}\u{2028}\u{10ffff}\"",
        r#"{"a":{"a":{"a":1}},"b":{"a":1}}"#,
        r#"[{"a":1},{"a":1}]"#,
        "\"\u{fffe}\"",
    ] {
        accepts(text);
    }
}

#[test]
fn texts_that_are_not_json() {
    for text in [
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "{]",
        "[}",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[,]",
        "[1 2]",
        "[1,,2]",
        "{a:1}",
        "{'a':1}",
        r#"{"a"}"#,
        r#"{"a":}"#,
        r#"{"a":1,}"#,
        r#"{,"a":1}"#,
        "{,}",
        r#"{"a" 1}"#,
        r#"{"a"::1}"#,
        r#"{"a":1 "b":2}"#,
        r#"{"a":1;"b":2}"#,
        r#"{"a":1"#,
        r#"{"a"#,
        r#"{"a":"#,
        r#"{1:1}"#,
        r#"{null:1}"#,
        r#"["a":1]"#,
        r#"{"a":1]"#,
        r#"[1}"#,
        ",",
        ":",
        "True",
        "TRUE",
        "tru",
        "nul",
        "fals",
        "undefined",
        "/**/1",
        "//\n1",
        "[1//\n]",
        "'a'",
        "`a`",
        "\u{a0}1",
        "\u{85}1",
        "\u{2028}1",
        "\x0b1",
        "\x0c1",
        "[1\0]",
        "\0",
        "\\u0031",
    ] {
        refuses_syntax(text);
    }
    for text in [
        "1 1", "{}{}", "{},", "{}]", "[]]", "truex", "nullnull", "{} /**/", "1\0", "{}\0", "{}\u{a0}",
        "\"\"\"",
    ] {
        refuses(text, Error::TrailingCharacters);
    }
}

#[test]
fn every_truncation_is_refused() {
    let text = r#" {"alg":"ES\u0032\ud83d\ude0056","crit":["b64", -1.5e+3],"b64":false,"x":{"y":null}} "#;
    accepts(text);
    for end in 0..text.trim_end().len() {
        assert!(check(&text.as_bytes()[..end]).is_err(), "{end}");
    }
}

/// Covers F2.
#[test]
fn numbers() {
    for text in [
        "0",
        "-0",
        "1",
        "-1",
        "10",
        "1234567890",
        "0.0",
        "-0.0",
        "1.5",
        "0.05",
        "1e1",
        "1E1",
        "1e+1",
        "1e-1",
        "0e0",
        "0E+00",
        "1.0e01",
        "9223372036854775808",
        "18446744073709551616",
        "1e309",
        "-1e999999",
        "1e-999999",
        "0.1000000000000000055511151231257827021181583404541015625",
    ] {
        accepts(text);
        accepts(&format!("[{text}]"));
        accepts(&format!("{{\"exp\":{text}}}"));
        let value = parse(text.as_bytes()).unwrap();
        assert_eq!(value.as_number(), Some(text));
    }
    for text in [
        "01",
        "-",
        "-01",
        "1.",
        ".5",
        "-.5",
        "1e",
        "1e+",
        "1e-",
        "1.e1",
        "1E",
        "+1",
        "--1",
        "1+1",
        "0x1",
        "0x",
        "1_0",
        "1,0",
        "NaN",
        "-NaN",
        "Infinity",
        "-Infinity",
        "inf",
        "1f",
        "1L",
        "1.2.3",
        "1e1.5",
        "1e1e1",
        "00",
        "-00",
        "0-",
        "１",
        "1٫5",
    ] {
        assert!(check(text.as_bytes()).is_err(), "{text}");
        let member = format!("{{\"exp\":{text}}}");
        refuses_syntax(&member);
    }
}

/// Covers E9.
#[test]
fn escapes() {
    for escaped in *b"\"\\/bfnrt" {
        accepts(&format!("\"\\{}\"", char::from(escaped)));
    }
    for escaped in (0..=0x7f).filter(|escaped| !b"\"\\/bfnrt".contains(escaped)) {
        refuses_syntax(format!("[\"\\{}\"]", char::from(escaped)));
    }
    for escaped in [r"\u0000", r"\u001f", r"\uABCD", r"\uabcd", r"\uaBcD", r"\uffff", r"\ud7ff", r"\ue000"] {
        accepts(&format!("\"{escaped}\""));
    }
    for escaped in [
        r"\u",
        r"\u0",
        r"\u00",
        r"\u000",
        r"\u000g",
        r"\u+000",
        r"\u-001",
        r"\u 000",
        r"\U0000",
        r"\u{61}",
        r"\x61",
        r"\u００００",
    ] {
        refuses_syntax(format!("[\"{escaped}\"]"));
    }
    for text in [r#""\"#, r#""\""#, r#"["\u"#, r#"["\u12"#] {
        refuses_syntax(text);
    }
}

/// Covers E9.
#[test]
fn control_characters_in_strings() {
    for octet in 0..0x20 {
        // At each place of the eight that are looked at together.
        for before in 0..17 {
            let text = format!("[\"{}{}aaaaaaaaa\"]", "a".repeat(before), char::from(octet));
            refuses_syntax(text);
        }
    }
}

/// Covers E9.
#[test]
fn lone_surrogates() {
    accepts(r#""\ud83d\ude00""#);
    accepts(r#""\uD800\uDC00\uDBFF\uDFFF""#);
    for escaped in [
        r"\ud800",
        r"\udbff",
        r"\udc00",
        r"\udfff",
        r"\ud800x",
        r"\ud800\n",
        r"\ud800\u0061",
        r"\ud800\ud800",
        r"\ud800\ud800\udc00",
        r"\udc00\ud800",
        r"\ud83d\ude00\ude00",
        r"\ud83d \ude00",
        r"\uDEAD",
        r"\ud800\udbff",
        r"\ud800\ue000",
    ] {
        refuses(format!("\"{escaped}\""), Error::Surrogate);
        refuses(format!("{{\"{escaped}\":1}}"), Error::Surrogate);
    }
    refuses_syntax(r#""\ud800\u""#);
    refuses_syntax(r#""\ud800\uzzzz""#);
}

/// Covers E9.
#[test]
fn what_is_not_utf8() {
    let rows: [&[u8]; 18] = [
        b"\x80",
        b"\xbf",
        b"\xff",
        b"\xfe",
        b"\xc2",
        b"\xe2\x82",
        b"\xf0\x9f\x98",
        b"\xc2\x41",
        // Overlong: a solidus, NUL, a quotation mark.
        b"\xc0\xaf",
        b"\xe0\x80\xaf",
        b"\xf0\x80\x80\xaf",
        b"\xc0\x80",
        b"\xc0\xa2",
        // Surrogates, beyond U+10FFFF, CESU-8.
        b"\xed\xa0\x80",
        b"\xed\xbf\xbf",
        b"\xf4\x90\x80\x80",
        b"\xf8\x88\x80\x80\x80",
        b"\xed\xa0\xbd\xed\xb8\x80",
    ];
    for octets in rows {
        for (before, after) in
            [("\"", "\""), ("{\"", "\":1}"), ("", "{}"), ("{}", ""), ("[1,", "]"), ("\"aaaaaaaaaaaa", "a\"")]
        {
            refuses([before.as_bytes(), octets, after.as_bytes()].concat(), Error::Utf8);
        }
    }
}

/// Covers E9.
#[test]
fn byte_order_marks_utf16_and_nul() {
    refuses("\u{feff}{}", Error::ByteOrderMark);
    refuses_syntax("{\u{feff}}");
    refuses("{}\u{feff}", Error::TrailingCharacters);
    // In a string it is a character.
    accepts("\"\u{feff}\"");
    let text = "{\"a\":1}";
    let utf16 = |octets: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(octets).collect::<Vec<_>>();
    refuses_syntax(utf16(u16::to_le_bytes));
    refuses_syntax(utf16(u16::to_be_bytes));
    refuses([b"\xff\xfe".as_slice(), &utf16(u16::to_le_bytes)].concat(), Error::Utf8);
    refuses([b"\xfe\xff".as_slice(), &utf16(u16::to_be_bytes)].concat(), Error::Utf8);
    let utf32 = text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect::<Vec<_>>();
    refuses_syntax(utf32);
    for at in 0..text.len() {
        let mut text = text.to_owned();
        text.insert(at, '\0');
        refuses_syntax(text);
    }
    refuses(format!("{text}\0"), Error::TrailingCharacters);
    accepts(r#""\u0000""#);
}

/// Covers E8.
#[test]
fn depth_16_passes_and_17_does_not() {
    let nested =
        |open: &str, close: &str, depth: usize| format!("{}0{}", open.repeat(depth), close.repeat(depth));
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), (" [ 1 , ", " , 1 ] ")] {
        for depth in 0..=16 {
            accepts(&nested(open, close, depth));
        }
        for depth in [17, 18, 64, 127, 128, 129, 1000] {
            refuses(nested(open, close, depth), Error::Depth);
        }
        // Without a heap the names of open objects fill the table before that.
        if !cfg!(feature = "alloc") && open.starts_with('{') {
            continue;
        }
        for allowed in [0, 1, 2, 15, 17, 64, MAX_DEPTH] {
            let text = nested(open, close, allowed);
            assert_eq!(check_with_depth(text.as_bytes(), allowed), Ok(text.as_str()));
            let text = nested(open, close, allowed + 1);
            assert_eq!(check_with_depth(text.as_bytes(), allowed), Err(Error::Depth));
        }
        // More cannot be asked for.
        let text = nested(open, close, MAX_DEPTH + 1);
        assert_eq!(check_with_depth(text.as_bytes(), usize::MAX), Err(Error::Depth));
    }
    // Empty ones count, those beside each other do not add up.
    refuses("[".repeat(17) + &"]".repeat(17), Error::Depth);
    accepts(&format!("[{}]", vec![nested("[", "]", 15); 50].join(",")));
    let mixed = "[{\"a\":".repeat(8);
    accepts(&format!("{mixed}0{}", "}]".repeat(8)));
    refuses(format!("{mixed}[]{}", "}]".repeat(8)), Error::Depth);
}

/// Covers E8.
#[test]
fn a_million_deep() {
    for open in ["[", "{\"a\":", "[{\"a\":"] {
        let text = open.repeat(1_000_000);
        refuses(&text, Error::Depth);
        let names_fit = cfg!(feature = "alloc") || open == "[";
        let error = if names_fit { Error::Depth } else { Error::TooManyMembers };
        assert_eq!(check_with_depth(text.as_bytes(), usize::MAX), Err(error));
    }
    let balanced = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
    refuses(&balanced, Error::Depth);
    // Without the opening ones.
    refuses_syntax("]".repeat(1_000_000));
}

#[test]
fn parse_object_takes_objects_alone() {
    for text in ["1", "\"{}\"", "[{}]", "null", " true "] {
        assert_eq!(parse_object(text.as_bytes()).err(), Some(Error::NotAnObject));
    }
    assert_eq!(parse_object(b" {\"a\" : 1} ").unwrap().raw(), "{\"a\" : 1}");
}
