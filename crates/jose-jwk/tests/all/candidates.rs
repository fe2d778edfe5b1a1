//! How a verifier or decrypter chooses among the prepared keys of a set, and what a key serves.

use core::error::Error as _;

use jose_b64::json;
use jose_jwk::{
    AlgSet, Allowed, Candidate, Candidates, Curve, Error, Jwk, JwkSet, JwsAlg, Operation, RsaLimits,
    SelectError, Served, SysRng, UnusableKeys, Usage,
};

use crate::rfc::{EC_PRIVATE, OCT, RSA_7638};
use crate::support::wrong_key;

#[derive(Clone, Debug)]
struct Named(Option<&'static str>, u32);

impl Candidate for Named {
    fn kid(&self) -> Option<&str> {
        self.0
    }
}

/// The places of the keys that are chosen, of those with an even number.
fn chosen(keys: &Candidates<Named>, kid: Option<&str>) -> Result<Vec<usize>, SelectError> {
    let text = kid.map(|kid| format!("\"{kid}\""));
    let kid = text.as_ref().map(|text| json::parse(text.as_bytes()).unwrap().as_str().unwrap());
    Ok(keys.select(kid, |key| key.1 % 2 == 0)?.map(|(index, _)| index).collect())
}

/// Covers S09, B5.
#[test]
fn one_key_unless_more_are_allowed() {
    let keys = [
        Named(Some("a"), 0),
        Named(Some("a"), 1),
        Named(Some("b"), 0),
        Named(None, 0),
        Named(Some("b"), 2),
        Named(Some("odd"), 1),
    ];
    let one = Candidates::new(keys).unwrap();
    assert_eq!(chosen(&one, Some("a")), Ok(vec![0]));
    assert_eq!(chosen(&one, Some("\\u0061")), Ok(vec![0]));
    assert_eq!(chosen(&one, Some("b")), Err(SelectError::Ambiguous));
    assert_eq!(chosen(&one, Some("c")), Err(SelectError::KidUnknown));
    assert_eq!(chosen(&one, Some("odd")), Err(SelectError::KidUnknown));
    assert_eq!(chosen(&one, None), Err(SelectError::Ambiguous));
    let three = one.clone().max_candidates(3);
    assert_eq!(chosen(&three, Some("b")), Ok(vec![2, 3, 4]));
    assert_eq!(chosen(&three, Some("c")), Ok(vec![3]));
    assert_eq!(chosen(&three, None), Err(SelectError::Ambiguous));
    assert_eq!(chosen(&three.max_candidates(4), None), Ok(vec![0, 2, 3, 4]));
    let odd = Candidates::new([Named(None, 1)]).unwrap();
    assert_eq!(chosen(&odd, None), Err(SelectError::NotFound));
    assert_eq!(chosen(&odd, Some("a")), Err(SelectError::NotFound));
}

/// The work is bounded by the number of keys, and what is tried by what is allowed.
///
/// Covers B5.
#[test]
fn a_thousand_keys_of_one_kid_are_not_tried() {
    let keys = Candidates::new((0..1000).map(|_| Named(Some("same"), 0))).unwrap();
    assert_eq!(chosen(&keys, Some("same")), Err(SelectError::Ambiguous));
    assert_eq!(chosen(&keys.max_candidates(10), Some("same")), Err(SelectError::Ambiguous));
}

/// Covers S01, B8.
#[test]
fn keys_that_cannot_be_prepared_are_skipped() {
    let set: JwkSet =
        [RSA_7638, OCT, EC_PRIVATE].map(|text| Jwk::from_json(text).unwrap()).into_iter().collect();
    let prepare = |alg| {
        Candidates::prepare(&set, move |jwk: &Jwk| jwk.check(Operation::Verify(alg)).map(|()| Named(None, 0)))
    };
    let keys = prepare(JwsAlg::Hs256).unwrap();
    assert_eq!(keys.iter().map(|(index, _)| index).collect::<Vec<_>>(), [1]);
    let skipped: Vec<_> = keys.skipped().iter().map(|skipped| (skipped.index, skipped.reason)).collect();
    let expected = [0, 2].map(|index: usize| (index, wrong_key(&set.keys()[index], "HS256")));
    assert_eq!(skipped, expected);
    let unusable = prepare(JwsAlg::Ed25519).unwrap_err();
    assert_eq!((unusable.skipped().len(), unusable.code()), (3, "no-usable-key"));
    assert_eq!(
        unusable.to_string(),
        "none of the 3 keys of the set serves an allowed algorithm: key 0: a key of type RSA does not fit Ed25519; \
         key 1: a key of type oct does not fit Ed25519; key 2: a key of type EC on P-256 does not fit Ed25519"
    );
    let none = Candidates::<Named>::new([]).unwrap_err();
    assert_eq!(none.to_string(), "the set has no keys");
}

/// What was not read is told as well as what was not prepared; the first reason is the source.
#[test]
fn a_set_without_a_usable_key_says_what_is_in_it() {
    let unreadable = r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#;
    let set = |keys: &[&str]| JwkSet::from_json(format!(r#"{{"keys":[{}]}}"#, keys.join(","))).unwrap();
    let refuse = |set: &JwkSet| {
        let none = |jwk: &Jwk| jwk.check(Operation::Verify(JwsAlg::Ed25519)).map(|()| Named(None, 0));
        Candidates::prepare(set, none).unwrap_err()
    };
    let both = set(&[unreadable, RSA_7638]);
    let unusable = refuse(&both);
    assert_eq!(unusable.unread(), both.skipped());
    assert_eq!(unusable.unread().iter().map(|skipped| skipped.index).collect::<Vec<_>>(), [0]);
    let source =
        |error: &UnusableKeys| error.source().and_then(|source| source.downcast_ref::<Error>()).copied();
    assert_eq!(source(&unusable), Some(unusable.skipped()[0].reason));
    let unread = refuse(&set(&[unreadable]));
    assert_eq!(unread.skipped(), []);
    assert_eq!(source(&unread), Some(unread.unread()[0].reason));
    assert!(unread.to_string().starts_with("no key of the set could be read: entry 0: "), "{unread}");
    assert_eq!(source(&Candidates::<Named>::new([]).unwrap_err()), None);

    // Eight reasons are written, and how many more there are.
    let many = |count: usize| refuse(&set(&vec![unreadable; count])).to_string();
    assert_eq!(many(8).matches("entry").count(), 8);
    assert!(!many(8).contains("more"), "{}", many(8));
    assert_eq!(many(10).matches("entry").count(), 8);
    assert!(many(10).ends_with("; and 2 more"), "{}", many(10));
}

/// Keys that are changed keep their places and how many of them may be tried; the first that cannot be changed is the error.
#[test]
fn keys_are_changed_where_they_are() {
    let keys = [Named(Some("a"), 0), Named(Some("a"), 2), Named(None, 4)];
    let keys = Candidates::new(keys).unwrap().max_candidates(3);
    let changed = keys.clone().try_map(|key| Ok::<_, u32>(Named(key.0, key.1 + 2))).unwrap();
    assert_eq!(changed.iter().map(|(at, key)| (at, key.1)).collect::<Vec<_>>(), [(0, 2), (1, 4), (2, 6)]);
    assert_eq!(chosen(&changed, Some("a")), Ok(vec![0, 1, 2]));
    let refused = keys.try_map(|key| if key.1 < 2 { Ok(key) } else { Err(key.1) });
    assert_eq!(refused.unwrap_err(), 2);
}

/// Covers K24, A5.
#[test]
fn a_key_serves_what_is_allowed_and_says_why_not_the_rest() {
    let allowed: Allowed<JwsAlg> = [JwsAlg::Es256, JwsAlg::Hs256].into();
    let serve = |jwk: &Jwk| Served::new(allowed.algs(), |alg| jwk.check(Operation::Sign(alg)));
    let own = Jwk::generate(Curve::P256, &mut SysRng).unwrap();
    let served = serve(&own).unwrap();
    assert_eq!(served.algs(), JwsAlg::Es256.into());
    assert!(served.get(JwsAlg::Es256).is_some() && served.get(JwsAlg::Hs256).is_none());
    assert_eq!(served.refusal(JwsAlg::Hs256), Some(wrong_key(&own, "HS256")));
    assert_eq!(served.refusal(JwsAlg::Es256), None);
    assert_eq!(served.refusal(JwsAlg::Rs256), None);
    // The reason that says most: not that the key is of another kind, but that its `use` forbids it.
    let reason = serve(&Jwk::from_json(EC_PRIVATE).unwrap()).unwrap_err();
    assert_eq!(reason, Some(Error::Usage(Usage::UseForbids)));
    let nothing = Served::new(AlgSet::EMPTY, |alg: JwsAlg| own.check(Operation::Sign(alg)));
    assert_eq!(nothing.unwrap_err(), None);
    // What it was prepared to is changed, and the reasons stay.
    let both = Served::new([JwsAlg::Es256, JwsAlg::Es384, JwsAlg::Hs256].into(), |alg| match alg {
        JwsAlg::Hs256 => Err(wrong_key(&own, "HS256")),
        alg => Ok(alg.as_str().len()),
    });
    let doubled = both.unwrap().map(|len| len * 2);
    assert_eq!(doubled.iter().collect::<Vec<_>>(), [(JwsAlg::Es256, &10), (JwsAlg::Es384, &10)]);
    assert_eq!(doubled.refusal(JwsAlg::Hs256), Some(wrong_key(&own, "HS256")));
    let one = Served::one(JwsAlg::Es256, 1);
    assert_eq!((one.algs(), one.get(JwsAlg::Es256)), (JwsAlg::Es256.into(), Some(&1)));
    assert_eq!(one.refusal(JwsAlg::Hs256), None);
}

#[test]
fn legacy_rsa_is_allowed_by_name() {
    let allowed: Allowed<JwsAlg> = JwsAlg::Rs256.into();
    assert_eq!(allowed.rsa_limits(), RsaLimits::STRICT);
    let legacy = allowed.legacy_rsa(RsaLimits::LEGACY_VERIFY);
    assert_eq!((legacy.rsa_limits(), legacy.algs()), (RsaLimits::LEGACY_VERIFY, allowed.algs()));
    let set: AlgSet<JwsAlg> = JwsAlg::Rs256.into();
    assert_eq!([Allowed::from(set), [JwsAlg::Rs256].into(), [JwsAlg::Rs256][..].into()], [allowed; 3]);
}
