use jose_b64::{
    Error,
    json::{ObjectWriter, SliceWriter, Write, check, parse, write_str},
};

fn written(text: &str) -> String {
    let mut buffer = vec![0; text.len() * 6 + 2];
    let mut out = SliceWriter::new(&mut buffer);
    write_str(&mut out, text).unwrap();
    out.finish().to_owned()
}

#[test]
fn the_escapes_are_the_least_there_are() {
    for (text, expected) in [
        ("", r#""""#),
        ("\"", r#""\"""#),
        ("\\", r#""\\""#),
        ("\u{8}", r#""\b""#),
        ("\u{c}", r#""\f""#),
        ("\n", r#""\n""#),
        ("\r", r#""\r""#),
        ("\t", r#""\t""#),
        ("\0", r#""\u0000""#),
        ("\u{1f}", r#""\u001f""#),
        ("\u{b}", r#""\u000b""#),
        ("/", r#""/""#),
        ("\u{7f}", "\"\u{7f}\""),
        ("\u{2028}", "\"\u{2028}\""),
        ("a\"b\\c", r#""a\"b\\c""#),
        ("<é😀>", "\"<é😀>\""),
    ] {
        assert_eq!(written(text), expected);
    }
}

#[test]
fn strings_come_back() {
    let characters =
        (0..0x300).chain(0xd7f0..0xd800).chain(0xe000..0xe010).chain([0xffff, 0x1_f600, 0x10_ffff]);
    for character in characters.filter_map(char::from_u32) {
        // At each place of the eight that are looked at together.
        for before in 0..9 {
            let text = format!("{}{character}{character}aaaaaaa", "a".repeat(before));
            let json = written(&text);
            assert_eq!(check(json.as_bytes()), Ok(json.as_str()));
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
            let own = parse(json.as_bytes()).unwrap().as_str().unwrap();
            assert!(own == *text);
        }
    }
}

fn sample<W: Write>(out: &mut W) -> Result<(), Error> {
    let mut object = ObjectWriter::new(out)?;
    object.string("alg", "ES256")?.string("k\"\n", "v\\\u{1}é")?;
    object.number("min", i64::MIN)?.number("max", i64::MAX)?.number("zero", 0)?;
    object.bool("yes", true)?.bool("no", false)?;
    object.string_array("none", [])?.string_array("one", ["b64"])?.string_array("two", ["a", "\""])?;
    object.base64url("x", &[3, 236, 255, 224, 193])?.base64url("", &[])?;
    object.raw("raw", " [1, {\"a\" :2}] ")?;
    object.value("value", parse(b" 1.50 ")?)?;
    let mut inner = object.object("inner")?;
    inner.string("a", "b")?;
    inner.object("empty")?.finish()?;
    inner.finish()?;
    object.bool("last", true)?;
    object.finish()
}

const SAMPLE: &str = concat!(
    r#"{"alg":"ES256","k\"\n":"v\\\u0001é","min":-9223372036854775808,"max":9223372036854775807,"zero":0,"#,
    r#""yes":true,"no":false,"none":[],"one":["b64"],"two":["a","\""],"x":"A-z_4ME","":"","#,
    r#""raw":[1, {"a" :2}],"value":1.50,"inner":{"a":"b","empty":{}},"last":true}"#,
);

#[test]
fn an_object_is_written_as_told() {
    let mut buffer = [0; 512];
    let mut out = SliceWriter::new(&mut buffer);
    sample(&mut out).unwrap();
    assert_eq!(out.written(), SAMPLE);
    assert_eq!(out.finish(), SAMPLE);
    #[cfg(feature = "alloc")]
    {
        let mut out = String::new();
        sample(&mut out).unwrap();
        assert_eq!(out, SAMPLE);
    }
    assert_eq!(check(SAMPLE.as_bytes()), Ok(SAMPLE));
    let value: serde_json::Value = serde_json::from_str(SAMPLE).unwrap();
    assert_eq!(value["k\"\n"], "v\\\u{1}é");
    assert_eq!(value["min"], i64::MIN);
    assert_eq!(value["two"], serde_json::json!(["a", "\""]));
    crate::json_view::assert_same(parse(SAMPLE.as_bytes()).unwrap(), &value);
}

#[test]
fn an_empty_object_is_one() {
    let mut buffer = [0; 2];
    let mut out = SliceWriter::new(&mut buffer);
    ObjectWriter::new(&mut out).unwrap().finish().unwrap();
    assert_eq!(out.finish(), "{}");
}

#[test]
fn every_buffer_that_is_too_small_is_refused() {
    for room in 0..SAMPLE.len() {
        let mut buffer = vec![0; room];
        let mut out = SliceWriter::new(&mut buffer);
        assert_eq!(sample(&mut out), Err(Error::BufferTooSmall), "{room}");
        assert!(SAMPLE.starts_with(out.written()));
    }
    let mut buffer = vec![0; SAMPLE.len()];
    assert_eq!(sample(&mut SliceWriter::new(&mut buffer)), Ok(()));
}

#[test]
fn long_octets_are_written_whole() {
    let octets = vec![0xff; 1000];
    let mut buffer = vec![0; 2000];
    let mut out = SliceWriter::new(&mut buffer);
    let mut object = ObjectWriter::new(&mut out).unwrap();
    object.base64url("n", &octets).unwrap();
    object.finish().unwrap();
    // 1000 bytes are 333 blocks of `____` and one byte: `_w`.
    assert_eq!(out.finish(), format!("{{\"n\":\"{}_w\"}}", "_".repeat(1332)));
}

#[test]
fn raw_text_that_is_not_strict_json_is_refused_and_not_written() {
    let depth = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let mut buffer = [0; 128];
    let mut out = SliceWriter::new(&mut buffer);
    let mut object = ObjectWriter::new(&mut out).unwrap();
    for (text, error) in [
        ("", Error::Syntax { at: 0 }),
        ("1,\"alg\":\"none\"", Error::TrailingCharacters),
        ("1}", Error::TrailingCharacters),
        (r#"{"a":1,"a":2}"#, Error::DuplicateMember),
        (&depth(16), Error::Depth),
    ] {
        assert_eq!(object.raw("a", text).err(), Some(error), "{text}");
    }
    object.raw("a", &depth(15)).unwrap();
    object.finish().unwrap();
    let text = format!("{{\"a\":{}}}", depth(15));
    assert_eq!(check(out.finish().as_bytes()), Ok(text.as_str()));
}

#[test]
fn a_writer_of_ones_own_keeps_its_error() {
    struct Refusing;
    impl Write for Refusing {
        fn write(&mut self, text: &str) -> Result<(), Error> {
            if text.contains('7') { Err(Error::TooLong) } else { Ok(()) }
        }
    }
    let mut out = Refusing;
    let out: &mut dyn Write = &mut out;
    let mut object = ObjectWriter::new(out).unwrap();
    assert!(object.number("a", 1).is_ok());
    assert_eq!(object.number("a", 7).err(), Some(Error::TooLong));
    // "7" is what the second six bits of 0x03, 0xb0 say.
    assert_eq!(object.base64url("a", &[0x03, 0xb0]).err(), Some(Error::TooLong));
}
