//! What `Debug` shows, and what it leaves out.

use std::time::Duration;

use jose_jwk::{Jwk, JwsAlg, SysRng};
use jose_jws::{SigningKey, VerifyingKey};
use jose_jwt::profile::{DpopNonces, DpopRequest, DpopVerifier, Introspection, Jarm};
use jose_jwt::{Claims, JwtVerifier, NoClaims, NumericDate, Token};

const NOW: NumericDate = NumericDate::from_seconds(1_700_000_000);

fn shows(shown: &str, there: &[&str], hidden: &[&str]) {
    for text in there {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    for text in hidden {
        assert!(!shown.contains(text), "{text}: {shown}");
    }
}

/// Covers G3.
#[test]
fn an_authorization_response_hides_its_code() {
    let response: Jarm =
        serde_json::from_str(r#"{"code":"SplxlOBeZQQYbYS6WxSbIA","state":"s-1","error":"denied"}"#).unwrap();
    shows(&format!("{response:?}"), &["Jarm", "s-1", "denied"], &["SplxlOBeZQQYbYS6WxSbIA"]);
}

#[test]
fn an_introspection_hides_the_user() {
    let said: Introspection = serde_json::from_str(
        r#"{"active":true,"username":"jdoe","sub":"Z5O3upPC88","client_id":"c-1","scope":"read","exp":1700000060}"#,
    )
    .unwrap();
    shows(&format!("{said:?}"), &["active: true", "c-1", "read"], &["jdoe", "Z5O3upPC88"]);
}

#[test]
fn claims_show_what_is_set() {
    let claims = Claims::new().issuer("joe").audience(["a", "b"]).expires_at(NOW).jwt_id("id-1");
    shows(
        &format!("{claims:?}"),
        &["iss", "joe", r#"["a", "b"]"#, "exp", "1700000000", "id-1"],
        &["nbf", "sub"],
    );
}

/// Covers G3.
#[test]
fn a_verifier_and_its_result_show_no_key() {
    let secret = "a secret of at least 32 octets, for all";
    let jwk = Jwk::from_octets(secret).unwrap();
    let claims = Claims::new().issuer("joe").subject("alice").expires_at(NOW);
    let key = SigningKey::from_jwk(&jwk, JwsAlg::Hs256).unwrap();
    let token = Token::at(&claims, NOW).sign(&key).unwrap();
    let verifier = JwtVerifier::new(VerifyingKey::from_jwk(&jwk, JwsAlg::Hs256).unwrap());
    let verifier = verifier.issuer("joe").any_audience();
    let before = NumericDate::from_seconds(1_699_999_999);
    let verification = verifier.at(before);
    shows(&format!("{verification:?}"), &["Verification", "1699999999", "joe"], &[secret]);
    let verified = verification.verify::<NoClaims>(&token).unwrap();
    let signature = token.rsplit('.').next().unwrap();
    shows(&format!("{verified:?}"), &["Verified", "Hs256", "alice"], &[secret, signature]);
}

/// Covers G3.
#[test]
fn dpop_shows_no_secret_and_no_token() {
    let request = DpopRequest::new("GET", "https://api.example/items")
        .nonces(&["n-1", "n-2"])
        .access_token("Kz~8mXK1Ea");
    shows(&format!("{request:?}"), &["GET", "https://api.example/items", "n-1", "n-2"], &["Kz~8mXK1Ea"]);
    let nonces = DpopNonces::new(&[0x5a; 64], Duration::from_secs(300));
    shows(&format!("{nonces:?}"), &["DpopNonces", "300"], &["5a", "90"]);
    let verifier = DpopVerifier::new(JwsAlg::Es256, Duration::from_secs(60)).nonces(nonces);
    shows(&format!("{:?}", verifier.at(NOW)), &["DpopVerification", "1700000000"], &["5a"]);
}

#[test]
fn an_encrypted_jwt_shows_its_claims_and_no_key() {
    use jose_jwe::{DecryptionKey, EncryptionKey, JweAlg, JweEnc};
    let secret = [0x41; 32];
    let jwk = Jwk::from_octets(secret).unwrap();
    let claims = Claims::new().subject("alice").expires_at(NOW);
    let to = EncryptionKey::from_jwk(&jwk, JweAlg::Dir).unwrap();
    let token = Token::at(&claims, NOW).encrypt(&to, JweEnc::A256Gcm, &mut SysRng).unwrap();
    let key = DecryptionKey::from_jwk(&jwk, JweAlg::Dir).unwrap();
    let verifier = JwtVerifier::encrypted_only(key).any_issuer().any_audience();
    let read = verifier.at(NumericDate::from_seconds(1_699_999_999)).verify::<NoClaims>(&token).unwrap();
    assert_eq!(read.key_index(), 0);
    shows(&format!("{read:?}"), &["EncryptedClaims", "alice"], &["AAAA", "65, 65"]);
}
