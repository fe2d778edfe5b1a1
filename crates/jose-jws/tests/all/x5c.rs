//! Chains of certificates in headers. `tests/data/x5c/make.sh` made the chains, with OpenSSL.

use base64ct::{Base64, Encoding};
use jose_jwa::header::HeaderError;
use jose_jws::jwk::{Curve, Error as KeyError, Hash, Jwk, PublicJwk, SysRng};
use jose_jws::x5c::{self, ChainPolicy};
use jose_jws::{Error, JwsAlg, KeyResolver, Parameters, SigningKey, VerifyingKey, compact, json};

/// A second in 2050.
const THEN: u64 = 2_524_608_000;

const ROOT: &str = include_str!("../data/x5c/root.pem");

macro_rules! chain {
    ($name:literal) => {
        include_str!(concat!("../data/x5c/", $name, ".pem"))
    };
}

fn policy(roots: &str) -> ChainPolicy {
    ChainPolicy::from_pem(roots).unwrap().at(THEN)
}

fn certificates(pem: &str) -> Vec<Vec<u8>> {
    PublicJwk::from_unverified_certificate_pem(pem).unwrap().as_jwk().certificates().unwrap()
}

fn header(chain: &[Vec<u8>]) -> Parameters {
    let list: Vec<String> = chain.iter().map(|der| format!("\"{}\"", Base64::encode_string(der))).collect();
    Parameters::new().json("x5c", &format!("[{}]", list.join(","))).unwrap()
}

fn private(pem: &str) -> Jwk {
    Jwk::from_pem(&pem[pem.find("-----BEGIN PRIVATE").unwrap()..]).unwrap()
}

fn alg_of(jwk: &Jwk) -> JwsAlg {
    match jwk.curve() {
        Some(Curve::P256) => JwsAlg::Es256,
        Some(Curve::P384) => JwsAlg::Es384,
        Some(Curve::P521) => JwsAlg::Es512,
        Some(_) => JwsAlg::Ed25519,
        None => JwsAlg::Ps256,
    }
}

fn signed(key: &Jwk, chain: &[Vec<u8>]) -> String {
    let alg = alg_of(key);
    let key = if alg == JwsAlg::Ps256 {
        SigningKey::randomized(key, alg, || SysRng).unwrap()
    } else {
        SigningKey::from_jwk(key, alg).unwrap()
    };
    compact::sign(&key, b"payload", &header(chain).header()).unwrap()
}

/// What verifying a token with this chain says, signed with the key of its first certificate.
fn verdict(pem: &str, policy: &ChainPolicy) -> Result<Vec<u8>, Error> {
    let key = private(pem);
    let token = signed(&key, &certificates(pem));
    x5c::verify(&token, alg_of(&key), policy).map(|verified| verified.payload().to_vec())
}

fn untrusted<T: core::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    match result {
        Err(Error::Key(KeyError::ChainUntrusted { what })) => what,
        other => panic!("{other:?}"),
    }
}

/// Covers B4.
#[test]
fn chains_of_every_kind_lead_to_their_anchors() {
    let chains = [
        (chain!("good"), ROOT),
        (chain!("with-root"), ROOT),
        (chain!("rsa-pss"), chain!("rsa-root")),
        (chain!("rsa-pkcs1"), chain!("rsa-root")),
        (chain!("ed25519"), chain!("ed25519-root")),
        (chain!("p521"), chain!("p521-root")),
    ];
    let roots = |names: &[&str]| names.concat();
    let all = roots(&[ROOT, chain!("rsa-root"), chain!("ed25519-root"), chain!("p521-root")]);
    for (pem, root) in chains {
        assert_eq!(verdict(pem, &policy(root)).unwrap(), b"payload");
        assert_eq!(verdict(pem, &policy(&all)).unwrap(), b"payload");
    }
    let key = private(chain!("good"));
    let chain = certificates(chain!("good"));
    let verified = x5c::verify(&signed(&key, &chain), JwsAlg::Es256, &policy(ROOT)).unwrap();
    assert_eq!(*verified.thumbprint(), key.thumbprint(Hash::Sha256).unwrap());
    assert_eq!(verified.key().as_jwk().certificates().unwrap(), chain);
    // With the system's clock, which is not yet in 2126.
    let now = ChainPolicy::from_pem(ROOT).unwrap();
    assert_eq!(verdict(chain!("good"), &now).unwrap(), b"payload");
}

/// Covers B4.
#[test]
fn each_rule_refuses_what_breaks_it() {
    let rows = [
        (chain!("not-ca"), "not allow certificates to be signed"),
        (chain!("not-ca-bare"), "is not an authority"),
        (chain!("path-length"), "longer than allowed"),
        (chain!("name-constraint"), "outside of an issuer's constraints"),
        (chain!("authority-signs"), "that of an authority"),
        (chain!("leaf-usage"), "does not allow signatures"),
        (chain!("issuer-usage"), "not allow certificates to be signed"),
        (chain!("critical"), "critical extension"),
        (chain!("weak-issuer"), "not signed by its issuer"),
        (chain!("sha1"), "an algorithm that this build lacks"),
    ];
    for (pem, phrase) in rows {
        let what = untrusted(verdict(pem, &policy(ROOT)));
        assert!(what.contains(phrase), "{phrase}: {what}");
    }
    let good = chain!("good");
    assert!(untrusted(verdict(good, &policy(ROOT).at(1_700_000_000))).contains("not valid yet"));
    assert!(untrusted(verdict(good, &policy(ROOT).at(5_000_000_000))).contains("has expired"));
    // An anchor of the same name, and one of another.
    assert!(untrusted(verdict(good, &policy(chain!("other-root")))).contains("not signed by its issuer"));
    assert!(untrusted(verdict(good, &policy(chain!("rsa-root")))).contains("no trust anchor"));
}

#[test]
fn order_and_completeness() {
    let key = private(chain!("good"));
    let whole = certificates(chain!("with-root"));
    let [own, authority, root] = whole.as_slice() else { panic!("three") };
    let says = |chain: &[&Vec<u8>]| {
        let chain: Vec<Vec<u8>> = chain.iter().map(|der| (*der).clone()).collect();
        x5c::verify(&signed(&key, &chain), JwsAlg::Es256, &policy(ROOT))
    };
    assert!(says(&[own, authority]).is_ok());
    assert!(untrusted(says(&[own])).contains("a certificate between is missing"));
    assert!(untrusted(says(&[own, root])).contains("not in order"));
    assert!(untrusted(says(&[own, root, authority])).contains("not in order"));
    assert!(untrusted(says(&[own, authority, authority])).contains("not in order"));
    // The authority's certificate in front: its key did not sign, and serves another algorithm.
    assert!(says(&[authority, root]).is_err());
    assert_eq!(says(&[]).unwrap_err().code(), "member-missing");
    // Twenty of them, and as much as a header holds.
    assert!(untrusted(says(&[own; 20])).contains("more than 10"));
    let long = vec![own.clone(); 11];
    let refused = jose_jws::jwk::ChainValidator::validate(&policy(ROOT), &long).unwrap_err();
    assert!(refused.to_string().contains("more than 10"), "{refused}");
    let large = [own.clone(), vec![0; x5c::MAX_CHAIN_LEN]];
    let refused = jose_jws::jwk::ChainValidator::validate(&policy(ROOT), &large).unwrap_err();
    assert!(refused.to_string().contains("65536 bytes"), "{refused}");
}

#[test]
fn the_first_certificates_key_verifies_and_no_other() {
    let chain = certificates(chain!("good"));
    let other = Jwk::generate(Curve::P256, &mut SysRng).unwrap();
    let forged = x5c::verify(&signed(&other, &chain), JwsAlg::Es256, &policy(ROOT));
    assert_eq!(forged.unwrap_err(), Error::Signature);
    // The curve of the certificate decides the algorithm.
    let key = private(chain!("good"));
    let token = signed(&key, &chain);
    let refused = x5c::verify(&token, JwsAlg::Es384, &policy(ROOT)).unwrap_err();
    assert_eq!(refused.code(), "wrong-key");
    // The key is in another header of the message, too.
    let jwk = other.to_public().unwrap().to_json();
    let parameters = header(&chain).json("jwk", &jwk).unwrap();
    let forged = compact::sign(
        &SigningKey::try_from(&other.with_alg(JwsAlg::Es256).unwrap()).unwrap(),
        b"payload",
        &parameters.header(),
    );
    assert_eq!(x5c::verify(&forged.unwrap(), JwsAlg::Es256, &policy(ROOT)).unwrap_err(), Error::Signature);
}

#[test]
fn what_a_policy_asks_for() {
    let says = |policy: ChainPolicy| verdict(chain!("good"), &policy);
    let good = || policy(ROOT);
    assert!(says(good().dns_name("signer.example").unwrap()).is_ok());
    assert!(untrusted(says(good().dns_name("other.example").unwrap())).contains("another name"));
    assert!(says(good().purpose("1.3.6.1.5.5.7.3.36").unwrap()).is_ok());
    assert!(untrusted(says(good().purpose("1.3.6.1.5.5.7.3.1").unwrap())).contains("another purpose"));
    let marked = good().end_entity_extension("1.2.840.113635.100.6.11.1").unwrap();
    let marked = marked.issuer_extension("1.2.840.113635.100.6.2.1").unwrap();
    assert!(says(marked.clone()).is_ok());
    assert!(untrusted(says(marked.issuer_extension("1.2.3").unwrap())).contains("lacks an extension"));
    assert!(
        untrusted(says(good().end_entity_extension("1.2.840.113635.100.6.2.1").unwrap())).contains("lacks")
    );
    let alone = policy(chain!("ed25519-root")).issuer_extension("1.2.3").unwrap();
    assert!(untrusted(verdict(chain!("ed25519"), &alone)).contains("lacks"));
    for name in ["", "127.0.0.1", "a b"] {
        assert_eq!(good().dns_name(name).unwrap_err().code(), "unsupported", "{name}");
    }
    assert_eq!(good().purpose("not an oid").unwrap_err().code(), "unsupported");
    assert_eq!(untrusted(ChainPolicy::new([[0_u8; 0]; 0])), "there is no trust anchor");
    assert_eq!(ChainPolicy::new([b"?"]).unwrap_err().code(), "certificate");
}

#[test]
fn headers() {
    let (key, chain) = (private(chain!("good")), certificates(chain!("good")));
    let sign = |parameters: &Parameters| {
        let key = SigningKey::from_jwk(&key, JwsAlg::Es256).unwrap();
        let token = compact::sign(&key, b"payload", &parameters.header()).unwrap();
        x5c::verify(&token, JwsAlg::Es256, &policy(ROOT))
    };
    assert_eq!(sign(&Parameters::new()).unwrap_err(), HeaderError::Missing("x5c").into());
    let unsigned = |x5c: &str| {
        let header =
            jose_b64::base64url::encode_to_string(format!(r#"{{"alg":"ES256","x5c":{x5c}}}"#).as_bytes());
        x5c::verify(&format!("{header}..AAAA"), JwsAlg::Es256, &policy(ROOT)).unwrap_err()
    };
    for value in ["1", "{}", "[1]", "[null]"] {
        assert_eq!(unsigned(value), HeaderError::Invalid("x5c").into(), "{value}");
    }
    assert_eq!(unsigned(r#"["!"]"#), KeyError::Certificate { index: 0 }.into());
    assert_eq!(unsigned(r#"["AAAA"]"#).code(), "der");
    let own = PublicJwk::from_unverified_certificate(&chain[0]).unwrap();
    let digest = jose_b64::base64url::encode_to_string(own.as_jwk().x5t_s256().unwrap());
    let named = header(&chain).json("x5t#S256", &format!("\"{digest}\"")).unwrap();
    assert!(sign(&named).is_ok());
    let other = header(&chain).json("x5t#S256", "\"AAAA\"").unwrap();
    assert_eq!(sign(&other).unwrap_err(), HeaderError::Invalid("x5t#S256").into());
}

#[test]
fn a_flattened_message_and_a_resolver() {
    let (key, chain) = (private(chain!("good")), certificates(chain!("good")));
    let signer = SigningKey::from_jwk(&key, JwsAlg::Es256).unwrap();
    let parameters = header(&chain);
    let text =
        json::Builder::new(b"payload").sign(&signer, parameters.header()).unwrap().flattened().unwrap();
    let verified = x5c::verify_flattened(&text, JwsAlg::Es256, &policy(ROOT)).unwrap();
    assert_eq!(verified.payload(), b"payload");
    let refused = x5c::verify_flattened(&text, JwsAlg::Es256, &policy(chain!("other-root")));
    assert!(untrusted(refused).contains("not signed by its issuer"));

    let policy = policy(ROOT);
    let resolver = KeyResolver::new(JwsAlg::Es256, |candidate| {
        VerifyingKey::from_jwk(x5c::key_of(candidate.header, &policy).ok()?, candidate.alg).ok()
    });
    let token = signed(&key, &chain);
    assert_eq!(compact::verify(&resolver.unwrap(), &token).unwrap().payload(), b"payload");
}
