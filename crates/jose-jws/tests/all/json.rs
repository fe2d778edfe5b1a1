//! The JSON serializations: W03, W05, W07 to W13, A4, D12, D15, E2 to E5, E12.

use core::num::NonZeroUsize;

use jose_b64::base64url::encode_to_string;
use jose_jwk::{AlgSet, JwkSet};
use jose_jws::json::{self, Builder, Form, Headers, Protected, Require, Unverified};
use jose_jws::{
    Error, Header, HeaderError, JwsAlg, Part, Sign, SigningKey, Verify, VerifyingKey, VerifyingKeys, compact,
};

use crate::help::{built, jwk, raw, sign_raw, signer, verifier};
use crate::keys;

/// What makes signatures as they are asked for, right or not.
pub(super) fn signature(key: &SigningKey, protected: &str, payload: &str) -> String {
    let protected = if protected.is_empty() { String::new() } else { encode_to_string(protected.as_bytes()) };
    encode_to_string(&sign_raw(key, format!("{protected}.{payload}").as_bytes()).unwrap())
}

/// The members of one signature; empty texts are left away.
pub(super) fn members(key: &SigningKey, protected: &str, header: &str, payload: &str) -> String {
    let signature = signature(key, protected, payload);
    let protected = match protected {
        "" => String::new(),
        text => format!(r#""protected":"{}","#, encode_to_string(text.as_bytes())),
    };
    let header = if header.is_empty() { String::new() } else { format!(r#""header":{header},"#) };
    format!(r#"{protected}{header}"signature":"{signature}""#)
}

pub(super) fn flattened(key: &SigningKey, protected: &str, header: &str) -> String {
    format!(r#"{{"payload":"e30",{}}}"#, members(key, protected, header, "e30"))
}

pub(super) fn general(signatures: &[String]) -> String {
    let list: Vec<String> = signatures.iter().map(|members| format!("{{{members}}}")).collect();
    format!(r#"{{"payload":"e30","signatures":[{}]}}"#, list.join(","))
}

pub(super) fn mac() -> SigningKey {
    signer(keys::OCT, JwsAlg::Hs256)
}

pub(super) fn verify(text: &str) -> Result<Vec<u8>, Error> {
    json::verify(&verifier(keys::OCT, JwsAlg::Hs256), text, Require::Any).map(json::Verified::into_payload)
}

pub(super) const HS256: &str = r#"{"alg":"HS256"}"#;

/// Covers W03, W05.
#[test]
fn one_signature_fits_every_form() {
    let key = mac();
    let one = built(b"{}", &[(&key, Headers::default())]);
    let compact = one.compact().unwrap();
    assert_eq!(compact, compact::sign(&key, b"{}", &Header::new()).unwrap());
    assert_eq!(one.flattened().unwrap(), {
        let parts: Vec<&str> = compact.split('.').collect();
        format!(r#"{{"payload":"{}","protected":"{}","signature":"{}"}}"#, parts[1], parts[0], parts[2])
    });
    assert_eq!(one.general().unwrap(), general(&[members(&key, HS256, "", "e30")]));
    for (text, form) in [
        (one.compact().unwrap(), Form::Compact),
        (one.flattened().unwrap(), Form::Flattened),
        (one.general().unwrap(), Form::General),
    ] {
        let verified = json::verify_any(&verifier(keys::OCT, JwsAlg::Hs256), &text, Require::All).unwrap();
        assert_eq!((verified.payload(), verified.form()), (&b"{}"[..], form));
        assert_eq!(verified.signatures().first().unwrap().header().text(), HS256);
    }
}

/// W09: what is not asked for is not taken.
///
/// Covers W09.
#[test]
fn the_form_is_the_callers_choice() {
    let key = verifier(keys::OCT, JwsAlg::Hs256);
    let one = built(b"{}", &[(&mac(), Headers::default())]);
    let compact = one.compact().unwrap();
    assert_eq!(verify(&compact).unwrap_err().code(), "syntax");
    for text in [one.flattened().unwrap(), one.general().unwrap()] {
        assert!(verify(&text).is_ok());
        assert!(compact::verify(&key, &text).is_err());
        assert!(compact::verify_detached(&key, &text, b"{}").is_err());
        assert!(jose_jws::unsecured::read(&text).is_err());
    }
}

fn three() -> (String, VerifyingKeys) {
    let names = [
        ("a", keys::P256, JwsAlg::Es256),
        ("b", keys::ED25519, JwsAlg::Ed25519),
        ("c", keys::P384, JwsAlg::Es384),
    ];
    let keys = names.map(|(kid, key, alg)| SigningKey::from_jwk(jwk(key).with_kid(kid), alg).unwrap());
    let headers = Headers { unprotected: Some(r#"{"note":"from b"}"#), ..Headers::default() };
    let signatures: [(&dyn Sign, _); 3] =
        [(&keys[0], Headers::default()), (&keys[1], headers), (&keys[2], Headers::default())];
    let text = built(b"{}", &signatures).general().unwrap();
    let set = JwkSet::from_iter(names.map(|(kid, key, _)| jwk(key).with_kid(kid)));
    (text, VerifyingKeys::from_jwks(&set, AlgSet::from(names.map(|(_, _, alg)| alg))).unwrap())
}

/// Covers D15, W11, W13.
#[test]
fn which_signatures_verified_is_told() {
    let (text, keys) = three();
    let verified = json::verify(&keys, &text, Require::All).unwrap();
    let told: Vec<_> = verified
        .signatures()
        .iter()
        .map(|signature| (signature.index(), signature.key_index(), signature.alg()))
        .collect();
    assert_eq!(told, [(0, 0, JwsAlg::Es256), (1, 1, JwsAlg::Ed25519), (2, 2, JwsAlg::Es384)]);
    let second = verified.signatures().iter().nth(1).unwrap();
    assert_eq!(second.header().text(), r#"{"alg":"Ed25519","kid":"b"}"#);
    assert_eq!(second.unprotected_header().text(), r#"{"note":"from b"}"#);
    assert!(second.header().get("note").is_none());
    assert_eq!(verified.signatures().first().unwrap().unprotected_header().iter().count(), 0);
}

/// Each subset of three signatures being wrong, under each requirement.
///
/// Covers D15, W13.
#[test]
fn any_all_and_at_least() {
    let (text, keys) = three();
    let mut tried = 0;
    for wrong in 0..8_usize {
        let mut damaged = text.clone();
        // The place of each signature's first byte in the text.
        let places: Vec<usize> =
            text.match_indices(r#""signature":""#).map(|(at, name)| at + name.len()).collect();
        for (index, at) in places.iter().enumerate().filter(|(index, _)| wrong & (1 << index) != 0) {
            let other = if &damaged[*at..=*at] == "A" { "B" } else { "A" };
            damaged.replace_range(*at..=*at, other);
            let _ = index;
        }
        let right: Vec<usize> = (0..3).filter(|index| wrong & (1 << index) == 0).collect();
        let requirements = [(Require::Any, 1), (Require::All, 3)]
            .into_iter()
            .chain((1..=4).map(|n| (Require::AtLeast(NonZeroUsize::new(n).unwrap()), n)));
        for (require, needed) in requirements {
            match json::verify(&keys, &damaged, require) {
                Ok(verified) => {
                    let told: Vec<usize> = verified.signatures().iter().map(|one| one.index()).collect();
                    assert_eq!(told, right);
                    assert!(right.len() >= needed);
                }
                Err(error) => {
                    assert!(right.len() < needed, "{wrong:b}, {require:?}");
                    let some = !right.is_empty() && require != Require::All;
                    assert_eq!(error, if some { Error::SignaturesTooFew } else { Error::Signature });
                }
            }
            tried += 1;
        }
    }
    assert_eq!(tried, 8 * 6);
}

/// The holder of one key signs as often as he likes and is still one.
///
/// Covers D15.
#[test]
fn the_same_key_counts_once() {
    let mac = mac();
    let both: [(&dyn Sign, _); 2] = [(&mac, Headers::default()), (&mac, Header::new().typ("x").into())];
    let two = built(b"{}", &both).general().unwrap();
    let key = verifier(keys::OCT, JwsAlg::Hs256);
    assert_eq!(json::verify(&key, &two, Require::All).unwrap().signatures().len(), 2);
    let quorum = Require::AtLeast(NonZeroUsize::new(2).unwrap());
    assert_eq!(json::verify(&key, &two, quorum).unwrap_err(), Error::SignaturesTooFew);
}

/// A4: an `alg` that nothing protects is taken where the key has no other, and nowhere else.
///
/// Covers A4.
#[test]
fn an_unprotected_alg_needs_a_key_of_one_algorithm() {
    for (protected, header) in
        [("", r#"{"alg":"HS256"}"#), (r#"{"typ":"x"}"#, r#"{"alg":"HS256","kid":"k"}"#)]
    {
        let text = flattened(&mac(), protected, header);
        let check = |keys: &dyn Verify| json::verify(keys, &text, Require::Any).map(|_| ());
        let one = VerifyingKey::from_jwk(jwk(keys::OCT), JwsAlg::Hs256).unwrap();
        let two =
            VerifyingKey::from_jwk(jwk(keys::OCT), AlgSet::from([JwsAlg::Hs256, JwsAlg::Hs512])).unwrap();
        let named = jwk(keys::OCT).with_alg(JwsAlg::Hs256).unwrap();
        let all = VerifyingKey::from_jwk(&named, AlgSet::all()).unwrap();
        assert_eq!(check(&one), Ok(()));
        assert_eq!(check(&two).map_err(|error| error.code()), Err("algorithm-not-allowed"));
        assert_eq!(check(&all), Ok(()), "the key itself names one");
        let set = |key, algs: &[JwsAlg]| {
            VerifyingKeys::from_jwks(&JwkSet::from_iter([key]), AlgSet::of(algs)).unwrap().max_candidates(2)
        };
        assert_eq!(check(&set(jwk(keys::OCT), &[JwsAlg::Hs256])), Ok(()));
        let several = set(jwk(keys::OCT), &[JwsAlg::Hs256, JwsAlg::Hs384]);
        assert_eq!(check(&several), Err(Error::KeyNotFound));
        let slice: &[&dyn Verify] = &[&two];
        assert_eq!(json::verify(slice, &text, Require::Any).map(|_| ()), Err(Error::KeyNotFound));
        let chosen =
            jose_jws::KeyResolver::new(two.algs(), |_: &jose_jws::Candidate<'_>| Some(&two)).unwrap();
        assert_eq!(check(&chosen).map_err(|error| error.code()), Err("algorithm-not-allowed"));
    }
}

/// Covers E5, W08, B64.
#[test]
fn is_protected_and_the_same_for_all() {
    let unencoded = r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#;
    let key = verifier(keys::OCT, JwsAlg::Hs256);
    let flat = |protected: &str, header: &str, payload: &str| {
        format!(r#"{{"payload":"{payload}",{}}}"#, members(&mac(), protected, header, payload))
    };
    let check = |text: &str| {
        Unverified::parse(text)
            .and_then(|jws| jws.allow_unencoded().verify(&key, Require::Any))
            .map(json::Verified::into_payload)
    };
    // A full stop is no matter here.
    assert_eq!(check(&flat(unencoded, "", "$.02")).unwrap(), b"$.02");
    assert_eq!(verify(&flat(unencoded, "", "$.02")), Err(Error::Unencoded));
    assert_eq!(check(&flat(HS256, r#"{"b64":false}"#, "e30")), Err(Error::B64));
    assert_eq!(check(&flat(r#"{"alg":"HS256","b64":false}"#, "", "e30")), Err(Error::B64));
    let crit = Err(Error::Header(HeaderError::CritUnprotected));
    assert_eq!(check(&flat(HS256, r#"{"b64":false,"crit":["b64"]}"#, "e30")), crit);
    let mixed = [members(&mac(), unencoded, "", "e30"), members(&mac(), HS256, "", "e30")];
    assert_eq!(check(&general(&mixed)), Err(Error::B64Mixed));
    let header = raw();
    let mut one = built(b"$.02", &[(&mac(), header.into())]);
    assert_eq!(one.sign(&mac(), Header::new()).map(|_| ()).unwrap_err(), Error::B64Mixed);
    assert_eq!(one.compact().unwrap_err(), Error::PayloadHasDot);
    assert!(one.clone().detached().compact().is_ok());
    assert_eq!(check(&one.flattened().unwrap()).unwrap(), b"$.02");
    let two = one.sign(&mac(), header).unwrap().general().unwrap();
    assert_eq!(check(&two).unwrap(), b"$.02");
    // In the text it is a string, so UTF-8; apart, any bytes.
    let octets = built(b"\xff", &[(&mac(), header.into())]);
    let not_utf8 = Error::Encoding { part: Part::Payload, error: jose_b64::Error::Utf8 };
    assert_eq!(octets.flattened().unwrap_err(), not_utf8);
    let text = octets.detached().general().unwrap();
    assert_eq!(json::verify_detached(&key, &text, Require::All, b"\xff").unwrap().len(), 1);
    // What has to be escaped in JSON is signed as it is.
    let quoted = built("\"\\\n\u{1}é".as_bytes(), &[(&mac(), header.into())]).flattened().unwrap();
    assert_eq!(check(&quoted).unwrap(), "\"\\\n\u{1}é".as_bytes());
}

/// Covers W15.
#[test]
fn detached_in_both_forms() {
    let key = verifier(keys::OCT, JwsAlg::Hs256);
    let one = built(b"payload", &[(&mac(), Headers::default())]);
    let whole = one.flattened().unwrap();
    let apart = one.detached();
    for text in [apart.flattened().unwrap(), apart.general().unwrap()] {
        assert!(!text.contains("payload"));
        assert_eq!(json::verify(&key, &text, Require::Any).unwrap_err(), Error::PayloadMissing);
        let verified = json::verify_detached(&key, &text, Require::Any, b"payload").unwrap();
        assert_eq!(verified.first().unwrap().alg(), JwsAlg::Hs256);
        let other = json::verify_detached(&key, &text, Require::Any, b"Payload");
        assert_eq!(other.unwrap_err(), Error::Signature);
    }
    let present = json::verify_detached(&key, &whole, Require::Any, b"payload");
    assert_eq!(present.unwrap_err(), Error::PayloadPresent);
    let compact = apart.compact().unwrap();
    assert!(compact::verify_detached(&key, &compact, b"payload").is_ok());
    let jws = Unverified::parse_any(&compact).unwrap();
    assert!(jws.verify_detached(&key, Require::Any, b"payload").is_ok());
}

/// Covers E4, W12.
#[test]
fn crit_holds_for_its_own_signature() {
    let own = r#"{"alg":"HS256","crit":["x"],"x":1}"#;
    let list = [members(&mac(), own, "", "e30"), members(&mac(), HS256, "", "e30")];
    let text = general(&list);
    let key = verifier(keys::OCT, JwsAlg::Hs256);
    let told = |understood: &[&str], require| {
        let verified = Unverified::parse(&text).unwrap().understand(understood).verify(&key, require)?;
        Ok(verified.signatures().iter().map(|one| one.index()).collect::<Vec<_>>())
    };
    let refused = Error::Header(HeaderError::CritNotUnderstood);
    assert_eq!(told(&[], Require::Any), Ok(vec![1]));
    assert_eq!(told(&[], Require::All), Err(refused));
    assert_eq!(told(&["x"], Require::All), Ok(vec![0, 1]));
    // The parameter itself may be unprotected (RFC 7515 section 4.1.11), `crit` may not.
    let text = flattened(&mac(), r#"{"alg":"HS256","crit":["x"]}"#, r#"{"x":1}"#);
    assert!(Unverified::parse(&text).unwrap().understand(&["x"]).verify(&key, Require::Any).is_ok());
    let text = flattened(&mac(), HS256, r#"{"crit":["x"],"x":1}"#);
    assert_eq!(verify(&text), Err(Error::Header(HeaderError::CritUnprotected)));
}

/// D12: a JWE is no JWS, in any form.
///
/// Covers D12.
#[test]
fn a_jwe_is_not_verified() {
    let protected = encode_to_string(br#"{"alg":"dir","enc":"A128GCM"}"#);
    let key = verifier(keys::OCT, JwsAlg::Hs256);
    let compact = format!("{protected}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA");
    let flattened = format!(
        r#"{{"protected":"{protected}","iv":"AAAAAAAAAAAAAAAA","ciphertext":"AAAA","tag":"AAAAAAAAAAAAAAAAAAAAAA"}}"#
    );
    let general = format!(
        r#"{{"protected":"{protected}","recipients":[{{"encrypted_key":"AAAA"}}],"iv":"AAAA","ciphertext":"AAAA","tag":"AAAA"}}"#
    );
    for text in [&compact, &flattened, &general] {
        assert!(compact::verify(&key, text).is_err());
        assert!(json::verify(&key, text, Require::Any).is_err());
        assert!(json::verify_any(&key, text, Require::Any).is_err());
        assert!(json::verify_detached(&key, text, Require::Any, b"").is_err());
        assert!(compact::verify_detached(&key, text, b"").is_err());
        assert!(jose_jws::embedded::verify(text, AlgSet::all()).is_err());
        assert!(jose_jws::unsecured::read(text).is_err());
    }
}

/// A1: `none` beside a right signature, and alone.
///
/// Covers A1.
#[test]
fn none_is_no_signature() {
    let none = format!(r#""protected":"{}","signature":"""#, encode_to_string(br#"{"alg":"none"}"#));
    let right = members(&mac(), HS256, "", "e30");
    let key = verifier(keys::OCT, JwsAlg::Hs256);
    assert_eq!(verify(&general(std::slice::from_ref(&none))), Err(Error::AlgorithmUnknown));
    let both = general(&[none, right]);
    assert_eq!(json::verify(&key, &both, Require::Any).unwrap().signatures().first().unwrap().index(), 1);
    assert_eq!(json::verify(&key, &both, Require::All).unwrap_err(), Error::AlgorithmUnknown);
}

/// K36: the two steps, and a key's `kid` only where no header has one.
///
/// Covers K36, W06.
#[test]
fn two_steps_and_the_kid() {
    let key = SigningKey::from_jwk(jwk(keys::OCT).with_kid("own"), JwsAlg::Hs256).unwrap();
    let mut builder = Builder::new(b"{}");
    let pending = builder.prepare(key.alg(), Header::new()).unwrap();
    let short = Error::SignatureLength { alg: JwsAlg::Hs256, found: 31 };
    assert_eq!(pending.attach(&[1; 31]).unwrap_err(), short);
    let pending = builder.prepare(key.alg(), Header::new()).unwrap();
    assert_eq!(pending.signing_input(), format!("{}.e30", encode_to_string(HS256.as_bytes())).into_bytes());
    let octets = sign_raw(&key, &pending.signing_input()).unwrap();
    pending.attach(&octets).unwrap();
    // The signature that failed has left nothing behind.
    assert_eq!(builder.flattened().unwrap(), flattened(&key, HS256, ""));
    let other = signer(keys::OCT, JwsAlg::Hs512);
    let pending = builder.prepare(key.alg(), Header::new()).unwrap();
    assert_eq!(pending.sign(&other).map(|_| ()).unwrap_err().code(), "algorithm-not-allowed");
    let headers = Headers { unprotected: Some(r#"{"kid":"other"}"#), ..Headers::default() };
    let nameless = mac();
    let text = built(b"{}", &[(&nameless, headers)]).flattened().unwrap();
    let mut contradiction = Builder::new(b"{}");
    assert_eq!(contradiction.sign(&key, headers).map(|_| ()).unwrap_err(), Error::KidMismatch);
    assert_eq!(text, flattened(&key, HS256, r#"{"kid":"other"}"#));
    let headers = Headers { protected: Protected::Absent, unprotected: Some(r#"{"alg":"HS512"}"#) };
    let mut builder = Builder::new(b"{}");
    let wrong = builder.sign(&key, headers).map(|_| ());
    assert_eq!(wrong.unwrap_err().code(), "algorithm-not-allowed");
}

/// Nothing but verifying makes the types that say verified; a look before is spelled as what it is.
///
/// Covers F9.
#[test]
fn looks_at_unverified_content_are_dangerous() {
    let text = flattened(&mac(), HS256, r#"{"note":1}"#);
    let jws = Unverified::parse(&text).unwrap();
    assert_eq!(jws.dangerous_payload().unwrap().unwrap(), b"{}");
    let (protected, unprotected) = jws.dangerous_headers().next().unwrap();
    assert_eq!((protected.text(), unprotected.text()), (HS256, r#"{"note":1}"#));
    assert!(!format!("{jws:?}").contains("note"));
}

/// Bytes, or text where they are that.
///
/// Covers W04, W14.
#[test]
fn a_payload_is_octets_or_text() {
    let key = verifier(keys::OCT, JwsAlg::Hs256);
    let not_utf8 = Error::Encoding { part: Part::Payload, error: jose_b64::Error::Utf8 };
    for (payload, expected) in [("é".as_bytes(), Ok("é")), (b"", Ok("")), (b"\xff", Err(not_utf8))] {
        let one = built(payload, &[(&mac(), Headers::default())]);
        let verified = json::verify(&key, &one.flattened().unwrap(), Require::All).unwrap();
        assert_eq!((verified.payload(), verified.text()), (payload, expected.clone()));
        let text = one.compact().unwrap();
        let verified = compact::verify(&key, &text).unwrap();
        assert_eq!((verified.payload(), verified.text()), (payload, expected));
    }
}
