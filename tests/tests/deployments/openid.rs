//! An OpenID provider: its published keys, and a login, in the clear and encrypted.

use base64ct::{Base64, Encoding as _};
use jose_jwe::{DecryptionKey, EncryptionKey};
use jose_jwk::{AlgSet, Curve, Hash, JweAlg, JweEnc, Jwk, JwkSet, JwsAlg, KeyUse, SysRng};
use jose_jws::{Header, SigningKey, VerifyingKeys};
use jose_jwt::profile::{ID_TOKEN, IdToken};
use jose_jwt::{Claims, Error, Expected, JwtVerifier, Names, NoClaims, Reason};
use serde_json::{Value, json};

use crate::certificate::self_signed;
use crate::{NOW, at, rsa};

const ISSUER: &str = "https://login.provider.example/";
const CLIENT: &str = "s6BhdRkqt3";

/// The RSA key as such providers name it: by the thumbprint of its certificate.
fn signing_key() -> Jwk {
    rsa().with_alg(JwsAlg::Rs256).with_use(KeyUse::Sig).unwrap().with_kid("x5t-of-2026")
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
        Jwk::generate(Curve::P256, &mut SysRng).unwrap().with_kid("enc-1").with_alg(JweAlg::EcdhEs);
    Provider { rsa: signing_key(), text: published(&rsa(), &ec, &recipient), ec }
}

/// OpenID Connect Core 1.0, appendix A.3: the access token and its hash for RS256.
const ACCESS_TOKEN: &str = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
const AT_HASH: &str = "77QmUPtjPfzWtF2AnpK9RQ";

fn id_token() -> Claims<Value> {
    Claims::new()
        .issuer(ISSUER)
        .subject("248289761001")
        .audience(CLIENT)
        .issued_at(NOW)
        .expires_at(at(600))
        .with(json!({"nonce": "n-0S6_WzA2Mj", "at_hash": AT_HASH, "auth_time": 1_799_999_990, "email": "a@b.example"}))
}

fn sign(jwk: &Jwk, alg: JwsAlg, claims: &Claims<Value>) -> String {
    let key = SigningKey::from_jwk(jwk, alg).unwrap();
    jose_jwt::sign_at(&key, &Header::default(), claims, NOW).unwrap()
}

fn allowed() -> AlgSet<JwsAlg> {
    AlgSet::of(&[JwsAlg::Rs256, JwsAlg::Es256])
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
    let keys = VerifyingKeys::from_jwks(&set, allowed()).unwrap();
    let [not_for_signatures] = keys.skipped() else { panic!("{:?}", keys.skipped()) };
    assert_eq!(set.keys()[not_for_signatures.index].kid(), Some("enc-1"));
}

/// A certificate of another key than the one beside it: the key is not taken.
#[test]
fn a_certificate_must_be_that_of_its_key() {
    let provider = provider();
    let other = Jwk::generate(jose_jwk::KeySpec::Rsa { bits: 2048 }, &mut SysRng).unwrap();
    let set = JwkSet::from_public_json(published(&other, &provider.ec, &provider.ec)).unwrap();
    assert_eq!(set.skipped().iter().map(|skipped| skipped.index).collect::<Vec<_>>(), [0, 3]);
}

#[test]
fn a_login_is_verified_with_its_nonce_and_its_access_token() {
    let provider = provider();
    let keys =
        || VerifyingKeys::from_jwks(&JwkSet::from_public_json(&provider.text).unwrap(), allowed()).unwrap();
    let verifier = JwtVerifier::new(keys()).issuer(ISSUER).audience(CLIENT).profile(&ID_TOKEN);
    let login = Expected::new().nonce("n-0S6_WzA2Mj").access_token(ACCESS_TOKEN);

    for (jwk, alg) in [(&provider.rsa, JwsAlg::Rs256), (&provider.ec, JwsAlg::Es256)] {
        let token = sign(jwk, alg, &id_token());
        let verified = verifier.verify_expecting::<IdToken>(&token, &login, NOW).unwrap();
        assert_eq!((verified.alg(), verified.claims().sub()), (alg, Some("248289761001")));
        assert_eq!(verified.claims().custom().auth_time, Some(1_799_999_990));
    }

    let token = sign(&provider.rsa, JwsAlg::Rs256, &id_token());
    let mismatch = |claim: &'static str| Some(Error::Claim { claim: claim.into(), reason: Reason::Mismatch });
    let refused = |login: Expected<'_>| verifier.verify_expecting::<IdToken>(&token, &login, NOW).err();
    assert_eq!(refused(login.nonce("of another login")), mismatch("nonce"));
    assert_eq!(refused(login.access_token("of another login")), mismatch("at_hash"));

    // A key that is gone, or not yet there: the application fetches the set again, and asks once more.
    let rotated = Jwk::generate(Curve::P256, &mut SysRng).unwrap().with_kid("ec-2");
    let token = sign(&rotated, JwsAlg::Es256, &id_token());
    let unknown = verifier.verify_expecting::<IdToken>(&token, &login, NOW).err();
    assert_eq!(unknown, Some(Error::Jws(jose_jws::Error::KeyNotFound)));
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
        let recipient = EncryptionKey::from_jwk(jwk.to_public().unwrap().as_jwk(), alg).unwrap();
        let token = jose_jwt::sign_and_encrypt_at(&signer, &recipient, enc, &id_token(), NOW).unwrap();

        let set = JwkSet::from_public_json(&provider.text).unwrap();
        let keys = VerifyingKeys::from_jwks(&set, allowed()).unwrap();
        let decryption = DecryptionKey::from_jwk(&jwk, AlgSet::of(&[alg])).unwrap();
        let verifier =
            JwtVerifier::nested(keys, decryption).issuer(ISSUER).audience(CLIENT).profile(&ID_TOKEN);
        let login = Expected::new().nonce("n-0S6_WzA2Mj").access_token(ACCESS_TOKEN);
        let verified = verifier.verify_nested_at::<IdToken, _>(&token, &login, NOW, &mut SysRng).unwrap();
        assert_eq!((verified.alg(), verified.claims().sub()), (JwsAlg::Rs256, Some("248289761001")));

        // Encryption alone says nothing about who made it: the same claims, not signed.
        let header = Header { cty: Some("JWT"), ..Header::default() };
        let unsigned = jose_jwt::encrypt_at(&recipient, enc, &header, &id_token(), NOW).unwrap();
        let refused = verifier.verify_nested_at::<IdToken, _>(&unsigned, &login, NOW, &mut SysRng).err();
        assert_eq!(refused, Some(Error::Jws(jose_jws::Error::Segments)));
    }
}

/// An access token in the manner of Auth0: several audiences, permissions, claims with names of their own space.
#[test]
fn an_access_token_is_verified_by_an_api() {
    let provider = provider();
    let claims = Claims::new()
        .issuer(ISSUER)
        .subject("auth0|5f7c8ec7c33c6c004bbafe82")
        .audience(Names::from_iter(["https://api.example", "https://login.provider.example/userinfo"]))
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
        || VerifyingKeys::from_jwks(&JwkSet::from_public_json(&provider.text).unwrap(), allowed()).unwrap();
    let verifier = |audience: &str| JwtVerifier::new(keys()).issuer(ISSUER).audience(audience);

    let verified = verifier("https://api.example").verify_at::<Value>(&token, NOW).unwrap();
    assert_eq!(verified.claims().custom()["https://app.example/roles"], json!(["admin"]));
    assert_eq!(verified.claims().custom()["permissions"][1], "write:items");

    let refused = verifier("https://other-api.example").verify_at::<NoClaims>(&token, NOW).err();
    assert_eq!(refused, Some(Error::Claim { claim: "aud".into(), reason: Reason::Mismatch }));
    let refused = verifier("https://api.example").verify_at::<NoClaims>(&token, at(86_400)).err();
    assert_eq!(refused, Some(Error::Expired { at: at(86_400) }));
    // An ID Token of the same provider is none of the API's.
    let id_token = sign(&provider.rsa, JwsAlg::Rs256, &id_token());
    let refused = verifier("https://api.example").verify_at::<NoClaims>(&id_token, NOW).err();
    assert_eq!(refused, Some(Error::Claim { claim: "aud".into(), reason: Reason::Mismatch }));
    assert_eq!(signing_key().thumbprint(Hash::Sha256), rsa().thumbprint(Hash::Sha256));
}
