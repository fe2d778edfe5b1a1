//! Forms of keys and tokens that could be taken for others, or that ask for what does not exist.

use base64ct::Encoding;
use jose_jwk::{
    Curve, Error, FormError, Jwk, JwkParser, JwkSet, JwsAlg, KeyQuery, KeySpec, PrivateFormat, PublicFormat,
    PublicJwk, SysRng,
};
use jose_jws::{SigningKey, VerifyingKey, VerifyingKeys, compact};
use jose_jwt::profile::{ACCESS_TOKEN, ID_TOKEN, LOGOUT_TOKEN, Profile};
use jose_jwt::{Header, JwtVerifier, NoClaims, NumericDate, dangerous_decode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::help::base64;

fn der(tag: u8, content: impl AsRef<[u8]>) -> Vec<u8> {
    let content = content.as_ref();
    let len = u8::try_from(content.len()).unwrap();
    let head = if len < 0x80 { vec![tag, len] } else { vec![tag, 0x81, len] };
    [&head[..], content].concat()
}

/// An encrypted private key by hand: PBES2 with this key derivation, AES-256-CBC, and 16 bytes.
fn encrypted(derivation: &[u8]) -> Vec<u8> {
    let pbes2 = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 5, 13];
    let aes = [6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x2a];
    let cipher = der(0x30, [&aes[..], &der(4, [0; 16])].concat());
    let parameters = der(0x30, [derivation, &cipher].concat());
    let algorithm = der(0x30, [&pbes2[..], &parameters].concat());
    der(0x30, [algorithm, der(4, [0; 16])].concat())
}

fn scrypt(cost: &[u8], block: u8, parallel: u8) -> Vec<u8> {
    let oid = [6, 9, 0x2b, 6, 1, 4, 1, 0xda, 0x47, 4, 11];
    let numbers = [der(4, [0; 8]), der(2, cost), der(2, [block]), der(2, [parallel])].concat();
    encrypted(&der(0x30, [&oid[..], &der(0x30, numbers)].concat()))
}

/// Covers E10.
#[test]
fn scrypt_with_parameters_that_it_does_not_have() {
    let read = |der: &[u8]| Jwk::from_encrypted_der(der, "passphrase").unwrap_err();
    assert_eq!(read(&scrypt(&[16], 8, 1)), FormError::PassphraseWrong.into());
    for (cost, block, parallel) in
        [(&[0][..], 8, 1), (&[1], 8, 1), (&[3], 8, 1), (&[0x40, 1], 8, 1), (&[16], 0, 1), (&[16], 8, 0)]
    {
        let error = read(&scrypt(cost, block, parallel));
        assert!(matches!(error, Error::Unsupported(_)), "{cost:?} {block} {parallel}: {error:?}");
    }
    for cost in [&[0x7f; 8][..], &[0x40, 0, 0, 0, 0, 0, 0, 0]] {
        let code = read(&scrypt(cost, 127, 127)).code();
        assert!(["work-too-much", "unsupported"].contains(&code), "{cost:?} {code}");
    }
}

/// Covers E10.
#[test]
fn another_encryption_is_not_called_malformed() {
    // Camellia-256-CBC (1.2.392.200011.61.1.1.1.4) in the place of AES.
    let aes = [6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x2a];
    let mut other = scrypt(&[16], 8, 1);
    let at = other.windows(aes.len()).position(|window| window == aes).unwrap();
    other[at + 10] = 0x2c;
    let error = Jwk::from_encrypted_der(&other, "passphrase").unwrap_err();
    assert!(matches!(error, Error::Unsupported(_)), "{error:?}");
}

/// Covers B1.
#[test]
fn one_private_key_among_blocks_is_the_key_or_an_error() {
    let generate = || Jwk::generate(Curve::Ed25519, &mut SysRng).unwrap();
    let (one, two) = (generate(), generate());
    let private = one.expose_private_pem(PrivateFormat::Pkcs8).unwrap();
    let public = one.to_public().unwrap().to_pem(PublicFormat::Spki).unwrap();
    let encrypted = two.to_encrypted_pem("passphrase", &mut SysRng).unwrap();
    let openssh = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----\n";
    for (text, expected) in [
        (format!("{}{encrypted}", *private), FormError::PemSeveral("ENCRYPTED PRIVATE KEY")),
        (format!("{encrypted}{}", *private), FormError::PemSeveral("PRIVATE KEY")),
        (format!("{openssh}{public}"), FormError::PemLabel("OPENSSH PRIVATE KEY")),
        (format!("{openssh}{}", *private), FormError::PemSeveral("PRIVATE KEY")),
        (format!("{encrypted}{public}"), FormError::PassphraseMissing),
    ] {
        assert_eq!(Jwk::from_pem(&text), Err(expected.into()), "{text}");
    }
    assert_eq!(PublicJwk::from_pem(&format!("{openssh}{public}")), one.to_public());
    let inside = public.replacen("-----\n", "-----\nMCowBQ\nX: y\n-----BEGIN PUBLIC KEY-----\n\n", 1);
    assert_eq!(Jwk::from_pem(&inside), Err(FormError::Pem("a block begins inside of another").into()));
    let no_blank = public.replacen("-----\n", "-----\nComment: a note\n", 1);
    let expected = FormError::Pem("its headers do not end with a blank line");
    assert_eq!(Jwk::from_pem(&no_blank), Err(expected.into()));
    let indented = no_blank.replacen("note\n", "note\n  \n", 1).replace('\n', "\n  ");
    assert_eq!(PublicJwk::from_pem(&indented), one.to_public());
}

/// Covers A3, A9.
#[test]
fn keys_in_other_spellings_are_no_secrets() {
    let is_refused = |text: &[u8]| Jwk::from_octets(text.to_vec()) == Err(Error::LooksLikeKey);
    // A string behind its length, as OpenSSH has its keys, which `ssh-keygen` writes in base64 between two blanks.
    let string = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat();
    for (name, parts) in [
        ("ssh-ed25519", vec![vec![7; 32]]),
        ("ssh-rsa", vec![vec![1, 0, 1], vec![9; 257]]),
        ("ecdsa-sha2-nistp256", vec![b"nistp256".to_vec(), vec![4; 65]]),
    ] {
        let parts = parts.iter().flat_map(|part| string(part));
        let body: Vec<u8> = string(name.as_bytes()).into_iter().chain(parts).collect();
        assert!(is_refused(&body) && is_refused(base64(&body).as_bytes()), "{name}");
    }
    let public = Jwk::generate(Curve::P256, &mut SysRng).unwrap().to_public().unwrap();
    let mut spki = public.to_der(PublicFormat::Spki).unwrap();
    for last in [0x20, 0x22, 0x0a, 0xbf, 0x00] {
        *spki.last_mut().unwrap() = last;
        assert!(is_refused(&[&spki[..], b"\n"].concat()), "{last:#x}");
        assert!(is_refused(&[&spki[..], b"\r\n"].concat()), "{last:#x}");
    }
    let text = base64(&spki);
    let mark = "\u{feff}";
    for text in [format!("\n{mark}{text}"), format!("{mark}{mark}{text}"), format!("'{text}'\n")] {
        assert!(is_refused(text.as_bytes()), "{text}");
    }
    assert!(is_refused(format!("[{}]", public.to_json()).as_bytes()));
    assert!(is_refused(format!("'{}'", public.to_json()).as_bytes()));
    // What begins like one of them.
    for text in [&b"\0\0\0\x0bssh"[..], b"\0\0\0", b"[1,2,3]", b"ssh keys are kept elsewhere", b"'quoted'"] {
        assert!(!is_refused(text), "{text:?}");
    }
}

/// Covers B4, K23.
#[test]
fn a_damaged_digest_fares_no_better_than_a_wrong_one() {
    let key = Jwk::generate(Curve::P256, &mut SysRng).unwrap().to_public().unwrap().to_json();
    for (digest, is_chosen) in [(r#""AAAA""#, false), ("1", false), ("null", true)] {
        let text = key.replacen('{', &format!(r#"{{"x5t#S256":{digest},"x5c":["MAAA"],"#), 1);
        let set = JwkSet::from_json(format!(r#"{{"keys":[{text}]}}"#)).unwrap();
        assert_eq!(set.keys()[0].check_certificates(), Err(Error::Certificate { index: 0 }));
        let query = KeyQuery::new().x5t_s256([7; 32]);
        assert_eq!(set.select(&query).is_ok(), is_chosen, "{digest}");
    }
}

/// Covers G3.
#[test]
fn what_is_noted_of_a_secret_has_no_place_in_it() {
    let text = r#"{"kty":"oct","k":"+/8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}"#;
    let key = JwkParser::new().allow_standard_base64().allow_padding().jwk(text).unwrap();
    let noted = format!("{:?}", key.noted());
    assert!(!key.noted().is_empty() && !noted.contains("at:"), "{noted}");
}

/// Sets are equal if their keys are, whatever was noted.
#[test]
fn notes_are_no_part_of_a_set() {
    let key = Jwk::generate(Curve::P256, &mut SysRng).unwrap().to_public().unwrap().to_json();
    let noted = key.replacen('{', r#"{"x5c":[],"#, 1);
    let set = |key: &str| JwkSet::from_json(format!(r#"{{"keys":[{key}]}}"#)).unwrap();
    assert_eq!(set(&noted).noted().len(), 1);
    assert_eq!(set(&noted), set(&key));
}

/// Covers E7.
#[test]
fn the_text_of_an_error_does_not_grow_with_a_set() {
    let set = JwkSet::from_json(format!(r#"{{"keys":[{{}}{}]}}"#, ",0".repeat(200_000))).unwrap();
    let error = VerifyingKeys::from_jwks(&set, JwsAlg::Es256).unwrap_err();
    let text = error.to_string();
    assert!(text.len() < 1000 && text.ends_with("; and 199993 more"), "{text}");
}

const NOW: NumericDate = NumericDate::from_seconds(1_700_000_000);

fn signed(header: Header<'_>, claims: &Value) -> (String, VerifyingKey) {
    let jwk = Jwk::generate(KeySpec::Oct { len: 32 }, &mut SysRng).unwrap().with_alg(JwsAlg::Hs256).unwrap();
    let signer = SigningKey::try_from(&jwk).unwrap();
    let token = compact::sign(&signer, claims.to_string().as_bytes(), &header).unwrap();
    (token, VerifyingKey::try_from(&jwk).unwrap())
}

fn access(extra: &Value) -> Value {
    let mut claims = json!({"iss": "i", "sub": "s", "aud": "me", "exp": 1_700_000_100, "iat": 1_700_000_000, "jti": "1",
        "client_id": "c"});
    claims.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    claims
}

/// Covers F6.
#[test]
fn a_token_without_its_typ_is_told_from_others_by_its_claims() {
    let code = |profile: Profile, header: Header<'_>, claims: &Value| {
        let (token, key) = signed(header, claims);
        let verifier = JwtVerifier::new(key).issuer("i").audience("me").profile(profile);
        verifier.at(NOW).verify::<NoClaims>(&token).err().map(|error| error.to_string())
    };
    let generic = ACCESS_TOKEN.allow_generic_typ();
    assert_eq!(code(generic, Header::new(), &access(&json!({}))), None);
    for claim in ["events", "nonce", "at_hash", "c_hash"] {
        let claims = access(&json!({claim: "x"}));
        for header in [Header::new(), Header::new().typ("JWT")] {
            let text = code(generic, header, &claims).unwrap();
            assert!(text.contains(claim), "{text}");
        }
        // What names its kind may have them, and so may what they are waived for.
        assert_eq!(code(generic, Header::new().typ("at+jwt"), &claims), None, "{claim}");
    }
    let waived = generic.waive(&["nonce"]);
    assert_eq!(code(waived, Header::new(), &access(&json!({"nonce": "x"}))), None);
    let events = json!({"events": {"http://schemas.openid.net/event/backchannel-logout": {}}});
    assert_eq!(code(LOGOUT_TOKEN.allow_generic_typ(), Header::new(), &access(&events)), None);
}

/// Covers F4.
#[test]
fn options_that_cancel_each_other_are_errors() {
    let (token, key) = signed(Header::new(), &access(&json!({})));
    let verifier = || JwtVerifier::new(key.clone()).issuer("i");
    for (verifier, option) in [
        (verifier().any_audience().profile(ID_TOKEN).trusted_audiences("good"), "trusted_audiences"),
        (
            verifier().any_audience().expiry_optional().max_lifetime(core::time::Duration::from_secs(60)),
            "expiry_optional",
        ),
    ] {
        let error = verifier.at(NOW).verify::<NoClaims>(&token).unwrap_err();
        assert_eq!(error, jose_jwt::Error::OptionWithoutEffect { option });
    }
}

/// Covers T10.
#[test]
fn claims_that_somebody_else_verified_are_checked_alike() {
    // OpenID Connect Core section 3.1.3.6: the left half of the SHA-256 of the token.
    let hash = base64(&Sha256::digest("tok")[..16]);
    let (token, key) = signed(Header::new(), &access(&json!({"at_hash": hash})));
    let verified = compact::verify(&key, &token).unwrap();
    let without = JwtVerifier::new(key).issuer("i").audience("me");
    let error = without.at(NOW).access_token("tok").verify::<NoClaims>(&token).unwrap_err();
    assert_eq!(error, jose_jwt::Error::OptionWithoutEffect { option: "access_token" });
    let verifier = without.profile(ID_TOKEN);
    let check = |verifier: &JwtVerifier<VerifyingKey>, text: &str| {
        let verification = verifier.at(NOW).access_token(text);
        verification.dangerous_check_claims::<NoClaims>(&verified.header(), verified.payload()).map(|_| ())
    };
    assert_eq!(check(&verifier, "tok"), Ok(()));
    assert!(check(&verifier, "other").is_err());
    let short = verifier.clone().max_len(10);
    assert_eq!(check(&short, "tok"), Err(jose_jwt::Error::TooLong { max: 10 }));
    assert!(verifier.at(NOW).access_token("tok").verify::<NoClaims>(&token).is_ok());
}

/// Covers T10.
#[test]
fn what_a_verifier_can_accept_can_be_decoded() {
    let claims = format!(r#"{{"a":{}1{}}}"#, "[".repeat(100), "]".repeat(100));
    let (token, key) = signed(Header::new(), &serde_json::from_str(&claims).unwrap());
    let verifier = JwtVerifier::new(key).any_issuer().any_audience().expiry_optional().max_depth(127);
    let verified = verifier.at(NOW).verify::<Value>(&token).unwrap();
    assert_eq!(
        dangerous_decode(&token).unwrap().claims::<Value>().unwrap()["a"],
        verified.claims().custom()["a"]
    );
    let padded = format!("{}==.{}", base64(r#"{"alg":"HS256" }"#), &token[token.find('.').unwrap() + 1..]);
    assert!(dangerous_decode(&padded).is_ok());
    // As deep as can be asked for.
    for (depth, fits) in [(127, true), (128, false)] {
        let claims = format!(r#"{{"a":{}1{}}}"#, "[".repeat(depth - 1), "]".repeat(depth - 1));
        let jwk = Jwk::generate(KeySpec::Oct { len: 32 }, &mut SysRng).unwrap();
        let signer = SigningKey::from_jwk(&jwk, JwsAlg::Hs256).unwrap();
        let token = compact::sign(&signer, claims.as_bytes(), &Header::new()).unwrap();
        let verifier = verifier.with_keys(VerifyingKey::from_jwk(&jwk, JwsAlg::Hs256).unwrap());
        let verifier = verifier.max_depth(usize::MAX);
        assert_eq!(verifier.at(NOW).verify::<Value>(&token).is_ok(), fits, "{depth}");
    }
}

/// An OpenSSH private key by hand (the file PROTOCOL.key of OpenSSH), not encrypted: `n`, `e`, `d`, `iqmp`, `p`, `q`.
fn openssh_rsa(numbers: &[Vec<u8>; 6]) -> String {
    let string = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat();
    // Positive: with a zero in front where the first bit is set.
    let number = |bytes: &[u8]| string(&[if bytes[0] > 0x7f { &[0][..] } else { &[] }, bytes].concat());
    let [n, e, ..] = numbers;
    let public = [string(b"ssh-rsa"), number(e), number(n)].concat();
    let numbers: Vec<u8> = numbers.iter().flat_map(|bytes| number(bytes)).collect();
    let mut private = [&[7; 8][..], &string(b"ssh-rsa"), &numbers, &string(b"comment")].concat();
    private.extend((1..=8).take((8 - private.len() % 8) % 8));
    let parts =
        [string(b"none"), string(b"none"), string(b""), vec![0, 0, 0, 1], string(&public), string(&private)];
    let all = [&b"openssh-key-v1\0"[..], &parts.concat()].concat();
    let text = base64ct::Base64::encode_string(&all);
    let lines: Vec<&str> =
        text.as_bytes().chunks(70).map(|line| core::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{}\n-----END OPENSSH PRIVATE KEY-----\n", lines.join("\n"))
}

/// Members that are longer than the modulus are refused before anything is computed with them, on a small stack.
///
/// Covers B11.
#[test]
fn members_of_an_openssh_key_are_bounded_by_the_modulus() {
    let key = Jwk::generate(KeySpec::Rsa { bits: 2048 }, &mut SysRng).unwrap();
    let member =
        |name: &'static str| key.public_member(name).or(key.expose_secret_member(name)).unwrap().to_vec();
    let right = ["n", "e", "d", "qi", "p", "q"].map(member);
    let test = move || {
        let read = Jwk::from_openssh_private(&openssh_rsa(&right)).unwrap();
        assert_eq!(read.expose_private_json(), key.expose_private_json());
        for len in [257, 2049, 256 * 1024] {
            for place in 2..6 {
                let mut numbers = right.clone();
                numbers[place] = vec![0x7f; len];
                let error = Jwk::from_openssh_private(&openssh_rsa(&numbers)).unwrap_err();
                assert!(["member-length", "openssh"].contains(&error.code()), "{place} {len}: {error:?}");
            }
        }
    };
    std::thread::Builder::new().stack_size(128 * 1024).spawn(test).unwrap().join().unwrap();
}
