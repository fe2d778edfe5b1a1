//! Keys that are too weak to be used, and bytes that are no secret.

use jose_jwk::{
    Error, JweAlg, JweEnc, Jwk, JwsAlg, KeySpec, Operation, PublicJwk, RsaLimits, SysRng, Usage, Weakness,
};

use crate::support::length;

use crate::rfc::{ED25519_PRIVATE, RSA_7638, RSA_PRIVATE};

/// Made to have the fingerprint: a power of 65537 modulo the product of the first 126 primes, plus a multiple of it.
pub(crate) const ROCA: &str = "{\"kty\":\"RSA\",\"n\":\"u0vidkovIKrzxkr3daiSlMLNeJo4AgiprUXyPTsaEd9Yf9KAO6tsOY2INIp-7Y0U8G0_73AZZqD\
    DgeiPOMDI_YcSuLwHbzeHudF54GwP1PX4EwxCN3MO36-9Z_lhlpnP4ZiK2fBsFEoCW0E_ipoCHqZIp90Gg565Bbbm4wfUvtxRQxG\
    T5sPyMlrLkeI-xqijXHjwbrT76hG8Ne2sZXTLFDdPBxXpzcdtjrHSVhN54pL2kheKjfMeHq1io673E7AM8lUwSwzPpymVFw5BC3s\
    6r-t9uowUGhx9eRx7iRb8TqNglZDUIhLaO1nq4Nd_q6_79cLpi32bg2piM45RMMSefQ\",\"e\":\"AQAB\"}";

pub(crate) fn rsa(bits: usize, e: &[u8]) -> Jwk {
    let mut n = vec![0xff; bits.div_ceil(8)];
    n[0] >>= bits.div_ceil(8) * 8 - bits;
    let text = |octets: &[u8]| jose_b64::base64url::encode_to_string(octets);
    Jwk::from_json(format!(r#"{{"kty":"RSA","n":"{}","e":"{}"}}"#, text(&n), text(e))).unwrap()
}

/// Covers K25, B10.
#[test]
fn rsa_sizes() {
    let small = Err(Error::Weak(Weakness::ModulusTooSmall));
    for (bits, strict, legacy) in [
        (512, small, small),
        (1023, small, small),
        (1024, small, Ok(())),
        (2047, small, Ok(())),
        (2048, Ok(()), Ok(())),
        (16_384, Ok(()), Ok(())),
    ] {
        let key = rsa(bits, &[1, 0, 1]);
        for alg in [JwsAlg::Rs256, JwsAlg::Ps512] {
            assert_eq!(key.check(Operation::Verify(alg)), strict, "{bits}");
            assert_eq!(key.check_with(Operation::Verify(alg), RsaLimits::LEGACY_VERIFY), legacy, "{bits}");
        }
        assert_eq!(key.check(Operation::Encrypt(JweAlg::RsaOaep)), strict, "{bits}");
    }
}

/// Covers K25, B10.
#[test]
fn rsa_exponents() {
    let small = Err(Error::Weak(Weakness::ExponentTooSmall));
    for (e, strict, three) in [
        (&[3][..], small, Ok(())),
        (&[17], small, Ok(())),
        (&[0xff, 0xff], small, Ok(())),
        (&[1, 0, 1], Ok(()), Ok(())),
        (&[1, 0, 0, 0, 1], Ok(()), Ok(())),
    ] {
        let key = rsa(2048, e);
        let limits = RsaLimits { min_exponent: 3, ..RsaLimits::STRICT };
        assert_eq!(key.check(Operation::Verify(JwsAlg::Rs256)), strict);
        assert_eq!(key.check_with(Operation::Verify(JwsAlg::Rs256), limits), three);
    }
}

/// Covers K25.
#[test]
fn the_legacy_option_is_not_one_to_sign() {
    let small =
        Jwk::try_from(&rsa::PrivateKey::try_from(&Jwk::from_json(RSA_PRIVATE).unwrap()).unwrap()).unwrap();
    assert_eq!(small.check_with(Operation::Sign(JwsAlg::Rs256), RsaLimits::LEGACY_VERIFY), Ok(()));
    let mut rng = rsa_rng();
    let small = Jwk::try_from(&rsa::PrivateKey::new_unchecked(&mut rng, 1024).unwrap()).unwrap();
    let refused = Err(Error::Weak(Weakness::ModulusTooSmall));
    assert_eq!(small.check_with(Operation::Sign(JwsAlg::Rs256), RsaLimits::LEGACY_VERIFY), refused);
    assert_eq!(small.check_with(Operation::Verify(JwsAlg::Rs256), RsaLimits::LEGACY_VERIFY), Ok(()));
}

/// Covers B10.
#[test]
fn roca() {
    let key = Jwk::from_json(ROCA).unwrap();
    assert_eq!(key.check(Operation::Verify(JwsAlg::Rs256)), Err(Error::Weak(Weakness::Roca)));
    assert_eq!(Jwk::from_json(RSA_7638).unwrap().check(Operation::Verify(JwsAlg::Rs256)), Ok(()));
}

/// Covers K26.
#[test]
fn symmetric_sizes_are_exact_for_encryption() {
    for len in [15_usize, 16, 17, 24, 32, 48, 64, 65] {
        let key = Jwk::generate(KeySpec::Oct { len }, &mut SysRng).unwrap();
        let any = [16, 24, 32, 48, 64].contains(&len);
        for (alg, fits, expected) in [
            (JweAlg::A128Kw, len == 16, Some(16)),
            (JweAlg::A192Kw, len == 24, Some(24)),
            (JweAlg::A256Kw, len == 32, Some(32)),
            (JweAlg::A128GcmKw, len == 16, Some(16)),
            (JweAlg::A192GcmKw, len == 24, Some(24)),
            (JweAlg::A256GcmKw, len == 32, Some(32)),
            (JweAlg::Dir, any, None),
            (JweAlg::Pbes2Hs256A128Kw, true, None),
        ] {
            let wrong = Usage::WrongLength { alg: alg.as_str(), expected, found: len };
            let expected = if fits { Ok(()) } else { Err(Error::Usage(wrong)) };
            assert_eq!(key.check(Operation::Encrypt(alg)), expected, "{len} {alg}");
            assert_eq!(key.check(Operation::Decrypt(alg)), expected, "{len} {alg}");
        }
    }
    let key = Jwk::generate(KeySpec::Oct { len: 32 }, &mut SysRng).unwrap();
    let dir = |enc| key.clone().with_alg(enc).unwrap().check(Operation::Encrypt(JweAlg::Dir));
    assert_eq!(dir(JweEnc::A256Gcm), Ok(()));
    assert_eq!(dir(JweEnc::A128CbcHs256), Ok(()));
    let wrong = Usage::WrongLength { alg: "dir", expected: Some(16), found: 32 };
    assert_eq!(dir(JweEnc::A128Gcm), Err(Error::Usage(wrong)));
}

/// Covers K06.
#[test]
fn octets_make_a_symmetric_key() {
    let key = Jwk::from_octets(vec![0xfb, 0xff, 0]).unwrap();
    assert_eq!(*key.expose_private_json(), r#"{"kty":"oct","k":"-_8A"}"#);
}

/// Rows A3, beside the one in front.
///
/// Covers K06, A3, A9.
#[test]
fn octets_that_look_like_a_key_are_refused() {
    let public = Jwk::from_json(ED25519_PRIVATE).unwrap().to_public().unwrap();
    let mut texts: Vec<Vec<u8>> = [
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        "-----BEGIN RSA PUBLIC KEY-----\nAAAA\n-----END RSA PUBLIC KEY-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        "-----BEGIN PRIVATE KEY-----",
        "  \r\n-----BEGIN OPENSSH PRIVATE KEY-----",
        "Subject: a key\n-----BEGIN PUBLIC KEY-----",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA a@b",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB",
        "ecdsa-sha2-nistp256 AAAAE2VjZHNh",
        "---- BEGIN SSH2 PUBLIC KEY ----",
        " {\"x\":1, \"kty\": \"OKP\"}",
        "{\"keys\":[]}",
        "{\"\\u006bty\":\"oct\"}",
        "{'a':1,\"kty\":\"EC\",}",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    texts.push(public.to_json().into_bytes());
    texts.push([&b"\xef\xbb\xbf"[..], public.to_json().as_bytes()].concat());
    #[cfg(feature = "pem")]
    for text in [ED25519_PRIVATE, RSA_PRIVATE, crate::rfc::EC_PRIVATE, crate::rfc::X25519_PRIVATE] {
        use jose_jwk::{PrivateFormat, PublicFormat};
        let key = Jwk::from_json(text).unwrap();
        let public = key.to_public().unwrap();
        for format in [PrivateFormat::Pkcs8, PrivateFormat::Pkcs1, PrivateFormat::Sec1] {
            texts.extend(key.expose_private_der(format).ok().map(|der| der.to_vec()));
            texts.extend(key.expose_private_pem(format).ok().map(|pem| pem.as_bytes().to_vec()));
        }
        for format in [PublicFormat::Spki, PublicFormat::Pkcs1] {
            texts.extend(public.to_der(format));
            texts.extend(public.to_pem(format).map(String::into_bytes));
        }
    }
    #[cfg(feature = "x509")]
    texts.extend(Jwk::from_json(crate::rfc::X5C).unwrap().certificates().unwrap());
    for text in texts {
        let shown = String::from_utf8_lossy(&text).into_owned();
        assert_eq!(Jwk::from_octets(text.clone()), Err(Error::LooksLikeKey), "{shown}");
        let insisted = Jwk::dangerous_from_octets(text.clone());
        assert_eq!(insisted.expose_secret_member("k"), Some(&text[..]));
        for spelled in spellings(&text) {
            let shown = String::from_utf8_lossy(&spelled).into_owned();
            assert_eq!(Jwk::from_octets(spelled.clone()), Err(Error::LooksLikeKey), "{shown}");
            let k = jose_b64::base64url::encode_to_string(&spelled);
            let jwk = Jwk::from_json(format!(r#"{{"kty":"oct","k":"{k}"}}"#));
            assert_eq!(jwk, Err(Error::LooksLikeKey), "{shown}");
        }
    }
}

/// A key as it is copied around: with a line end, behind a byte order mark, in base64 and base64url with and without padding
/// and line ends, and as a string of JSON.
fn spellings(key: &[u8]) -> Vec<Vec<u8>> {
    use base64ct::{Base64, Base64Unpadded, Base64Url, Base64UrlUnpadded, Encoding};
    let base64 = Base64::encode_string(key);
    let lines: Vec<&str> =
        base64.as_bytes().chunks(64).map(|line| core::str::from_utf8(line).unwrap()).collect();
    let mut all: Vec<Vec<u8>> =
        vec![key.to_vec(), lines.join("\n").into_bytes(), lines.join("\r\n").into_bytes()];
    all.push(Base64Unpadded::encode_string(key).into_bytes());
    all.push(Base64Url::encode_string(key).into_bytes());
    all.push(Base64UrlUnpadded::encode_string(key).into_bytes());
    all.push(base64.into_bytes());
    if let Ok(text) = core::str::from_utf8(key) {
        let escaped = text.replace('\\', "\\\\").replace('\n', "\\n").replace('"', "\\\"");
        all.push(format!("\"{escaped}\"").into_bytes());
    }
    let around = |text: &Vec<u8>| {
        [
            [text.as_slice(), b"\n"].concat(),
            [text.as_slice(), b"\r\n"].concat(),
            [b"\xef\xbb\xbf", text.as_slice()].concat(),
        ]
    };
    let spelled: Vec<_> = all.iter().flat_map(around).collect();
    [all, spelled].concat()
}

/// Members that are longer than the modulus are refused before anything is computed with them, on a small stack.
///
/// Covers B11.
#[test]
fn members_are_bounded_by_the_modulus() {
    let oversized = |member: &str, len: usize| {
        let start = RSA_PRIVATE.find(&format!("\"{member}\":\"")).unwrap() + member.len() + 4;
        let end = start + RSA_PRIVATE[start..].find('"').unwrap();
        let long = jose_b64::base64url::encode_to_string(&vec![0xff; len]);
        format!("{}{long}{}", &RSA_PRIVATE[..start], &RSA_PRIVATE[end..])
    };
    let test = move || {
        for len in [257, 2049, 256 * 1024] {
            for member in ["d", "p", "q", "dp", "dq", "qi"] {
                let text = oversized(member, len);
                assert_eq!(Jwk::from_json(&text), Err(crate::support::length(member)), "{member} {len}");
                let set = jose_jwk::JwkSet::from_json(format!("{{\"keys\":[{text}]}}")).unwrap();
                assert_eq!(set.skipped().len(), 1);
            }
        }
        let n = oversized("n", 2049);
        assert_eq!(Jwk::from_json(&n), Err(Error::Weak(Weakness::ModulusTooLarge)));
        for member in ["e", "n"] {
            assert!(matches!(Jwk::from_json(oversized(member, 256 * 1024)), Err(Error::Weak(_))), "{member}");
        }
    };
    std::thread::Builder::new().stack_size(128 * 1024).spawn(test).unwrap().join().unwrap();
}

/// The same in PKCS #1 and PKCS #8, written by hand: each of the integers absurdly long.
///
/// Covers B11.
#[cfg(feature = "pem")]
#[test]
fn members_in_der_are_bounded_by_the_modulus() {
    use jose_jwk::PrivateFormat;
    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        let len = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&[tag, 0x83], &len[1..], content].concat()
    }
    fn minimal(tag: u8, content: &[u8]) -> Vec<u8> {
        match content.len() {
            0..=0x7f => [&[tag, content.len() as u8], content].concat(),
            0x80..=0xff => [&[tag, 0x81, content.len() as u8], content].concat(),
            0x100..=0xffff => [&[tag, 0x82], &(content.len() as u16).to_be_bytes()[..], content].concat(),
            _ => element(tag, content),
        }
    }
    let integer = |bytes: &[u8]| minimal(2, &[&[0][..], bytes].concat());
    let test = move || {
        for long in 2..8 {
            let mut fields = vec![minimal(2, &[0])];
            for place in 0..8 {
                fields.push(match place {
                    0 => integer(&[0xff; 256]),
                    1 => minimal(2, &[1, 0, 1]),
                    place if place == long => integer(&vec![0xff; 256 * 1024]),
                    _ => integer(&[0x81; 128]),
                });
            }
            let pkcs1 = minimal(0x30, &fields.concat());
            let algorithm = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0];
            let pkcs8 = [&[2, 1, 0][..], &algorithm, &minimal(4, &pkcs1)].concat();
            for (der, format) in
                [(pkcs1, PrivateFormat::Pkcs1), (minimal(0x30, &pkcs8), PrivateFormat::Pkcs8)]
            {
                let error = Jwk::from_private_der(&der, format).unwrap_err();
                assert_eq!(error.code(), "member-length", "{long} {format:?}: {error}");
            }
        }
    };
    std::thread::Builder::new().stack_size(128 * 1024).spawn(test).unwrap().join().unwrap();
}

/// Covers K06.
#[test]
fn secrets_are_not_mistaken_for_keys() {
    for text in ["", "a", "{}", "{\"a\":1}", "{kty}", "password with ssh-rsa in it", "30", "-----", "MIIB"] {
        assert!(Jwk::from_octets(text.as_bytes().to_vec()).is_ok(), "{text}");
    }
    // The shape of DER, but of fewer bytes than any key; and longer, but of another length than it says.
    let mut octets = vec![0x30, 30, 0x02, 1, 0, 0x04, 25];
    octets.resize(32, 7);
    assert!(Jwk::from_octets(octets.clone()).is_ok());
    octets.resize(64, 7);
    assert!(Jwk::from_octets(octets).is_ok());
    for _ in 0..1000 {
        let key = Jwk::generate(KeySpec::Oct { len: 64 }, &mut SysRng).unwrap();
        assert!(Jwk::from_octets(key.expose_secret_member("k").unwrap().to_vec()).is_ok());
    }
}

/// Covers B1.
#[test]
fn an_embedded_key_is_public() {
    for text in [ED25519_PRIVATE, RSA_PRIVATE, r#"{"kty":"oct","k":"AAEC"}"#] {
        assert_eq!(PublicJwk::from_json(text), Err(Error::PrivateMembers));
    }
    assert!(PublicJwk::from_json(RSA_7638).is_ok());
}

/// Covers B3.
#[test]
fn a_kid_is_bounded_and_opaque() {
    let key = |kid: &str| Jwk::from_json(format!(r#"{{"kty":"oct","k":"AA","kid":"{kid}"}}"#));
    assert_eq!(key(&"k".repeat(1024)).unwrap().kid().unwrap().len(), 1024);
    assert_eq!(key(&"k".repeat(1025)), Err(length("kid")));
    for kid in ["../../etc/passwd", "' OR 1=1 --", "*)(uid=*", "\u{0}"] {
        let escaped = kid.replace('\u{0}', "\\u0000");
        assert_eq!(key(&escaped).unwrap().kid(), Some(kid));
    }
}

/// Covers K35.
#[cfg(feature = "p256k")]
#[test]
fn p256k_is_an_option_of_the_parser() {
    use jose_jwk::{Curve, JwkParser};
    let text = crate::rfc::SECP256K1_PRIVATE.replace("secp256k1", "P-256K");
    let parser = JwkParser::new().allow_p256k();
    let key = parser.jwk(&text).unwrap();
    assert_eq!(key.curve(), Some(Curve::Secp256k1));
    assert!(key.expose_private_json().contains(r#""crv":"secp256k1""#));
    assert_eq!(parser.jwk_set(format!(r#"{{"keys":[{text}]}}"#)).unwrap().len(), 1);
    assert_eq!(JwkParser::new().jwk(&text), Err(Error::CurveUnknown));
}

/// Covers K35.
#[test]
fn p256k_is_refused_by_default() {
    let text = crate::rfc::SECP256K1_PRIVATE.replace("secp256k1", "P-256K");
    assert_eq!(Jwk::from_json(&text), Err(Error::CurveUnknown));
}

/// The generator that `rsa` takes: one that cannot fail.
fn rsa_rng() -> rand_core::UnwrapErr<SysRng> {
    rand_core::UnwrapErr(SysRng)
}
