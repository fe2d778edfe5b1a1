use jose_b64::{Bytes, Error, Foreign};

#[test]
fn octets_go_in_and_come_out() {
    let bytes = Bytes::from(vec![3, 236, 255, 224, 193]);
    assert_eq!(bytes.to_base64url(), "A-z_4ME");
    assert_eq!(Bytes::from_base64url(b"A-z_4ME"), Ok(bytes.clone()));
    assert_eq!((&bytes[..2], bytes.as_ref().len()), (&[3, 236][..], 5));
    assert_eq!(format!("{bytes:?}"), r#"Bytes("A-z_4ME")"#);
    assert_eq!(Bytes::from([3, 236, 255, 224, 193]), bytes);
    assert_eq!(Vec::from(bytes.clone()), bytes.into_vec());
}

/// Covers W16.
#[test]
fn a_lax_text_is_refused() {
    assert_eq!(Bytes::from_base64url(b"A+z/4ME"), Err(Error::Character { at: 1, kind: Foreign::Base64 }));
    assert_eq!(Bytes::from_base64url(b"A-z_4MF"), Err(Error::TrailingBits));
    assert_eq!(Bytes::from_base64url(b"A"), Err(Error::Length));
}

#[cfg(feature = "serde")]
#[test]
fn serde_writes_base64url_and_reads_it_strictly() {
    let bytes = Bytes::from([3, 236, 255, 224, 193]);
    assert_eq!(serde_json::to_string(&bytes).unwrap(), r#""A-z_4ME""#);
    assert_eq!(serde_json::from_str::<Bytes>(r#""A-z_4ME""#).unwrap(), bytes);
    assert_eq!(serde_json::from_str::<Bytes>(r#""\u0041-z_4ME""#).unwrap(), bytes);
    assert_eq!(serde_json::from_value::<Bytes>("A-z_4ME".into()).unwrap(), bytes);
    for text in [r#""A-z_4ME=""#, r#""A-z_4MF""#, r#""A""#, "1", "null", "[3,236]", "{}"] {
        assert!(serde_json::from_str::<Bytes>(text).is_err(), "{text}");
    }
}
