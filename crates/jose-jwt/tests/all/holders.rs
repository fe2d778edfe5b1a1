//! Profiles whose tokens come with a key or a proof: client attestations, OpenID4VCI, SPIFFE, VAPID, and what bounds them.

use std::time::Duration;

use jose_jwk::{Hash, Jwk, JwkSet, JwsAlg, PublicJwk};
use jose_jws::{Error as JwsError, Header, HeaderError, Parameters, SigningKey, VerifyingKey, compact};
use jose_jwt::profile::*;
use jose_jwt::{Claims, Error, JwtVerifier, MemoryReplayGuard, NoClaims, NumericDate, Reason, Token};
use serde_json::{Value, json};

use super::kinds::key;

const NOW: NumericDate = NumericDate::from_seconds(1_700_000_000);
const SERVER: &str = "https://as.example";

fn at(seconds: i64) -> NumericDate {
    NumericDate::from_seconds(1_700_000_000 + seconds)
}

fn signed(jwk: &Jwk, header: Header<'_>, claims: &Value) -> String {
    compact::sign(&SigningKey::try_from(jwk).unwrap(), claims.to_string().as_bytes(), &header).unwrap()
}

fn public(jwk: &Jwk) -> PublicJwk {
    jwk.to_public().unwrap()
}

fn verifying(jwk: &Jwk) -> VerifyingKey {
    VerifyingKey::from_jwk(jwk, JwsAlg::Es256).unwrap()
}

fn failed(claim: &'static str, reason: Reason) -> Error {
    Error::Claim { claim: claim.into(), reason, expected: None }
}

/// Claim and reason of an error.
fn of_claim<T>(result: Result<T, Error>) -> (String, Reason) {
    match result.map(|_| ()) {
        Err(Error::Claim { claim, reason, .. }) => (claim.into_owned(), reason),
        other => panic!("{other:?}"),
    }
}

struct Attested {
    attester: Jwk,
    client: Jwk,
}

impl Attested {
    fn new() -> Self {
        Self { attester: key(), client: key() }
    }

    fn verifier(&self) -> ClientAttestationVerifier<VerifyingKey> {
        let attestations =
            JwtVerifier::new(verifying(&self.attester)).issuer("https://attester.example").any_audience();
        ClientAttestationVerifier::new(attestations, SERVER, JwsAlg::Es256)
    }

    fn attestation(&self) -> String {
        let claims = Claims::new()
            .issuer("https://attester.example")
            .subject("client-1")
            .expires_in(Duration::from_secs(3600))
            .with(ClientAttestation::new(Confirmation::of_key(public(&self.client))));
        let key = SigningKey::try_from(&self.attester).unwrap();
        Token::at(&claims, NOW).typ("oauth-client-attestation+jwt").sign(&key).unwrap()
    }

    fn proof(&self, by: &Jwk, change: impl FnOnce(&mut Value)) -> String {
        let mut claims = json!({"aud": SERVER, "jti": "1", "iat": 1_700_000_000, "challenge": "c"});
        change(&mut claims);
        signed(by, Header::new().typ("oauth-client-attestation-pop+jwt"), &claims)
    }
}

#[test]
fn an_attested_client_proves_its_key() {
    let setting = Attested::new();
    let (verifier, attestation) = (setting.verifier(), setting.attestation());
    let proof = setting.proof(&setting.client, |_| {});
    let client = verifier.at(NOW).challenge("c").verify(&attestation, &proof).unwrap();
    assert_eq!(client.claims().sub(), Some("client-1"));
    assert_eq!(client.claims().custom().cnf.jwk, Some(public(&setting.client)));
    // By another key, for another server, for two, of another challenge, too old.
    let forged = setting.proof(&setting.attester, |_| {});
    assert_eq!(verifier.at(NOW).verify(&attestation, &forged).err(), Some(Error::Jws(JwsError::Signature)));
    let elsewhere = setting.proof(&setting.client, |claims| claims["aud"] = json!("https://other.example"));
    assert_eq!(of_claim(verifier.at(NOW).verify(&attestation, &elsewhere)), ("aud".into(), Reason::Mismatch));
    let both =
        setting.proof(&setting.client, |claims| claims["aud"] = json!([SERVER, "https://other.example"]));
    assert_eq!(of_claim(verifier.at(NOW).verify(&attestation, &both)), ("aud".into(), Reason::Prohibited));
    let other = verifier.at(NOW).challenge("d").verify(&attestation, &proof);
    assert_eq!(of_claim(other), ("challenge".into(), Reason::Mismatch));
    assert!(verifier.at(at(300)).verify(&attestation, &proof).is_ok());
    assert_eq!(of_claim(verifier.at(at(301)).verify(&attestation, &proof)), ("iat".into(), Reason::Mismatch));
    let short = setting.verifier().max_age(Duration::from_secs(10));
    assert_eq!(of_claim(short.at(at(11)).verify(&attestation, &proof)), ("iat".into(), Reason::Mismatch));
    assert!(short.leeway(Duration::from_secs(1)).unwrap().at(at(11)).verify(&attestation, &proof).is_ok());
    // One in the place of the other.
    let swapped = verifier.at(NOW).verify(&proof, &attestation);
    assert_eq!(swapped.err(), Some(Error::Jws(JwsError::Signature)));
    let twice = verifier.at(NOW).verify(&attestation, &attestation);
    assert_eq!(twice.err(), Some(Error::Jws(JwsError::Signature)));
}

#[test]
fn a_proof_of_an_attestation_is_taken_once() {
    let setting = Attested::new();
    let (verifier, guard) = (setting.verifier(), MemoryReplayGuard::new(10));
    let (attestation, proof) = (setting.attestation(), setting.proof(&setting.client, |_| {}));
    assert!(verifier.at(NOW).once(&guard).verify(&attestation, &proof).is_ok());
    assert_eq!(verifier.at(NOW).once(&guard).verify(&attestation, &proof).err(), Some(Error::Replayed));
    assert_eq!(verifier.at(at(300)).once(&guard).verify(&attestation, &proof).err(), Some(Error::Replayed));
    // The same `jti` by another client is another proof.
    let other = Attested { client: key(), attester: setting.attester.clone() };
    let theirs = other.proof(&other.client, |_| {});
    assert!(verifier.at(NOW).once(&guard).verify(&other.attestation(), &theirs).is_ok());
}

/// By itself an attestation is refused: anyone may have copied it. A DPoP proof by its key is as good as the other proof.
#[test]
fn an_attestation_is_bound_to_its_key() {
    let setting = Attested::new();
    let (attestation, client) = (setting.attestation(), &setting.client);
    let attestations = JwtVerifier::new(verifying(&setting.attester))
        .any_issuer()
        .any_audience()
        .profile(CLIENT_ATTESTATION);
    let alone = attestations.at(NOW).verify::<ClientAttestation>(&attestation);
    assert_eq!(of_claim(alone), ("cnf".into(), Reason::Prohibited));
    let thumbprint = client.thumbprint(Hash::Sha256).unwrap();
    assert!(attestations.at(NOW).bound_to(&thumbprint).verify::<ClientAttestation>(&attestation).is_ok());
    let other = key().thumbprint(Hash::Sha256).unwrap();
    let result = attestations.at(NOW).bound_to(&other).verify::<ClientAttestation>(&attestation);
    assert_eq!(of_claim(result), ("cnf".into(), Reason::Mismatch));
    // A private key, and a thumbprint where the key must be.
    let typ = Header::new().typ("oauth-client-attestation+jwt");
    let private: Value = serde_json::from_str(&client.expose_private_json()).unwrap();
    for (cnf, is_type) in [(json!({"jwk": private}), true), (json!({"jkt": "AAAA"}), false)] {
        let claims = json!({"iss": "https://attester.example", "sub": "c", "exp": 1_700_000_060, "cnf": cnf});
        let bad = signed(&setting.attester, typ, &claims);
        let error = setting.verifier().at(NOW).verify(&bad, &setting.proof(client, |_| {})).unwrap_err();
        assert_eq!(matches!(error, Error::ClaimsType(_)), is_type, "{error:?}");
        assert!(is_type || error == failed("cnf", Reason::Invalid), "{error:?}");
    }
}

/// OpenID4VCI 1.0 appendix F.1: the key is in the header, and in one place only.
#[test]
fn a_credential_proof_names_one_key() {
    let jwk = key();
    let verifier = JwtVerifier::new(header_keys(JwsAlg::Es256).unwrap())
        .any_issuer()
        .audience(SERVER)
        .profile(CREDENTIAL_PROOF);
    let claims = json!({"aud": SERVER, "iat": 1_700_000_000, "nonce": "n"});
    let own = Parameters::new().json("jwk", &public(&jwk).to_json()).unwrap();
    let header = own.header().typ("openid4vci-proof+jwt");
    let proof = signed(&jwk, header, &claims);
    let verified = verifier.at(NOW).nonce("n").verify::<CredentialProof>(&proof).unwrap();
    assert_eq!(verified.claims().custom().nonce.as_deref(), Some("n"));
    assert_eq!(header_key(&verified.header()).unwrap(), public(&jwk));
    let other = verifier.at(NOW).nonce("m").verify::<CredentialProof>(&proof);
    assert_eq!(of_claim(other), ("nonce".into(), Reason::Mismatch));
    let old = verifier.at(at(301)).verify::<CredentialProof>(&proof);
    assert_eq!(of_claim(old), ("iat".into(), Reason::Mismatch));
    let two = signed(&jwk, header.kid("1"), &claims);
    let one_place = HeaderError::Invalid("jwk, kid or x5c");
    let error = verifier.at(NOW).verify::<CredentialProof>(&two).err();
    assert_eq!(error, Some(Error::Jws(JwsError::Header(one_place))));
    // No key, a private one, and one of another signer.
    let none = signed(&jwk, Header::new().typ("openid4vci-proof+jwt"), &claims);
    assert!(matches!(verifier.at(NOW).verify::<CredentialProof>(&none), Err(Error::Jws(_))));
    let private = Parameters::new().json("jwk", &jwk.expose_private_json()).unwrap();
    let private = signed(&jwk, private.header().typ("openid4vci-proof+jwt"), &claims);
    assert!(matches!(verifier.at(NOW).verify::<CredentialProof>(&private), Err(Error::Jws(_))));
    let forged = signed(&key(), header, &claims);
    assert_eq!(
        verifier.at(NOW).verify::<CredentialProof>(&forged).err(),
        Some(Error::Jws(JwsError::Signature))
    );
}

#[test]
fn no_secret_is_taken_from_a_header() {
    assert!(matches!(header_keys(JwsAlg::Hs256), Err(Error::Jws(JwsError::KeysMixed))));
}

/// OpenID4VCI 1.0 appendix D.1.
#[test]
fn a_key_attestation_lists_public_keys() {
    let (maker, one, two) = (key(), key(), key());
    let verifier =
        || JwtVerifier::new(verifying(&maker)).any_issuer().any_audience().profile(KEY_ATTESTATION);
    let claims = Claims::new().expires_in(Duration::from_secs(60)).with(KeyAttestation::new([public(&one)]));
    let key = SigningKey::try_from(&maker).unwrap();
    let token = Token::at(&claims, NOW).typ("key-attestation+jwt").sign(&key).unwrap();
    let verified = verifier().at(NOW).verify::<KeyAttestation>(&token).unwrap();
    assert!(verified.claims().custom().attests(&public(&one)));
    assert!(!verified.claims().custom().attests(&public(&two)));
    let sign = |claims: &Value| signed(&maker, Header::new().typ("key-attestation+jwt"), claims);
    let base = |keys: Value| json!({"iat": 1_700_000_000, "exp": 1_700_000_060, "attested_keys": keys});
    for keys in [json!([]), json!({}), json!(["key"])] {
        let result = verifier().at(NOW).verify::<NoClaims>(&sign(&base(keys)));
        assert_eq!(of_claim(result), ("attested_keys".into(), Reason::Invalid));
    }
    let private: Value = serde_json::from_str(&one.expose_private_json()).unwrap();
    let result = verifier().at(NOW).verify::<KeyAttestation>(&sign(&base(json!([private]))));
    assert!(matches!(result, Err(Error::ClaimsType(_))), "{result:?}");
    let mut lasting = base(json!([{}]));
    lasting.as_object_mut().unwrap().remove("exp");
    let lasting = sign(&lasting);
    assert_eq!(of_claim(verifier().at(NOW).verify::<NoClaims>(&lasting)), ("exp".into(), Reason::Missing));
    assert!(verifier().expiry_optional().at(NOW).verify::<NoClaims>(&lasting).is_ok());
}

/// OpenID Federation 1.0 sections 3.1.2 and 3.1.3.
#[test]
fn an_entity_statement_is_of_one_of_two_kinds() {
    let jwk = key();
    let keys: Value =
        serde_json::from_str(&JwkSet::from_iter([public(&jwk).into()]).to_public_json()).unwrap();
    let base = json!({"iss": "https://op", "sub": "https://op", "iat": 1_700_000_000, "exp": 1_700_000_060,
        "jwks": keys});
    let header = Header::new().typ("entity-statement+jwt").kid("1");
    let verifier = JwtVerifier::new(verifying(&jwk)).any_issuer().any_audience().profile(ENTITY_STATEMENT);
    let verify = |change: &dyn Fn(&mut Value)| {
        let mut claims = base.clone();
        change(&mut claims);
        verifier.at(NOW).verify::<EntityStatement>(&signed(&jwk, header, &claims))
    };
    let own = verify(&|claims| claims["authority_hints"] = json!(["https://anchor"])).unwrap();
    assert_eq!(own.claims().custom().jwks.len(), 1);
    let other = |claims: &mut Value| claims["sub"] = json!("https://leaf");
    assert!(
        verify(&|claims| {
            other(claims);
            claims["metadata_policy"] = json!({});
        })
        .is_ok()
    );
    for name in ["metadata_policy", "constraints", "source_endpoint"] {
        let result = verify(&|claims| claims[name] = json!({}));
        assert_eq!(of_claim(result), (name.to_owned(), Reason::Prohibited));
    }
    for name in ["authority_hints", "trust_marks"] {
        let result = verify(&|claims| {
            other(claims);
            claims[name] = json!(["https://anchor"]);
        });
        assert_eq!(of_claim(result), (name.to_owned(), Reason::Prohibited));
    }
    assert_eq!(of_claim(verify(&|claims| claims["authority_hints"] = json!([]))).1, Reason::Invalid);
    assert_eq!(of_claim(verify(&|claims| claims["sub"] = json!("leaf"))), ("sub".into(), Reason::Invalid));
    assert_eq!(of_claim(verify(&|claims| claims["jwks"] = json!([]))), ("jwks".into(), Reason::Invalid));
    let no_kid = signed(&jwk, Header::new().typ("entity-statement+jwt"), &base);
    let missing = Some(Error::Jws(JwsError::Header(HeaderError::Missing("kid"))));
    assert_eq!(verifier.at(NOW).verify::<NoClaims>(&no_kid).err(), missing);
}

/// The algorithms of a profile are a rule of the profile, whatever the keys serve.
#[test]
fn a_mac_is_no_signature() {
    let secret = Jwk::from_octets("a secret of at least 32 bytes...").unwrap();
    let key = SigningKey::from_jwk(&secret, JwsAlg::Hs256).unwrap();
    let verifier = || {
        let key = VerifyingKey::from_jwk(&secret, JwsAlg::Hs256).unwrap();
        JwtVerifier::new(key).any_issuer().audience(SERVER).expiry_optional()
    };
    for (profile, typ) in [
        (CLIENT_ATTESTATION_POP, "oauth-client-attestation-pop+jwt"),
        (CREDENTIAL_PROOF, "openid4vci-proof+jwt"),
        (KEY_ATTESTATION, "key-attestation+jwt"),
    ] {
        let claims = Claims::new().audience(SERVER).jwt_id("1");
        let token = Token::at(&claims, NOW).typ(typ).sign(&key).unwrap();
        let error = verifier().profile(profile).at(NOW).verify::<NoClaims>(&token).unwrap_err();
        assert_eq!(error.code(), "algorithm-not-allowed", "{}", profile.name());
    }
}

/// An audience that is a rule of the profile cannot be waived.
#[test]
fn an_audience_cannot_be_waived() {
    let jwk = key();
    for profile in
        [CLIENT_ASSERTION, CLIENT_ATTESTATION_POP, REQUEST_OBJECT, CREDENTIAL_PROOF, JWT_SVID, VAPID]
    {
        let verifier = JwtVerifier::new(verifying(&jwk)).any_issuer().any_audience().profile(profile);
        let error = verifier.at(NOW).verify::<NoClaims>("e30.e30.").unwrap_err();
        assert_eq!(error, Error::OptionWithoutEffect { option: "any_audience" }, "{}", profile.name());
    }
}
