//! RFC 4648 section 5 in buffers of the caller.

use jose_b64::{Error, base64url, json};

/// The example of RFC 7515 appendix C, both ways and by both codecs.
pub(crate) fn check() -> Option<()> {
    let (octets, text) = ([3, 236, 255, 224, 193], "A-z_4ME");
    let mut characters = [0; 7];
    let mut room = [0; 5];

    (base64url::encode(&octets, &mut characters) == Ok(text)).then_some(())?;
    (base64url::encode_secret(&octets, &mut characters) == Ok(text)).then_some(())?;
    (*base64url::decode(text.as_bytes(), &mut room).ok()? == octets).then_some(())?;
    (*base64url::decode_secret(text.as_bytes(), &mut room).ok()? == octets).then_some(())?;
    (base64url::decode(b"A-z_4MF", &mut room) == Err(Error::TrailingBits)).then_some(())?;
    (json::check(br#"{"a":1,"\u0061":2}"#) == Err(Error::DuplicateMember)).then_some(())
}
