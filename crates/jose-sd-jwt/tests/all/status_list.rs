//! Token Status Lists.

use std::time::Duration;

use jose_sd_jwt::Error;
use jose_sd_jwt::jwt::{self, Claims as JwtClaims, JwsAlg, NumericDate, Reason, Token, VerifyingKey};
use jose_sd_jwt::status_list::{
    Bits, Status, StatusClaim, StatusList, StatusListToken, StatusListVerifier, VerifiedStatusList,
};
use serde_json::{Value, json};

use super::help::*;

const URI: &str = "https://issuer.example/status/1";

fn verifier() -> StatusListVerifier<VerifyingKey> {
    StatusListVerifier::new(issuer_key(), |rules| rules.any_issuer().any_audience())
}

fn verify(token: &str) -> Result<VerifiedStatusList, Error> {
    verifier().verify_at(token, URI, now())
}

/// A token with these claims in the place of those that are right.
fn token(typ: &str, changed: Value) -> String {
    let mut claims = json!({
        "sub": URI, "iat": NOW, "ttl": 60, "exp": NOW + 100,
        "status_list": {"bits": 1, "lst": "eNrbuRgAAhcBXQ"},
    });
    for (name, value) in changed.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    let claims = JwtClaims::new().without_issued_at().with(claims);
    Token::at(&claims, now()).typ(typ).sign(&THE_ISSUER.key).unwrap()
}

/// The first example of the draft: 16 statuses of one bit in the bytes b9 a3.
#[test]
fn the_first_example_is_read() {
    let verified = verify(&token("statuslist+jwt", json!({}))).unwrap();
    assert_eq!(verified.list().as_bytes(), [0xb9, 0xa3]);
    let statuses: Vec<u8> = (0..16).map(|index| verified.status(index).unwrap().into()).collect();
    assert_eq!(statuses, [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]);
    for index in [16, u64::from(u32::MAX), u64::MAX] {
        assert_eq!(verified.status(index).err(), Some(Error::StatusIndex));
    }
    assert_eq!(verified.issued_at(), now());
    assert_eq!(verified.exp(), Some(NumericDate::from_seconds(NOW + 100)));
}

#[test]
fn every_value_of_every_width_goes_in_and_comes_out() {
    for bits in [Bits::One, Bits::Two, Bits::Four, Bits::Eight] {
        let values = 1_u16 << bits.count();
        let mut list = StatusList::new(bits, 1000);
        assert_eq!(Bits::from_count(bits.count()), Some(bits));
        assert_eq!(list.len(), 1000);
        let value = |index: u64| Status::from(((index * 7 + 3) % u64::from(values)) as u8);
        (0..1000).for_each(|index| list.set(index, value(index)).unwrap());
        let token = StatusListToken::new(&list, URI).at(now()).sign(&THE_ISSUER.key).unwrap();
        let verified = verify(&token).unwrap();
        assert_eq!(*verified.list(), list);
        assert!((0..1000).all(|index| verified.status(index) == Ok(value(index))));
        assert_eq!(list.set(1000, Status::Valid).err(), Some(Error::StatusIndex));
        if let Ok(value) = u8::try_from(values) {
            assert_eq!(list.set(0, value.into()).err(), Some(Error::StatusValue));
        }
    }
    assert_eq!([0, 3, 5, 6, 7, 16].map(Bits::from_count), [None; 6]);
}

#[test]
fn a_token_of_another_kind_is_refused() {
    let claim = |changed, name: &str, reason| {
        let error = verify(&token("statuslist+jwt", changed)).err();
        let Some(Error::Jwt(jwt::Error::Claim { claim, reason: found, .. })) = error else {
            panic!("{error:?}")
        };
        assert_eq!((&*claim, found), (name, reason));
    };
    claim(json!({"sub": "https://issuer.example/status/2"}), "sub", Reason::Mismatch);
    claim(json!({"sub": null}), "sub", Reason::Missing);
    claim(json!({"iat": null}), "iat", Reason::Missing);
    let error = verify(&token("statuslist+jwt", json!({"exp": NOW}))).err();
    assert!(matches!(error, Some(Error::Jwt(jwt::Error::Expired { .. }))), "{error:?}");
    assert!(verify(&token("statuslist+jwt", json!({"exp": null}))).is_ok());
    let error = verify(&token("JWT", json!({}))).err();
    assert_eq!(error, Some(Error::Jwt(jwt::Error::Typ(Reason::Mismatch))));
    let error = verify(&token("statuslist+jwt", json!({"status_list": null}))).err();
    assert!(matches!(error, Some(Error::Jwt(jwt::Error::ClaimsType(_)))), "{error:?}");
    let other = VerifyingKey::from_jwk(&THE_HOLDER.public, JwsAlg::Es256).unwrap();
    let other = StatusListVerifier::new(other, |rules| rules.any_issuer().any_audience());
    let error = other.verify_at(&token("statuslist+jwt", json!({})), URI, now()).err();
    assert_eq!(error, Some(Error::Jwt(jwt::jws::Error::Signature.into())));
}

#[test]
fn a_malformed_list_is_refused() {
    for list in [
        json!({"bits": 3, "lst": "eNrbuRgAAhcBXQ"}),
        json!({"bits": 0, "lst": "eNrbuRgAAhcBXQ"}),
        json!({"bits": 1, "lst": "eNrbuRgAAhcBXQ=="}),
        json!({"bits": 1, "lst": ""}),
        json!({"bits": 1, "lst": "AAAA"}),
        // Cut off, and with another checksum.
        json!({"bits": 1, "lst": "eNrbuRgA"}),
        json!({"bits": 1, "lst": "eNrbuRgAAhcBXA"}),
    ] {
        let error = verify(&token("statuslist+jwt", json!({"status_list": list}))).err();
        assert_eq!(error, Some(Error::StatusList), "{list}");
    }
    for ttl in [json!(0), json!(-1)] {
        assert_eq!(verify(&token("statuslist+jwt", json!({"ttl": ttl}))).err(), Some(Error::StatusList));
    }
}

/// A few kilobytes that inflate to megabytes.
#[test]
fn inflation_is_limited() {
    let list = StatusList::new(Bits::Eight, 5 * 1024 * 1024);
    let token = StatusListToken::new(&list, URI).at(now()).sign(&THE_ISSUER.key).unwrap();
    assert!(token.len() < 10_000);
    assert_eq!(verify(&token).err(), Some(Error::StatusList));
    assert_eq!(
        verifier().max_len(5 * 1024 * 1024).verify_at(&token, URI, now()).unwrap().list().len(),
        list.len()
    );
    let rules = |rules: jwt::JwtVerifier<_, _, _>| rules.any_issuer().any_audience().max_len(100);
    let error = StatusListVerifier::new(issuer_key(), rules).verify_at(&token, URI, now()).err();
    assert_eq!(error, Some(Error::Jwt(jwt::Error::TooLong { max: 100 })));
}

#[test]
fn a_copy_is_kept_as_long_as_it_may() {
    let list = StatusList::new(Bits::One, 8);
    let fetched = NumericDate::from_seconds(NOW + 50);
    let until = |ttl: Option<u64>, exp: Option<u64>| {
        let mut token = StatusListToken::new(&list, URI).at(now());
        if let Some(ttl) = ttl {
            token = token.ttl(Duration::from_secs(ttl));
        }
        if let Some(exp) = exp {
            token = token.expires_in(Duration::from_secs(exp));
        }
        let verified = verify(&token.sign(&THE_ISSUER.key).unwrap()).unwrap();
        verified.fresh_until(fetched).map(|date| date.seconds() - NOW)
    };
    assert_eq!(until(None, None), None);
    assert_eq!(until(Some(60), None), Some(110));
    assert_eq!(until(None, Some(100)), Some(100));
    assert_eq!(until(Some(60), Some(100)), Some(100));
    assert_eq!(until(Some(60), Some(200)), Some(110));
}

#[test]
fn what_is_written_is_what_the_draft_asks_for() {
    let list = StatusList::new(Bits::Two, 4);
    let token = StatusListToken::new(&list, URI)
        .issuer(ISSUER)
        .at(now())
        .ttl(Duration::from_secs(5))
        .aggregation_uri("https://a.example");
    let token = token.sign(&THE_ISSUER.key).unwrap();
    let decoded = jwt::dangerous_decode(&token).unwrap();
    let header: Value = serde_json::from_str(decoded.header_text()).unwrap();
    assert_eq!(header["typ"], "statuslist+jwt");
    let mut claims: Value = decoded.claims().unwrap();
    claims["status_list"]["lst"].take();
    assert_eq!(
        claims,
        json!({"iss": ISSUER, "sub": URI, "iat": NOW, "ttl": 5, "status_list": {"bits": 2, "lst": null, "aggregation_uri": "https://a.example"}})
    );
    assert_eq!(verify(&token).unwrap().aggregation_uri(), Some("https://a.example"));
    let claim: StatusClaim = serde_json::from_value(json!({"status_list": {"idx": 3, "uri": URI}})).unwrap();
    assert_eq!(verify(&token).unwrap().status(claim.status_list.idx), Ok(Status::Valid));
}
