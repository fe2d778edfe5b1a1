use jose_b64::base64url;
use jose_jwe::{DecryptionKey, Encrypted, Error, JweAlg, JweEnc, Limits, Message};
use jose_jwk::{Jwk, SysRng};

use super::support::{decrypt, encrypt, header_of, pair, with_part};

const ALG: JweAlg = JweAlg::Pbes2Hs256A128Kw;

fn password() -> Jwk {
    Jwk::from_octets(b"Thus from my lips, by yours, my sin is purged.".to_vec()).unwrap()
}

fn token(p2c: &str) -> String {
    let salt = base64url::encode_to_string(&[0; 16]);
    let header = format!(r#"{{"alg":"{ALG}","enc":"A128GCM","p2s":"{salt}","p2c":{p2c}}}"#);
    let header = base64url::encode_to_string(header.as_bytes());
    format!("{header}.{}.AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA", base64url::encode_to_string(&[0; 24]))
}

/// Covers E09.
#[test]
fn salt_and_count_as_they_are_written() {
    let (encrypts, decrypts) = pair(&password(), ALG);
    let token = encrypt(&encrypts, JweEnc::A128Gcm, b"x").unwrap();
    let header = header_of(&token);
    assert!(header.contains(r#""p2c":600000"#), "{header}");
    let decrypted = decrypt(&decrypts, &token).unwrap();
    let salt = decrypted.header().get("p2s").unwrap().as_str().unwrap().to_cow().into_owned();
    assert_eq!(base64url::decode_to_vec(salt.as_bytes()).unwrap().len(), 16);
    let (encrypts, _) = pair(&password(), JweAlg::Pbes2Hs512A256Kw);
    let token = encrypt(&encrypts, JweEnc::A128Gcm, b"x").unwrap();
    assert!(header_of(&token).contains(r#""p2c":220000"#));
}

/// Rows D9, beside the one in front.
///
/// Covers E09, D9.
#[test]
fn the_count_is_bounded_before_it_is_spent() {
    let key = DecryptionKey::from_jwk(password(), ALG).unwrap();
    let number =
        ["0", "-1", "999", "1000001", "1000000000", "4294968296", "9007199254740992", "1.5", "1e3", "1000.0"];
    for p2c in number {
        assert_eq!(decrypt(&key, &token(p2c)).unwrap_err(), Error::PasswordCost, "{p2c}");
    }
    assert!(matches!(decrypt(&key, &token("\"1\"")).unwrap_err(), Error::Header(_)));
    assert_eq!(decrypt(&key, &token("1000")).unwrap_err(), Error::Decryption);
    let token = token("1001");
    let limits = Limits { max_p2c: 1000, ..Limits::DEFAULT };
    let message = Encrypted::parse_compact(&token).unwrap().limits(limits);
    assert_eq!(message.decrypt(&key, &mut SysRng).unwrap_err(), Error::PasswordCost);
}

/// Covers E09, D9.
#[test]
fn one_budget_for_all_recipients() {
    let key = DecryptionKey::from_jwk(password(), ALG).unwrap();
    let salt = base64url::encode_to_string(&[0; 8]);
    let recipient = format!(
        r#"{{"header":{{"alg":"{ALG}","p2s":"{salt}","p2c":400000}},"encrypted_key":"{}"}}"#,
        base64url::encode_to_string(&[0; 24])
    );
    let header = base64url::encode_to_string(br#"{"enc":"A128GCM"}"#);
    let text = format!(
        r#"{{"protected":"{header}","recipients":[{recipient},{recipient},{recipient}],"ciphertext":"AA"}}"#
    );
    assert_eq!(decrypt(&key, &text).unwrap_err(), Error::PasswordCost);
}

/// Covers E09.
#[test]
fn short_salts_are_refused_and_it_must_be_named() {
    let key = DecryptionKey::from_jwk(password(), ALG).unwrap();
    let header = format!(r#"{{"alg":"{ALG}","enc":"A128GCM","p2s":"AAAAAAAAAA","p2c":1000}}"#);
    let short = with_part(&token("1000"), 0, &base64url::encode_to_string(header.as_bytes()));
    assert_eq!(decrypt(&key, &short).unwrap_err(), Error::PasswordCost);
    // Eight bytes are enough (RFC 7518 section 4.8.1.1).
    let enough = header.replace("AAAAAAAAAA", "AAAAAAAAAAA");
    let enough = with_part(&token("1000"), 0, &base64url::encode_to_string(enough.as_bytes()));
    assert_eq!(decrypt(&key, &enough).unwrap_err(), Error::Decryption);
    assert!(ALG.must_be_named());
    let other = DecryptionKey::from_jwk(super::support::oct(16), JweAlg::A128Kw).unwrap();
    let expected = Error::AlgorithmNotAllowed { found: ALG, allowed: JweAlg::A128Kw.into() };
    assert_eq!(decrypt(&other, &token("1000")).unwrap_err(), expected);
    let (encrypts, _) = pair(&password(), ALG);
    let direct = pair(&super::support::oct(16), JweAlg::Dir).0;
    let message = Message::new(JweEnc::A128Gcm);
    let error = message.general(&[(&encrypts).into(), (&direct).into()], b"", &mut SysRng).unwrap_err();
    assert_eq!(error, Error::DirectNotAlone);
}
