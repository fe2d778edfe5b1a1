use alloc::collections::BTreeSet;

use jose_jwa::{AlgSet, Identifier, JweAlg, JweEnc, JwsAlg, KeyOp};

const ALLOWED: AlgSet<JwsAlg> = JwsAlg::set(&[JwsAlg::Ed25519, JwsAlg::Es256]);
const UNION: AlgSet<JwsAlg> = ALLOWED.union(JwsAlg::set(&[JwsAlg::MlDsa87]));
const SUBSET: bool = ALLOWED.is_subset(UNION) && !UNION.is_subset(ALLOWED);
const LEN: usize = UNION.len();
const BOTH: AlgSet<JwsAlg> = UNION.intersection(JwsAlg::set(&[JwsAlg::MlDsa87, JwsAlg::Hs256]));
const SIGNING: AlgSet<KeyOp> = KeyOp::set(&[KeyOp::Sign, KeyOp::Verify]);

#[test]
fn sets_are_constants() {
    assert_eq!(UNION.iter().collect::<Vec<_>>(), [JwsAlg::Es256, JwsAlg::Ed25519, JwsAlg::MlDsa87]);
    assert_eq!((SUBSET, LEN), (true, 3));
    assert_eq!(BOTH, JwsAlg::MlDsa87.into());
    assert_eq!(SIGNING, AlgSet::of(&[KeyOp::Verify, KeyOp::Sign, KeyOp::Verify]));
    assert_eq!(JweAlg::set(&[JweAlg::Dir]), AlgSet::from(JweAlg::Dir));
    assert_eq!(JweEnc::set(&[]), AlgSet::EMPTY);
    const { assert!(AlgSet::<JweEnc>::EMPTY.is_empty() && !ALLOWED.is_empty()) };
}

#[test]
fn a_set_is_small() {
    assert_eq!(size_of::<AlgSet<JwsAlg>>(), 8);
    assert_eq!(size_of::<AlgSet<KeyOp>>(), 8);
    assert_eq!(size_of::<JwsAlg>(), 1);
}

#[test]
fn sets_are_made_of_arrays_slices_and_iterators() {
    let two = [JwsAlg::Es256, JwsAlg::Ed25519];
    assert_eq!(AlgSet::from(two), ALLOWED);
    assert_eq!(AlgSet::from(&two[..]), ALLOWED);
    assert_eq!(two.into_iter().collect::<AlgSet<_>>(), ALLOWED);
    assert_eq!(AlgSet::from([JwsAlg::Es256]), AlgSet::from(JwsAlg::Es256));
}

#[test]
fn debug_prints_the_names() {
    assert_eq!(format!("{ALLOWED:?}"), "{ES256, Ed25519}");
    assert_eq!(format!("{SIGNING:?}"), "{sign, verify}");
    assert_eq!(format!("{:?}", AlgSet::<JwsAlg>::EMPTY), "{}");
}

fn all_and_none<A: Identifier>() {
    let (all, none) = (AlgSet::<A>::all(), AlgSet::<A>::EMPTY);
    assert_eq!(all.len(), A::ALL.len());
    assert_eq!(all.iter().collect::<Vec<_>>(), A::ALL);
    assert_eq!(all, AlgSet::of(A::ALL));
    assert_eq!(none, AlgSet::default());
    assert_eq!((none.len(), none.is_empty(), none.iter().next()), (0, true, None));
    for one in A::ALL {
        assert!(all.contains(*one) && !none.contains(*one));
        let alone = AlgSet::from(*one);
        assert_eq!(alone.iter().collect::<Vec<_>>(), [*one]);
        for other in A::ALL {
            assert_eq!(alone.contains(*other), one == other);
        }
    }
}

/// Every bit, those of the last rows included.
#[test]
fn each_identifier_has_a_bit_of_its_own() {
    all_and_none::<JwsAlg>();
    all_and_none::<JweAlg>();
    all_and_none::<JweEnc>();
    all_and_none::<KeyOp>();
}

/// All pairs of subsets of a whole table, against the standard library's sets.
///
/// Covers W10.
#[test]
fn sets_behave_as_sets() {
    let model = |bits: u8| -> BTreeSet<JweEnc> {
        JweEnc::ALL.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, enc)| *enc).collect()
    };
    let all = 1 << JweEnc::ALL.len();
    for one in (0..all).map(model) {
        let listed: Vec<JweEnc> = one.iter().copied().collect();
        let set: AlgSet<JweEnc> = one.iter().rev().copied().collect();
        assert_eq!(set, AlgSet::of(&listed));
        assert_eq!(set, JweEnc::set(&listed));
        assert_eq!(set.iter().collect::<Vec<_>>(), listed);
        assert_eq!((set.len(), set.is_empty()), (one.len(), one.is_empty()));
        for enc in JweEnc::ALL {
            assert_eq!(set.contains(*enc), one.contains(enc));
            let mut more = one.clone();
            more.insert(*enc);
            assert_eq!(set.with(*enc), more.into_iter().collect());
        }
        for other in (0..all).map(model) {
            let also: AlgSet<JweEnc> = other.iter().copied().collect();
            assert_eq!(set == also, one == other);
            assert_eq!(set.is_subset(also), one.is_subset(&other));
            assert_eq!(set.union(also), one.union(&other).copied().collect());
            assert_eq!(set.intersection(also), one.intersection(&other).copied().collect());
        }
    }
}

#[cfg(feature = "serde")]
#[test]
fn serde_has_the_names() {
    let json = |text: &str| serde_json::from_str::<AlgSet<JwsAlg>>(text);
    assert_eq!(json(r#"["Ed25519","ES256","ES256"]"#).unwrap(), ALLOWED);
    assert_eq!(json("[]").unwrap(), AlgSet::EMPTY);
    assert_eq!(serde_json::to_string(&ALLOWED).unwrap(), r#"["ES256","Ed25519"]"#);
    assert_eq!(serde_json::to_string(&SIGNING).unwrap(), r#"["sign","verify"]"#);
    for (text, said) in [
        (r#"["ES256","es256"]"#, r#"invalid value: string "es256", expected the name of a "#),
        (r#"["none"]"#, r#"invalid value: string "none""#),
        (r#"[5]"#, "invalid type: integer `5`, expected the name of a "),
        (r#""ES256""#, r#"invalid type: string "ES256", expected a list of names"#),
        ("null", "invalid type: null, expected a list of names"),
    ] {
        let error = json(text).unwrap_err().to_string();
        assert!(error.starts_with(said), "{error}");
    }
    fn each_by_itself<
        A: Identifier + core::fmt::Display + serde::Serialize + for<'de> serde::Deserialize<'de>,
    >() {
        for one in A::ALL {
            let text = serde_json::to_string(one).unwrap();
            assert_eq!(text, format!("\"{one}\""));
            assert_eq!(serde_json::from_str::<A>(&text).unwrap(), *one);
        }
    }
    each_by_itself::<JwsAlg>();
    each_by_itself::<JweAlg>();
    each_by_itself::<JweEnc>();
    each_by_itself::<KeyOp>();
}
