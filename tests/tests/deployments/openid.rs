//! An OpenID provider: its published keys, and a login, in the clear and encrypted.

use base64ct::{Base64, Encoding as _};
use jose_jwe::{DecryptionKey, EncryptionKey};
use jose_jwk::{Curve, Error as KeyError, Hash, JweAlg, JweEnc, Jwk, JwkSet, JwsAlg, KeyUse, SysRng};
use jose_jws::{Header, SigningKey, VerifyingKeys};
use jose_jwt::profile::{ID_TOKEN, IdToken};
use jose_jwt::{Claims, Error, JwtVerifier, NoClaims, NumericDate, Reason, Token, Verified};
use serde_json::{Value, json};

use crate::certificate::self_signed;
use crate::{NOW, at, rsa};

const ISSUER: &str = "https://login.provider.example/";
const CLIENT: &str = "s6BhdRkqt3";

/// The RSA key as such providers name it: by the thumbprint of its certificate.
fn signing_key() -> Jwk {
    rsa().with_alg(JwsAlg::Rs256).unwrap().with_use(KeyUse::Sig).unwrap().with_kid("x5t-of-2026")
}

/// The provider's key set, in its own text: RSA with a certificate, EC, one to encrypt for, one of a type that is not
/// known here, and members that are not known anywhere.
fn published(certified: &Jwk, ec: &Jwk, recipient: &Jwk) -> String {
    let public = |jwk: &Jwk| -> Value { serde_json::from_str(&jwk.to_public().unwrap().to_json()).unwrap() };
    let with = |mut key: Value, more: Value| {
        key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        key
    };
    let certificate = Base64::encode_string(&self_signed(certified, "CN=login.provider.example"));
    json!({
        "keys": [
            with(public(&signing_key()), json!({"x5c": [certificate], "issuer": "https://login.provider.example/v2.0"})),
            with(public(ec), json!({"use": "sig", "alg": "ES256", "x_rotated_at": 1_790_000_000})),
            with(public(recipient), json!({"use": "enc"})),
            {"kty": "PQC-OF-TOMORROW", "kid": "next", "pub": "AAAA"},
        ],
        "cached_until": "2027-01-15T00:00:00Z",
    })
    .to_string()
}

struct Provider {
    rsa: Jwk,
    ec: Jwk,
    text: String,
}

fn provider() -> Provider {
    let ec = Jwk::generate(Curve::P256, &mut SysRng).unwrap().with_kid("ec-1");
    let recipient =
        Jwk::generate(Curve::P256, &mut SysRng).unwrap().with_kid("enc-1").with_alg(JweAlg::EcdhEs).unwrap();
    Provider { rsa: signing_key(), text: published(&rsa(), &ec, &recipient), ec }
}

/// OpenID Connect Core 1.0, appendix A.3: the access token and its hash for RS256.
const ACCESS_TOKEN: &str = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
const AT_HASH: &str = "77QmUPtjPfzWtF2AnpK9RQ";

const NONCE: &str = "n-0S6_WzA2Mj";

fn id_token() -> Claims<Value> {
    Claims::new()
        .issuer(ISSUER)
        .subject("248289761001")
        .audience(CLIENT)
        .issued_at(NOW)
        .expires_at(at(600))
        .with(json!({"nonce": NONCE, "at_hash": AT_HASH, "auth_time": 1_799_999_990, "email": "a@b.example"}))
}

fn sign(jwk: &Jwk, alg: JwsAlg, claims: &Claims<Value>) -> String {
    let key = SigningKey::from_jwk(jwk, alg).unwrap();
    Token::at(claims, NOW).sign(&key).unwrap()
}

const ALLOWED: [JwsAlg; 2] = [JwsAlg::Rs256, JwsAlg::Es256];

/// The error of an `iss` or `aud` that is not the expected one tells what was expected; those of other claims do not.
fn mismatch(claim: &'static str, expected: Option<&str>) -> Option<Error> {
    let expected = expected.map(str::to_owned);
    Some(Error::Claim { claim: claim.into(), reason: Reason::Mismatch, expected })
}

#[test]
fn the_key_set_of_a_provider_serves_what_it_can() {
    let provider = provider();
    let set = JwkSet::from_public_json(&provider.text).unwrap();
    let kids: Vec<_> = set.iter().map(|key| key.kid().unwrap().to_owned()).collect();
    assert_eq!(kids, ["x5t-of-2026", "ec-1", "enc-1"]);
    // The type that is not known here is named, and does not take the others with it.
    let [skipped] = set.skipped() else { panic!("{:?}", set.skipped()) };
    assert_eq!(skipped.index, 3);
    assert_eq!(set.keys()[0].extra("issuer"), Some("\"https://login.provider.example/v2.0\""));
    assert_eq!(set.keys()[0].x5c().unwrap().len(), 1);

    // The key that is published to encrypt for it verifies nothing.
    let keys = VerifyingKeys::from_jwks(&set, ALLOWED).unwrap();
    let [not_for_signatures] = keys.skipped() else { panic!("{:?}", keys.skipped()) };
    assert_eq!(set.keys()[not_for_signatures.index].kid(), Some("enc-1"));
}

/// Certificates are compared with their keys when the application asks, whatever the features of the build: a certificate
/// of another key is found then.
#[test]
fn a_certificate_must_be_that_of_its_key() {
    let provider = provider();
    let other = Jwk::generate(jose_jwk::KeySpec::Rsa { bits: 2048 }, &mut SysRng).unwrap();
    for (certified, expected) in [(&rsa(), Ok(())), (&other, Err(KeyError::Certificate { index: 0 }))] {
        let set = JwkSet::from_public_json(published(certified, &provider.ec, &provider.ec)).unwrap();
        assert_eq!(set.skipped().iter().map(|skipped| skipped.index).collect::<Vec<_>>(), [3]);
        assert_eq!(set.keys()[0].check_certificates(), expected);
    }
}

#[test]
fn a_login_is_verified_with_its_nonce_and_its_access_token() {
    let provider = provider();
    let keys =
        || VerifyingKeys::from_jwks(&JwkSet::from_public_json(&provider.text).unwrap(), ALLOWED).unwrap();
    let verifier = JwtVerifier::new(keys()).issuer(ISSUER).audience(CLIENT).profile(ID_TOKEN);
    let verify = |token: &str, nonce, access_token| {
        verifier.at(NOW).nonce(nonce).access_token(access_token).verify::<IdToken>(token)
    };

    for (jwk, alg) in [(&provider.rsa, JwsAlg::Rs256), (&provider.ec, JwsAlg::Es256)] {
        let token = sign(jwk, alg, &id_token());
        let verified = verify(&token, NONCE, ACCESS_TOKEN).unwrap();
        assert_eq!((verified.alg(), verified.claims().sub()), (alg, Some("248289761001")));
        assert_eq!(verified.claims().custom().auth_time, Some(NumericDate::from_seconds(1_799_999_990)));
    }

    let token = sign(&provider.rsa, JwsAlg::Rs256, &id_token());
    assert_eq!(verify(&token, "of another login", ACCESS_TOKEN).err(), mismatch("nonce", None));
    assert_eq!(verify(&token, NONCE, "of another login").err(), mismatch("at_hash", None));

    // A key that is gone, or not yet there: the application fetches the set again, and asks once more.
    let rotated = Jwk::generate(Curve::P256, &mut SysRng).unwrap().with_kid("ec-2");
    let token = sign(&rotated, JwsAlg::Es256, &id_token());
    let unknown = verify(&token, NONCE, ACCESS_TOKEN).err();
    assert_eq!(unknown, Some(Error::Jws(jose_jws::Error::KidUnknown)));
}

/// A client that wants its ID Tokens encrypted (OpenID Connect Registration 1.0, `id_token_encrypted_response_alg`).
#[test]
fn a_login_is_encrypted_for_the_client() {
    let provider = provider();
    let signer = SigningKey::from_jwk(&provider.rsa, JwsAlg::Rs256).unwrap();
    for (jwk, alg, enc) in [
        (rsa().with_kid("client-rsa"), JweAlg::RsaOaep256, JweEnc::A256Gcm),
        (
            Jwk::generate(Curve::P256, &mut SysRng).unwrap().with_kid("client-ec"),
            JweAlg::EcdhEsA128Kw,
            JweEnc::A128CbcHs256,
        ),
    ] {
        let recipient = EncryptionKey::from_jwk(jwk.to_public().unwrap(), alg).unwrap();
        let claims = id_token();
        let jwt = || Token::at(&claims, NOW);
        let token = jwt().sign_then_encrypt(&signer, &recipient, enc, &mut SysRng).unwrap();

        let set = JwkSet::from_public_json(&provider.text).unwrap();
        let keys = VerifyingKeys::from_jwks(&set, ALLOWED).unwrap();
        let decryption = DecryptionKey::from_jwk(&jwk, alg).unwrap();
        let verifier =
            JwtVerifier::nested(keys, decryption).issuer(ISSUER).audience(CLIENT).profile(ID_TOKEN);
        let verify = |token: &str| -> Result<Verified<IdToken>, Error> {
            verifier.at(NOW).nonce(NONCE).access_token(ACCESS_TOKEN).verify(token)
        };
        let verified = verify(&token).unwrap();
        assert_eq!((verified.alg(), verified.claims().sub()), (JwsAlg::Rs256, Some("248289761001")));

        // Encryption alone does not tell who created it: the same claims, not signed.
        let unsigned = jwt().header(Header::new().cty("JWT")).encrypt(&recipient, enc, &mut SysRng).unwrap();
        let refused = verify(&unsigned).err();
        assert_eq!(refused, Some(Error::Jws(jose_jws::Error::IsJson)));
    }
}

/// An access token in the manner of Auth0: several audiences, permissions, claims with names of their own space.
#[test]
fn an_access_token_is_verified_by_an_api() {
    let provider = provider();
    let claims = Claims::new()
        .issuer(ISSUER)
        .subject("auth0|5f7c8ec7c33c6c004bbafe82")
        .audience(["https://api.example", "https://login.provider.example/userinfo"])
        .issued_at(NOW)
        .expires_at(at(86_400))
        .with(json!({
            "azp": CLIENT,
            "scope": "openid profile read:items",
            "permissions": ["read:items", "write:items"],
            "https://app.example/roles": ["admin"],
            "gty": "password",
        }));
    let token = sign(&provider.rsa, JwsAlg::Rs256, &claims);
    let keys =
        || VerifyingKeys::from_jwks(&JwkSet::from_public_json(&provider.text).unwrap(), ALLOWED).unwrap();
    let verifier = |audience: &str| JwtVerifier::new(keys()).issuer(ISSUER).audience(audience);

    let verified = verifier("https://api.example").at(NOW).verify::<Value>(&token).unwrap();
    assert_eq!(verified.claims().custom()["https://app.example/roles"], json!(["admin"]));
    assert_eq!(verified.claims().custom()["permissions"][1], "write:items");

    let refused = verifier("https://other-api.example").at(NOW).verify::<NoClaims>(&token).err();
    assert_eq!(refused, mismatch("aud", Some(r#"["https://other-api.example"]"#)));
    let refused = verifier("https://api.example").at(at(86_400)).verify::<NoClaims>(&token).err();
    assert_eq!(refused, Some(Error::Expired { at: at(86_400) }));
    // An ID Token of the same provider is not for the API.
    let id_token = sign(&provider.rsa, JwsAlg::Rs256, &id_token());
    let refused = verifier("https://api.example").at(NOW).verify::<NoClaims>(&id_token).err();
    assert_eq!(refused, mismatch("aud", Some(r#"["https://api.example"]"#)));
    assert_eq!(signing_key().thumbprint(Hash::Sha256), rsa().thumbprint(Hash::Sha256));
}
