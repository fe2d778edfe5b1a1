use jose_b64::base64url;
use jose_jwe::key_management::key_agreement::{derive, derives};
use jose_jwe::{Error, Header, HeaderError, JweAlg, JweEnc, Message, hazmat};
use jose_jwk::{Curve, Error as KeyError, Jwk, SysRng};

use super::support::{PLAINTEXT, bytes, case, decrypt, header_of, member, on_curve, pair, token, with_part};

/// Covers E10, C9.
#[test]
fn appendix_c() {
    let case = case("rfc7518.json", "C");
    let key = |name| Jwk::from_json(member(&case, name)).unwrap();
    let z = hazmat::agree(&key("epk"), &key("key")).unwrap();
    let (id, len) = derives(JweAlg::EcdhEs, JweEnc::A128Gcm).unwrap();
    let mut derived = vec![0; len];
    derive(z.expose(), id, &bytes(&case, "apu_b64u"), &bytes(&case, "apv_b64u"), &mut derived).unwrap();
    assert_eq!(derived, bytes(&case, "derived_b64u"));
}

/// Covers C9.
#[test]
fn each_input_of_the_derivation_counts() {
    let of = |z: &[u8], id: &str, apu: &[u8], apv: &[u8], len: usize| {
        let mut out = vec![0; len];
        derive(z, id, apu, apv, &mut out).unwrap();
        out
    };
    let base = of(&[1; 32], "A256GCM", b"a", b"b", 32);
    assert_ne!(base, of(&[2; 32], "A256GCM", b"a", b"b", 32));
    assert_ne!(base, of(&[1; 32], "A128GCM", b"a", b"b", 32));
    assert_ne!(base, of(&[1; 32], "A256GCM", b"ab", b"", 32));
    assert_ne!(base, of(&[1; 32], "A256GCM", b"", b"ab", 32));
    // The length is hashed: a longer key does not begin with the shorter one.
    assert_ne!(base, of(&[1; 32], "A256GCM", b"a", b"b", 64)[..32]);
    // Blocks differ.
    let two = of(&[1; 32], "A256GCM", b"a", b"b", 64);
    assert_ne!(two[..32], two[32..]);
}

/// Covers E10.
#[test]
fn apu_and_apv_are_written_and_matter() {
    let (encrypts, decrypts) = pair(&on_curve(Curve::P256), JweAlg::EcdhEs);
    let header = Header::new().parameters(r#"{"apu":"QWxpY2U","apv":"Qm9i"}"#).unwrap();
    let message = Message::new(JweEnc::A128Gcm).header(header);
    let token = message.compact(&encrypts, PLAINTEXT, &mut SysRng).unwrap();
    let decrypted = decrypt(&decrypts, &token).unwrap();
    assert!(decrypted.header().get("apu").is_some());
    let other = header_of(&token).replace("QWxpY2U", "QWxpY2Y");
    let other = with_part(&token, 0, &base64url::encode_to_string(other.as_bytes()));
    assert_eq!(decrypt(&decrypts, &other).unwrap_err(), Error::Decryption);
}

fn with_epk(token: &str, epk: &str) -> String {
    let header = format!(r#"{{"alg":"ECDH-ES","enc":"A128GCM","epk":{epk}}}"#);
    with_part(token, 0, &base64url::encode_to_string(header.as_bytes()))
}

/// RFC 7748 section 6.1 and the points of low order.
///
/// Covers C7.
#[test]
fn a_point_of_low_order_gives_no_key() {
    let (encrypts, decrypts) = pair(&on_curve(Curve::X25519), JweAlg::EcdhEs);
    let token = token(&encrypts, JweEnc::A128Gcm);
    let points = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];
    for point in points {
        let bytes: Vec<u8> =
            (0..32).map(|at| u8::from_str_radix(&point[2 * at..2 * at + 2], 16).unwrap()).collect();
        let x = base64url::encode_to_string(&bytes);
        let epk = format!(r#"{{"kty":"OKP","crv":"X25519","x":"{x}"}}"#);
        let error = decrypt(&decrypts, &with_epk(&token, &epk)).unwrap_err();
        assert_eq!(error, Error::Decryption, "{point}");
    }
}

/// Covers C8.
#[test]
fn an_ephemeral_key_that_is_no_point_of_the_curve_is_refused() {
    let own = on_curve(Curve::P256);
    let (encrypts, decrypts) = pair(&own, JweAlg::EcdhEs);
    let token = token(&encrypts, JweEnc::A128Gcm);
    let error = |epk: &str| decrypt(&decrypts, &with_epk(&token, epk)).unwrap_err();
    let other = |curve| on_curve(curve).to_public().unwrap().to_json();
    let invalid = Error::Header(HeaderError::Invalid("epk"));
    assert_eq!(error(&other(Curve::P384)), invalid);
    assert_eq!(error(&other(Curve::X25519)), invalid);
    // The type and the curve are compared before anything else of the key is read.
    assert_eq!(error(r#"{"kty":"EC","crv":"P-384","x":1}"#), invalid);
    assert_eq!(error(r#"{"kty":"OKP","crv":"P-256"}"#), invalid);
    assert_eq!(error(r#"{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAA"}"#), invalid);
    // secp256k1 has coordinates of the same length: its points are none of P-256.
    let twisted = other(Curve::Secp256k1).replace("secp256k1", "P-256");
    assert_eq!(error(&twisted), Error::Epk(KeyError::NotOnCurve));
    assert_eq!(error(&on_curve(Curve::P256).expose_private_json()), Error::Epk(KeyError::PrivateMembers));
    assert_eq!(error(r#""P-256""#), invalid);
}
